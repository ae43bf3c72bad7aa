import { and, asc, gt, isNull, lte, or, sql } from "drizzle-orm";
import { MESSAGE_VERSION, type SyncMessage } from "../../contract/messages.ts";
import { chunks } from "../../db/bulk.ts";
import { type AccountsDb, accountsDb } from "../../db/databases.ts";
import { putOffWake } from "../../db/locations.ts";
import { locations } from "../../db/schema/accounts.ts";
import { OWN_CLOCKS_MS } from "../../domain/bounds.ts";
import { DATA_TYPES } from "../../domain/runs/data-type.ts";
import { MAX_NIGHT_MS, MAX_POLL_MS } from "../../domain/runs/schedule.ts";
import { parseConfig } from "../../env.ts";

/** Stores of one page: one query reads them, and one marks them. */
const STORES_A_PAGE = 500;
/** Pages of one tick: 10,000 stores with 40 queries. What is left is the next tick's. */
const PAGES_A_TICK = 20;
/** A queue takes so many messages at once. */
const MESSAGES_AT_ONCE = 100;

/**
 * Cron: sends a message to each store that needs somebody, whether a run is due or an alert may begin to fire. The store
 * decides by its own state, for cron may come twice, late or never. A page is sent first and marked then: after a crash in
 * between the next tick sends it again, which starts nothing twice. Returns how many were sent.
 */
export async function sendDueStores(env: Env, now: number): Promise<number> {
  const db = accountsDb(env);
  await wakeOverslept(db, now);
  let sent = 0;
  for (let pages = 0; pages < PAGES_A_TICK; pages++) {
    const due = await db
      .select({ location_id: locations.location_id, wake_at: locations.wake_at })
      .from(locations)
      .where(and(isNull(locations.deleted_at), lte(locations.wake_at, now)))
      .orderBy(asc(locations.wake_at))
      .limit(STORES_A_PAGE);
    if (due.length === 0) break;
    for (const some of chunks(due, MESSAGES_AT_ONCE)) {
      await env.SYNC.sendBatch(
        some.map(({ location_id }) => ({
          body: { kind: "start", v: MESSAGE_VERSION, location_id, at: now } satisfies SyncMessage,
        })),
      );
    }
    // While the message waits, the next tick sends no second one.
    await putOffWake(db, due, now + parseConfig(env).queued_ms);
    sent += due.length;
    if (due.length < STORES_A_PAGE) break;
  }
  return sent;
}

/**
 * Stores that would be called later than any store that reads something is: our clock was ahead when they said when, and was set
 * back since. They are due now. Looks only at stores that nobody would call within the hour.
 */
async function wakeOverslept(db: AccountsDb, now: number): Promise<void> {
  const isLate = or(
    gt(locations.wake_at, now + MAX_NIGHT_MS + OWN_CLOCKS_MS),
    sql`${locations.settings}->>'$.frequency' <> 'daily'`,
  );
  const reads = sql.join(
    DATA_TYPES.map((type) => sql`${locations.settings}->${`$.data_types.${type}`} = 'true'`),
    sql` or `,
  );
  await db
    .update(locations)
    .set({ wake_at: now })
    .where(
      and(
        isNull(locations.deleted_at),
        gt(locations.wake_at, now + MAX_POLL_MS + OWN_CLOCKS_MS),
        isLate,
        sql`(${reads})`,
      ),
    );
}
