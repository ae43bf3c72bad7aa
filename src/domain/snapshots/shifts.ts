import type { InventoryContent } from "../records/model.ts";
import { categoryKey, nameKey, skuKey } from "../values/identifiers.ts";
import { categoryOf } from "../vocabulary/category.ts";
import { ROOM_TYPES } from "../vocabulary/reup.ts";
import { wordsOf } from "../vocabulary/words.ts";
import { HOLD_SHARE } from "./absence.ts";
import { isPaid, type LostSubject, ownName, type PackageValues, POTENCIES, type ProductValues } from "./presence.ts";

/**
 * Values that many records change beyond belief at once: prices in cents, the name of the next row, all stock in quarantine.
 * One such record may be right. A mass of them in one read nearly never is.
 */

/** A number, numbers that belong together, or a text. */
export type Value = number | string | readonly number[];

/** How one value of a record of kind T changes beyond belief. */
export interface ShiftingValue<T> {
  /** What a record must have to count among those of which so many changed the value. */
  presence: LostSubject;
  /** A mass is more than this share of them. */
  share: number;
  /** null: it is missing or 0. Then it is lost, and no shift. */
  valueIn: (record: T) => Value | null;
  /** Whether both values can hardly be right. `others`: what the other records of the list had. */
  isFar: (was: Value, is: Value, others: () => ReadonlySet<Value>) => boolean;
  /** Whether the value is what it was first, or near it. */
  isBack: (first: Value, is: Value) => boolean;
}

const isTimes = (a: number, b: number, factor: number): boolean => Math.max(a, b) >= Math.min(a, b) * factor;

/** Cents for dollars are a factor of 100, mg/g for percent one of 10: less, for prices and labels are rounded. No sale is so deep. */
export const AMOUNT_FACTOR = 8;
/** Units differ by more: an ounce is 28 g. A busy day leaves 1 of 19. */
const QUANTITY_FACTOR = 20;

/** An amount that is many times as high or as low. */
function scaled<T>(
  presence: LostSubject,
  valueIn: (record: T) => number | null,
  factor = AMOUNT_FACTOR,
): ShiftingValue<T> {
  const isFar = (was: Value, is: Value) =>
    typeof was === "number" && typeof is === "number" && isTimes(was, is, factor);
  return { presence, share: HOLD_SHARE, valueIn, isFar, isBack: (first, is) => !isFar(first, is) };
}

const isSame = (a: Value, b: Value): boolean =>
  typeof a === "object" && typeof b === "object" ? a.every((each, i) => each === b[i]) : a === b;

/** Numbers that belong together. */
function together<T>(
  given: Pick<ShiftingValue<T>, "presence" | "share"> & {
    valueIn: (record: T) => readonly number[] | null;
    isFar: (was: readonly number[], is: readonly number[]) => boolean;
  },
): ShiftingValue<T> {
  const isFar = (was: Value, is: Value) => typeof was === "object" && typeof is === "object" && given.isFar(was, is);
  return { ...given, isFar, isBack: (first, is) => !isFar(first, is) };
}

const paid = (amount: number | null): number | null => (isPaid(amount) ? amount : null);

/**
 * Price and cost, each nearer to what the other was than to what it was itself. A sale, or a cost that rises above the price,
 * is never that: who changes only one of them, or both by one factor, does not come nearer to the exchange.
 */
function isExchanged([price = 0, cost = 0]: readonly number[], [isPrice = 0, isCost = 0]: readonly number[]): boolean {
  const far = (a: number, b: number) => Math.abs(Math.log(a / b));
  return (
    price > cost !== isPrice > isCost &&
    far(isPrice, cost) + far(isCost, price) < far(isPrice, price) + far(isCost, cost)
  );
}

const exchange = <T>(
  presence: LostSubject,
  valueIn: (record: T) => { unit_price: number | null; unit_cost: number | null } | undefined,
): ShiftingValue<T> =>
  together({
    presence,
    share: HOLD_SHARE,
    valueIn: (record) => {
      const { unit_price = null, unit_cost = null } = valueIn(record) ?? {};
      return unit_price !== null && unit_cost !== null && unit_price > 0 && unit_cost > 0
        ? [unit_price, unit_cost]
        : null;
    },
    isFar: isExchanged,
  });

/** A text that only the catalogue states: a provisional product has what its packages say. */
const stated =
  (textIn: (row: ProductValues) => string | null) =>
  (row: ProductValues): string | null =>
    row.status === "provisional" || row.status === "deleted" ? null : textIn(row);

/** Sizes and short words say little of a name. */
const speaking = (name: string): string[] => [...wordsOf(name)].filter((word) => /^\p{L}{3}/u.test(word));

/** Whether two names have nothing in common. */
function isStrange(a: string, b: string): boolean {
  const [words, others] = [speaking(a), speaking(b)];
  return words.length > 0 && others.length > 0 && !words.some((word) => others.includes(word));
}

/** Whether ReUp sorts both words of Dutchie's alike: "Edible", "Edibles & Gummies". */
function isSameCategory(a: string, b: string): boolean {
  if (categoryKey(a) === categoryKey(b)) return true;
  const sorted = categoryOf({ category: a }, BY_DEFAULT).category;
  return sorted !== null && sorted === categoryOf({ category: b }, BY_DEFAULT).category;
}

const BY_DEFAULT = {};

