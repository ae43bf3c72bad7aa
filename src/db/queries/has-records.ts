import { sql } from "drizzle-orm";
import type { RecordsDb } from "../databases.ts";
import { inventory, products, sales } from "../schema/records.ts";

/** Whether one of the store's records is Dutchie's. */
export async function hasRecords(db: RecordsDb, location_id: string): Promise<boolean> {
  const [row] = await db.all<{ n: number }>(sql`select
    exists (select 1 from ${inventory} where ${inventory.location_id} = ${location_id})
    + exists (select 1 from ${sales} where ${sales.location_id} = ${location_id})
    + exists (select 1 from ${products} where ${products.location_id} = ${location_id}
      and ${products.dutchie_product_id} is not null) as n`);
  return (row?.n ?? 0) > 0;
}
