import type { SyncMessage } from "../../contract/messages.ts";
import { bulkUpsert } from "../../db/bulk.ts";
import { accountsDb } from "../../db/databases.ts";
import { type LocationChange, updateLocation } from "../../db/locations.ts";
import { runs } from "../../db/schema/records.ts";
import { writeBatch } from "../../db/write.ts";
import { delaySeconds } from "../../domain/limits/wait.ts";
import { errorRateOf } from "../../domain/runs/progress.ts";
import type { Run } from "../../domain/runs/run.ts";
import type { StoreContext } from "../context.ts";
import { workQueue } from "../lane.ts";
import { runJson } from "../status/render.ts";

/** Writes the run's row and the store's summary to D1, for lists, history and cron. */
export async function publish(context: StoreContext, run: Run, summary: LocationChange): Promise<void> {
  const { env, db, store, now } = context;
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
  await writeBatch(db, bulkUpsert(runs, [row], "differs"));
  const error_rate_24h = errorRateOf(store.hours.last24h(now));
  await updateLocation(accountsDb(env), location_id, { error_rate_24h, ...summary });
}

/**
 * Sends the message for the run's next step to the store's queue, and stores the run. In this order: after a crash in between
 * the step under way is repeated, and a run never waits for a message that was not sent. The message cannot be handled
 * before the run is stored, for this call has the store's turn.
 */
export async function sendStep(context: StoreContext, run: Run, delay_ms: number): Promise<void> {
  const { location_id, run_id, step, request_id } = run;
  const message: SyncMessage = { kind: "step", location_id, run_id, step, request_id };
  await workQueue(context, run.mode).send(message, { delaySeconds: delaySeconds(delay_ms) });
  context.store.put("run", { ...run, queued: true });
}
