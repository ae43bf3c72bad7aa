import type { RowsOf } from "../../contract/location.ts";
import { loadInventory, loadProducts, loadSales } from "../../db/load-records.ts";
import type { Resource, RowFailure } from "../../domain/records/model.ts";
import { saleId } from "../../domain/records/records.ts";
import type { StoreContext } from "../context.ts";
import type { Applied, Reading } from "./applied.ts";
import { applyInventory } from "./apply-inventory.ts";
import { applyProducts } from "./apply-products.ts";
import { applyRooms } from "./apply-rooms.ts";
import { applySales } from "./apply-sales.ts";

/** Load what is stored, plan (pure), write one D1 batch: records, their change log and reviews commit together. */
export function apply(context: StoreContext, reading: Reading, { resource, rows }: RowsOf): Promise<Applied> {
  switch (resource) {
    case "products":
      return applyProducts(context, reading, rows);
    case "inventory":
      return applyInventory(context, reading, rows);
    case "sales":
      return applySales(context, reading, rows);
    case "rooms":
      return applyRooms(context, reading, rows);
  }
}

const idsOf = (failures: readonly RowFailure[], wanted: Resource) =>
  failures.flatMap(({ resource, dutchie_id }) => (resource === wanted ? (dutchie_id ?? []) : []));

/** Ids of the stored records behind rows that could not be read. */
export async function recordsOf(
  { db, location: { location_id } }: StoreContext,
  failures: readonly RowFailure[],
): Promise<string[]> {
  if (failures.length === 0) return [];
  const [products, packages] = [idsOf(failures, "products"), idsOf(failures, "inventory")];
  const byProduct = await loadProducts(db, location_id, products);
  const byPackage = await loadInventory(db, location_id, packages);
  return [
    ...[...byProduct.values()].map((row) => row.product_id),
    ...[...byPackage.values()].flat().map((row) => row.inventory_id),
  ];
}

/** How many of the rows that could not be read are of stored records. */
export async function countKnown(
  { db, location: { location_id } }: StoreContext,
  failures: readonly RowFailure[],
): Promise<number> {
  if (failures.length === 0) return 0;
  const stored = await Promise.all([
    loadProducts(db, location_id, idsOf(failures, "products")),
    loadInventory(db, location_id, idsOf(failures, "inventory")),
    loadSales(db, location_id, idsOf(failures, "sales").map(saleId)),
  ]);
  return stored.reduce((sum, { size }) => sum + size, 0);
}
