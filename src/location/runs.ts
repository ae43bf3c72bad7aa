import { eq } from "drizzle-orm";
import { bulkUpsert } from "../db/bulk.ts";
import { dropInsights } from "../db/insights-cache.ts";
import { accountsDb, recordsDb } from "../db/records.ts";
import { type LocationRow, type LocationState, locations, runs } from "../db/schema.ts";
import { writeBatch } from "../db/write.ts";

import type { RowFailure } from "../domain/model.ts";
import {
  beginStep,
  type Cursors,
  cursorsUnder,
  endRun,
  errorRate,
  failStep,
  finishStep,
  isOver,
  NO_CURSORS,
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
import { PROFILES } from "../dutchie/profiles/index.ts";
import { parseConfig } from "../env.ts";
import type { SyncMessage } from "../pipeline/messages.ts";
import { healDeadLetters } from "./dead-letters.ts";
import { judge } from "./judge.ts";
import type { BeginStepResult, CancelRunResult, RowsOf, StartRunResult, StepCall } from "./protocol.ts";
import { Reading } from "./reading.ts";
import { runJson } from "./render.ts";
import type { Store } from "./store.ts";

/** A queue cannot wait longer than 12 h; a longer wait is asked for again. */
const MAX_DELAY_S = 12 * 3600;
/** The run of a store: one at a time, its state in the Location, its reading in the SYNC queue's consumer. */
export class Runs {
  constructor(
    private readonly store: Store,
    private readonly env: Env,
    private readonly location_id: string,
  ) {}

  private get reading(): Reading {
    return new Reading(this.store, this.env, this.location_id);
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
    const cursors = this.cursors(location);
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

  /** Up to 500 rows of the step under way. */
  rows(
    location: LocationRow,
    attempt: number,
    started_at: number,
    chunk: RowsOf,
    failures: RowFailure[],
    now: number,
  ): Promise<StepCall> {
    return this.reading.rows(location, attempt, started_at, chunk, failures, now);
  }

  /** The step's read came to its end without an error. */
  async finish(location: LocationRow, attempt: number, started_at: number, now: number): Promise<StepCall> {
    const after = await this.reading.end(location, attempt, started_at, now);
    const step = after?.steps[after.step];
    if (after === null || step === undefined) return { kind: "superseded" };
    const cursors = { ...after.cursors };
    if (!step.verify && step.resource === "products") cursors.products = started_at;
    if (!step.verify && step.resource === "sales") cursors.sales = step.to;
    const finished = { ...finishStep(after, now), cursors };
    this.store.clearSeen();
    if (isOver(finished)) await this.close(location, finished, now);
    else {
      this.store.put("run", finished);
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
    const run = this.reading.current(attempt);
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

  private cursors({ customer_pepper }: LocationRow): Cursors {
    return cursorsUnder(customer_pepper?.id ?? null, { ...NO_CURSORS, ...this.store.get("cursors") });
  }

  private async settle(location: LocationRow, run: Run, now: number): Promise<void> {
    if (isOver(run)) return this.close(location, run, now);
    this.store.put("run", run);
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
    // Insights of today rest on what was known before the history was read.
    const readHistory = isFull || this.cursors(location).sales === null;
    if (succeeded && readHistory) await dropInsights(recordsDb(this.env, this.location_id), this.location_id);
    this.store.put("last_run", runJson(run, now));
    this.store.put("last_sync_at", now);
    if (succeeded) {
      this.store.put("last_success_at", now);
      this.store.put("cursors", run.cursors);
    }
    this.store.remove("run");
    this.store.clearSeen();
    // With the end of the run, or a crash would lose it. Without a snapshot, old events would bring back what was sold out.
    if (completed && run.trigger === "replay") this.store.put("replay_due", true);
    if (run.state !== "cancelled") {
      this.store.count("runs", 1, now);
      this.store.count("failed_runs", completed ? 0 : 1, now);
      this.store.count("records_processed", records_processed, now);
      this.store.count("records_failed", failed, now);
      this.store.count("duration_ms", now - run.started_at, now);
    }
    await judge(this.env, this.store, location, now);
    if (succeeded) await healDeadLetters(this.env, this.location_id, now);
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
    await writeBatch(recordsDb(this.env, location_id), bulkUpsert(runs, [row], "differs"));
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
