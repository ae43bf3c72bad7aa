import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Budget, EMPTY_BUDGET, type RateClass, spend } from "../../../../src/domain/limits/budget.ts";
import { HOUR, MINUTE, T0 } from "../build.ts";

/** Dutchie's documented limits a minute. */
const DOCUMENTED: [RateClass, number][] = [
  ["standard", 120],
  ["inventory", 200],
  ["reporting", 60],
];

/** Uses the budget until it must wait. */
function drain(
  rate: RateClass,
  now: number,
  from: Budget = EMPTY_BUDGET,
): { budget: Budget; taken: number; wait_ms: number } {
  let budget = from;
  for (let taken = 0; ; taken++) {
    const result = spend(budget, rate, now);
    if (result.wait_ms > 0) return { budget: result.budget, taken, wait_ms: result.wait_ms };
    budget = result.budget;
  }
}

describe("the budget of an API key", () => {
  it.each(DOCUMENTED)("%s: the budget never allows more than %d requests in any 60 seconds", (rate, limit) => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 250 })), { maxLength: 15 }),
        (bursts) => {
          let budget = EMPTY_BUDGET;
          let now = T0;
          const made: number[] = [];
          for (const [pause, asked] of bursts) {
            now += pause;
            for (let request = 0; request < asked; request++) {
              const result = spend(budget, rate, now);
              budget = result.budget;
              if (result.wait_ms > 0) break;
              made.push(now);
            }
          }
          for (const start of made) {
            expect(made.filter((at) => at >= start && at < start + MINUTE).length).toBeLessThanOrEqual(limit);
          }
        },
      ),
    );
  });

  it.each(DOCUMENTED)("%s: the budget allows most of the limit", (rate, limit) => {
    const { taken } = drain(rate, T0);
    expect(taken).toBeGreaterThan(limit * 0.85);
    expect(taken).toBeLessThanOrEqual(limit);
  });

  it("the next request is allowed exactly after the stated wait", () => {
    const first = spend(EMPTY_BUDGET, "reporting", T0 - 10_000).budget;
    const { budget, wait_ms } = drain("reporting", T0, first);
    expect(wait_ms).toBe(50_000);
    expect(spend(budget, "reporting", T0 + wait_ms - 1).wait_ms).toBe(1);
    expect(spend(budget, "reporting", T0 + wait_ms).wait_ms).toBe(0);
  });

  it("a request that must wait uses nothing of the budget", () => {
    const { budget } = drain("reporting", T0);
    expect(spend(budget, "reporting", T0 + 1).budget).toEqual(budget);
  });

  it("the budget forgets what is older than a minute", () => {
    const { budget } = drain("reporting", T0);
    expect(spend(budget, "reporting", T0 + MINUTE).budget.times).toEqual([T0 + MINUTE]);
  });

  it.each(DOCUMENTED)("%s: after our clock was set back, a full or closed budget is not shut for hours", (rate) => {
    const full = drain(rate, T0).budget;
    const back = T0 - 5 * HOUR;
    expect(spend({ ...full, closed_until: T0 + MINUTE }, rate, back)).toMatchObject({
      wait_ms: 0,
      budget: { times: [back] },
    });
  });

  it("the budget is closed while Dutchie asked for a wait, and open after it", () => {
    const closed: Budget = { times: [], closed_until: T0 + 5_000 };
    expect(spend(closed, "standard", T0)).toEqual({ budget: closed, wait_ms: 5_000 });
    expect(spend(closed, "standard", T0 + 4_999).wait_ms).toBe(1);
    expect(spend(closed, "standard", T0 + 5_000)).toMatchObject({ wait_ms: 0, budget: { times: [T0 + 5_000] } });
  });
});
