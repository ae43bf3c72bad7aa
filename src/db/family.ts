import { type SQL, sql } from "drizzle-orm";
import { products } from "./schema/records.ts";

/** The ids of a product and of those merged into it. Not with `or`: SQLite would read all products of the store. */
export const familyOf = (location_id: string, product_id: string): SQL => sql`select p.product_id from ${products} p
    where p.location_id = ${location_id} and p.product_id = ${product_id}
  union all select p.product_id from ${products} p
    where p.location_id = ${location_id} and p.merged_into = ${product_id}`;
