/** How long Dutchie's answers may lag behind a change, ms; a product's by an hour, which covers the rest. */
const STALENESS_MS = 3_600_000;

/**
 * Has a sync that began at `started_at` and succeeded read what the message told? A webhook told of the time when it came;
 * a step of a sync is done by the next sync.
 */
export function isHealed(letter: { queue: string; received_at: unknown; at: number }, started_at: number): boolean {
  if (letter.queue === "sync") return started_at > letter.at;
  const { received_at } = letter;
  // When it was stored, where it does not say: later, so never too early.
  return started_at > (typeof received_at === "number" ? received_at : letter.at) + STALENESS_MS;
}
