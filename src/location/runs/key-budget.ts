import type { SpendResult } from "../../contract/location.ts";
import { MAX_RATE_LIMIT_WAIT_MS } from "../../domain/bounds.ts";
import { close, EMPTY_BUDGET, type RateClass, spend } from "../../domain/limits/budget.ts";
import type { Resource } from "../../domain/records/model.ts";
import { PROFILES } from "../../dutchie/profiles/index.ts";
import type { StoreContext } from "../context.ts";
import type { Store } from "../storage/store.ts";

/** How many requests the store's API key may send to Dutchie: one budget for reads and pushes. */

/**
 * One request, if the budget of its class has it. The first of each second is stored, and with it those before: a written row
 * costs more than a request. An eviction forgets the requests of a second at most; if they were too many, Dutchie says so (429).
 */
export function spendFrom(store: Store, rate: RateClass, now: number): SpendResult {
  const budgets = store.get("budget") ?? {};
  const result = spend(budgets[rate] ?? EMPTY_BUDGET, rate, now);
  const after = { ...budgets, [rate]: result.budget };
  const isFirst = Object.values(budgets).every(({ times }) => !isSameSecond(times.at(-1) ?? 0, now));
  if (isFirst) store.put("budget", after);
  else store.remember("budget", after);
  return result.wait_ms === 0 ? { ok: true } : { ok: false, retry_after_ms: result.wait_ms };
}

const isSameSecond = (a: number, b: number): boolean => Math.floor(a / 1_000) === Math.floor(b / 1_000);

/** After a 429 no request of the class is sent: pushes and the next run use the same key. */
export function closeBudget(
  { store, location, now }: StoreContext,
  { resource, until }: { resource: Resource; until: number | null },
): void {
  const { rate } = PROFILES[location.profile].resources[resource];
  // A longer wait belongs to one endpoint; others of the class continue after this one.
  const wait = Math.min(MAX_RATE_LIMIT_WAIT_MS, (until ?? Infinity) - now);
  const budgets = store.get("budget") ?? {};
  store.put("budget", { ...budgets, [rate]: close(budgets[rate] ?? EMPTY_BUDGET, wait, now) });
}

/** Ends all waits: a person who starts a run does not wait for them. */
export function openBudgets(store: Store): void {
  const budgets = Object.entries(store.get("budget") ?? {});
  store.put("budget", Object.fromEntries(budgets.map(([rate, budget]) => [rate, { ...budget, closed_until: 0 }])));
}
