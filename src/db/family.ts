import { and, eq, type SQL, sql } from "drizzle-orm";
import { inList } from "./bulk.ts";
import type { RecordsDb } from "./databases.ts";
import { products } from "./schema/records.ts";

/** The ids of a product and of those merged into it. Not with `or`: SQLite would read all products of the store. */
export const familyOf = (location_id: string, product_id: string): SQL => sql`select p.product_id from ${products} p
    where p.location_id = ${location_id} and p.product_id = ${product_id}
  union all select p.product_id from ${products} p
    where p.location_id = ${location_id} and p.merged_into = ${product_id}`;

/** Which of these products others are merged into. */
export async function survivors(db: RecordsDb, location_id: string, ids: readonly string[]): Promise<Set<string>> {
  const merged = await db
    .selectDistinct({ into: products.merged_into })
    .from(products)
    .where(and(eq(products.location_id, location_id), inList(products.merged_into, ids)));
  return new Set(merged.flatMap(({ into }) => into ?? []));
}
