import type { InventoryContent, ProductContent } from "../records/model.ts";
import { nameKey, skuKey } from "../values/identifiers.ts";

/**
 * Values that many records lose at once: a price that is 0 for all, a SKU that is `N/A` for all. Dutchie's value counts
 * (rule 5), for it may be true; but a person must hear of it at once.
 */
export const GUARDED = {
  products: ["unit_price", "unit_cost", "sku", "product_name", "brand", "category", "potency", "status"],
  inventory: ["quantity", "unit_cost", "unit_price"],
} as const;
export type GuardedResource = keyof typeof GUARDED;
type Guarded<R extends GuardedResource> = (typeof GUARDED)[R][number];
/** One value of one kind of record. */
export type LostSubject = { [R in GuardedResource]: `${R}.${Guarded<R>}` }[GuardedResource];

/** Which of these a record has; absent: it makes no statement. */
export type Presence = ReadonlyMap<LostSubject, boolean>;

export const POTENCIES = ["thc_percentage", "cbd_percentage", "thc_mg", "cbd_mg"] as const;

export type ProductValues = Pick<ProductContent, Exclude<Guarded<"products">, "potency"> | (typeof POTENCIES)[number]>;
export type PackageValues = Pick<InventoryContent, Guarded<"inventory">>;

/** An amount that says something: a price of 0 is none. */
export const isPaid = (amount: number | null): boolean => amount !== null && amount > 0;

const isMadeUp = ({ product_name, sku }: ProductValues): boolean => product_name === sku || /^#\w+$/.test(product_name);

/** Without a name a product is shown with its SKU, or its id ("#5"). */
export const ownName = (row: ProductValues): string | null => (isMadeUp(row) ? null : nameKey(row.product_name));

/** A deleted product is out of the catalogue: absence has its own alert. */
export function presenceOfProduct(row: ProductValues): Presence {
  if (row.status === "deleted") return new Map();
  return new Map<LostSubject, boolean>([
    ["products.unit_price", isPaid(row.unit_price)],
    ["products.unit_cost", isPaid(row.unit_cost)],
    ["products.sku", skuKey(row.sku) !== null],
    ["products.product_name", ownName(row) !== null],
    ["products.brand", nameKey(row.brand) !== null],
    ["products.category", nameKey(row.category) !== null],
    ["products.potency", POTENCIES.some((field) => isPaid(row[field]))],
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
