import type { InventoryContent, ProductContent } from "../records/model.ts";
import { nameKey, skuKey } from "../values/identifiers.ts";
import { HOLD_UNITS, isMass } from "./absence.ts";

/**
 * Values that many records lose at once: a price that is 0 for all, a SKU that is `N/A` for all. Dutchie's value counts
 * (rule 5), for it may be true; but a person must hear of it at once.
 */
export const GUARDED = {
  products: ["unit_price", "unit_cost", "sku", "product_name", "brand", "category", "status"],
  inventory: ["quantity", "unit_cost", "unit_price"],
} as const;
export type GuardedResource = keyof typeof GUARDED;
type Guarded<R extends GuardedResource> = (typeof GUARDED)[R][number];
/** One value of one kind of record. */
type LostSubject = { [R in GuardedResource]: `${R}.${Guarded<R>}` }[GuardedResource];
type ShiftSubject = keyof typeof PRODUCT_SHIFTS | keyof typeof PACKAGE_SHIFTS;
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

/** No mass of prices or stock changes 20-fold within an hour. Units differ by more: an ounce is 28 g. */
const SHIFT_FACTOR = 20;

/** Whether two values cannot both be right. */
export function isFar(a: Value, b: Value): boolean {
  if (typeof a === "string" || typeof b === "string") return a !== b;
  return Math.max(a, b) >= Math.min(a, b) * SHIFT_FACTOR;
}

type ProductValues = Pick<ProductContent, Guarded<"products">>;
type PackageValues = Pick<InventoryContent, Guarded<"inventory"> | "dutchie_product_id">;

const isPaid = (amount: number | null): boolean => amount !== null && amount > 0;

const isMadeUp = ({ product_name, sku }: ProductValues): boolean => product_name === sku || /^#\w+$/.test(product_name);

/** A deleted product is out of the catalogue: absence has its own alert. */
export function presenceOfProduct(row: ProductValues): Presence {
  if (row.status === "deleted") return new Map();
  return new Map<LostSubject, boolean>([
    ["products.unit_price", isPaid(row.unit_price)],
    ["products.unit_cost", isPaid(row.unit_cost)],
    ["products.sku", skuKey(row.sku) !== null],
    // Without a name a product is shown with its SKU, or its id ("#5").
    ["products.product_name", nameKey(row.product_name) !== null && !isMadeUp(row)],
    ["products.brand", nameKey(row.brand) !== null],
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

const paid = (amount: number | null): number | null => (isPaid(amount) ? amount : null);

/** A value that many records change beyond belief at once: prices in cents, quantities in milligrams. */
interface ShiftingValue<T> {
  /** What a record must have to count among those of which so many changed the value. */
  presence: LostSubject;
  /** null: it is missing or 0. Then it is lost, and no shift. */
  valueIn: (record: T) => Value | null;
}

const PRODUCT_SHIFTS = {
  "products.unit_price.scale": { presence: "products.unit_price", valueIn: ({ unit_price }) => paid(unit_price) },
  "products.unit_cost.scale": { presence: "products.unit_cost", valueIn: ({ unit_cost }) => paid(unit_cost) },
} as const satisfies Record<string, ShiftingValue<ProductValues>>;

/** Of a package's rooms with stock. */
const PACKAGE_SHIFTS = {
  "inventory.quantity.scale": {
    presence: "inventory.quantity",
    valueIn: (rooms) => paid(rooms.reduce((sum, { quantity }) => sum + quantity, 0)),
  },
  "inventory.unit_cost.scale": {
    presence: "inventory.unit_cost",
    valueIn: ([first]) => paid(first?.unit_cost ?? null),
  },
  "inventory.unit_price.scale": {
    presence: "inventory.unit_price",
    valueIn: ([first]) => paid(first?.unit_price ?? null),
  },
  "inventory.product": {
    presence: "inventory.quantity",
    valueIn: ([first]) => first?.dutchie_product_id ?? null,
  },
} as const satisfies Record<string, ShiftingValue<readonly PackageValues[]>>;

const SHIFTS = { ...PRODUCT_SHIFTS, ...PACKAGE_SHIFTS };

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
  return { losses: compare("products", pairs, presenceOfProduct), shifts: shiftsOf(PRODUCT_SHIFTS, pairs) };
}

/** What inventory rows make of the packages that are stored (by Dutchie's id, each with all its rooms). */
export function packageLosses<R extends PackageValues & { dutchie_inventory_id: string; inventory_id: string }>(
  stored: ReadonlyMap<string, readonly R[]>,
  written: readonly R[],
): Losses {
  const byPackage = Map.groupBy(written, (row) => row.dutchie_inventory_id);
  const pairs = [...stored].map(([id, rooms]) => {
    const news = byPackage.get(id);
    if (news === undefined) return { id, was: rooms, is: rooms };
    return { id, was: rooms, is: [...new Map([...rooms, ...news].map((row) => [row.inventory_id, row])).values()] };
  });
  const stockedIn = (rooms: readonly R[]) => rooms.filter(({ quantity }) => quantity !== 0);
  const stocked = pairs.filter(isChanged).map(({ id, was, is }) => ({ id, was: stockedIn(was), is: stockedIn(is) }));
  return { losses: compare("inventory", pairs, presenceOfPackage), shifts: shiftsOf(PACKAGE_SHIFTS, stocked) };
}

/** A record before and after a read; the same object: the read does not change it. */
interface Pair<T> {
  id: string;
  was: T;
  is: T;
}

const isChanged = ({ was, is }: Pair<unknown>): boolean => was !== is;

function shiftsOf<S extends ShiftSubject, T>(
  shifting: Record<S, ShiftingValue<T>>,
  pairs: readonly Pair<T>[],
): { subject: S; values: Shift["values"] }[] {
  const changed = pairs.filter(isChanged);
  return keysOf(shifting).map((subject) => {
    const { valueIn } = shifting[subject];
    const values = changed.flatMap(({ id, ...pair }) => {
      const [was, is] = [valueIn(pair.was), valueIn(pair.is)];
      return was === null || is === null || was === is ? [] : [{ id, was, is }];
    });
    return { subject, values };
  });
}

function compare<T>(resource: GuardedResource, pairs: readonly Pair<T>[], presenceOf: (record: T) => Presence): Loss[] {
  const presences = pairs.map((pair) => {
    const before = presenceOf(pair.was);
    return { id: pair.id, before, after: isChanged(pair) ? presenceOf(pair.is) : before };
  });
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

export const subjectsOf = (resource: GuardedResource): LossSubject[] => [
  ...lostSubjectsOf(resource),
  ...(resource === "products" ? keysOf(PRODUCT_SHIFTS) : keysOf(PACKAGE_SHIFTS)),
];

/** What a record must have to count among those of which so many lost or changed a value. */
export const presenceFor = (subject: LossSubject): LostSubject =>
  isShift(subject) ? SHIFTS[subject].presence : subject;

const isShift = (subject: LossSubject): subject is ShiftSubject => subject in SHIFTS;

/** An object's keys, of which TypeScript forgets the type. */
const keysOf = <K extends string>(object: Record<K, unknown>): K[] => Object.keys(object) as K[];

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
