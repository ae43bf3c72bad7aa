/** Text, numbers and times for people; times are in the store's own zone. */

const whole = new Intl.NumberFormat("en-US");
const fine = new Intl.NumberFormat("en-US", { maximumFractionDigits: 4 });
const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", signDisplay: "negative" });

export const count = (n: number): string => whole.format(n);
export const counted = (n: number, noun: string): string => `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
export const quantity = (n: number): string => fine.format(n);
export const money = (n: number | null): string => (n === null ? "–" : dollars.format(n));
export const text = (value: string | null): string => (value === null || value === "" ? "–" : value);

/** Two decimals. 100% and 0% are shown only for exactly that. */
export function percent(share: number): string {
  const hundredths = share > 0.5 ? Math.floor(share * 10_000) : Math.ceil(share * 10_000);
  return `${fine.format(hundredths / 100)}%`;
}

/** Rounded before it is put into words: never "0 ms", "60.0 s" or "1 min 60 s". */
export function duration(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 100) return "< 0.1 s";
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How old something is: "4 min", "3 h", "2 days". */
export function ageOf(seconds: number | null, none: string): string {
  if (seconds === null) return none;
  if (seconds < 60) return "< 1 min";
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : counted(Math.floor(hours / 24), "day");
}

const formats = new Map<string, Intl.DateTimeFormat>();

export function dateTime(iso: string, time_zone: string | undefined): string {
  const key = time_zone ?? "";
  const known =
    formats.get(key) ??
    new Intl.DateTimeFormat("en-US", {
      dateStyle: "medium",
      timeStyle: "medium",
      ...(time_zone === undefined ? {} : { timeZone: time_zone }),
    });
  formats.set(key, known);
  return known.format(new Date(iso));
}

const dayFormat = new Intl.DateTimeFormat("en-US", { timeZone: "UTC", dateStyle: "medium" });

/** A local day, `2026-11-01`: it has no zone any more. */
export const day = (local: string): string => dayFormat.format(Date.parse(local));

const UNITS = [
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
  [1_000, "second"],
] as const;
const relative = new Intl.RelativeTimeFormat("en-US", { numeric: "auto" });

export function ago(iso: string, now: number): string {
  const distance = Date.parse(iso) - now;
  const [size, unit] = UNITS.find(([size]) => Math.abs(distance) >= size) ?? [1_000, "second"];
  return relative.format(Math.round(distance / size), unit);
}

/** `completed_with_errors` → `Completed with errors` */
export function words(name: string): string {
  const spaced = name
    .replaceAll("_", " ")
    .replace(/^realtime$/, "real time")
    .replace(/\b(?:upc|sku|thc|cbd|id)\b/g, (short) => short.toUpperCase());
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** A path in a message, without the full stop after it. */
const PATH = String.raw`\/\w(?:[^\s),;:]*[^\s),;:.])?`;
/** What a message says of the call that failed, and what people read instead. */
const CALLS: readonly (readonly [RegExp, string])[] = [
  [/ \([345]\d\d(?:, \d{4})?(?: on \/[^)]*)?\)/g, ""],
  [new RegExp(`There is no ${PATH} at this endpoint`, "g"), "The endpoint lacks what ReUp reads"],
  [new RegExp(`(^|[.:] )${PATH} cannot be written at this endpoint`, "g"), "$1The endpoint takes no changes"],
  [new RegExp(`(^|[.:] )${PATH}`, "g"), "$1The endpoint"],
  [new RegExp(`(?:,? needed for| to)? ${PATH}`, "g"), ""],
  // Dutchie says it, too.
  [/Too many requests: (?=Too many requests)/g, ""],
];

/** A message without codes and paths: "(401 on /whoami)" is for the technical details. */
export const forPeople = (message: string): string =>
  CALLS.reduce((said, [call, instead]) => said.replaceAll(call, instead), message);

export function plain(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return quantity(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}
