/**
 * How long a message of a queue waits before it is tried again. A passing fault of the platform (D1 or a store's Location is
 * away) is tried quickly at first, then every five minutes for an hour and more, then every twenty: what an outage of a day
 * held up is applied afterwards, and becomes no dead letter (F67).
 */

/** Deliveries after the first; the most that a queue allows. wrangler.toml says the same, held by a test. */
export const MAX_RETRIES = 100;

const SHORT_WAIT_S = 300;
const LONG_WAIT_S = 1_200;
/** Attempts before the waits grow long: 2 s, 4 s, … 256 s, and then an hour of five minutes each. */
const QUICK_ATTEMPTS = 20;

/** Seconds to wait after failed attempt number `attempt`; the first is 1. */
export function retryDelayS(attempt: number): number {
  return attempt > QUICK_ATTEMPTS ? LONG_WAIT_S : Math.min(SHORT_WAIT_S, 2 ** attempt);
}
