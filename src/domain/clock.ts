import { MAX_SKEW_MS, MAX_WINDOW_SKEW_MS, MIN_SKEW_MS, OWN_CLOCKS_MS } from "./bounds.ts";

/**
 * What is believed of Dutchie's clock, and of every time that is stored (rule 9). `told` is Dutchie's clock minus
 * ours as a Date header has it, ms; null: it had none, or none that can be read.
 */
export type ClockReading = number | null;

/** The difference that times are corrected by, ms; 0 when it is not told, too small to tell, or too large to be true. */
export function believedSkew(told: ClockReading): number {
  if (told === null || isClockWrong(told)) return 0;
  return Math.abs(told) < MIN_SKEW_MS ? 0 : told;
}

/** Further off than is corrected for: not believed, but told to people. */
export const isClockWrong = (told: ClockReading): told is number => told !== null && Math.abs(told) > MAX_SKEW_MS;

/** T of a read that began at `started` (ms, our clock): on Dutchie's clock, as far as that is believed. */
export const readStart = (started: number, told: ClockReading): number => started + believedSkew(told);

/** How far Dutchie's clock is behind ours, ms, as far as windows of last-modified go along with it. */
export const behindBy = (told: ClockReading): number =>
  told === null || -told < MIN_SKEW_MS ? 0 : Math.min(-told, MAX_WINDOW_SKEW_MS);

/**
 * Where the next window of last-modified begins after a read with this T: on the earlier of both clocks, as far behind as
 * windows go along with it.
 */
export const nextFrom = (started_at: number, told: ClockReading): number =>
  isClockWrong(told) ? started_at - behindBy(told) : started_at - Math.max(0, believedSkew(told));

/** A window that reckoned with a clock `reckoned` ms behind may have begun too late; its overlap covers what is corrected. */
export const isFurtherBehind = (told: ClockReading, reckoned: number): boolean =>
  behindBy(told) > reckoned + MAX_SKEW_MS;

/** Of two readings the one that is further off. */
export function furtherOff(a: ClockReading, b: ClockReading): ClockReading {
  if (a === null || b === null) return a ?? b;
  return Math.abs(b) > Math.abs(a) ? b : a;
}

/** For people: `7 days ahead`. */
export function clockText(told: number): string {
  const [count, unit] = inUnits(Math.abs(told) / 1_000);
  const amount = Math.max(1, Math.round(count)).toLocaleString("en-US");
  return `${amount} ${unit}${amount === "1" ? "" : "s"} ${told > 0 ? "ahead" : "behind"}`;
}

function inUnits(seconds: number): [count: number, unit: string] {
  if (seconds < 120) return [seconds, "second"];
  if (seconds < 7_200) return [seconds / 60, "minute"];
  if (seconds < 172_800) return [seconds / 3_600, "hour"];
  return seconds < 63_072_000 ? [seconds / 86_400, "day"] : [seconds / 31_557_600, "year"];
}

// ---- Times that were stored before they were held against our own clock ------------------------------------------

/** A stored time that cannot be: it lies after our now, by more than our machines' clocks differ. */
export const isImpossible = (stored_at: number, now: number): boolean => stored_at > now + OWN_CLOCKS_MS;

/** The version of a row whose stored one cannot be: older than anything that Dutchie says, and not 0, which means "never told". */
export const OLDEST = 1;

/** A stored row as it counts: with an impossible time it counts as older than anything, so the next word on it heals it. */
export function asBelieved<R extends { source_at: number; package_at?: number }>(row: R, now: number): R {
  if (!isImpossible(Math.max(row.source_at, row.package_at ?? 0), now)) return row;
  return { ...row, source_at: OLDEST, ...(row.package_at === undefined ? {} : { package_at: 0 }) };
}
