import type { InventoryContent, ProductContent } from "../records/model.ts";
import { nameKey, skuKey } from "../values/identifiers.ts";
import { HOLD_UNITS, isMass } from "./absence.ts";

/**
 * Values that many records lose at once: a price that is 0 for all, a SKU that is `N/A` for all. Dutchie's value counts
 * (rule 5), for it may be true; but a person must hear of it at once.
 */
export const GUARDED = {
  products: ["unit_price", "unit_cost", "sku", "category", "status"],
  inventory: ["quantity", "unit_cost", "unit_price"],
} as const;
export type GuardedResource = keyof typeof GUARDED;
type Guarded<R extends GuardedResource> = (typeof GUARDED)[R][number];
/**
 * Values that many records change beyond belief at once: prices in cents, quantities in milligrams, packages that all belong to
 * another product.
 */
export const SHIFTED = {
  products: ["unit_price.scale", "unit_cost.scale"],
  inventory: ["quantity.scale", "unit_cost.scale", "unit_price.scale", "product"],
} as const;
/** One value of one kind of record. */
type LostSubject = { [R in GuardedResource]: `${R}.${Guarded<R>}` }[GuardedResource];
export type ShiftSubject = { [R in GuardedResource]: `${R}.${(typeof SHIFTED)[R][number]}` }[GuardedResource];
export type LossSubject = LostSubject | ShiftSubject;

/** Which of these a record has; absent: it makes no statement. */
export type Presence = ReadonlyMap<LostSubject, boolean>;

/** Ids of the records that lost a value, and of those that have it. */
export interface Loss {
  subject: LostSubject;
  lost: string[];
  present: string[];
}

/** A number, or the id of a product. */
type Value = number | string;

/** Records whose value changed, with what it was and is. */
export interface Shift {
  subject: ShiftSubject;
  values: { id: string; was: Value; is: Value }[];
}

/** No price and no stock changes so many times over within an hour for a mass of records; units differ by more (28 g are an ounce). */
const SHIFT_FACTOR = 20;

/** Whether two values cannot both be right. */
export function isFar(a: Value, b: Value): boolean {
  if (typeof a === "string" || typeof b === "string") return a !== b;
  return Math.max(a, b) >= Math.min(a, b) * SHIFT_FACTOR;
}

type ProductValues = Pick<ProductContent, Guarded<"products">>;
type PackageValues = Pick<InventoryContent, Guarded<"inventory"> | "dutchie_product_id">;

const isPaid = (amount: number | null): boolean => amount !== null && amount > 0;

/** A deleted product is out of the catalogue: absence has its own alert. */
export function presenceOfProduct(row: ProductValues): Presence {
  if (row.status === "deleted") return new Map();
  return new Map<LostSubject, boolean>([
    ["products.unit_price", isPaid(row.unit_price)],
    ["products.unit_cost", isPaid(row.unit_cost)],
    ["products.sku", skuKey(row.sku) !== null],
    ["products.category", nameKey(row.category) !== null],
    ["products.status", row.status === "active"],
  ]);
}

/** Of a package in all its rooms: one that has moved has lost nothing. What a package without stock costs matters to nobody. */
export function presenceOfPackage(rooms: readonly PackageValues[]): Presence {
  const stocked = rooms.filter(({ quantity }) => quantity !== 0);
  const presence = new Map<LostSubject, boolean>([
    ["inventory.quantity", stocked.some(({ quantity }) => quantity > 0)],
  ]);
  if (stocked.length === 0) return presence;
  return presence
    .set(
      "inventory.unit_cost",
      stocked.some(({ unit_cost }) => isPaid(unit_cost)),
    )
    .set(
      "inventory.unit_price",
      stocked.some(({ unit_price }) => isPaid(unit_price)),
    );
}

/** What one read makes of stored records. */
export interface Losses {
  losses: Loss[];
  shifts: Shift[];
}

/** What product rows make of those that are stored (by Dutchie's id). */
export function productLosses<P extends ProductValues & { dutchie_product_id: string | null }>(
  stored: ReadonlyMap<string, P>,
  written: readonly P[],
): Losses {
  const after = new Map(written.map((row) => [row.dutchie_product_id, row]));
  const pairs = [...stored].map(([id, row]) => ({ id, was: row, is: after.get(id) ?? row }));
  return {
    losses: compare("products", pairs, presenceOfProduct),
    shifts: SHIFTED.products.map((value) => shift(`products.${value}`, pairs, (row) => amountOf(value, row))),
  };
}

/** What inventory rows make of the packages that are stored (by Dutchie's id, each with all its rooms). */
export function packageLosses<R extends PackageValues & { dutchie_inventory_id: string; inventory_id: string }>(
  stored: ReadonlyMap<string, readonly R[]>,
  written: readonly R[],
): Losses {
  const byPackage = Map.groupBy(written, (row) => row.dutchie_inventory_id);
  const pairs = [...stored].map(([id, rooms]) => {
    const after = new Map([...rooms, ...(byPackage.get(id) ?? [])].map((row) => [row.inventory_id, row]));
    return { id, was: rooms, is: [...after.values()] };
  });
  return {
    losses: compare("inventory", pairs, presenceOfPackage),
    shifts: SHIFTED.inventory.map((value) =>
      shift(`inventory.${value}`, pairs, (rooms) => valueOfPackage(value, rooms)),
    ),
  };
}

