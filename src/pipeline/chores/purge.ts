import { eq, sql } from "drizzle-orm";
import { getTableConfig } from "drizzle-orm/sqlite-core";
import { accountsDb, recordsDb } from "../../db/databases.ts";
import { deleteLocation, findLocation } from "../../db/locations.ts";
import { alerts, deadLetterCounts, deadLetters } from "../../db/schema/accounts.ts";
import {
  changes,
  counts,
  insights,
  inventory,
  products,
  reviews,
  rooms,
  runs,
  saleItems,
  sales,
} from "../../db/schema/records.ts";
import { locationStub } from "../../location/stub.ts";

/** The error with which `Location.forget` ends. */
const PURGED = "purged";

/** The lines of sales before the sales. */
const RECORD_TABLES = [saleItems, sales, inventory, products, rooms, reviews, changes, runs, insights];

/** Rows a message removes at most: far below D1's 30 s for one query. */
const ROWS_A_STEP = 5_000;

/**
 * Deletes a disconnected store, one bounded step a message, its own row last: until then a failed message is tried again.
 * Afterwards no table names the store. null: done; otherwise the wait before the next step, ms.
 */
export async function purge(env: Env, { location_id }: { location_id: string }): Promise<number | null> {
  const accounts = accountsDb(env);
  const location = await findLocation(accounts, location_id);
  if (location === null || location.deleted_at === null) return null;
  const records = recordsDb(env, location);
  for (const table of RECORD_TABLES) {
    const names = getTableConfig(table).primaryKeys[0]?.columns.map((column) => sql.identifier(column.name)) ?? [];
    const key = sql.join(names, sql`, `);
    const { meta } = await records.run(sql`
      delete from ${table} where (${key}) in (select ${key} from ${table} where location_id = ${location_id} limit ${ROWS_A_STEP})`);
    if (meta.changes >= ROWS_A_STEP) return 0;
  }
  // Last: each row that goes is counted down.
  await records.delete(counts).where(eq(counts.location_id, location_id));
  await accounts.delete(alerts).where(eq(alerts.location_id, location_id));
  await accounts.delete(deadLetters).where(eq(deadLetters.location_id, location_id));
  await accounts.delete(deadLetterCounts).where(eq(deadLetterCounts.location_id, location_id));
  await forget(env, location_id);
  await deleteLocation(accounts, location_id);
  return null;
}

/** The Location aborts itself once its storage is deleted, so its success is an error with this message. */
async function forget(env: Env, location_id: string): Promise<void> {
  try {
    await locationStub(env, location_id).forget();
  } catch (error) {
    if (!(error instanceof Error) || error.message !== PURGED) throw error;
  }
}
