import { eq } from "drizzle-orm";
import { MESSAGE_VERSION, type SyncMessage } from "../../contract/messages.ts";
import { bulkUpsert } from "../../db/bulk.ts";
import { type AccountsDb, accountsDb } from "../../db/databases.ts";
import { type LocationChange, updateLocation } from "../../db/locations.ts";
import { findRun } from "../../db/queries/list-runs.ts";
import { deadLetterCounts, locations } from "../../db/schema/accounts.ts";
import { runs } from "../../db/schema/records.ts";
import { RUNS } from "../../domain/feed/change-messages.ts";
import { delaySeconds } from "../../domain/limits/wait.ts";
import type { RunEnd } from "../../domain/records/change.ts";
import { contentHash } from "../../domain/records/version.ts";
import { errorRateOf } from "../../domain/runs/progress.ts";
import { isOver, type Run } from "../../domain/runs/run.ts";
import type { StoreContext } from "../context.ts";
import { workQueue } from "../lane.ts";
import { writeRecords } from "../records/write-records.ts";
import { firingAlerts } from "../status/evaluate.ts";
import { runJson } from "../status/render.ts";

/** Writes the run's row and the store's summary to D1, for lists, history and cron; each database at the same time. */
export async function publish(context: StoreContext, run: Run, summary: LocationChange): Promise<void> {
  const { store, now } = context;
  const change = { error_rate_24h: errorRateOf(store.hours.last24h(now)), ...summary };
  await publishWith(context, run, (accounts) => updateLocation(accounts, run.location_id, change));
}

/** The same at the end of a run, with what it must know of D1 to end alerts and heal dead letters. */
export async function publishEnd(context: StoreContext, run: Run, summary: LocationChange) {
  const { location_id } = run;
  const [, firing, letters] = await publishWith(context, run, (accounts) =>
    accounts.batch([
      accounts.update(locations).set(summary).where(eq(locations.location_id, location_id)),
      firingAlerts(context),
      accounts
        .select({ n: deadLetterCounts.n })
        .from(deadLetterCounts)
        .where(eq(deadLetterCounts.location_id, location_id)),
    ]),
  );
  return { firing, dead_letters: letters[0]?.n ?? 0 };
}

/** Waits for both, also when one fails: what is still being written must not meet the next call's writes. */
async function publishWith<T>(
  context: StoreContext,
  run: Run,
  store: (accounts: AccountsDb) => Promise<T>,
): Promise<T> {
  const stored = store(accountsDb(context.env));
  const [written] = await Promise.allSettled([writeRun(context, run), stored]);
  context.rowWritten();
  if (written.status === "rejected") throw written.reason;
  return stored;
}

async function writeRun(context: StoreContext, run: Run): Promise<void> {
  const { now } = context;
  const document = runJson(run, now);
  const { location_id, run_id, mode, trigger, state, started_at, finished_at } = run;
  const { duration_ms, records_processed, failed } = document;
  const row = {
    location_id,
    run_id,
    mode,
    trigger,
    state,
    started_at,
    finished_at,
    duration_ms,
    records_processed,
    failed,
    document,
  };
  await writeRecords(context, bulkUpsert(runs, [row], "differs"), { changes: await endOf(context, run) });
}

/**
 * The end of a run, for the log and once, if receivers hear of it. Without one, nothing is logged. A cancelled run is no news:
 * somebody has just cancelled it.
 */
async function endOf({ db, store, now }: StoreContext, run: Run): Promise<RunEnd[]> {
  const { location_id, run_id, state, mode } = run;
  if (!isOver(run) || state === "cancelled" || store.deliveries.list().length === 0) return [];
  const stored = await findRun(db, location_id, run_id);
  if (stored !== null && stored.finished_at !== null) return [];
  const digest = contentHash([run_id, state]);
  const cause = mode === "initial" ? "initial" : "poll";
  const change = { digest, resource: RUNS, record_id: run_id, cause, ref: run_id, at: now, source_at: now } as const;
  return [{ ...change, fields: { state: [null, state] } }];
}

/**
 * Stores the run, and sends the message for its next step. In this order: a run that was sent and not stored would repeat
 * its step on what the end of the step has changed. Without a message the run is not `queued`, so the watchdog sends it.
 */
export async function sendStep(context: StoreContext, run: Run, delay_ms: number): Promise<void> {
  const { location_id, run_id, step, request_id } = run;
  const message: SyncMessage = { kind: "step", v: MESSAGE_VERSION, location_id, run_id, step, request_id };
  context.store.put("run", { ...run, queued: false });
  await workQueue(context, run.mode).send(message, { delaySeconds: delaySeconds(delay_ms) });
  context.store.put("run", { ...run, queued: true });
}
