import type { LocationState } from "../../contract/http/locations.ts";
import type { BeginStepResult, CancelRunResult, RowsOf, StartRunResult, StepCall } from "../../contract/location.ts";
import type { SyncMessage } from "../../contract/messages.ts";
import { bulkUpsert } from "../../db/bulk.ts";
import { accountsDb, recordsDb } from "../../db/databases.ts";
import { dropInsights } from "../../db/insights/cache.ts";
import { updateLocation } from "../../db/locations.ts";
import { type LocationRow, runs } from "../../db/schema.ts";
import { writeBatch } from "../../db/write.ts";
import { MAX_STANDING_WAIT_MS } from "../../domain/bounds.ts";
import { furtherOff, type Told } from "../../domain/clock.ts";
import { accuracyOf, driftOf } from "../../domain/records/drift.ts";
import type { RowFailure } from "../../domain/records/model.ts";
import { close, EMPTY_BUDGET } from "../../domain/runs/budget.ts";
import { believedCursors, type Cursors, cursorsAfter, cursorsUnder, NO_CURSORS } from "../../domain/runs/cursors.ts";
import { type DataType, enabledTypes } from "../../domain/runs/data-type.ts";
import { QUICK_STEPS } from "../../domain/runs/pace.ts";
import {
  beginStep,
  completedTypes,
  endRun,
  errorRate,
  failedRows,
  failStep,
  finishStep,
  giveWay,
  goesOn,
  hasCompared,
  isOver,
  newRun,
  planSteps,
  type Run,
  type RunError,
  type RunMode,
  type RunTrigger,
  reachesBack,
  revive,
  totals,
} from "../../domain/runs/run.ts";
import { nextNightAt, nextPollAt } from "../../domain/runs/schedule.ts";
import {
  allSuccessAt,
  dueRun,
  earliest,
  nextReadAt,
  statesAfter,
  type TypeStates,
} from "../../domain/runs/type-states.ts";
import { delaySeconds } from "../../domain/runs/wait.ts";
import { PROFILES } from "../../dutchie/profiles/index.ts";
import { parseConfig } from "../../env.ts";
import { healDeadLetters } from "../events/dead-letters.ts";
import { endEventFault } from "../events/events.ts";
import { judge } from "../status/judge.ts";
import { runJson } from "../status/render.ts";
import type { Store } from "../storage/store.ts";
import { laneQueue } from "./lane.ts";
import { Reading } from "./reading.ts";
import { typeStates } from "./type-states.ts";

/** What is asked for when a run starts. */
export interface StartRun {
  mode: RunMode;
  trigger: RunTrigger;
  heal: boolean;
  /** Data types to read; absent: all that are on. */
  types?: readonly DataType[];
}

