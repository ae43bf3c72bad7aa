import type { Run, Settings } from "../../../../../../src/client/index.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A sync in the strip. Places and sizes are shares of the whole. */
export interface Cell {
  run: Run;
  left: number;
  height: number;
}

/** A time without a sync, ms. */
export interface Gap {
  from: number;
  to: number;
  left: number;
  width: number;
}

export interface Span {
  from: number;
  to: number;
}

/** Without a sync for twice the time in which one is due, something keeps them away. A night of a daily store is none. */
const GAP_MS: Record<Settings["frequency"], number> = {
  realtime: 30 * MINUTE_MS,
  every_15_minutes: 30 * MINUTE_MS,
  hourly: 2 * HOUR_MS,
  daily: 48 * HOUR_MS,
};

/** The smallest cell that can be seen and hit. */
const LEAST_HEIGHT = 0.2;

export interface StripAsked {
  span: Span;
  frequency: Settings["frequency"];
  /** The store exists since then, ms: there is no gap before. */
  since: number;
  now: number;
}

/** Where the syncs of a span stand in it, the oldest first, and the gaps between them. */
export function stripOf(
  runs: readonly Run[],
  { span, frequency, since, now }: StripAsked,
): { cells: Cell[]; gaps: Gap[] } {
  const length = span.to - span.from;
  const share = (at: number) => (at - span.from) / length;
  const end = Math.min(span.to, now);
  const timed = runs
    .map((run) => ({
      run,
      from: Date.parse(run.started_at),
      to: run.finished_at === null ? now : Date.parse(run.finished_at),
    }))
    .sort((a, b) => a.from - b.from);
  const shown = timed.filter(({ from }) => from >= span.from && from < span.to);
  const longest = Math.max(1, ...shown.map(({ from, to }) => to - from));
  const cells = shown.map(({ run, from, to }) => ({
    run,
    left: share(from),
    // By the root: a sync of an hour must not make all others flat.
    height: LEAST_HEIGHT + (1 - LEAST_HEIGHT) * Math.sqrt((to - from) / longest),
  }));
  const gaps: Gap[] = [];
  let last = Math.max(span.from, since);
  for (const { from, to } of [...timed, { from: end, to: end }]) {
    const until = Math.min(from, end);
    if (until - last > GAP_MS[frequency])
      gaps.push({ from: last, to: until, left: share(last), width: share(until) - share(last) });
    last = Math.max(last, to);
  }
  return { cells, gaps };
}

/** The full hours of a span that are labelled, by the store's clock: every third. */
export function hoursOf({ from, to }: Span, time_zone: string): { label: string; left: number; isMain: boolean }[] {
  const clock = new Intl.DateTimeFormat("en-US", { timeZone: time_zone, hour: "numeric" });
  const hourOf = new Intl.DateTimeFormat("en-US", { timeZone: time_zone, hour: "2-digit", hourCycle: "h23" });
  const hours = [];
  for (let at = Math.ceil(from / HOUR_MS) * HOUR_MS; at < to; at += HOUR_MS) {
    const hour = Number(hourOf.format(at));
    if (hour % 3 === 0)
      hours.push({ label: clock.format(at), left: (at - from) / (to - from), isMain: hour % 6 === 0 });
  }
  return hours;
}
