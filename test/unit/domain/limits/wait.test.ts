import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { close, EMPTY_BUDGET, spend } from "../../../../src/domain/limits/budget.ts";
import { delaySeconds, retryAfterMs, waitMs } from "../../../../src/domain/limits/wait.ts";
import { afterFailure, type PushError } from "../../../../src/domain/pushes/push.ts";
import { HOUR, NOW } from "../build.ts";

const wait = (asked_ms: number | null, repeats = 0, random = 0) =>
  waitMs({ asked_ms, first_ms: 5_000, repeats, random });

/** As Dutchie, or a receiver of alerts, may say it. */
const HEADERS: [string, number][] = [
  ["0", 1_000],
  ["0.001", 1_000],
  ["7", 7_000],
  ["86400", HOUR],
  ["999999999", HOUR],
  ["99999999999999999999", HOUR],
  ["Thu, 01 Jan 1970 00:00:00 GMT", 1_000],
  ["Thu, 31 Dec 2099 23:59:59 GMT", HOUR],
  // Unreadable: as if nothing had been asked for.
  ["-1", 2_500],
  ["1e308", 2_500],
  ["soon", 2_500],
  ["", 2_500],
  ["9".repeat(60_000), 2_500],
];

describe("F41: each wait for Dutchie", () => {
  it.each(HEADERS)("F41: Retry-After %j is a wait of %d ms the first time", (header, expected) => {
    expect(wait(retryAfterMs(header, NOW))).toBe(expected);
  });

  it("F41: a wait is at least a second and at most an hour, whatever was asked for and however often", () => {
    fc.assert(
      fc.property(
        fc.option(fc.double()),
        fc.integer({ min: 0, max: 5_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (asked, repeats, random) => {
          const ms = wait(asked, repeats, random);
          expect(ms).toBeGreaterThanOrEqual(1_000);
          expect(ms).toBeLessThanOrEqual(HOUR);
          expect(delaySeconds(ms)).toBeLessThanOrEqual(3_600);
        },
      ),
    );
  });

  it.each([null, 0, -1, 0.001, 3_000])(
    "F41: a wait grows to an hour while the rate limit lasts (asked for: %s)",
    (asked) => {
      const waits = Array.from({ length: 20 }, (_, repeats) => wait(asked, repeats, 1));
      for (const [index, ms] of waits.entries()) expect(ms).toBeGreaterThanOrEqual(waits[index - 1] ?? 0);
      expect(waits.at(-1)).toBe(HOUR);
    },
  );

  it.each([0, -1, 0.001, 86_400_000, 1e308, Number.NaN])(
    "F41: the budget is closed for a second to an hour when Dutchie asks for %d ms",
    (asked) => {
      const { wait_ms } = spend(close(EMPTY_BUDGET, asked, NOW), "reporting", NOW);
      expect(wait_ms).toBeGreaterThanOrEqual(1_000);
      expect(wait_ms).toBeLessThanOrEqual(HOUR);
    },
  );

  it.each([0, -1, 86_400_000, 999_999_999_000, undefined])(
    "F41: a push at a rate limit of %s ms waits longer each time, an hour at most, and is never parked",
    (asked) => {
      const wall: PushError = {
        code: "RATE_LIMITED",
        message: "",
        hint: "",
        ...(asked === undefined ? {} : { retry_after_ms: asked }),
      };
      let push: { attempts: number; error: PushError | null } = { attempts: 2, error: null };
      let before = 0;
      for (let time = 0; time < 15; time++) {
        const after = afterFailure(push, wall, NOW);
        const ms = (after.next_at ?? 0) - NOW;
        expect(ms).toBeGreaterThanOrEqual(Math.max(1_000, before));
        expect(ms).toBeLessThanOrEqual(HOUR);
        expect(after.attempts).toBe(2);
        [push, before] = [after, ms];
      }
      expect(before).toBe(HOUR);
    },
  );

  it.each([1_000, HOUR, undefined])("F41: an edit that waits for a day is parked with words (asked: %s)", (asked) => {
    const wall: PushError = {
      code: "RATE_LIMITED",
      message: "Too many requests",
      hint: "Nothing to do.",
      retry_after_ms: asked ?? 0,
    };
    let push: ReturnType<typeof afterFailure> = { attempts: 2, error: wall, next_at: NOW };
    let now = NOW;
    while (push.next_at !== null) {
      now = push.next_at;
      push = afterFailure(push, wall, now);
      if (now - NOW > 40 * HOUR) throw new Error("It waits for ever.");
    }
    expect(now - NOW).toBeGreaterThan(20 * HOUR);
    expect(push).toMatchObject({
      attempts: 2,
      error: { code: "RATE_LIMITED", hint: expect.stringContaining("send the edit again") },
    });
    // A person sends it again.
    expect(afterFailure(push, wall, now).next_at).not.toBeNull();
  });
});
