import { bounded } from "./wait.ts";

/** Requests per endpoint class and minute that one API key of Dutchie is given. */
export type RateClass = "standard" | "inventory" | "reporting" | "bulk";

/** Dutchie's documented limits per minute, a little kept back for the store's other integrations on the same key. */
const LIMITS: Record<RateClass, number> = { standard: 110, inventory: 180, reporting: 55, bulk: 9 };
const WINDOW_MS = 60_000;

export interface Budget {
  /** When the requests of the last minute were made, ms, oldest first. */
  times: number[];
  /** Dutchie answered 429: nothing before this. */
  closed_until: number;
}

export const EMPTY_BUDGET: Budget = { times: [], closed_until: 0 };

/** Takes one request out of the budget; `wait_ms` > 0: not now, ask again then (nothing is taken). */
export function spend(budget: Budget, rate: RateClass, now: number): { budget: Budget; wait_ms: number } {
  const times = budget.times.filter((time) => time > now - WINDOW_MS);
  if (budget.closed_until > now) return { budget: { ...budget, times }, wait_ms: budget.closed_until - now };
  const oldest = times[times.length - LIMITS[rate]];
  if (oldest !== undefined) return { budget: { ...budget, times }, wait_ms: oldest + WINDOW_MS - now };
  return { budget: { ...budget, times: [...times, now] }, wait_ms: 0 };
}

/** Dutchie answered 429: nobody asks this class of endpoints for a while, however long it asked for. */
export const close = (budget: Budget, for_ms: number, now: number): Budget => ({
  ...budget,
  closed_until: now + bounded(for_ms),
});