/** The run of a store: one at a time, its state in the Location, its reading in the consumer of the SYNC queue, or the SLOW one. */
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

  async start(location: LocationRow, asked: StartRun, now: number): Promise<StartRunResult> {
    const { mode, trigger, heal } = asked;
    const running = this.current();
    if (running !== null) {
      // A person does not have to sit out a wait; who really reads is not disturbed.
      if (trigger === "schedule" || running.state !== "waiting") {
        return { ok: false, reason: "running", run_id: running.run_id };
      }
      await this.close(location, endRun(running, "cancelled", SUPERSEDED, now), now);
      this.openBudgets();
    }
    const cursors = this.cursors(location, now);
    const steps = planSteps({
      mode,
      // The guide: after the initial sync, its accuracy is verified; and every store verifies itself each night.
      verify: mode === "initial" || (mode === "full" && trigger === "schedule"),
      settings: { ...location.settings, data_types: this.typesAsked(location, asked) },
      cursors: this.cursorsOwed(location, cursors),
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
    // Only what is read from here on counts for it, not the run that it superseded.
    if (trigger === "replay") this.store.put("rebuilding", enabledTypes(location.settings));
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

  /** What is due at cron's time. A run that only waits at walls gives way to it, and what has walls is tried after them. */
  async startDue(location: LocationRow, at: number, now: number): Promise<StartRunResult | null> {
    const running = this.current();
    const left = running && giveWay(running, now);
    const { types, next_full_at } =
      left === null
        ? { types: typeStates(this.store, location), next_full_at: location.next_full_at }
        : this.standing(location, left, now);
    const due = dueRun(types, enabledTypes(location.settings), next_full_at, at);
    if (due === null) return null;
    if (left !== null) await this.close(location, left, now);
    return this.start({ ...location, next_full_at }, { ...due, trigger: "schedule", heal: false }, now);
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
    const behind_ms = goesOn(begun) ? this.store.behind() : null;
    return { kind: "read", attempt: begun.attempt, step: taken, resume: begun.resume, behind_ms };
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
  async finish(location: LocationRow, attempt: number, started_at: number, told: Told, now: number): Promise<StepCall> {
    const after = await this.reading.end(location, attempt, started_at, now);
    const step = after?.steps[after.step];
    if (after === null || step === undefined) return { kind: "superseded" };
    const clocks = this.store.get("clocks") ?? {};
    // One wrong answer of a run is told at its end, though a later one of the same kind was right.
    const isFirst = after.steps.findIndex(({ resource }) => resource === step.resource) === after.step;
    const worst = isFirst ? told : furtherOff(clocks[step.resource] ?? null, told);
    this.store.put("clocks", { ...clocks, [step.resource]: worst });
    const cursors = cursorsAfter(after.cursors, step, { started_at, told, failed: failedRows(after) }, now);
    const finished: Run = { ...finishStep(after, now), cursors };
    // At once: what was read is read, whatever becomes of the run.
    this.store.put("cursors", cursors);
    this.store.clearSeen();
    await this.settle(location, finished, now);
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
    const failed = failStep(run, error, resume, now, Math.random());
    if (error.code === "RATE_LIMITED") this.closeBudget(location, run, failed, now);
    await this.settle(location, failed, now);
    return { kind: "ok" };
  }

  /** Not done within the turn of a quick store: the step goes on, or begins again, among the slow ones. No failure. */
  async handOver(attempt: number, resume: Run["resume"], now: number): Promise<StepCall> {
    const run = this.reading.current(attempt);
    if (run === null) return { kind: "superseded" };
    this.store.put("pace", QUICK_STEPS);
    console.log({ message: "store changes its queue", location_id: this.location_id, lane: "slow" });
    const left: Run = { ...run, reading: false, resume, heartbeat_at: now };
    this.store.put("run", left);
    await this.dispatch(left, 0);
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

  /** A reader is at work on this attempt. */
  alive(attempt: number, now: number): void {
    const run = this.reading.current(attempt);
    if (run !== null) this.store.put("run", { ...run, heartbeat_at: now });
  }

  /** When a run without a sign of life counts as stalled; null without a run. */
  watchAt(): number | null {
    const run = this.current();
    if (run === null) return null;
    return Math.max(run.heartbeat_at, run.waiting_until ?? 0) + parseConfig(this.env).watchdog_ms;
  }

  private typesAsked({ settings }: LocationRow, { types }: StartRun): LocationRow["settings"]["data_types"] {
    const { data_types } = settings;
    if (types === undefined) return data_types;
    const asked = (type: DataType) => data_types[type] && types.includes(type);
    return { ...data_types, products: asked("products"), inventory: asked("inventory"), sales: asked("sales") };
  }

  /** What a full run left out is read whole by the run that makes it up. */
  private cursorsOwed(location: LocationRow, cursors: Cursors): Cursors {
    const { products, sales } = typeStates(this.store, location);
    return {
      ...cursors,
      ...(products?.owes_full ? { products: null } : {}),
      ...(sales?.owes_full ? { sales: null } : {}),
    };
  }

  /** At a wall nobody else asks either: pushes and the next run use the same key. */
  private closeBudget(location: LocationRow, run: Run, { waiting_until }: Run, now: number): void {
    const step = run.steps[run.step];
    if (step === undefined) return;
    const { rate } = PROFILES[location.profile].resources[step.resource];
    // A longer one is its endpoint's own: others of the class are asked after that.
    const wait = Math.min(MAX_STANDING_WAIT_MS, (waiting_until ?? Infinity) - now);
    const budgets = this.store.get("budget") ?? {};
    this.store.put("budget", { ...budgets, [rate]: close(budgets[rate] ?? EMPTY_BUDGET, wait, now) });
  }

  private openBudgets(): void {
    const budgets = Object.entries(this.store.get("budget") ?? {});
    this.store.put(
      "budget",
      Object.fromEntries(budgets.map(([rate, budget]) => [rate, { ...budget, closed_until: 0 }])),
    );
  }

  private cursors({ customer_pepper }: LocationRow, now: number): Cursors {
    const read = believedCursors({ ...NO_CURSORS, ...this.store.get("cursors") }, now);
    return cursorsUnder(customer_pepper?.id ?? null, read);
  }

  private async settle(location: LocationRow, run: Run, now: number): Promise<void> {
    if (isOver(run)) return this.close(location, run, now);
    this.store.put("run", run);
    await this.dispatch(run, Math.max(0, (run.waiting_until ?? now) - now));
  }

  /**
   * The run is over. Each data type that was read to its end moves its own last success and due time; the store's last
   * success moves when all of them have one (rule 7).
   */
  private async close(location: LocationRow, run: Run, now: number): Promise<void> {
    const { records_processed, failed } = totals(run);
    const enabled = enabledTypes(location.settings);
    const { types, next_full_at } = this.standing(location, run, now);
    const before = this.store.get("last_success_at");
    const reached = enabled.length === 0 && run.mode !== "verify" ? now : allSuccessAt(types, enabled);
    const last_success_at = reached === null ? before : Math.max(reached, before ?? 0);
    const readAll = tookPlace(run) && enabled.every((type) => completedTypes(run).includes(type));
    // D1 first: a crash before the Location forgets the run repeats its last step, which writes nothing.
    const summary = {
      last_sync_at: now,
      last_success_at,
      next_sync_at: earliest(enabled.flatMap((type) => types[type] ?? []).map(nextReadAt)),
      next_full_at,
    };
    const state = this.stateAfter(run, types, enabled, last_success_at);
    await this.publish(run, state, now, summary);
    // Insights of today rest on what was known before the history was read.
    if (reachesBack(run)) await dropInsights(recordsDb(this.env, this.location_id), this.location_id);
    const { verification } = run;
    if (verification !== null && hasCompared(run, enabled)) {
      const { checked_at, healed } = verification;
      this.store.put("verification", {
        accuracy: accuracyOf(verification),
        drift: driftOf(verification),
        checked_at,
        healed,
      });
    }
    this.store.put("last_run", runJson(run, now));
    this.store.put("last_sync_at", now);
    this.store.put("types", types);
    if (last_success_at !== null) this.store.put("last_success_at", last_success_at);
    this.store.remove("run");
    this.store.clearSeen();
    this.afterRebuild(run, enabled);
    if (run.state !== "cancelled") {
      this.store.count("runs", 1, now);
      this.store.count("failed_runs", run.state === "failed" ? 1 : 0, now);
      this.store.count("records_processed", records_processed, now);
      this.store.count("records_failed", failed, now);
      this.store.count("duration_ms", now - run.started_at, now);
    }
    await judge(this.env, this.store, { ...location, ...summary, state }, now);
    // Only what read all of the store holds what a lost message had said.
    if (!readAll) return;
    await healDeadLetters(this.env, this.location_id, now);
    await endEventFault(this.env, this.store, this.location_id, run.started_at, now);
  }

  /** How the data types stand after a run, and when the next night comes. */
  private standing(location: LocationRow, run: Run, now: number) {
    const enabled = enabledTypes(location.settings);
    const due_at = nextPollAt(location.settings.frequency, run.started_at, this.location_id);
    const isFull = run.mode === "initial" || run.mode === "full";
    const isNightDone = tookPlace(run) && (isFull || location.next_full_at === null);
    return {
      types: statesAfter(typeStates(this.store, location), run, { enabled, due_at, now }),
      next_full_at: isNightDone
        ? nextNightAt(location.settings, location.time_zone, now, this.location_id)
        : location.next_full_at,
    };
  }

  /**
   * A rebuild plays the ledger again when each data type has been read, by its own run or by those that made up for it:
   * without a snapshot, old events would bring back what was sold out. With the end of the run, or a crash would lose it.
   */
  private afterRebuild(run: Run, enabled: readonly DataType[]): void {
    const owed = this.store.get("rebuilding");
    if (owed === null || run.mode === "verify") return;
    const done = completedTypes(run);
    const left = owed.filter((type) => enabled.includes(type) && !done.includes(type));
    if (left.length > 0) {
      this.store.put("rebuilding", left);
      return;
    }
    this.store.remove("rebuilding");
    this.store.put("replay_due", true);
  }

  private stateAfter(
    run: Run,
    types: TypeStates,
    enabled: readonly DataType[],
    last_success_at: number | null,
  ): LocationState {
    const failing = enabled.filter((type) => (types[type]?.error ?? null) !== null);
    // A run that the connection ended, or in which nothing came.
    const isFailed = run.state === "failed" && (run.stops.length === 0 || run.mode === "verify");
    if (isFailed || (failing.length > 0 && failing.length === enabled.length)) return "failing";
    if (run.state === "cancelled" && last_success_at === null && failing.length === 0) return "never_synced";
    const isHeld = Object.keys(this.store.get("held") ?? {}).length > 0;
    const isFlawed = run.state !== "cancelled" && (run.stops.length > 0 || errorRate(run) > 0);
    const isWithoutRooms = types.inventory?.rooms_error !== undefined;
    return failing.length > 0 || isWithoutRooms || isFlawed || isHeld ? "degraded" : "idle";
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
    await updateLocation(accountsDb(this.env), this.location_id, { state, error_rate_24h, ...summary });
  }

  private async dispatch(run: Run, delay_ms: number): Promise<void> {
    const message: SyncMessage = { kind: "step", location_id: this.location_id, run_id: run.run_id, step: run.step };
    await laneQueue(this.env, this.store).send(message, { delaySeconds: delaySeconds(delay_ms) });
  }
}

const tookPlace = (run: Run): boolean =>
  run.state !== "cancelled" && run.mode !== "verify" && completedTypes(run).length > 0;

const SUPERSEDED: RunError = {
  code: "SUPERSEDED",
  message: "The sync waited for Dutchie when somebody started another one",
  hint: "Nothing to do: what it had read stays, and the other sync went on at once.",
};
