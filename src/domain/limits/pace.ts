import { MAX_TURN_MS, MAX_WAITED_MS, QUICK_COLLECTED_BYTES, QUICK_TURN_MS, QUICK_WAITED_MS } from "../bounds.ts";
import { READ_LIMITS, type ReadLimits } from "./read-limits.ts";

/**
 * There are two queues for reads (lanes): slow stores have their own, so that their reads do not delay the others. Each
 * store remembers one number: how many quick steps in a row it still needs to return to the quick lane.
 */
export type Lane = "quick" | "slow";

/** More steps than two polls have: a store with one slow list stays in the slow lane. */
export const QUICK_STEPS = 10;

/** The limits of a step per lane. Beyond those of the quick lane a step does not fail: the slow lane reads it. */
export const LANE_LIMITS: Record<Lane, ReadLimits> = {
  quick: {
    ...READ_LIMITS,
    go_ms: QUICK_WAITED_MS,
    turn_ms: QUICK_TURN_MS,
    collected_bytes: QUICK_COLLECTED_BYTES,
  },
  slow: { ...READ_LIMITS, go_ms: MAX_WAITED_MS, turn_ms: MAX_TURN_MS },
};

/** The quick steps that are left after a step that waited for Dutchie for `waited_ms` and took `took_ms` in all. */
export function paceAfter(quick_steps_left: number, { waited_ms, took_ms }: { waited_ms: number; took_ms: number }) {
  const isSlow = waited_ms >= QUICK_WAITED_MS || took_ms >= QUICK_TURN_MS;
  return isSlow ? QUICK_STEPS : Math.max(0, quick_steps_left - 1);
}

export const laneOf = (quick_steps_left: number): Lane => (quick_steps_left > 0 ? "slow" : "quick");
