import { dueWithin, isImpossible, untilNow } from "../clock.ts";
import { STALENESS_MS } from "../records/version.ts";

/** When to read a store because of events that only say that something changed; times in ms. */
export interface Refresh {
  /** When the oldest request came for which no read has begun; null: there is none. */
  asked_at: number | null;
  /** When the last such read began; 0: never. */
  begun_at: number;
  /** When a second read may begin at the earliest; null: none is due. */
  second_at: number | null;
}

export const NO_REFRESH: Refresh = { asked_at: null, begun_at: 0, second_at: null };

/** The shortest time between the starts of two such reads, however many events ask, ms. */
const SPACING_MS = 10_000;
/** How long to wait before asking again while a run is under way, ms. */
const AGAIN_MS = 5_000;
/** When the second read begins after the first, ms. Dutchie's answers lag, so the second sees what the first may have missed. */
export const SECOND_REFRESH_MS = STALENESS_MS + 30_000;

/** After our clock was set back: what happened then counts as happened now, and what is due later than it can be is due now. */
export const refreshBelieved = ({ asked_at, begun_at, second_at }: Refresh, now: number): Refresh => ({
  // What was asked for then is asked for again.
  asked_at: asked_at === null || isImpossible(asked_at, now) ? null : asked_at,
  begun_at: untilNow(begun_at, now),
  second_at: second_at === null ? null : dueWithin(second_at, SECOND_REFRESH_MS, now),
});

/** Whether to send a message for the read that was asked for at `at`; otherwise one is on its way, for `queued_ms` at most. */
export const mustSend = (at: number | null, now: number, queued_ms: number): boolean =>
  at === null || now - at > queued_ms;

/** How long until the read may begin, ms. It must begin after the event, so not within a run under way. 0: now; null: none is due. */
export function refreshDelay(refresh: Refresh, second: boolean, isRunning: boolean, now: number): number | null {
  const due_at = second ? refresh.second_at : refresh.asked_at;
  if (due_at === null) return null;
  if (isRunning) return AGAIN_MS;
  return Math.max(0, refresh.begun_at + SPACING_MS - now, second ? due_at - now : 0);
}
