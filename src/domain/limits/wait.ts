import { MAX_WAIT_MS, MIN_WAIT_MS } from "../bounds.ts";

/**
 * How long to wait before a request is repeated, ms: as long as the other side asked, but at least a second and at most an
 * hour (or `longest_ms`). Each repeat doubles the wait. `repeats` counts from 0. `random` in [0, 1) spreads callers with the
 * same failure over the upper half of the step.
 */
export function waitMs(given: {
  /** What the other side asked for; null: nothing. */
  asked_ms: number | null;
  /** The step when nothing was asked for. */
  first_ms: number;
  repeats: number;
  random: number;
  /** The longest wait, ms; absent: an hour. */
  longest_ms?: number;
}): number {
  const { asked_ms, first_ms, repeats, random, longest_ms = MAX_WAIT_MS } = given;
  const step = Math.min(longest_ms, (asked_ms === null ? first_ms : MIN_WAIT_MS) * 2 ** repeats);
  const grown = step / 2 + (step / 2) * random;
  return bounded(Math.round(Math.max(asked_ms ?? 0, grown)), longest_ms);
}

/** A wait within the bounds; NaN becomes the shortest. */
export const bounded = (ms: number, longest_ms = MAX_WAIT_MS): number =>
  Number.isNaN(ms) ? MIN_WAIT_MS : Math.min(longest_ms, Math.max(MIN_WAIT_MS, ms));

/** The same for a queue, which counts in whole seconds. */
export const delaySeconds = (ms: number, longest_ms = MAX_WAIT_MS): number =>
  Math.ceil(Math.min(longest_ms, Math.max(0, ms)) / 1_000);

/** Characters of a `Retry-After`: an HTTP date has 29, a useful number fewer. */
const MAX_HEADER = 40;

/** `Retry-After` in ms: seconds, or an HTTP date. null when absent or unreadable; never negative, and not yet bounded. */
export function retryAfterMs(header: string | null, now: number): number | null {
  const value = header?.trim() ?? "";
  if (value.length > MAX_HEADER) return null;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1_000);
  // An HTTP date always says GMT, so Date.parse is safe here; anything else with a letter in it is refused.
  if (!/^[A-Z][a-z]{2,8},? [^\n]*GMT$/.test(value)) return null;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
