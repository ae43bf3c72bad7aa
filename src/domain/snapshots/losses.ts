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
/** One value of one kind of record. */
export type LossSubject = { [R in GuardedResource]: `${R}.${Guarded<R>}` }[GuardedResource];

/** Which of these a record has; absent: it makes no statement. */
export type Presence = ReadonlyMap<LossSubject, boolean>;

/** Ids of the records that lost a value, and of those that have it. */
export interface Loss {
  subject: LossSubject;
  lost: string[];
  present: string[];
}

type ProductValues = Pick<ProductContent, Guarded<"products">>;
type PackageValues = Pick<InventoryContent, Guarded<"inventory">>;

const isPaid = (amount: number | null): boolean => amount !== null && amount > 0;

/** A deleted product is out of the catalogue: absence has its own alert. */
export function presenceOfProduct(row: ProductValues): Presence {
  if (row.status === "deleted") return new Map();
  return new Map<LossSubject, boolean>([
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
  const presence = new Map<LossSubject, boolean>([
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

/** What product rows make of those that are stored (by Dutchie's id). */
export function productLosses<P extends ProductValues & { dutchie_product_id: string | null }>(
  stored: ReadonlyMap<string, P>,
  written: readonly P[],
): Loss[] {
  const after = new Map(written.map((row) => [row.dutchie_product_id, row]));
  const pairs = [...stored].map(([id, row]) => ({
    id,
    before: presenceOfProduct(row),
    after: presenceOfProduct(after.get(id) ?? row),
  }));
  return compare("products", pairs);
}

/** What inventory rows make of the packages that are stored (by Dutchie's id, each with all its rooms). */
export function packageLosses<R extends PackageValues & { dutchie_inventory_id: string; inventory_id: string }>(
  stored: ReadonlyMap<string, readonly R[]>,
  written: readonly R[],
): Loss[] {
  const byPackage = Map.groupBy(written, (row) => row.dutchie_inventory_id);
  const pairs = [...stored].map(([id, rooms]) => {
    const after = new Map([...rooms, ...(byPackage.get(id) ?? [])].map((row) => [row.inventory_id, row]));
    return { id, before: presenceOfPackage(rooms), after: presenceOfPackage([...after.values()]) };
  });
  return compare("inventory", pairs);
}

function compare(
  resource: GuardedResource,
  pairs: readonly { id: string; before: Presence; after: Presence }[],
): Loss[] {
  return subjectsOf(resource).map((subject) => {
    const ids = (holds: (pair: (typeof pairs)[number]) => boolean) => pairs.filter(holds).map(({ id }) => id);
    return {
      subject,
      lost: ids(({ before, after }) => before.get(subject) === true && after.get(subject) === false),
      present: ids(({ after }) => after.get(subject) === true),
    };
  });
}

export function subjectsOf(resource: GuardedResource): LossSubject[] {
  return resource === "products"
    ? GUARDED.products.map((value) => `products.${value}` as const)
    : GUARDED.inventory.map((value) => `inventory.${value}` as const);
}

/** A mass that had a notice and is not acknowledged. */
export interface MassChange {
  /** Records that lost the value and have not got it back … */
  lost: number;
  /** … of so many that had it. */
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
