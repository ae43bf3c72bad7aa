/** The last 24 hours at a glance, for the list of all stores. */

const HOUR_MS = 3_600_000;
const HOURS_SHOWN = 24;

/** An hour in which a sync ended. */
export interface HourOutcome {
  /** Hours since 1970 UTC. */
  hour: number;
  /** One of its syncs failed. */
  failed: boolean;
}

export const HOUR_CELLS = ["good", "failed"] as const;
export type HourCell = (typeof HOUR_CELLS)[number] | null;

/** The hours up to this one, the oldest first; null: no sync ended in it. */
export function hourCells(outcomes: readonly HourOutcome[], now: number): HourCell[] {
  const first = Math.floor(now / HOUR_MS) - HOURS_SHOWN + 1;
  const known = new Map(outcomes.map(({ hour, failed }) => [hour, failed ? "failed" : "good"] as const));
  return Array.from({ length: HOURS_SHOWN }, (_, i) => known.get(first + i) ?? null);
}

/** The error rate as of the last sync; 0 if no sync ended within the last 24 hours, as the store's own status says. */
export const errorRateUntil = (rate: number, outcomes: readonly HourOutcome[], now: number): number =>
  hourCells(outcomes, now).some((cell) => cell !== null) ? rate : 0;

/** With a sync that ends now. */
export function withOutcome(outcomes: readonly HourOutcome[], failed: boolean, now: number): HourOutcome[] {
  const hour = Math.floor(now / HOUR_MS);
  const before = outcomes.find((each) => each.hour === hour);
  const rest = outcomes.filter((each) => each.hour !== hour);
  return [...rest, { hour, failed: failed || before?.failed === true }];
}
