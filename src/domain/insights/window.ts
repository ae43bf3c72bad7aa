import { addDays, daysBetween, localDay, startOfDay } from "../values/zone.ts";

/** A span of time: `start` is included, `end` is not; ms. */
export interface Span {
  name: string;
  start: number;
  end: number;
}

/** The time that insights cover. The database has no time zones, so it gets the bounds of local days and months. */
export interface InsightsWindow {
  /** First and last local day, both included. */
  from: string;
  to: string;
  /** The local day of the request. */
  today: string;
  days: Span[];
  /** The twelve local months up to that of `to`, named `2026-11`; the last ends with the day `to`. */
  months: Span[];
  start: number;
  end: number;
}

export type WindowResult = { ok: true; window: InsightsWindow } | { ok: false; path: "from" | "to"; message: string };

const DEFAULT_DAYS = 30;
/** A quarter: for 300,000 sales a year it takes some seconds, and D1 runs one query at a time. */
export const MAX_DAYS = 92;
const COHORTS = 12;
/** No store that can be connected was open before this day. */
const FIRST_DAY = "2010-01-01";

/** Default: the 30 days up to yesterday. Today is not over, and its figures would depend on the hour. */
export function insightsWindow(
  asked: { from?: string | undefined; to?: string | undefined },
  time_zone: string,
  now: number,
): WindowResult {
  const today = localDay(now, time_zone);
  const to = asked.to ?? addDays(today, -1);
  const from = asked.from ?? addDays(to, 1 - DEFAULT_DAYS);
  if (to > today) return { ok: false, path: "to", message: `must not be after today, ${today} in ${time_zone}` };
  if (from < FIRST_DAY) return { ok: false, path: "from", message: `must not be before ${FIRST_DAY}` };
  if (from > to) return { ok: false, path: "from", message: `must not be after ${to}, the last day` };
  const length = daysBetween(from, to) + 1;
  if (length > MAX_DAYS) return { ok: false, path: "from", message: `must be at most ${MAX_DAYS} days before the end` };

  const span = (name: string, first: string, next: string): Span => ({
    name,
    start: startOfDay(first, time_zone),
    end: startOfDay(next, time_zone),
  });
  const days = Array.from({ length }, (_, index) => {
    const day = addDays(from, index);
    return span(day, day, addDays(day, 1));
  });
  const after = addDays(to, 1);
  const months = Array.from({ length: COHORTS }, (_, index) => {
    const month = addMonths(to, index + 1 - COHORTS);
    const next = addMonths(to, index + 2 - COHORTS);
    return span(month, `${month}-01`, index + 1 === COHORTS ? after : `${next}-01`);
  });
  const [start, end] = [startOfDay(from, time_zone), startOfDay(after, time_zone)];
  return { ok: true, window: { from, to, today, days, months, start, end } };
}

/** The month that comes `months` after the day's month. */
function addMonths(day: string, months: number): string {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 7);
}
