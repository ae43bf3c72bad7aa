import { describe, expect, it } from "vitest";
import { hoursOf, stripOf } from "../../../dashboard/src/pages/store/overview/strip/strip-layout.ts";
import { withLive } from "../../../dashboard/src/pages/store/with-live.ts";
import type { Run } from "../../../src/client/index.ts";

const NOON = Date.parse("2026-11-26T12:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = { from: NOON - 24 * HOUR, to: NOON };

function run(started: number, duration_ms: number | null = 4_000, given: Partial<Run> = {}): Run {
  return {
    run_id: `run_${started}`,
    location_id: "loc_1",
    mode: "incremental",
    trigger: "schedule",
    state: duration_ms === null ? "running" : "completed",
    started_at: new Date(started).toISOString(),
    finished_at: duration_ms === null ? null : new Date(started + duration_ms).toISOString(),
    duration_ms,
    waiting_until: null,
    phases: [],
    percent: 100,
    eta_seconds: null,
    records_processed: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    deleted: 0,
    failed: 0,
    error_rate: 0,
    error: null,
    failures: [],
    verification: null,
    ...given,
  };
}

/** A sync every quarter of an hour. */
const quarters = (from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / (15 * MINUTE)) }, (_, i) => run(from + i * 15 * MINUTE));
const asked = { span: DAY, frequency: "realtime", since: 0, now: NOON } as const;

describe("the strip of syncs", () => {
  it("has a cell for each sync, whose height grows with its duration", () => {
    const { cells, gaps } = stripOf([...quarters(DAY.from, NOON), run(NOON - 7 * MINUTE, 20 * MINUTE)], asked);
    expect(cells).toHaveLength(97);
    expect(gaps).toEqual([]);
    const heights = cells.map(({ height }) => height);
    expect(Math.max(...heights)).toBe(1);
    expect(Math.min(...heights)).toBeGreaterThan(0.2);
    expect(cells[48]?.left).toBeCloseTo(0.5);
  });

  it("shows where no sync ran: before the first, between two, and after the last", () => {
    const { gaps } = stripOf([run(DAY.from + 2 * HOUR), run(DAY.from + 2.25 * HOUR), run(NOON - HOUR)], asked);
    expect(
      gaps.map(({ from, to }) => [Math.round((from - DAY.from) / HOUR), Math.round((to - DAY.from) / HOUR)]),
    ).toEqual([
      [0, 2],
      [2, 23],
      [23, 24],
    ]);
  });

  it.each([
    ["a sync of three hours leaves no gap while it runs", [run(NOON - 3 * HOUR, null)], NOON - 3 * HOUR],
    ["a sync that began the day before reaches into this one", [run(DAY.from - HOUR, 25 * HOUR)], 0],
    ["before the store was connected there is no gap", quarters(NOON - HOUR, NOON), NOON - HOUR],
  ])("%s", (_, runs, since) => {
    expect(stripOf(runs, { ...asked, since }).gaps).toEqual([]);
  });

  it("knows no gap in what has not come yet", () => {
    const span = { from: NOON - 12 * HOUR, to: NOON + 12 * HOUR };
    expect(stripOf(quarters(span.from, NOON), { ...asked, span }).gaps).toEqual([]);
  });

  it("takes a daily store's night for no gap", () => {
    const runs = [run(DAY.from + HOUR)];
    expect(stripOf(runs, { ...asked, frequency: "daily" }).gaps).toEqual([]);
  });

  it("labels every third hour of the store's clock, half-hour zones included", () => {
    for (const zone of ["America/Denver", "Asia/Kolkata"]) {
      const hours = hoursOf(DAY, zone);
      expect(hours.every(({ label }) => /^(12|3|6|9) [AP]M$/.test(label))).toBe(true);
      expect(hours).toHaveLength(8);
    }
  });
});

describe("the list of syncs and the status above it agree", () => {
  const listed = run(NOON - HOUR, null);
  const ended = run(NOON - HOUR, HOUR);

  it("a sync that the status knows to have ended is shown as ended", () => {
    expect(withLive([listed], { current_run: null, last_run: ended })).toEqual([ended]);
  });

  it("a sync that the list lacks stands first", () => {
    const current = run(NOON, null);
    expect(withLive([ended], { current_run: current, last_run: ended })).toEqual([current, ended]);
  });

  it("a sync that has ended does not begin again, and an old one does not come back", () => {
    expect(withLive([ended], { current_run: listed, last_run: null })).toEqual([ended]);
    expect(withLive([ended], { current_run: null, last_run: run(NOON - 5 * HOUR) })).toEqual([ended]);
  });
});
