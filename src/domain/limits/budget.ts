import { MAX_WAIT_MS } from "../bounds.ts";
import { isImpossible } from "../clock.ts";
import { bounded } from "./wait.ts";

/** Dutchie's classes of endpoints. Each API key has a limit per class and minute. */
export type RateClass = "standard" | "inventory" | "reporting" | "bulk";

/** Dutchie's documented limits per minute, less a few requests for the store's other integrations with the same key. */
const LIMITS: Record<RateClass, number> = { standard: 110, inventory: 180, reporting: 55, bulk: 9 };
const WINDOW_MS = 60_000;

export interface Budget {
  /** When the requests of the last minute were made, ms, oldest first. */
  times: number[];
  /** Dutchie answered 429: no request before this time, ms. */
  closed_until: number;
}

export const EMPTY_BUDGET: Budget = { times: [], closed_until: 0 };

/** Uses one request of the budget. `wait_ms` > 0: nothing was used; ask again after this time. */
export function spend(budget: Budget, rate: RateClass, now: number): { budget: Budget; wait_ms: number } {
  // Later times than can be are from before our clock was set back: they would close the budget until the clock is there again.
  const times = budget.times.filter((time) => time > now - WINDOW_MS && !isImpossible(time, now));
  const closed_ms = budget.closed_until - now;
  if (closed_ms > 0 && closed_ms <= MAX_WAIT_MS) return { budget: { ...budget, times }, wait_ms: closed_ms };
  const oldest = times[times.length - LIMITS[rate]];
  if (oldest !== undefined) return { budget: { ...budget, times }, wait_ms: oldest + WINDOW_MS - now };
  return { budget: { ...budget, times: [...times, now] }, wait_ms: 0 };
}

/** Dutchie answered 429: no requests of this class for as long as Dutchie asked, within our bounds. */
export const close = (budget: Budget, for_ms: number, now: number): Budget => ({
  ...budget,
  closed_until: now + bounded(for_ms),
});
