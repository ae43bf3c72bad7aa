import { and, eq, isNotNull, ne } from "drizzle-orm";
import { type LossSubject, presenceFor } from "../../domain/snapshots/losses.ts";
import { type Presence, presenceOfPackage, presenceOfProduct } from "../../domain/snapshots/presence.ts";
import type { RecordsDb } from "../databases.ts";
import { inventory, products } from "../schema/records.ts";

/** How many products of the catalogue, or packages in stock, have a value. */
export async function countPresent(db: RecordsDb, location_id: string, subject: LossSubject): Promise<number> {
  const presences = await (subject.startsWith("products.") ? ofProducts : ofPackages)(db, location_id);
  const needed = presenceFor(subject);
  return presences.filter((presence) => presence.get(needed) === true).length;
}

async function ofProducts(db: RecordsDb, location_id: string): Promise<Presence[]> {
  const { unit_price, unit_cost, sku, product_name, brand, category, status } = products;
  const { thc_percentage, cbd_percentage, thc_mg, cbd_mg } = products;
  const potencies = { thc_percentage, cbd_percentage, thc_mg, cbd_mg };
  const rows = await db
    .select({ unit_price, unit_cost, sku, product_name, brand, category, status, ...potencies })
    .from(products)
    .where(and(eq(products.location_id, location_id), isNotNull(products.dutchie_product_id), ne(status, "deleted")));
  return rows.map(presenceOfProduct);
}

async function ofPackages(db: RecordsDb, location_id: string): Promise<Presence[]> {
  const { dutchie_inventory_id: id, quantity, unit_cost, unit_price } = inventory;
  const rows = await db
    .select({ id, quantity, unit_cost, unit_price })
    .from(inventory)
    .where(and(eq(inventory.location_id, location_id), ne(quantity, 0)));
  return [...Map.groupBy(rows, (row) => row.id).values()].map(presenceOfPackage);
}
