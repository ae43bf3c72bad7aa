import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type InsightsWindow, insightsWindow, MAX_DAYS } from "../../../../src/domain/insights/window.ts";
import { addDays } from "../../../../src/domain/values/zone.ts";

const LA = "America/Los_Angeles";
/** 23 November in Los Angeles, the 24th in UTC. */
const NOW = Date.parse("2026-11-24T05:00:00Z");

function windowOf(asked: { from?: string; to?: string }, time_zone = LA, now = NOW): InsightsWindow {
  const result = insightsWindow(asked, time_zone, now);
  if (!result.ok) throw new Error(`${result.path} ${result.message}`);
  return result.window;
}

describe("the window of insights", () => {
  it("the window of insights is the 30 local days up to yesterday by default", () => {
    const { from, to, today, days } = windowOf({});
    expect({ from, to, today, days: days.length }).toEqual({
      from: "2026-10-24",
      to: "2026-11-22",
      today: "2026-11-23",
      days: 30,
    });
  });

  it("the window names its months by its last day: the twelve months up to it", () => {
    const { months, end } = windowOf({ from: "2026-01-30", to: "2026-01-31" });
    expect(months.map(({ name }) => name)).toEqual([
      ...["2025-02", "2025-03", "2025-04", "2025-05", "2025-06", "2025-07", "2025-08", "2025-09", "2025-10", "2025-11"],
      ...["2025-12", "2026-01"],
    ]);
    expect(months.at(-1)?.end).toBe(end);
  });

  it.each([
    ["to", { to: "2026-11-24" }, /today, 2026-11-23/],
    ["from", { from: "2026-11-20", to: "2026-11-19" }, /not be after 2026-11-19/],
    ["from", { from: "2026-08-23", to: "2026-11-23" }, /92 days/],
    ["from", { from: "0001-01-01", to: "0001-01-02" }, /before 2010/],
    ["from", { to: "0001-01-02" }, /before 2010/],
  ])("%s of %o is refused, and the error says why", (path, asked, message) => {
    expect(insightsWindow(asked, LA, NOW)).toMatchObject({ ok: false, path, message: expect.stringMatching(message) });
  });

  it("the window consists of days and months without gap or overlap, in any zone", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("UTC", LA, "Asia/Beirut", "Pacific/Auckland"),
        fc.integer({ min: Date.parse("2016-01-01"), max: NOW }),
        fc.integer({ min: 0, max: MAX_DAYS - 1 }),
        (time_zone, now, length) => {
          const { to } = windowOf({}, time_zone, now);
          const { days, months, start, end } = windowOf({ from: addDays(to, -length), to }, time_zone, now);
          expect(days).toHaveLength(length + 1);
          expect([days[0]?.start, days.at(-1)?.end, months.at(-1)?.end]).toEqual([start, end, end]);
          for (const spans of [days, months]) {
            for (const [index, span] of spans.entries()) {
              expect(span.end).toBeGreaterThan(span.start);
              if (index > 0) expect(span.start).toBe(spans[index - 1]?.end);
            }
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
