import { and, eq } from "drizzle-orm";
import type { FeedResource } from "../../domain/feed/entries.ts";
import { inList } from "../bulk.ts";
import type { RecordsDb } from "../databases.ts";
import { sales } from "../schema/records.ts";
import { inventoryById, type ListedInventory } from "./list-inventory.ts";
import { findProducts, type ListedProduct } from "./list-products.ts";
import type { ListedSale } from "./list-sales.ts";

/** The records that entries of the feed are about, as they are now. One that is not there is gone. */
export interface FeedRecords {
  products: Map<string, ListedProduct>;
  inventory: Map<string, ListedInventory>;
  sales: Map<string, ListedSale>;
}

export async function feedRecords(
  db: RecordsDb,
  location_id: string,
  entries: readonly { resource: FeedResource; record_id: string }[],
): Promise<FeedRecords> {
  const idsOf = (wanted: FeedResource) => [
    ...new Set(entries.flatMap(({ resource, record_id }) => (resource === wanted ? [record_id] : []))),
  ];
  const [products, inventory, sold] = [idsOf("products"), idsOf("inventory"), idsOf("sales")];
  return {
    products: products.length === 0 ? new Map() : await findProducts(db, location_id, products),
    inventory: inventory.length === 0 ? new Map() : await inventoryById(db, location_id, inventory),
    sales: await salesById(db, location_id, sold),
  };
}

async function salesById(db: RecordsDb, location_id: string, ids: readonly string[]): Promise<FeedRecords["sales"]> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select()
    .from(sales)
    .where(and(eq(sales.location_id, location_id), inList(sales.sale_id, ids)));
  return new Map(rows.map((row) => [row.sale_id, row]));
}
