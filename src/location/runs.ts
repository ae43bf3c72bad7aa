import { eq } from "drizzle-orm";
import { bulkUpsert } from "../db/bulk.ts";
import { findLocalEdits } from "../db/local-edits.ts";
import { accountsDb, type RecordsDb, recordsDb } from "../db/records.ts";
import { type LocationRow, type LocationState, locations, runs } from "../db/schema.ts";
import { writeBatch } from "../db/write.ts";
import { emptyVerification } from "../domain/drift.ts";

import type { Cause } from "../domain/records.ts";
import { NO_COUNTS } from "../domain/records.ts";
import {
  addProgress,
  beginStep,
  endRun,
  errorRate,
  failStep,
  finishStep,
  isOver,
  newRun,
  planSteps,
  type Run,
  type RunError,
  type RunMode,
  type RunTrigger,
  revive,
  totals,
} from "../domain/run.ts";
import { nextNightAt, nextPollAt } from "../domain/schedule.ts";
import { asOf } from "../domain/version.ts";
import { PROFILES } from "../dutchie/profiles/index.ts";
import { parseConfig } from "../env.ts";
import type { SyncMessage } from "../pipeline/messages.ts";
import { type Applied, type ApplyContext, applyRows, recordsOf } from "./apply.ts";
import { addToReport } from "./compare.ts";
import { hold, release } from "./held.ts";
import { judge } from "./judge.ts";
import type { BeginStepResult, CancelRunResult, RowsOf, StartRunResult, StepCall } from "./protocol.ts";
import { runJson } from "./render.ts";
import { endSnapshot } from "./snapshot.ts";
import type { SnapshotResource, Store } from "./store.ts";

/** A queue cannot wait longer than 12 h; a longer wait is asked for again. */
const MAX_DELAY_S = 12 * 3600;
/** A webhook may still be on its way for this long; what a poll finds later than that, no webhook had told. */
const WEBHOOK_GRACE_MS = 2 * 60_000;

/** The run of a store: one at a time, its state in the Location, its reading in the SYNC queue's consumer. */
export class Runs {
  constructor(
    private readonly store: Store,
    private readonly env: Env,
    private readonly location_id: string,
  ) {}

  private get db(): RecordsDb {
    return recordsDb(this.env, this.location_id);
  }

  current(): Run | null {
    return this.store.get("run");
  }

  async start(
    location: LocationRow,
    mode: RunMode,
    trigger: RunTrigger,
    heal: boolean,
    now: number,
  ): Promise<StartRunResult> {
    const running = this.current();
    if (running !== null) return { ok: false, reason: "running", run_id: running.run_id };
    const cursors = this.store.get("cursors") ?? { products: null, sales: null };
    const steps = planSteps({
      mode,
      // The guide: after the initial sync, its accuracy is verified; and every store verifies itself each night.
      verify: mode === "initial" || (mode === "full" && trigger === "schedule"),
      settings: location.settings,
      cursors,
      now,
      sales_window_days: PROFILES[location.profile].sales_window_days,
    });
    const run = newRun({
      run_id: `run_${now.toString(36)}${crypto.randomUUID().slice(0, 8)}`,
      location_id: this.location_id,
      mode,
      trigger,
      heal,
      steps,
      cursors,
      now,
    });
    if (steps.length === 0) {
      // Every data type is off: there is nothing to read.
      const done: Run = { ...run, state: "completed", finished_at: now };
      await this.close(location, done, now);
      return { ok: true, run: runJson(done, now) };
    }
    this.store.put("run", run);
    await this.publish(run, "syncing", now);
    await this.dispatch(run, 0);
    return { ok: true, run: runJson(run, now) };
  }

