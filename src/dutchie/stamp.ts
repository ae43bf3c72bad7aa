import { FIRST_YEAR, MAX_NUMBER } from "../domain/bounds.ts";

// Date and time of ISO 8601 as Dutchie writes it: a blank or a T in the middle, up to 7 digits of a second (.NET), the
// offset often missing.
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$/i;

/**
 * Milliseconds since 1970 of a stamp, null when unreadable. A stamp without an offset is UTC, wherever this runs;
 * a number, or digits alone, are seconds or milliseconds since 1970.
 */
export function parseStamp(value: unknown): number | null {
  if (typeof value === "number") return fromUnix(value);
  if (typeof value !== "string" || value.length > MAX_NUMBER) return null;
  const text = value.trim();
  if (/^\d{10,13}(\.\d+)?$/.test(text)) return fromUnix(Number(text));
  const match = ISO.exec(text);
  if (!match) return null;

  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((at) => Number(match[at] ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (year < FIRST_YEAR || hour > 23 || minute > 59 || second > 59) return null;
  const ms = Math.floor(Number(`0.${match[7] ?? "0"}`) * 1000);
  const at = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  // Date.UTC rolls 31 June over to 1 July: a date that does not come back as itself was none.
  const back = new Date(at);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day) return null;
  return at - offsetMs(match[8]);
}

function offsetMs(offset: string | undefined): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset ?? "");
  if (!match) return 0;
  const ms = (Number(match[2]) * 60 + Number(match[3] ?? 0)) * 60_000;
  return match[1] === "-" ? -ms : ms;
}

/** Below 100,000,000,000 a number is seconds (until the year 5138), above it milliseconds (since 1973). */
function fromUnix(value: number): number | null {
  const ms = value < 100_000_000_000 ? value * 1000 : value;
  return Number.isFinite(ms) && ms >= Date.UTC(FIRST_YEAR, 0) && ms < Date.UTC(10_000, 0) ? Math.floor(ms) : null;
}
