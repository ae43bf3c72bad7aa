import type { RowsOf } from "../../contract/location.ts";
import { loadInventory, loadProducts } from "../../db/load-records.ts";
import type { RowFailure } from "../../domain/records/model.ts";
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

/** Ids of the stored records behind rows that could not be read. */
export async function recordsOf(
  { db, location: { location_id } }: StoreContext,
  failures: readonly RowFailure[],
): Promise<string[]> {
  if (failures.length === 0) return [];
  const idsOf = (resource: RowFailure["resource"]) =>
    failures.filter((failure) => failure.resource === resource).flatMap(({ dutchie_id }) => dutchie_id ?? []);
  const [products, packages] = [idsOf("products"), idsOf("inventory")];
  const byProduct = await loadProducts(db, location_id, products);
  const byPackage = await loadInventory(db, location_id, packages);
  return [
    ...[...byProduct.values()].map((row) => row.product_id),
    ...[...byPackage.values()].flat().map((row) => row.inventory_id),
  ];
}
