import { addDays, daysBetween, localDay, startOfDay } from "../values/zone.ts";

/** A stretch of local time: `start` is in, `end` is out; ms. */
export interface Span {
  name: string;
  start: number;
  end: number;
}

/** What insights are about. The database knows no time zones: it is given the borders of local days and months. */
export interface InsightsWindow {
  /** First and last local day, both in. */
  from: string;
  to: string;
  /** The local day on which it was asked. */
  today: string;
  days: Span[];
  /** The twelve local months that end with that of `to`, the last one only up to `to`; named `2026-11`. */
  months: Span[];
  start: number;
  end: number;
}

export type WindowResult = { ok: true; window: InsightsWindow } | { ok: false; path: "from" | "to"; message: string };

const DEFAULT_DAYS = 30;
/** A quarter. In a store of 300,000 sales a year it takes some seconds, and D1 does one thing at a time. */
export const MAX_DAYS = 92;
const COHORTS = 12;
/** Before this, no store that could be connected was open. */
const FIRST_DAY = "2010-01-01";

/** Defaults: up to yesterday, for today is not over and its figures would depend on the hour; and the 30 days that end there. */
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

/** The month, so many after that of the day. */
function addMonths(day: string, months: number): string {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 7);
}
