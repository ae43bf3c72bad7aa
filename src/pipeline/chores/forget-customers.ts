import { and, eq, sql } from "drizzle-orm";
import { accountsDb, recordsDb } from "../../db/databases.ts";
import { findLocation } from "../../db/locations.ts";
import { insights, sales } from "../../db/schema/records.ts";
import { keyRange } from "../../domain/insights/pseudonym.ts";
import { WHILE_MOVING_MS } from "./move-store.ts";

/** Sales that one message clears: far below D1's 30 s for one query. */
const ROWS_A_STEP = 5_000;

/**
 * Deletes the pseudonyms of a store that were not made with its present pepper, one bounded step; when the store keeps no
 * customers, that is all of them, and the insights computed from them. null: none is left; otherwise the wait before the next step, ms.
 */
export async function forgetCustomers(env: Env, location_id: string): Promise<number | null> {
  const location = await findLocation(accountsDb(env), location_id);
  if (location === null) return null;
  if (location.other_shard !== null) return WHILE_MOVING_MS;
  const pepper = location.customer_pepper;
  const db = recordsDb(env, location);
  if (pepper === null) {
    await db.delete(insights).where(and(eq(insights.location_id, location_id), eq(insights.kind, "customers")));
  }
  const { first, end } = keyRange(pepper?.id ?? "");
  const isForeign = pepper === null ? sql`true` : sql`(customer_key < ${first} or customer_key >= ${end})`;
  const { meta } = await db.run(sql`
    update ${sales} set customer_key = null where (location_id, sale_id) in (
      select location_id, sale_id from ${sales} indexed by sales_customer
      where location_id = ${location_id} and customer_key is not null and ${isForeign}
      limit ${ROWS_A_STEP})`);
  return meta.changes >= ROWS_A_STEP ? 0 : null;
}
