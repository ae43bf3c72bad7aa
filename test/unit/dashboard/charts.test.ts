import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duration } from "../../../dashboard/src/format.ts";
import {
  delayLines,
  delaysOf,
  quantile,
  spanFormat,
} from "../../../dashboard/src/pages/store/overview/charts/delay-buckets.ts";
import { dollarStep, linesOf } from "../../../dashboard/src/pages/store/overview/charts/lines.ts";
import {
  pairDays,
  pairHalves,
  rightBefore,
  sumOf,
} from "../../../dashboard/src/pages/store/overview/charts/sales-days.ts";

const NOON = Date.parse("2026-11-26T12:00:00Z");
const event = (n: number, received: number, delay_ms: number | null) => ({
  event_id: `evt_${n}`,
  received_at: new Date(received).toISOString(),
  applied_at: delay_ms === null ? null : new Date(received + delay_ms).toISOString(),
});

describe("the delay of webhooks", () => {
  it("is told for each span by its half, its 95% and its slowest", () => {
    const hour = 3_600_000;
    const events = Array.from({ length: 100 }, (_, i) => event(i, NOON - hour + i, (i + 1) * 10));
    const [first, ...others] = delaysOf(events, 4, NOON);
    expect(first).toMatchObject({ webhooks: 100, p50_ms: 500, p95_ms: 950 });
    expect(first?.slowest).toEqual({ event_id: "evt_99", delay_ms: 1_000 });
    expect(others).toHaveLength(3);
    expect(others.every(({ webhooks, p50_ms, slowest }) => webhooks === 0 && p50_ms === null && slowest === null)).toBe(
      true,
    );
  });

  const MINUTE = 60_000;
  const labelsOf = (span_ms: number) => {
    const buckets = delaysOf([event(1, NOON - span_ms, 5), event(2, NOON, 5)], 24, NOON);
    const clock = spanFormat(buckets, "America/Denver");
    return buckets.map(({ from }) => clock.format(from));
  };

  it.each([
    ["one moment", 0],
    ["one minute", MINUTE],
    ["an hour", 60 * MINUTE],
    ["a day", 24 * 60 * MINUTE],
    ["a day and a minute", (24 * 60 + 1) * MINUTE],
    ["three days", 3 * 24 * 60 * MINUTE],
    ["a month", 30 * 24 * 60 * MINUTE],
  ])("no label stands twice below data of %s", (_, span_ms) => {
    const labels = labelsOf(span_ms);
    expect(labels).toHaveLength(24);
    expect(new Set(labels).size).toBe(24);
  });

  it("no label stands twice below data of any span", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 * 24 * 60 }), (minutes) => {
        expect(new Set(labelsOf(minutes * MINUTE)).size).toBe(24);
      }),
    );
  });

  it.each([
    ["none", []],
    ["all nothing", [0, 0]],
    ["all the same", [30, 30]],
    ["one", [412]],
    ["a minute and more", [61_000, 150_000]],
    ["days", [3 * 24 * 60 * MINUTE]],
  ])("no label stands twice beside delays: %s", (_, delays) => {
    const lines = delayLines(
      delaysOf(
        delays.map((ms, i) => event(i, NOON - ms, ms)),
        24,
        NOON,
      ),
    );
    const labels = lines.map((ms) => (ms === 0 ? "0" : duration(ms)));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.length).toBeLessThanOrEqual(5);
    expect(new Set(labels).size).toBe(lines.length);
    expect(lines.at(-1)).toBeGreaterThanOrEqual(Math.max(0, ...delays));
  });

  it("leaves out what waits, and takes a clock that went back for no delay", () => {
    expect(delaysOf([event(1, NOON, null)], 4, NOON)).toEqual([]);
    const [first] = delaysOf([event(1, NOON, -50)], 1, NOON);
    expect(first?.p50_ms).toBe(0);
  });

  it.each([
    [[], 0.95, null],
    [[7], 0.5, 7],
    [[1, 9], 0.5, 1],
    [[1, 9], 0.95, 9],
  ])("of %j, the share %s is within %s", (delays, share, ms) => {
    expect(
      quantile(
        delays.map((delay_ms) => ({ delay_ms })),
        share,
      ),
    ).toBe(ms);
  });
});

describe("the lines beside sales", () => {
  const short = new Intl.NumberFormat("en-US", { notation: "compact", style: "currency", currency: "USD" });

  it.each([
    ["none", [0, 0, 0], [0, 1]],
    ["one day", [4_321.5], [0, 2_000, 4_000, 6_000]],
    ["all the same", [16_500, 16_500], [0, 5_000, 10_000, 15_000, 20_000]],
    ["cents", [0.4], [0, 1]],
    ["more returned than sold", [-150, 320], [-200, 0, 200, 400]],
    ["only returns", [-40, -40], [-40, -30, -20, -10, 0]],
    ["nothing", [], [0, 1]],
  ])("of %s", (_, values, lines) => {
    expect(linesOf(values, dollarStep)).toEqual(lines);
  });

  it("each label says exactly where its line is", () => {
    const amounts = fc.array(
      fc.integer({ min: -1e9, max: 1e9 }).map((cents) => cents / 100),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(amounts, (values) => {
        const lines = linesOf(values, dollarStep);
        const read = (label: string) =>
          Number(label.replace(/[$KM]/g, "")) * (label.endsWith("K") ? 1e3 : label.endsWith("M") ? 1e6 : 1);
        expect(lines.map((line) => read(short.format(line)))).toEqual(lines);
        expect(Math.min(0, ...values)).toBeGreaterThanOrEqual(lines[0] ?? 0);
        expect(Math.max(0, ...values)).toBeLessThanOrEqual(lines.at(-1) ?? 0);
        expect(lines.length).toBeLessThanOrEqual(6);
      }),
    );
  });
});

describe("the days of sales", () => {
  const daysFrom = (first: number, n: number) =>
    Array.from({ length: n }, (_, i) => ({ day: `2026-11-${String(first + i).padStart(2, "0")}`, revenue: first + i }));

  it("each stands beside the same day of the period before", () => {
    const pairs = pairHalves(daysFrom(1, 14));
    expect(pairs).toHaveLength(7);
    expect(pairs[0]).toEqual({ day: "2026-11-08", revenue: 8, day_before: "2026-11-01", before: 1 });
    expect([sumOf(pairs, "revenue"), sumOf(pairs, "before")]).toEqual([77, 28]);
  });

  it("have no figures before while the period before is not known", () => {
    const pairs = pairDays(daysFrom(8, 7), null);
    expect(pairs.map(({ revenue }) => revenue)).toEqual([8, 9, 10, 11, 12, 13, 14]);
    expect(pairs.every(({ before, day_before }) => before === null && day_before === null)).toBe(true);
    expect([sumOf(pairs, "revenue"), sumOf(pairs, "before")]).toEqual([77, null]);
  });

  const periodOf = (first: number, n: number) => {
    const days = daysFrom(first, n);
    return { from: days[0]?.day ?? "", to: days.at(-1)?.day ?? "", days };
  };
  const now = periodOf(15, 7);

  it.each([
    ["the one right before", periodOf(8, 7), true],
    ["a longer one that ends where it should", periodOf(1, 14), false],
    ["as long, but of another time", periodOf(7, 7), false],
    ["the period itself", now, false],
    ["not loaded", undefined, false],
  ])("are compared with a period that is %s: %#", (_, before, isCompared) => {
    expect(rightBefore(now, before)).toBe(isCompared ? before : null);
  });
});