  /** A consumer takes a step. A step whose reader is alive is not given out twice. */
  begin(run_id: string, step: number, now: number): BeginStepResult {
    const run = this.current();
    if (run === null || run.run_id !== run_id || run.step !== step) return { kind: "nothing" };
    if (run.state === "waiting" && run.waiting_until !== null && run.waiting_until > now) {
      return { kind: "later", delay_ms: run.waiting_until - now };
    }
    const silence = now - run.heartbeat_at;
    const watchdog = parseConfig(this.env).watchdog_ms;
    if (run.state === "running" && run.reading && silence < watchdog) {
      return { kind: "later", delay_ms: watchdog - silence };
    }
    const begun = beginStep(run, now);
    const taken = begun.steps[begun.step];
    if (taken === undefined) return { kind: "nothing" };
    if (begun.resume === null) this.store.clearSeen();
    this.store.put("run", begun);
    return { kind: "read", attempt: begun.attempt, step: taken, resume: begun.resume };
  }

  /** Up to 500 rows of the step under way: applied, or in a verification compared. */
  async rows(
    location: LocationRow,
    attempt: number,
    started_at: number,
    chunk: RowsOf,
    failures: Applied["failures"],
    now: number,
  ): Promise<StepCall> {
    const run = this.stepOf(attempt);
    const step = run?.steps[run.step];
    if (run === null || step === undefined) return { kind: "superseded" };
    const context = this.context(
      location,
      run,
      { kind: "snapshot", as_of: asOf(step.resource, started_at), complete: step.complete },
      now,
    );
    const applied = chunk.rows.length > 0 ? await applyRows(context, chunk) : EMPTY_APPLIED;
    // A row that could not be understood is there all the same: its record is not absent.
    if (step.complete) this.store.addSeen(await recordsOf(context, failures));
    const edited = step.verify ? await findLocalEdits(this.db, this.location_id, applied.changes) : NOTHING;
    this.progress(run, attempt, applied, failures, started_at, edited, now);
    if (!step.verify && run.mode === "incremental") this.countMissed(location, applied, now);
    return { kind: "ok" };
  }

  /** The step's read came to its end without an error. */
  async finish(location: LocationRow, attempt: number, started_at: number, now: number): Promise<StepCall> {
    const run = this.stepOf(attempt);
    const step = run?.steps[run.step];
    if (run === null || step === undefined) return { kind: "superseded" };
    const canEnd = step.complete && !run.unidentified;
    if (canEnd && (step.resource === "products" || step.resource === "inventory")) {
      await this.endSnapshot(location, run, step.resource, started_at, now);
    }
    const after = this.stepOf(attempt);
    if (after === null) return { kind: "superseded" };
    const cursors = { ...after.cursors };
    if (!step.verify && step.resource === "products") cursors.products = started_at;
    if (!step.verify && step.resource === "sales") cursors.sales = step.to;
    const finished = { ...finishStep(after, now), cursors };
    this.store.clearSeen();
    if (isOver(finished)) await this.close(location, finished, now);
    else {
      this.store.put("run", finished);
      await this.publish(finished, "syncing", now);
      await this.dispatch(finished, 0);
    }
    return { kind: "ok" };
  }

  async fail(
    location: LocationRow,
    attempt: number,
    error: RunError,
    resume: Run["resume"],
    now: number,
  ): Promise<StepCall> {
    const run = this.stepOf(attempt);
    if (run === null) return { kind: "superseded" };
    await this.settle(location, failStep(run, error, resume, now, Math.random()), now);
    return { kind: "ok" };
  }

  async cancel(location: LocationRow, run_id: string, now: number): Promise<CancelRunResult> {
    const run = this.current();
    if (run === null || run.run_id !== run_id) return { ok: false, reason: "not_found" };
    const cancelled = endRun(run, "cancelled", null, now);
    await this.close(location, cancelled, now);
    return { ok: true, run: runJson(cancelled, now) };
  }

  /** Called by the watchdog timer: revives a run whose reader fell silent. When to look again, or null. */
  async watch(location: LocationRow, now: number): Promise<void> {
    const run = this.current();
    const due = this.watchAt();
    if (run !== null && due !== null && due <= now) await this.settle(location, revive(run, now), now);
    // The timer comes round while a run goes on: what takes too long is told while it does.
    await judge(this.env, this.store, location, now);
  }

