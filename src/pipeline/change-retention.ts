import { sql } from "drizzle-orm";
import { recordsDb } from "../db/records.ts";
import { changes } from "../db/schema.ts";

const KEPT_MS = 90 * 86_400_000;
/** Rows of one statement, and statements a night: a store that changes more than 50,000 fields a day catches up the next. */
const ROWS_A_STEP = 5_000;
const STEPS = 10;

/** Forgets a store's change log older than 90 days, in bounded steps. How many entries went. */
export async function purgeOldChanges(env: Env, location_id: string, now: number): Promise<number> {
  const db = recordsDb(env, location_id);
  // A change's id begins with its time, so the oldest are the first of the key.
  const before = Math.max(0, now - KEPT_MS)
    .toString(36)
    .padStart(9, "0");
  let gone = 0;
  for (let step = 0; step < STEPS; step++) {
    const { meta } = await db.run(sql`delete from ${changes} where (location_id, change_id) in
      (select location_id, change_id from ${changes}
       where location_id = ${location_id} and change_id < ${before} limit ${ROWS_A_STEP})`);
    gone += meta.changes;
    if (meta.changes < ROWS_A_STEP) break;
  }
  return gone;
}
