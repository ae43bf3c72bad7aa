import type {
  BeginStepResult,
  FinishStepResult,
  Spent,
  StepCall,
  StepEnd,
  StepToRead,
} from "../../contract/location.ts";
import { furtherOff } from "../../domain/clock.ts";
import { laneOf, QUICK_STEPS } from "../../domain/limits/pace.ts";
import { cursorsAfter } from "../../domain/runs/cursors.ts";
import { isOver, type Run } from "../../domain/runs/run.ts";
import { failStep, type StepFailure } from "../../domain/runs/step-failures.ts";
import { beginStep, continuesLastPoll, failedRows, finishStep } from "../../domain/runs/steps.ts";
import { parseConfig } from "../../env.ts";
import { log } from "../../platform/log.ts";
import type { StoreContext } from "../context.ts";
import { notifyMassChanges } from "../snapshots/mass-change.ts";
import { checkSales } from "../snapshots/sale-scale.ts";
import { evaluate } from "../status/evaluate.ts";
import { runRead } from "./attempt.ts";
import { continueRun } from "./end.ts";
import { endSnapshot } from "./end-snapshot.ts";
import { closeBudget } from "./key-budget.ts";
import { sendStep } from "./publish.ts";
import { stepRows } from "./step-rows.ts";
import { paced } from "./watch.ts";

/** A consumer claims a step. A step whose reader is alive is not claimed twice. */
export function claimStep(context: StoreContext, { run_id, step }: { run_id: string; step: number }): BeginStepResult {
  const run = context.store.get("run");
  if (run === null || run.run_id !== run_id || run.step !== step) return { kind: "nothing" };
  return claim(context, run);
}

function claim({ env, store, now }: StoreContext, run: Run): BeginStepResult {
  if (run.state === "waiting" && run.waiting_until !== null && run.waiting_until > now) {
    return { kind: "later", delay_ms: run.waiting_until - now };
  }
  const silence = now - run.heartbeat_at;
  const watchdog = parseConfig(env).watchdog_ms;
  if (run.state === "running" && run.reading && silence < watchdog) {
    return { kind: "later", delay_ms: watchdog - silence };
  }
  const begun = beginStep(run, now);
  const taken = begun.steps[begun.step];
  if (taken === undefined) return { kind: "nothing" };
  if (begun.resume === null) store.clearStep();
  store.note("run", begun);
  const behind_ms = continuesLastPoll(begun) ? store.behind() : null;
  const { attempt, resume } = begun;
  return { kind: "read", attempt, number: begun.step, step: taken, resume, behind_ms };
}

/** The step was read to its end without an error: decides what is absent, and the run goes on. */
export async function endStep(
  context: StoreContext,
  attempt: number,
  { started_at, clock, last, spent, goes_on }: StepEnd,
): Promise<FinishStepResult> {
  const { store, location, now } = context;
  paced(store, location.location_id, spent);
  if (last !== null) {
    const applied = await stepRows(context, { attempt, started_at, ...last });
    if (applied.kind === "superseded") return applied;
  }
  await endSnapshot(context, attempt, started_at);
  const after = runRead(store, attempt);
  const step = after?.steps[after.step];
  if (after === null || step === undefined) return { kind: "superseded" };
  const { resource } = step;
  const writes = !step.verify || after.heal;
  if (writes && (resource === "products" || resource === "inventory")) await notifyMassChanges(context, resource);
  if (writes && resource === "sales") await checkSales(context);
  const clocks = store.get("clocks") ?? {};
  // The alert shows the worst reading of a run, though a later one was right.
  const isFirst = after.steps.findIndex(({ resource }) => resource === step.resource) === after.step;
  const worst = isFirst ? clock : furtherOff(clocks[step.resource] ?? null, clock);
  store.note("clocks", { ...clocks, [step.resource]: worst });
  const cursors = cursorsAfter(after.cursors, step, { started_at, clock, failed: failedRows(after) }, now);
  const finished: Run = { ...finishStep(after, now), cursors };
  // With the step: what was read stays read, even if the run fails later.
  store.note("cursors", cursors);
  const next = goes_on === laneOf(store.get("pace") ?? 0) ? nextAtOnce(context, finished) : null;
  if (next !== null) return { kind: "ok", next };
  await continueRun(context, finished);
  return { kind: "ok" };
}

/** The next step, claimed for the reader of this one without a message in between. null: there is none, or it must wait. */
function nextAtOnce(context: StoreContext, run: Run): StepToRead | null {
  if (isOver(run) || run.state !== "running") return null;
  const claimed = claim(context, run);
  return claimed.kind === "read" ? claimed : null;
}

/** The step's read failed: it is tried again, waits or is given up. */
export async function breakStep(
  context: StoreContext,
  attempt: number,
  { spent, ...failure }: StepFailure & { spent: Spent | null },
): Promise<StepCall> {
  if (spent !== null) paced(context.store, context.location.location_id, spent);
  const run = runRead(context.store, attempt);
  const step = run?.steps[run.step];
  if (run === null || step === undefined) return { kind: "superseded" };
  const failed = failStep(run, failure, context.now, Math.random());
  if (failure.error.code === "RATE_LIMITED")
    closeBudget(context, { resource: step.resource, until: failed.waiting_until });
  await continueRun(context, failed);
  return { kind: "ok" };
}

/** The step took longer than a quick store may: it continues, or begins again, in the queue of slow stores. This is no failure. */
export async function handOverStep(context: StoreContext, attempt: number, resume: Run["resume"]): Promise<StepCall> {
  const { store, location, now } = context;
  const run = runRead(store, attempt);
  if (run === null) return { kind: "superseded" };
  store.put("pace", QUICK_STEPS);
  log("lane_changed", { location_id: location.location_id, run_id: run.run_id, lane: "slow" });
  await sendStep(context, { ...run, reading: false, resume, heartbeat_at: now }, 0);
  // It may take long: the alerts that time fires, and cron's next call.
  await evaluate(context);
  return { kind: "ok" };
}
