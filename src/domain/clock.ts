import { MAX_SKEW_MS, MAX_WINDOW_SKEW_MS, MIN_SKEW_MS, OWN_CLOCKS_MS } from "./bounds.ts";

/**
 * What ReUp believes of Dutchie's clock, and of every stored time (rule 9). A reading is Dutchie's clock minus ours by
 * a Date header, ms; null: no header, or an unreadable one.
 */
export type ClockReading = number | null;

/** The correction for times of Dutchie's, ms; 0 when the difference is unknown, too small to count or too large to be true. */
export function believedSkew(reading: ClockReading): number {
  if (reading === null || isClockWrong(reading)) return 0;
  return Math.abs(reading) < MIN_SKEW_MS ? 0 : reading;
}

/** The clock is further off than ReUp corrects: ReUp goes by its own clock and notifies people. */
export const isClockWrong = (reading: ClockReading): reading is number =>
  reading !== null && Math.abs(reading) > MAX_SKEW_MS;

/** T of a read that began at `started` (ms, our clock), on Dutchie's clock as far as it is believed. */
export const readStart = (started: number, reading: ClockReading): number => started + believedSkew(reading);

/** How far windows of last-modified move back because Dutchie's clock is behind ours, ms. */
export const behindBy = (reading: ClockReading): number =>
  reading === null || -reading < MIN_SKEW_MS ? 0 : Math.min(-reading, MAX_WINDOW_SKEW_MS);

/**
 * Where the next window of last-modified begins after a read with this T: by the clock that shows the earlier time, and
 * at most `MAX_WINDOW_SKEW_MS` back.
 */
export const nextFrom = (started_at: number, reading: ClockReading): number =>
  isClockWrong(reading) ? started_at - behindBy(reading) : started_at - Math.max(0, believedSkew(reading));

/** Whether a window that assumed a clock `reckoned` ms behind began too late. Its overlap covers any corrected difference. */
export const isFurtherBehind = (reading: ClockReading, reckoned: number): boolean =>
  behindBy(reading) > reckoned + MAX_SKEW_MS;

/** The reading that is further off. */
export function furtherOff(a: ClockReading, b: ClockReading): ClockReading {
  if (a === null || b === null) return a ?? b;
  return Math.abs(b) > Math.abs(a) ? b : a;
}

/** For people: `7 days ahead`. */
export function clockText(reading: number): string {
  const [count, unit] = inUnits(Math.abs(reading) / 1_000);
  const amount = Math.max(1, Math.round(count)).toLocaleString("en-US");
  return `${amount} ${unit}${amount === "1" ? "" : "s"} ${reading > 0 ? "ahead" : "behind"}`;
}

function inUnits(seconds: number): [count: number, unit: string] {
  if (seconds < 120) return [seconds, "second"];
  if (seconds < 7_200) return [seconds / 60, "minute"];
  if (seconds < 172_800) return [seconds / 3_600, "hour"];
  return seconds < 63_072_000 ? [seconds / 86_400, "day"] : [seconds / 31_557_600, "year"];
}

/**
 * Whether something that began `at` still lasts, ms. If `at` lies after our now, our clock was set back since. Then its age is
 * unknown, and it is over.
 */
export const isWithin = (at: number, length_ms: number, now: number): boolean => at <= now && now - at < length_ms;

// ---- Times that were stored before they were compared with our own clock ------------------------------------------

/** A stored time that cannot be true: it lies after our now by more than our machines' clocks differ. */
export const isImpossible = (stored_at: number, now: number): boolean => stored_at > now + OWN_CLOCKS_MS;

/** When something happened, as far as it can be true: at the latest now. */
export const untilNow = (happened_at: number, now: number): number =>
  isImpossible(happened_at, now) ? now : happened_at;

/** When something is due that is never put off by more than `longest_ms`: if it lies further ahead, now. */
export const dueWithin = (due_at: number, longest_ms: number, now: number): number =>
  isImpossible(due_at, now + longest_ms) ? now : due_at;

/** The version of a row whose stored time is impossible: older than anything Dutchie states. 0 would mean "never stated". */
export const OLDEST = 1;

/** A row with an impossible time counts as older than anything, so the next row from Dutchie replaces it. */
export function asBelieved<R extends { source_at: number; package_at?: number }>(row: R, now: number): R {
  if (!isImpossible(Math.max(row.source_at, row.package_at ?? 0), now)) return row;
  return { ...row, source_at: OLDEST, ...(row.package_at === undefined ? {} : { package_at: 0 }) };
}
