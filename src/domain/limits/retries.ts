/**
 * How long a queue message waits before it is tried again. After a passing fault (D1 or a store's Location is not available)
 * the first retries come quickly, then every 5 minutes for over an hour, then every 20 minutes. So after an outage of a day
 * the message is still applied, and does not become a dead letter (F67).
 */

/** Deliveries after the first: the most that a queue allows. wrangler.toml has the same number; a test checks that. */
export const MAX_RETRIES = 100;

const SHORT_WAIT_S = 300;
const LONG_WAIT_S = 1_200;
/** Attempts before the long waits: 2 s, 4 s, … 256 s, then 5 minutes each for an hour. */
const QUICK_ATTEMPTS = 20;

/** Seconds to wait after failed attempt number `attempt`; the first is 1. */
export function retryDelayS(attempt: number): number {
  return attempt > QUICK_ATTEMPTS ? LONG_WAIT_S : Math.min(SHORT_WAIT_S, 2 ** attempt);
}
