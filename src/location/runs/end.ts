import type { LocationState } from "../../contract/http/locations.ts";
import { dropInsights } from "../../db/insights/cache.ts";
import { accuracyOf, correctableOf, driftOf } from "../../domain/records/drift.ts";
import { enabledTypes } from "../../domain/runs/data-type.ts";
import { type HourOutcome, withOutcome } from "../../domain/runs/hour-cells.ts";
import { errorRate, errorRateOf, totals } from "../../domain/runs/progress.ts";
import { completedTypes, hasCompared, isOver, type Run, readsEarlierDays } from "../../domain/runs/run.ts";
import { nextNightAt, nextPollAt } from "../../domain/runs/schedule.ts";
import { allSuccessAt, nextRunAt, statesAfter, type TypeStates } from "../../domain/runs/type-states.ts";
import { log } from "../../platform/log.ts";
import { writePoint } from "../../platform/points.ts";
import type { StoreContext } from "../context.ts";
import { endEventFault } from "../events/alone.ts";
import { healDeadLetters } from "../events/dead-letters.ts";
import { countWords } from "../records/unmapped.ts";
import { evaluate, wakeAfterRun } from "../status/evaluate.ts";
import { runJson } from "../status/render.ts";
import { standingOf } from "../status/standing.ts";
import type { Counter } from "../storage/hours.ts";
import { typeStates } from "../storage/type-states.ts";
import { publishEnd, sendStep } from "./publish.ts";

/** Sends the run's next step, at once or after a wait, or ends the run. */
export async function continueRun(context: StoreContext, run: Run): Promise<void> {
  if (isOver(run)) return closeRun(context, run);
  const { now } = context;
  await sendStep(context, run, Math.max(0, (run.waiting_until ?? now) - now));
  // A wait may be long: the alerts that time fires, and cron's next call.
  if (run.state === "waiting") await evaluate(context);
}

/**
 * The run is over. Each data type that was read to its end moves its own last success and due time; the store's last
 * success moves when all of them have one (rule 7).
 */
export async function closeRun(context: StoreContext, run: Run): Promise<void> {
  const { db, store, location, now } = context;
  const enabled = enabledTypes(location.settings);
  const { types, next_full_at } = standing(context, run);
  const before = store.get("last_success_at");
  const reached = enabled.length === 0 && run.mode !== "verify" ? now : allSuccessAt(types, enabled);
  const last_success_at = reached === null ? before : Math.max(reached, before ?? 0);
  const readAll = tookPlace(run) && enabled.every((type) => completedTypes(run).includes(type));
  const last_run = runJson(run, now);
  const { verification } = run;
  const compared =
    verification !== null && hasCompared(run, enabled)
      ? {
          accuracy: accuracyOf(verification),
          drift: driftOf(verification),
          checked_at: verification.checked_at,
          healed: verification.healed,
          correctable: correctableOf(verification),
        }
      : store.get("verification");
  // D1 first: a crash before the Location forgets the run repeats its last step, which writes nothing.
  const ended = countsOf(run, now);
  const summary = {
    error_rate_24h: errorRateOf(store.hours.last24h(now, ended)),
    last_sync_at: now,
    last_success_at,
    next_sync_at: nextRunAt(types, enabled, next_full_at),
    next_full_at,
    wake_at: wakeAfterRun(context, types, next_full_at),
    standing: {
      ...standingOf(context, { types, run: null, last_run, verification: compared }),
      hours: hoursAfter(context, run),
    },
  };
  const state = stateAfter(context, run, { types, last_success_at });
  const { firing, dead_letters } = await publishEnd(context, run, { state, ...summary });
  // Today's insights were computed before this history was read.
  if (readsEarlierDays(run)) await dropInsights(db, location.location_id);
  if (compared !== null) store.put("verification", compared);
  await countWords(context);
  store.put("last_run", last_run);
  store.put("types", types);
  if (last_success_at !== null) store.put("last_success_at", last_success_at);
  store.remove("run");
  store.clearStep();
  noteEnd(context, run);
  store.hours.countAll(ended, [], now);
  afterRebuild(context, run);
  await evaluate({ ...context, location: { ...location, ...summary, state } }, firing);
  // Only a run that read the whole store has read what lost messages were about.
  if (!readAll) return;
  if (dead_letters > 0) await healDeadLetters(context.env, location.location_id, now);
  await endEventFault(context, run.started_at);
}

