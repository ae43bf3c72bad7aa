/** Local days and clocks of a time zone. A local day is `2026-11-01`; instants are ms since 1970 UTC. */

const DAY_MS = 86_400_000;

/** The local day of an instant. */
export function localDay(at: number, time_zone: string): string {
  return new Date(at + offsetMs(at, time_zone)).toISOString().slice(0, 10);
}

/** The instant at which a local day begins. Twice a year a day has 23 or 25 hours, and some days begin at 1:00. */
export function startOfDay(day: string, time_zone: string): number {
  return instantOf(Date.parse(`${day}T00:00:00Z`), time_zone);
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How many days `to` comes after `from`. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS;
}

/** The instant at which the local clock shows `wall` (its fields as if UTC). A skipped time counts as the first one after the gap. */
export function instantOf(wall: number, time_zone: string): number {
  const before = wall - offsetMs(wall - DAY_MS, time_zone);
  const after = wall - offsetMs(wall + DAY_MS, time_zone);
  const shows = (at: number) => at + offsetMs(at, time_zone) === wall;
  // A time that comes twice in autumn is the first of the two. For one skipped in spring, the offset before the change gives a time after the gap.
  return shows(before) || !shows(after) ? before : after;
}

/** Formatters are kept: creating one costs far more than using it, and a year of days uses it a thousand times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(time_zone: string): Intl.DateTimeFormat {
  const known = formats.get(time_zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: time_zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(time_zone, format);
  return format;
}

/** Local minus UTC, in ms. Intl is part of the language, not of the platform. */
export function offsetMs(at: number, time_zone: string): number {
  const parts = formatOf(time_zone).formatToParts(at);
  const get = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(get("year"), get("month") - 1, get("day"), get("hour"), get("minute"), get("second"));
  return wall - Math.floor(at / 1000) * 1000;
}
