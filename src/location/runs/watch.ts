import type { CancelRunResult, Spent } from "../../contract/location.ts";
import { laneOf, paceAfter } from "../../domain/limits/pace.ts";
import { stalledAt } from "../../domain/runs/run.ts";
import { endRun, revive } from "../../domain/runs/step-failures.ts";
import { parseConfig } from "../../env.ts";
import { log } from "../../platform/log.ts";
import type { StoreContext } from "../context.ts";
import { evaluate } from "../status/evaluate.ts";
import { runJson } from "../status/render.ts";
import type { Store } from "../storage/store.ts";
import { closeRun, continueRun } from "./end.ts";

/** Called by the timer: revives a run whose reader fell silent. */
export async function watchRun(context: StoreContext): Promise<void> {
  const run = context.store.get("run");
  const due = watchAt(context);
  if (run !== null && due !== null && due <= context.now) await continueRun(context, revive(run, context.now));
  // During a run, the timer evaluates the alerts, so that a long run is noticed.
  await evaluate(context);
}

/** When a run without a sign of life counts as stalled, ms; null without a run. */
export function watchAt({ env, store }: Pick<StoreContext, "env" | "store">): number | null {
  const run = store.get("run");
  return run && stalledAt(run, parseConfig(env));
}

export async function cancelRun(context: StoreContext, run_id: string): Promise<CancelRunResult> {
  const { store, now } = context;
  const run = store.get("run");
  if (run === null || run.run_id !== run_id) return { ok: false };
  const cancelled = endRun(run, "cancelled", null, now);
  await closeRun(context, cancelled);
  return { ok: true, run: runJson(cancelled, now) };
}

/** Notes how long a step or a push waited for Dutchie and used its consumer; may change the store's queue. */
export function paced(store: Store, location_id: string, spent: Spent): void {
  const before = store.get("pace") ?? 0;
  const pace = paceAfter(before, spent);
  if (pace !== before) store.put("pace", pace);
  if (laneOf(pace) !== laneOf(before)) {
    log("lane_changed", { location_id, lane: laneOf(pace), ms: spent.took_ms, waited_ms: spent.waited_ms });
  }
}
