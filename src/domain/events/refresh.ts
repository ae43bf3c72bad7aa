import { STALENESS_MS } from "../records/version.ts";

/** When a store is to be read because of events that say no more than that something changed, ms. */
export interface Refresh {
  /** Of the oldest request that no read has begun for; null: none. */
  asked_at: number | null;
  /** When the last such read began; 0: never. */
  begun_at: number;
  /** Not before then once more; null: not. */
  second_at: number | null;
}

export const NO_REFRESH: Refresh = { asked_at: null, begun_at: 0, second_at: null };

/** Between the beginnings of two such reads, however many events ask, ms. */
const SPACING_MS = 10_000;
/** While a run goes on, how long until the store is asked again, ms. */
const AGAIN_MS = 5_000;
/** A message that did not come for so long got lost, ms. */
const LOST_MS = 10 * 60_000;
/** Dutchie's answers lag: what a first read may have missed, a second one sees. ms */
export const SECOND_REFRESH_MS = STALENESS_MS + 30_000;

/** Whether a message must be sent for a read that is due at `at`; else one is on its way. */
export const mustSend = (at: number | null, now: number): boolean => at === null || now - at > LOST_MS;

/** How long until the read may begin: after the event, so not while a run goes on. 0: now; null: nobody waits for it. */
export function refreshDelay(look: Refresh, second: boolean, isRunning: boolean, now: number): number | null {
  const due_at = second ? look.second_at : look.asked_at;
  if (due_at === null) return null;
  if (isRunning) return AGAIN_MS;
  return Math.max(0, look.begun_at + SPACING_MS - now, second ? due_at - now : 0);
}
