/** The moment at which a day (`2026-11-01`, plus `days`) begins in a time zone, ISO 8601 in UTC. */
export function startOfDay(day: string, days: number, time_zone: string): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const wanted = Date.UTC(year, month - 1, date + days);
  // Twice: the zone's offset at the first guess may be that of the other side of a clock change.
  const first = wanted - offset(wanted, time_zone);
  return new Date(wanted - offset(first, time_zone)).toISOString();
}

function offset(at: number, time_zone: string): number {
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
  const part = (type: string) => Number(parts.find((given) => given.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second")) - at;
}
