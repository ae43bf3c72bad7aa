import { sql } from "drizzle-orm";
import type { RecordsDb } from "../databases.ts";
import { products } from "../schema/records.ts";

/** The prices of these products, $ each, by ReUp's id. Those without a price are left out. */
export async function productPrices(
  db: RecordsDb,
  location_id: string,
  ids: ReadonlySet<string>,
): Promise<Map<string, number>> {
  if (ids.size === 0) return new Map();
  const rows = await db.all<{ product_id: string; unit_price: number }>(
    sql`select product_id, unit_price from ${products}
    where (location_id, product_id) in (select ${location_id}, value from json_each(${JSON.stringify([...ids])}))
      and unit_price > 0`,
  );
  return new Map(rows.map(({ product_id, unit_price }) => [product_id, unit_price]));
}
