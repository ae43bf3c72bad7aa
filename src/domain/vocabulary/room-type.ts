import { roomKey } from "../values/text.ts";
import { remember } from "./remember.ts";
import { isRoomType, type RoomType } from "./reup.ts";
import { type Rule, rules, says, wordsOf } from "./words.ts";

/** Dutchie's flags of a room that say what its stock is for. */
export type RoomFlag = "quarantine" | "vault" | "sales_floor" | "pos" | "ecommerce" | "pre_order" | "inventory";

/** The store's own map: Dutchie's name of a room → ReUp's room type. */
export type RoomTypes = Readonly<Record<string, string>>;

export interface MappedRoom {
  room_type: RoomType | null;
  /** Which rule told it: the store's own map, Dutchie's flags, or the words of the name; null: none did. */
  rule: "setting" | "flags" | "name" | null;
}

/**
 * The first flag that a room has decides: stock that may not be sold is never shown as for sale. `inventory` comes last.
 * Dutchie demands it of every room that holds stock, also of sales floors, so only alone does it mean a vault.
 */
const BY_FLAG: readonly (readonly [RoomFlag, RoomType])[] = [
  ["quarantine", "quarantine"],
  ["vault", "vault"],
  ["sales_floor", "sales_floor"],
  ["pos", "sales_floor"],
  ["ecommerce", "sales_floor"],
  ["pre_order", "sales_floor"],
  ["inventory", "vault"],
];

/** Words of a room's name, in the same order. Nobody names a room as the secret menu by chance, so that is only a setting. */
const BY_NAME: readonly (readonly [RoomType | null, readonly Rule[]])[] = [
  [
    "quarantine",
    rules(`quarantine; quarantined; hold; return; returned; damaged; damage; destruction; destroy; destroyed; waste; disposal;
      expired; recall; recalled; defective; do not sell; compliance hold; failed test`),
  ],
  [
    "vault",
    rules(`vault; safe; backstock; back stock; backroom; back room; back house; boh; backup; storage; storeroom; store room;
      stockroom; stock room; overstock; over stock; overflow; inventory; warehouse; receiving; received; intake; cage; bulk`),
  ],
  // "Non-sellable" and "Not for sale" say what a room is not.
  [null, rules("non sellable; not sellable; nonsellable; unsellable; not sale; non retail; not retail")],
  [
    "sales_floor",
    rules(`salesfloor; sale room; floor; retail; front; foh; showroom; show room; showcase;
      display; register; point sale; pos; counter; shop; shopfloor; sellable; online; ecommerce; e commerce; ecomm; ecom; web;
      website; preorder; pre order; pickup; pick up; curbside; drive thru; drive through; delivery; kiosk; dispensary`),
  ],
];

export interface DutchieRoomWords {
  room_name: string;
  /** Absent: the row has none (the guide's profile). */
  flags?: readonly RoomFlag[];
}

/** ReUp's type of one of Dutchie's rooms. */
export const roomTypeOf = remember(
  ({ room_name, flags }: DutchieRoomWords) => `${flags?.join() ?? ""}\n${room_name}`,
  ({ room_name, flags = [] }: DutchieRoomWords, own: RoomTypes): MappedRoom => {
    const key = roomKey(room_name);
    const setting = Object.entries(own).find(([name, type]) => roomKey(name) === key && isRoomType(type))?.[1];
    if (isRoomType(setting)) return { room_type: setting, rule: "setting" };
    const flag = BY_FLAG.find(([each]) => flags.includes(each));
    if (flag !== undefined) return { room_type: flag[1], rule: "flags" };
    const words = wordsOf(room_name);
    const named = BY_NAME.find(([, each]) => says(words, each))?.[0] ?? null;
    return { room_type: named, rule: named === null ? null : "name" };
  },
);