interface Pair<T> {
  id: string;
  was: T;
  is: T;
}

/** The values that changed. A value that is missing or 0 is lost, and no shift. */
function shift<T>(subject: ShiftSubject, pairs: readonly Pair<T>[], valueIn: (record: T) => Value | null): Shift {
  const values = pairs.flatMap(({ id, was, is }) => {
    if (was === is) return [];
    const [before, after] = [valueIn(was), valueIn(is)];
    return before === null || after === null || before === after ? [] : [{ id, was: before, is: after }];
  });
  return { subject, values };
}

type Amounts = { unit_price: number | null; unit_cost: number | null };

function amountOf(value: "unit_price.scale" | "unit_cost.scale", row: Amounts): number | null {
  const amount = value === "unit_price.scale" ? row.unit_price : row.unit_cost;
  return isPaid(amount) ? amount : null;
}

function valueOfPackage(value: (typeof SHIFTED)["inventory"][number], rooms: readonly PackageValues[]): Value | null {
  const stocked = rooms.filter(({ quantity }) => quantity !== 0);
  const [first] = stocked;
  if (first === undefined) return null;
  if (value === "product") return first.dutchie_product_id;
  if (value !== "quantity.scale") return amountOf(value, first);
  const total = stocked.reduce((sum, { quantity }) => sum + quantity, 0);
  return total > 0 ? total : null;
}

function compare<T>(resource: GuardedResource, pairs: readonly Pair<T>[], presenceOf: (record: T) => Presence): Loss[] {
  const presences = pairs.map(({ id, was, is }) => ({ id, before: presenceOf(was), after: presenceOf(is) }));
  return lostSubjectsOf(resource).map((subject) => {
    const ids = (holds: (each: (typeof presences)[number]) => boolean) => presences.filter(holds).map(({ id }) => id);
    return {
      subject,
      lost: ids(({ before, after }) => before.get(subject) === true && after.get(subject) === false),
      present: ids(({ after }) => after.get(subject) === true),
    };
  });
}

const lostSubjectsOf = (resource: GuardedResource): LostSubject[] =>
  resource === "products"
    ? GUARDED.products.map((value) => `products.${value}` as const)
    : GUARDED.inventory.map((value) => `inventory.${value}` as const);

const shiftSubjectsOf = (resource: GuardedResource): ShiftSubject[] =>
  resource === "products"
    ? SHIFTED.products.map((value) => `products.${value}` as const)
    : SHIFTED.inventory.map((value) => `inventory.${value}` as const);

export const subjectsOf = (resource: GuardedResource): LossSubject[] => [
  ...lostSubjectsOf(resource),
  ...shiftSubjectsOf(resource),
];

/** What a record must have to count among those of which so many lost or changed a value. */
export function presenceFor(subject: LossSubject): LostSubject {
  switch (subject) {
    case "products.unit_price.scale":
      return "products.unit_price";
    case "products.unit_cost.scale":
      return "products.unit_cost";
    case "inventory.unit_price.scale":
      return "inventory.unit_price";
    case "inventory.unit_cost.scale":
      return "inventory.unit_cost";
    case "inventory.quantity.scale":
    case "inventory.product":
      return "inventory.quantity";
    default:
      return subject;
  }
}

/** A mass that had a notice and is not acknowledged. */
export interface MassChange {
  /** Records that lost the value, or changed it beyond belief, and have not got it back … */
  lost: number;
  /** … of so many that had one. */
  had: number;
  /** When it was last a mass of new ones. */
  at: number;
}

/** What happens to the alert: it is raised or gets a new text (`again`: as a new alert, with a notice at once), ends, or nothing. */
export type MassPlan = { kind: "raise"; mass: MassChange; again: boolean } | { kind: "over" } | { kind: "none" };

/**
 * `fresh` of the lost ones are new since the last read. A mass is what is one for absences. It is over when fewer are left
 * than a mass needs, however large the store: a share would leave hundreds untold.
 */
export function planMass(given: {
  lost: number;
  fresh: number;
  had: number;
  notified: MassChange | null;
  now: number;
}): MassPlan {
  const { lost, fresh, had, notified, now } = given;
  const again = isMass(fresh, had);
  if (notified === null)
    return isMass(lost, had) ? { kind: "raise", mass: { lost, had, at: now }, again: false } : NONE;
  if (lost < HOLD_UNITS) return { kind: "over" };
  return { kind: "raise", mass: { lost, had, at: again ? now : notified.at }, again };
}

const NONE: MassPlan = { kind: "none" };