  /** When a run without a sign of life counts as stalled; null without a run. */
  watchAt(): number | null {
    const run = this.current();
    if (run === null) return null;
    return Math.max(run.heartbeat_at, run.waiting_until ?? 0) + parseConfig(this.env).watchdog_ms;
  }

  private stepOf(attempt: number): Run | null {
    const run = this.current();
    return run !== null && run.attempt === attempt && run.state === "running" ? run : null;
  }

  /** Rows were awaited: the run may have been cancelled or begun again meanwhile. */
  private progress(
    planned: Run,
    attempt: number,
    applied: Applied,
    failures: Applied["failures"],
    started_at: number,
    edited: ReadonlySet<string>,
    now: number,
  ): void {
    const run = this.stepOf(attempt);
    const step = planned.steps[planned.step];
    if (run === null || step === undefined) return;
    if (step.complete) this.store.addSeen(applied.seen);
    const all = [...applied.failures, ...failures];
    const report = step.verify ? (run.verification ?? emptyVerification(now)) : null;
    this.store.put("run", {
      // A comparison creates and updates nothing, unless it heals.
      ...addProgress(
        run,
        { counts: step.verify && !run.heal ? asUnchanged(applied.counts) : applied.counts, failures: all },
        now,
      ),
      verification:
        report === null
          ? run.verification
          : addToReport(report, step.resource, applied, all, run.heal, started_at, edited),
    });
  }

  private async endSnapshot(
    location: LocationRow,
    run: Run,
    resource: SnapshotResource,
    started_at: number,
    now: number,
  ): Promise<void> {
    const step = run.steps[run.step];
    if (step === undefined) return;
    const floor = asOf(resource, started_at);
    const context = this.context(location, run, { kind: "snapshot", as_of: floor, complete: true }, now);
    const held = this.store.get("held") ?? {};
    const end = await endSnapshot(context, resource, {
      seen: this.store.seen(),
      rowsRead: run.rows_read,
      floor,
      // Held by an earlier snapshot and still absent: this is the second word on it.
      confirmed: new Set(held[resource]?.ids ?? []),
    });
    // A comparison reports what a snapshot would hold, too.
    const counts = { ...NO_COUNTS, deleted: end.gone.length + (context.write ? 0 : end.held.length) };
    const applied = { ...EMPTY_APPLIED, counts, changes: end.changes, about: end.about };
    this.progress(run, run.attempt, applied, [], started_at, NOTHING, now);
    if (!context.write) return;
    if (end.held.length > 0) {
      const { held: ids, live } = end;
      await hold(this.env, this.store, location, resource, { ids, held_at: now, floor, live, listed: run.rows_read });
      return;
    }
    const wasHeld = new Set(held[resource]?.ids ?? []);
    const action = end.gone.some((id) => wasHeld.has(id)) ? "confirm" : "discard";
    await release(this.env, this.store, this.location_id, resource, { action, by: "snapshot" }, now);
    const floors = this.floors();
    this.store.put("floors", { ...floors, [resource]: Math.max(floors[resource], floor) });
  }

  private context(location: LocationRow, run: Run, read: ApplyContext["read"], now: number): ApplyContext {
    const step = run.steps[run.step];
    const cause: Cause = run.mode === "initial" ? "initial" : "poll";
    return {
      db: this.db,
      location_id: this.location_id,
      settings: location.settings,
      read,
      floors: this.floors(),
      now,
      origin: { cause, ref: run.run_id },
      write: step?.verify !== true || run.heal,
    };
  }

  floors(): { products: number; inventory: number } {
    return this.store.get("floors") ?? { products: 0, inventory: 0 };
  }

  /** Changes that no webhook had told, though webhooks are on (the status' `missed`). */
  private countMissed(location: LocationRow, applied: Applied, now: number): void {
    if (location.settings.frequency !== "realtime" || !this.store.hasEvents()) return;
    const untold = applied.changes.filter(
      (change) => change.cause === "poll" && change.source_at < now - WEBHOOK_GRACE_MS,
    );
    this.store.count("missed", untold.length, now);
  }