export const PRODUCT_SHIFTS = {
  "products.unit_price.scale": scaled<ProductValues>("products.unit_price", ({ unit_price }) => paid(unit_price)),
  "products.unit_cost.scale": scaled<ProductValues>("products.unit_cost", ({ unit_cost }) => paid(unit_cost)),
  "products.exchange": exchange<ProductValues>("products.unit_cost", (row) => row),
  "products.potency.scale": together<ProductValues>({
    presence: "products.potency",
    share: HOLD_SHARE,
    valueIn: (row) => {
      const values = POTENCIES.map((field) => paid(row[field]) ?? 0);
      return values.some((value) => value > 0) ? values : null;
    },
    // A unit that changes moves a number from percent to milligrams: one is lost.
    isFar: (was, is) => was.some((value, i) => value > 0 && isTimes(value, is[i] ?? 0, AMOUNT_FACTOR)),
  }),
  "products.product_name.other": {
    presence: "products.product_name",
    share: HOLD_SHARE,
    valueIn: stated(ownName),
    isFar: (was, is, others) => was !== is && (others().has(is) || isStrange(String(was), String(is))),
    isBack: isSame,
  },
  "products.sku.other": {
    presence: "products.sku",
    share: HOLD_SHARE,
    valueIn: stated(({ sku }) => skuKey(sku)),
    isFar: (was, is, others) => was !== is && others().has(is),
    isBack: isSame,
  },
  "products.category.other": {
    presence: "products.category",
    // A store may rename one category, or sort anew.
    share: 0.5,
    valueIn: stated(({ category }) => (nameKey(category) === null ? null : category)),
    isFar: (was, is) => !isSameCategory(String(was), String(is)),
    isBack: (first, is) => isSameCategory(String(first), String(is)),
  },
} as const satisfies Record<string, ShiftingValue<ProductValues>>;

/** How much of a package lies in each kind of room; the last: in rooms of no kind. */
const kindsOf = (rooms: readonly StockValues[]): number[] | null => {
  const kinds = [...ROOM_TYPES, null].map((kind) =>
    rooms.reduce((sum, { room_type, quantity }) => sum + (room_type === kind ? Math.max(0, quantity) : 0), 0),
  );
  return kinds.some((quantity) => quantity > 0) ? kinds : null;
};

const QUARANTINE = ROOM_TYPES.indexOf("quarantine");
const NO_KIND = ROOM_TYPES.length;

/** The kind of room to which most of a package has moved; null: it has not. Stock that gets a kind for the first time has not. */
function movedTo(was: readonly number[], is: readonly number[]): { from: number; to: number } | null {
  const from = was.indexOf(Math.max(...was));
  const most = Math.max(...is);
  // Where rows are of rooms, the room that a package has left is emptied only at the list's end.
  const to = is.findIndex((quantity, kind) => quantity === most && kind !== from && quantity > (was[kind] ?? 0));
  return to === -1 || from === NO_KIND ? null : { from, to };
}

const moved = (presence: LostSubject, share: number, counts: (from: number, to: number) => boolean) => ({
  presence,
  share,
  valueIn: kindsOf,
  isFar: (was: Value, is: Value) => {
    if (typeof was !== "object" || typeof is !== "object") return false;
    const move = movedTo(was, is);
    return move !== null && counts(move.from, move.to);
  },
  isBack: (first: Value, is: Value) =>
    typeof first === "object" && typeof is === "object" && is[first.indexOf(Math.max(...first))] === Math.max(...is),
});

export type StockValues = PackageValues & Pick<InventoryContent, "dutchie_product_id" | "room_type">;
type Rooms = readonly StockValues[];

const isQuarantine = (from: number, to: number): boolean => from === QUARANTINE || to === QUARANTINE;

/** Of a package's rooms with stock. */
export const PACKAGE_SHIFTS = {
  "inventory.quantity.scale": scaled<Rooms>(
    "inventory.quantity",
    (rooms) => paid(rooms.reduce((sum, { quantity }) => sum + quantity, 0)),
    QUANTITY_FACTOR,
  ),
  "inventory.unit_cost.scale": scaled<Rooms>("inventory.unit_cost", ([first]) => paid(first?.unit_cost ?? null)),
  "inventory.unit_price.scale": scaled<Rooms>("inventory.unit_price", ([first]) => paid(first?.unit_price ?? null)),
  "inventory.exchange": exchange<Rooms>("inventory.unit_cost", ([first]) => first),
  "inventory.product": {
    presence: "inventory.quantity",
    share: HOLD_SHARE,
    valueIn: ([first]) => first?.dutchie_product_id ?? null,
    isFar: (was, is) => was !== is,
    isBack: isSame,
  },
  "inventory.quarantine": moved("inventory.quantity", HOLD_SHARE, isQuarantine),
  // A store carries much of its stock from the vault to the sales floor each morning.
  "inventory.room_type": moved("inventory.quantity", 0.5, (from, to) => !isQuarantine(from, to)),
} as const satisfies Record<string, ShiftingValue<Rooms>>;

const SHIFTS = { ...PRODUCT_SHIFTS, ...PACKAGE_SHIFTS };
export type ShiftSubject = keyof typeof SHIFTS;

export const isShift = (subject: string): subject is ShiftSubject => Object.hasOwn(SHIFTS, subject);

export const shiftOf = (subject: ShiftSubject): Pick<ShiftingValue<never>, "presence" | "share" | "isBack"> =>
  SHIFTS[subject];
