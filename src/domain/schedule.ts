import type { Frequency, Settings } from "./model.ts";
import { contentHash } from "./version.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The guide: polling every 15 minutes by default, also underneath real-time. `daily` polls by its nightly full sync alone. */
const INTERVAL_MS: Record<Frequency, number | null> = {
  realtime: 15 * MINUTE_MS,
  every_15_minutes: 15 * MINUTE_MS,
  hourly: 60 * MINUTE_MS,
  daily: null,
};

/** Fixed per store, so that stores of one minute do not all call at once; below one cron period (15 minutes). */
export function jitterMs(location_id: string): number {
  return Number.parseInt(contentHash([location_id]).slice(0, 6), 16) % (5 * MINUTE_MS);
}

/** When the next poll is due after one that started at `started_at`; null for a store that syncs nightly only. */
export function nextPollAt(frequency: Frequency, started_at: number, location_id: string): number | null {
  const interval = INTERVAL_MS[frequency];
  if (interval === null) return null;
  // Slots of the clock, shifted by the jitter: a slow run does not push all later ones back.
  const jitter = jitterMs(location_id);
  return Math.floor((started_at - jitter) / interval) * interval + interval + jitter;
}

/** The next start of the store's night hour after `now`, in its own time zone, plus its jitter. */
export function nextNightAt(
  settings: Pick<Settings, "overnight_hour">,
  time_zone: string,
  now: number,
  location_id: string,
): number {
  const jitter = jitterMs(location_id);
  for (let day = -1; day <= 2; day++) {
    const at = localHour(now + day * DAY_MS, settings.overnight_hour, time_zone) + jitter;
    if (at > now) return at;
  }
  return now + DAY_MS;
}

/** The instant at which the local clock of the day around `at` shows `hour`:00; where that hour is skipped, the next. */
function localHour(at: number, hour: number, time_zone: string): number {
  const local = new Date(at + offsetMs(at, time_zone));
  const wall = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate(), hour);
  // The offset at the wanted instant may differ from the one at `at` (daylight saving): settle it in two steps.
  const guess = wall - offsetMs(wall, time_zone);
  return wall - offsetMs(guess, time_zone);
}

/** Local minus UTC, in ms. Intl is part of the language, not of the platform. */
function offsetMs(at: number, time_zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: time_zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at);
  const get = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(get("year"), get("month") - 1, get("day"), get("hour"), get("minute"), get("second"));
  return wall - Math.floor(at / 1000) * 1000;
}

/** The run that is due: the nightly full sync goes before a poll; null when nothing is. */
export function dueMode(
  store: { next_sync_at: number | null; next_full_at: number | null },
  now: number,
): "full" | "incremental" | null {
  if (store.next_full_at !== null && store.next_full_at <= now) return "full";
  if (store.next_sync_at !== null && store.next_sync_at <= now) return "incremental";
  return null;
}
