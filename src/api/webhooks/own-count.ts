/**
 * Webhooks of one store in a minute and one isolate that are let in without asking the limiter: half of what a store may
 * send. Asking costs a call for each webhook, and hardly a store ever sends so many. wrangler.toml has the other half.
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
