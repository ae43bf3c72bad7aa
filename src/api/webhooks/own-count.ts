/**
 * How many webhooks of one store an isolate lets in each minute without asking the limiter. Asking costs a call for each
 * webhook, and hardly a store ever sends so many. The limiter lets in as many again (WEBHOOK_LIMIT in wrangler.toml).
 */
export const FEW_A_MINUTE = 600;
const MINUTE_MS = 60_000;

let minute = 0;
const counts = new Map<string, number>();

/** Counts a genuine webhook. True: the store has sent few in this minute. */
export function isFew(location_id: string, now: number): boolean {
  const current = Math.floor(now / MINUTE_MS);
  if (current !== minute) counts.clear();
  minute = current;
  const count = (counts.get(location_id) ?? 0) + 1;
  counts.set(location_id, count);
  return count <= FEW_A_MINUTE;
}
