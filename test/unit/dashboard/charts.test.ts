import { describe, expect, it } from "vitest";
import { delaysOf, quantile } from "../../../dashboard/src/pages/store/overview/charts/delay-buckets.ts";
import { pairDays, sumOf } from "../../../dashboard/src/pages/store/overview/charts/sales-days.ts";

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

it("each day of sales stands beside the same day of the period before", () => {
  const days = Array.from({ length: 14 }, (_, i) => ({ day: `2026-11-${String(i + 1).padStart(2, "0")}`, revenue: i }));
  const pairs = pairDays(days);
  expect(pairs).toHaveLength(7);
  expect(pairs[0]).toEqual({ day: "2026-11-08", revenue: 7, day_before: "2026-11-01", before: 0 });
  expect(sumOf(pairs, "revenue") - sumOf(pairs, "before")).toBe(49);
});
