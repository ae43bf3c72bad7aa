import type { Frequency, Settings } from "../records/model.ts";
import { contentHash } from "../records/version.ts";
import { instantOf, offsetMs } from "../values/zone.ts";

const MINUTE_MS = 60_000;

/** The guide: polling every 15 minutes by default, also in real-time mode. `daily` has only its nightly full sync. */
const INTERVAL_MS: Record<Frequency, number | null> = {
  realtime: 15 * MINUTE_MS,
  every_15_minutes: 15 * MINUTE_MS,
  hourly: 60 * MINUTE_MS,
  daily: null,
};

/** No poll is due later than this after the one before, ms. */
export const MAX_POLL_MS = 60 * MINUTE_MS;
/** No nightly sync is due later than this after the one before, ms: a day of 25 hours, and the spread. */
export const MAX_NIGHT_MS = 29 * 60 * MINUTE_MS;

/** The nightly syncs of a time zone are spread over so many hours from the store's night hour on, ms: each reads everything. */
export const NIGHT_MS = 3 * 60 * MINUTE_MS;

/** A fixed delay per store, below `within_ms`, so that stores do not all call at once. */
export function jitterMs(location_id: string, within_ms: number): number {
  return Number.parseInt(contentHash([location_id]).slice(0, 8), 16) % within_ms;
}

/** When the next poll is due after one that started at `started_at`; null for a store that syncs nightly only. */
export function nextPollAt(frequency: Frequency, started_at: number, location_id: string): number | null {
  const interval = INTERVAL_MS[frequency];
  if (interval === null) return null;
  // Slots of the clock, moved by the jitter: a slow run does not delay later ones.
  const jitter = jitterMs(location_id, interval);
  return Math.floor((started_at - jitter) / interval) * interval + interval + jitter;
}

/** The next start of the store's night hour in its own time zone, plus its jitter, after `now`. */
export function nextNightAt(
  settings: Pick<Settings, "overnight_hour">,
  time_zone: string,
  now: number,
  location_id: string,
): number {
  const jitter = jitterMs(location_id, NIGHT_MS);
  const today = new Date(now + offsetMs(now, time_zone));
  // By local dates, because a day has 23 or 25 hours twice a year.
  for (let day = -1; ; day++) {
    const wall = Date.UTC(
      today.getUTCFullYear(),
      today.getUTCMonth(),
      today.getUTCDate() + day,
      settings.overnight_hour,
    );
    const at = instantOf(wall, time_zone) + jitter;
    if (at > now) return at;
  }
}
