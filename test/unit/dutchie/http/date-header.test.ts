import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clockReading } from "../../../../src/dutchie/http/date-header.ts";

const T0 = Date.UTC(2026, 0, 1, 12);
const header = (at: number): string => new Date(at).toUTCString();
/** When we asked, and how long the request and its answer were on the way, ms. */
const anyExchange = fc.record({
  asked_at: fc.integer({ min: T0, max: T0 + 5_000 }),
  there: fc.integer({ min: 0, max: 40_000 }),
  back: fc.integer({ min: 0, max: 40_000 }),
});

describe("what a Date header says about Dutchie's clock", () => {
  test.each([
    ["in the second before, a moment after it ended", 999, 1_043],
    ["in the same second", 1, 900],
    ["before an answer that took half a minute", 500, 30_500],
  ])("F36: clocks agree when the header was written %s", (_name, asked_at, answered_at) => {
    expect(clockReading(header(T0), T0 + asked_at, T0 + answered_at)).toBe(0);
  });

  test("F36: clocks that agree read 0, however long an answer is on the way", () => {
    fc.assert(
      fc.property(anyExchange, ({ asked_at, there, back }) => {
        const written_at = asked_at + there;
        expect(clockReading(header(written_at), asked_at, written_at + back)).toBe(0);
      }),
    );
  });

  test("F36: a reading is right within a second and the way of the answer, and none but 0 is later than the truth", () => {
    fc.assert(
      fc.property(anyExchange, fc.integer({ min: -400_000, max: 400_000 }), ({ asked_at, there, back }, difference) => {
        const written_at = asked_at + there;
        const reading = clockReading(header(written_at + difference), asked_at, written_at + back) ?? Number.NaN;
        expect(Math.abs(reading - difference)).toBeLessThan(1_000 + there + back);
        expect(reading === 0 || reading <= difference).toBe(true);
      }),
    );
  });
});
