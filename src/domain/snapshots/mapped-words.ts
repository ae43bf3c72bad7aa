import { UNASSIGNED_ROOM } from "../records/cells.ts";
import type { Settings } from "../records/model.ts";
import type { RoomRow } from "../records/records.ts";
import { roomKey } from "../values/text.ts";
import { categoryOf, type MappedProduct } from "../vocabulary/category.ts";
import { type MappedRoom, roomTypeOf } from "../vocabulary/room-type.ts";
import { judgeRoom, roomBook } from "./name-rooms.ts";

/** A word of Dutchie's, what ReUp makes of it, and what it concerns. `word` null: Dutchie names none. */
export interface MappedWord {
  kind: "room" | "category";
  word: string | null;
  count: number;
  value: number;
  room_type: MappedRoom["room_type"];
  category: MappedProduct["category"];
  subcategory: MappedProduct["subcategory"];
  rule: MappedRoom["rule"] | MappedProduct["rule"];
}

/** Words of the most products first. */
interface Stock {
  rooms: readonly { room_name: string; packages: number; value: number }[];
  words: readonly {
    category: string | null;
    master_category: string | null;
    subcategory: string | null;
    products: number;
    value: number;
  }[];
}

/** Every word that a store's Dutchie uses for rooms and categories: what nothing maps first, then by the value of its stock. */
export function mappedWords(
  rooms: readonly RoomRow[],
  stock: Stock,
  settings: Pick<Settings, "room_types" | "categories">,
): MappedWord[] {
  const words = [...roomWords(rooms, stock.rooms, settings), ...categoryWords(stock.words, settings)];
  return words.sort((a, b) => Number(isMapped(a)) - Number(isMapped(b)) || b.value - a.value || b.count - a.count);
}

/** A word that a person can map and that concerns something. What Dutchie does not name, nobody can map; guests wait in rooms without stock. */
export const isUnmapped = (each: MappedWord): boolean => each.word !== null && each.count > 0 && !isMapped(each);

export const countUnmapped = (words: readonly MappedWord[]): number => words.filter(isUnmapped).length;

const isMapped = ({ room_type, category }: MappedWord): boolean => room_type !== null || category !== null;

function roomWords(
  rooms: readonly RoomRow[],
  stock: Stock["rooms"],
  { room_types }: Pick<Settings, "room_types">,
): MappedWord[] {
  const { byName } = roomBook(rooms);
  const listed = new Map<string, MappedWord>();
  const add = (room_name: string, count: number, value: number) => {
    const room = byName.get(roomKey(room_name));
    const shown = room?.room_name ?? room_name;
    const before = listed.get(roomKey(shown));
    const { room_type, rule } =
      room === undefined ? roomTypeOf({ room_name }, room_types) : judgeRoom(room, room_types);
    listed.set(roomKey(shown), {
      kind: "room",
      word: shown === UNASSIGNED_ROOM ? null : shown,
      count: (before?.count ?? 0) + count,
      value: (before?.value ?? 0) + value,
      room_type,
      category: null,
      subcategory: null,
      rule,
    });
  };
  for (const { room_name } of rooms) add(room_name, 0, 0);
  for (const { room_name, packages, value } of stock) add(room_name, packages, value);
  return [...listed.values()];
}

/** A word that is a category here and a master category there is one: a person maps it once. */
function categoryWords(stock: Stock["words"], { categories }: Pick<Settings, "categories">): MappedWord[] {
  const listed = new Map<string, MappedWord>();
  for (const { products, value, ...words } of stock) {
    const { word, category, subcategory, rule } = categoryOf(words, categories);
    const key = JSON.stringify([word, category, subcategory]);
    const before = listed.get(key);
    const count = (before?.count ?? 0) + products;
    listed.set(key, {
      kind: "category",
      word,
      count,
      value: (before?.value ?? 0) + value,
      room_type: null,
      category,
      subcategory,
      rule: before?.rule ?? rule,
    });
  }
  return [...listed.values()];
}