  private async settle(location: LocationRow, run: Run, now: number): Promise<void> {
    if (isOver(run)) return this.close(location, run, now);
    this.store.put("run", run);
    await this.publish(run, "syncing", now);
    await this.dispatch(run, Math.max(0, (run.waiting_until ?? now) - now));
  }

  /** The run is over. Only a success moves the cursor, `last_success_at` and the due time (design, rule 7). */
  private async close(location: LocationRow, run: Run, now: number): Promise<void> {
    const completed = run.state === "completed" || run.state === "completed_with_errors";
    const succeeded = completed && run.mode !== "verify";
    const { records_processed, failed } = totals(run);
    const isFull = run.mode === "initial" || run.mode === "full";
    // D1 first: a crash before the Location forgets the run repeats its last step, which writes nothing.
    await this.publish(run, this.stateAfter(run), now, {
      last_sync_at: now,
      ...(succeeded
        ? {
            last_success_at: now,
            next_sync_at: nextPollAt(location.settings.frequency, run.started_at, this.location_id),
            ...(isFull || location.next_full_at === null
              ? { next_full_at: nextNightAt(location.settings, location.time_zone, now, this.location_id) }
              : {}),
          }
        : {}),
    });
    this.store.put("last_run", runJson(run, now));
    this.store.put("last_sync_at", now);
    if (succeeded) {
      this.store.put("last_success_at", now);
      this.store.put("cursors", run.cursors);
    }
    this.store.remove("run");
    this.store.clearSeen();
    if (run.state !== "cancelled") {
      this.store.count("runs", 1, now);
      this.store.count("failed_runs", completed ? 0 : 1, now);
      this.store.count("records_processed", records_processed, now);
      this.store.count("records_failed", failed, now);
      this.store.count("duration_ms", now - run.started_at, now);
    }
    await judge(this.env, this.store, location, now);
  }

  private stateAfter(run: Run): LocationState {
    if (run.state === "cancelled") return this.store.get("last_success_at") === null ? "never_synced" : "idle";
    if (run.state === "failed") return "failing";
    return errorRate(run) > 0 || Object.keys(this.store.get("held") ?? {}).length > 0 ? "degraded" : "idle";
  }

  /** The run's row and the store's summary in D1, for lists, history and cron. */
  private async publish(
    run: Run,
    state: LocationState,
    now: number,
    summary: Partial<LocationRow> = {},
  ): Promise<void> {
    const document = runJson(run, now);
    const { location_id, run_id, mode, trigger, started_at, finished_at } = run;
    const { duration_ms, records_processed, failed } = document;
    const row = {
      location_id,
      run_id,
      mode,
      trigger,
      state: run.state,
      started_at,
      finished_at,
      duration_ms,
      records_processed,
      failed,
      document,
    };
    await writeBatch(this.db, bulkUpsert(runs, [row], "differs"));
    const last24h = this.store.last24h(now);
    const error_rate_24h =
      last24h.records_processed > 0
        ? last24h.records_failed / last24h.records_processed
        : last24h.failed_runs / Math.max(1, last24h.runs);
    await accountsDb(this.env)
      .update(locations)
      .set({
        state,
        error_rate_24h,
        ...summary,
      })
      .where(eq(locations.location_id, location_id));
  }

  private async dispatch(run: Run, delay_ms: number): Promise<void> {
    const message: SyncMessage = { kind: "step", location_id: this.location_id, run_id: run.run_id, step: run.step };
    await this.env.SYNC.send(message, { delaySeconds: Math.min(MAX_DELAY_S, Math.ceil(delay_ms / 1000)) });
  }
}

const NOTHING: ReadonlySet<string> = new Set();
const EMPTY_APPLIED: Applied = {
  counts: NO_COUNTS,
  failures: [],
  changes: [],
  seen: [],
  outcomes: [],
  about: new Map(),
};

const asUnchanged = (counts: Applied["counts"]): Applied["counts"] => ({
  ...NO_COUNTS,
  unchanged: counts.created + counts.updated + counts.unchanged + counts.stale,
});
