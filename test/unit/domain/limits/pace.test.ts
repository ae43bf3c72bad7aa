import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { GO_ON_MS, MAX_TURN_MS, QUICK_TURN_MS, QUICK_WAITED_MS } from "../../../../src/domain/bounds.ts";
import { laneOf, paceAfter, QUICK_STEPS } from "../../../../src/domain/limits/pace.ts";
import { READ_LIMITS, remainingWait } from "../../../../src/domain/limits/read-limits.ts";

const quick = { waited_ms: 800, took_ms: 3_000 };

it.each([
  ["waited long for Dutchie", { waited_ms: QUICK_WAITED_MS, took_ms: QUICK_WAITED_MS }],
  ["held its consumer long", { waited_ms: 0, took_ms: QUICK_TURN_MS }],
  ["did both", { waited_ms: 120_000, took_ms: 600_000 }],
])("F83: a store whose step %s moves to the slow lane, and comes back when it is quick again", (_, spent) => {
  let pace = paceAfter(0, spent);
  expect(laneOf(pace)).toBe("slow");
  for (let step = 1; step < QUICK_STEPS; step++) {
    pace = paceAfter(pace, quick);
    expect(laneOf(pace)).toBe("slow");
  }
  expect(laneOf(paceAfter(pace, quick))).toBe("quick");
});

it("F83: one slow list in each poll keeps the store in the slow lane", () => {
  const steps = fc.array(fc.nat(QUICK_STEPS - 2), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(steps, (quickSteps) => {
      let pace = 0;
      for (const count of quickSteps) {
        pace = paceAfter(pace, { waited_ms: QUICK_WAITED_MS, took_ms: QUICK_WAITED_MS });
        for (let step = 0; step < count; step++) pace = paceAfter(pace, quick);
        expect(laneOf(pace)).toBe("slow");
      }
    }),
  );
});

it("F83: a quick store stays in the quick lane", () => {
  fc.assert(
    fc.property(fc.nat(QUICK_WAITED_MS - 1), fc.nat(QUICK_TURN_MS - 1), (waited_ms, took_ms) => {
      expect(paceAfter(0, { waited_ms, took_ms })).toBe(0);
    }),
  );
});

it("F83: a wait ends at the first of its three limits, and the text names the limit", () => {
  const none = { go_ms: 0, waited_ms: 0, turn_ms: 0 };
  expect(remainingWait(READ_LIMITS, none)).toEqual({ ms: 120_000, words: "kept ReUp waiting for 120 s in one read" });
  expect(remainingWait(READ_LIMITS, { ...none, go_ms: 200_000 }).ms).toBe(0);
  expect(remainingWait(READ_LIMITS, { ...none, waited_ms: 30 * 60_000 - 5 }).ms).toBe(5);
  expect(remainingWait(READ_LIMITS, { ...none, turn_ms: MAX_TURN_MS - 7 })).toEqual({
    ms: 7,
    words: "was not done with its list after 240 s",
  });
});

it("F83: a message that only computes ends before the CPU limit, also if it begins its last step as late as it may", () => {
  const [, cpu = ""] = /^cpu_ms = ([\d_]+)$/m.exec(readFileSync("wrangler.toml", "utf8")) ?? [];
  expect(Number(cpu.replaceAll("_", ""))).toBeGreaterThanOrEqual(GO_ON_MS + MAX_TURN_MS + 50_000);
});
