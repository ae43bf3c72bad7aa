import type { DueRun, StartRunResult } from "../../contract/location.ts";
import type { LocationRow } from "../../db/schema/accounts.ts";
import { believedCursors, type Cursors, cursorsUnder, NO_CURSORS } from "../../domain/runs/cursors.ts";
import { type DataType, enabledTypes } from "../../domain/runs/data-type.ts";
import { planSteps } from "../../domain/runs/plan-steps.ts";
import {
  isPoll,
  newRun,
  newRunId,
  type Run,
  type RunError,
  type RunMode,
  type RunTrigger,
} from "../../domain/runs/run.ts";
import { endIfOnlyWaiting, endRun } from "../../domain/runs/step-failures.ts";
import { dueRun } from "../../domain/runs/type-states.ts";
import { PROFILES } from "../../dutchie/profiles/index.ts";
import { log } from "../../platform/log.ts";
import type { StoreContext } from "../context.ts";
import { isSlow } from "../lane.ts";
import { evaluate } from "../status/evaluate.ts";
import { runJson } from "../status/render.ts";
import { typeStates } from "../storage/type-states.ts";
import { closeRun, standing } from "./end.ts";
import { openBudgets } from "./key-budget.ts";
import { publish, sendStep } from "./publish.ts";

/**
 * The run of a store: one at a time, its state in the Location, its reading in the consumer of the SYNC queue, or the
 * SLOW one.
 */

/** What is asked for when a run starts. */
export interface StartRun {
  mode: RunMode;
  trigger: RunTrigger;
  heal: boolean;
  request_id?: string | undefined;
  /** Data types to read; absent: all that are on. */
  types?: readonly DataType[];
  /** Sales from then on, ms; absent: as the settings say. */
  sales_from?: number | undefined;
  /** The caller reads the first step at once, so no message is sent for it. */
  reads?: true;
}

export async function startRun(context: StoreContext, asked: StartRun): Promise<StartRunResult> {
  const { store, location, now } = context;
  const { mode, trigger, request_id, heal } = asked;
  const running = store.get("run");
  if (running !== null) {
    // A person's run replaces one that waits; a run that reads is not interrupted.
    if (trigger === "schedule" || running.state !== "waiting") {
      return { ok: false, reason: "running", run_id: running.run_id };
    }
    await closeRun(context, endRun(running, "cancelled", SUPERSEDED, now));
    openBudgets(store);
  }
  const cursors = cursorsOf(context);
  const steps = planSteps({
    mode,
    // The guide: after the initial sync, its accuracy is verified; and every store verifies itself each night.
    verify: mode === "initial" || (mode === "full" && trigger === "schedule"),
    settings: { ...location.settings, data_types: typesAsked(location, asked) },
    cursors: cursorsOwed(context, cursors),
    now,
    sales_window_days: PROFILES[location.profile].sales_window_days,
    sales_from: asked.sales_from,
  });
  const run = newRun({
    run_id: newRunId(now, crypto.randomUUID()),
    location_id: location.location_id,
    mode,
    trigger,
    request_id,
    heal,
    steps,
    cursors,
    now,
  });
  log("run_started", { location_id: location.location_id, run_id: run.run_id, request_id, kind: mode });
  // Only what this run reads counts for the rebuild, not what the superseded run read.
  if (trigger === "replay") store.put("rebuilding", enabledTypes(location.settings));
  if (steps.length === 0) {
    // Every data type is off: there is nothing to read.
    const done: Run = { ...run, state: "completed", finished_at: now };
    await closeRun(context, done);
    return { ok: true, run: runJson(done, now) };
  }
  // First of all: a run that only the lists have would never end. Without a message, the watchdog sends one.
  store.put("run", run);
  // The lists show a poll when it has ended: it would be gone before anybody looks.
  if (!isPoll(run)) await publish(context, run, { state: "syncing" });
  if (!asked.reads) await sendStep(context, run, 0);
  if (!isPoll(run)) await evaluate(context);
  return { ok: true, run: runJson(run, now) };
}

/**
 * Starts the run that is due at cron's time. A run that only waits for rate limits ends for it; the rate-limited types
 * are read later.
 */
export async function startDue(context: StoreContext, at: number): Promise<DueRun | null> {
  const { store, location, now } = context;
  const running = store.get("run");
  const left = running && endIfOnlyWaiting(running, now);
  const { types, next_full_at } =
    left === null
      ? { types: typeStates(store, location), next_full_at: location.next_full_at }
      : standing(context, left);
  const due = dueRun(types, enabledTypes(location.settings), next_full_at, at);
  if (due === null) return null;
  if (left !== null) await closeRun(context, left);
  const later = { ...context, location: { ...location, next_full_at } };
  const reads = due.mode === "incremental" && !isSlow(store) ? ({ reads: true } as const) : {};
  const started = await startRun(later, { ...due, trigger: "schedule", heal: false, ...reads });
  return started.ok ? { run_id: started.run.run_id, mode: due.mode, ...reads } : null;
}

/**
 * Rebuilds the records after they were lost or restored from an old copy: reads everything, then plays the ledger again.
 * In this order, because only the snapshot shows what was sold out meanwhile: with its floor, older events bring nothing
 * back.
 */
export async function rebuild(context: StoreContext, request_id?: string): Promise<StartRunResult> {
  const { store } = context;
  const running = store.get("run");
  if (running !== null && running.state !== "waiting") {
    return { ok: false, reason: "running", run_id: running.run_id };
  }
  store.remove("cursors");
  return startRun(context, { mode: "full", trigger: "replay", heal: false, request_id });
}

function typesAsked({ settings }: LocationRow, { types }: StartRun): LocationRow["settings"]["data_types"] {
  const { data_types } = settings;
  if (types === undefined) return data_types;
  const asked = (type: DataType) => data_types[type] && types.includes(type);
  return { ...data_types, products: asked("products"), inventory: asked("inventory"), sales: asked("sales") };
}

function cursorsOf({ store, location: { customer_pepper, settings }, now }: StoreContext): Cursors {
  const read = believedCursors({ ...NO_CURSORS, ...store.get("cursors") }, now);
  return cursorsUnder({ pepper_id: customer_pepper?.id ?? null, history_days: settings.sales_history_days }, read);
}

/** A data type that a full run left out is read whole by this run. */
function cursorsOwed({ store, location }: StoreContext, cursors: Cursors): Cursors {
  const { products, sales } = typeStates(store, location);
  return {
    ...cursors,
    ...(products?.owes_full ? { products: null } : {}),
    ...(sales?.owes_full ? { sales: null } : {}),
  };
}

const SUPERSEDED: RunError = {
  code: "SUPERSEDED",
  message: "The sync waited for Dutchie when somebody started another one",
  hint: "Nothing to do: what it had read stays, and the other sync started at once.",
};
