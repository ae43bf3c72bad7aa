const DAY_MS = 24 * 60 * 60_000;

/** The instant at which a day (`2026-11-01`, plus `days`) begins in a time zone, ms. */
export function startOfDay(day: string, days: number, time_zone: string): number {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return instantOf(Date.UTC(year, month - 1, date + days), time_zone);
}

/** The instant at which the local clock shows `wall` (its fields as if UTC); a time that is skipped counts as the next that is not. */
export function instantOf(wall: number, time_zone: string): number {
  const before = wall - offsetMs(wall - DAY_MS, time_zone);
  const after = wall - offsetMs(wall + DAY_MS, time_zone);
  const shows = (at: number) => at + offsetMs(at, time_zone) === wall;
  // Twice in autumn: the first of the two. Never in spring: the offset before the change lands just after the gap.
  return shows(before) || !shows(after) ? before : after;
}

/** Local minus UTC, in ms. Intl is part of the language, not of the platform. */
export function offsetMs(at: number, time_zone: string): number {
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