/** What a run adds to the hour in which it ends. A cancelled one says nothing of the store. */
function countsOf(run: Run, now: number): Partial<Record<Counter, number>> {
  if (run.state === "cancelled") return {};
  const { records_processed, failed: records_failed } = totals(run);
  const failed_runs = run.state === "failed" ? 1 : 0;
  return { runs: 1, failed_runs, records_processed, records_failed, duration_ms: now - run.started_at };
}

/** The run in the log, and in the figures of the platform. */
function noteEnd({ env, now }: StoreContext, run: Run): void {
  const { location_id, run_id, request_id, mode, state: outcome, error, started_at } = run;
  const { records_processed, failed, created, updated, deleted } = totals(run);
  const ms = now - started_at;
  const code = error?.code;
  log("run_ended", { location_id, run_id, request_id, kind: mode, outcome, code, count: records_processed, ms });
  const figures = { ms, records: records_processed, failed, written: created + updated + deleted };
  writePoint(env, { kind: "run", location_id, mode, outcome, code, ...figures });
}

/** The hours in which syncs ended, with this one, which is counted when D1 has it. */
function hoursAfter({ store, now }: StoreContext, run: Run): HourOutcome[] {
  const before = store.hours.outcomes(now);
  return run.state === "cancelled" ? before : withOutcome(before, run.state === "failed", now);
}

/** The states of the data types after a run, and when the next nightly sync is due. */
export function standing({ store, location, now }: StoreContext, run: Run) {
  const enabled = enabledTypes(location.settings);
  const due_at = nextPollAt(location.settings.frequency, run.started_at, location.location_id);
  const isFull = run.mode === "initial" || run.mode === "full";
  const isNightDone = tookPlace(run) && (isFull || location.next_full_at === null);
  return {
    types: statesAfter(typeStates(store, location), run, { enabled, due_at, now }),
    next_full_at: isNightDone
      ? nextNightAt(location.settings, location.time_zone, now, location.location_id)
      : location.next_full_at,
  };
}

/**
 * A rebuild plays the ledger again when each data type has been read, by its own run or by those that made up for it:
 * without a snapshot, old events would bring back what was sold out. With the end of the run, or a crash would lose it.
 */
function afterRebuild({ store, location }: StoreContext, run: Run): void {
  const owed = store.get("rebuilding");
  if (owed === null || run.mode === "verify") return;
  const enabled = enabledTypes(location.settings);
  const done = completedTypes(run);
  const left = owed.filter((type) => enabled.includes(type) && !done.includes(type));
  if (left.length > 0) {
    store.put("rebuilding", left);
    return;
  }
  store.remove("rebuilding");
  store.put("replay_due", true);
}

function stateAfter(
  { store, location }: StoreContext,
  run: Run,
  { types, last_success_at }: { types: TypeStates; last_success_at: number | null },
): LocationState {
  const enabled = enabledTypes(location.settings);
  const failing = enabled.filter((type) => (types[type]?.error ?? null) !== null);
  // The connection failed, or nothing could be read.
  const isFailed = run.state === "failed" && (run.stops.length === 0 || run.mode === "verify");
  if (isFailed || (failing.length > 0 && failing.length === enabled.length)) return "failing";
  if (run.state === "cancelled" && last_success_at === null && failing.length === 0) return "never_synced";
  const isHeld = Object.keys(store.get("held") ?? {}).length > 0;
  const isFlawed = run.state !== "cancelled" && (run.stops.length > 0 || errorRate(run) > 0);
  const isWithoutRooms = types.inventory?.rooms_error !== undefined;
  return failing.length > 0 || isWithoutRooms || isFlawed || isHeld ? "degraded" : "idle";
}

const tookPlace = (run: Run): boolean =>
  run.state !== "cancelled" && run.mode !== "verify" && completedTypes(run).length > 0;
