import { MAX_TURN_MS, MAX_WAITED_MS, QUICK_TURN_MS, QUICK_WAITED_MS } from "../bounds.ts";
import { READ_LIMITS, type ReadLimits } from "./read-limits.ts";

/**
 * A store that keeps its reader busy is read by consumers of a queue for slow stores, so that the others' stay free. One
 * number of a store is remembered: how many quick steps in a row it takes until it is read among the others again.
 */
export type Lane = "quick" | "slow";

/** More steps than two polls have: one slow list among quick ones keeps its store slow. */
export const QUICK_STEPS = 10;

/** What a step may take in a lane. In the quick one it is not failed by it, but handed over to the slow one. */
export const LANE_LIMITS: Record<Lane, ReadLimits> = {
  quick: { ...READ_LIMITS, go_ms: QUICK_WAITED_MS, turn_ms: QUICK_TURN_MS },
  slow: { ...READ_LIMITS, go_ms: MAX_WAITED_MS, turn_ms: MAX_TURN_MS },
};

/** After a step that waited for Dutchie, and held its consumer, so long. */
export function paceAfter(quick_steps_left: number, { waited_ms, took_ms }: { waited_ms: number; took_ms: number }) {
  const isSlow = waited_ms >= QUICK_WAITED_MS || took_ms >= QUICK_TURN_MS;
  return isSlow ? QUICK_STEPS : Math.max(0, quick_steps_left - 1);
}

export const laneOf = (quick_steps_left: number): Lane => (quick_steps_left > 0 ? "slow" : "quick");
