import { eq, sql } from "drizzle-orm";
import { getTableConfig } from "drizzle-orm/sqlite-core";
import { COPIED_TABLES } from "./copy-store.ts";
import type { RecordsDb } from "./databases.ts";
import { counts, insights } from "./schema/records.ts";

/** Rows that a step deletes at most: far below D1's 30 s for one query. */
const ROWS_A_STEP = 5_000;

/** Deletes a store's records in one database, a bounded step. True: there are more. */
export async function deleteRecords(db: RecordsDb, location_id: string): Promise<boolean> {
  for (const table of [...COPIED_TABLES, insights]) {
    const names = getTableConfig(table).primaryKeys[0]?.columns.map((column) => sql.identifier(column.name)) ?? [];
    const key = sql.join(names, sql`, `);
    const { meta } = await db.run(sql`
      delete from ${table} where (${key}) in (select ${key} from ${table} where location_id = ${location_id} limit ${ROWS_A_STEP})`);
    if (meta.changes >= ROWS_A_STEP) return true;
  }
  // Last: each row that goes is counted down.
  await db.delete(counts).where(eq(counts.location_id, location_id));
  return false;
}
