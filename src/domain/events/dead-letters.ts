/** How long Dutchie's answers may lag behind a change, ms: products lag by up to an hour, all others by less. */
const STALENESS_MS = 3_600_000;

/**
 * Whether a successful sync that began at `started_at` has read what the message was about. A webhook is about the time
 * at which it arrived; the next sync does the step of a failed one.
 */
export function isHealed(letter: { queue: string; received_at: unknown; at: number }, started_at: number): boolean {
  if (letter.queue === "sync") return started_at > letter.at;
  const { received_at } = letter;
  // Without a time of receipt, the time when it became a dead letter: that is later, so never too early.
  return started_at > (typeof received_at === "number" ? received_at : letter.at) + STALENESS_MS;
}
