import { FIRST_YEAR, MAX_NUMBER } from "../../domain/bounds.ts";

// How a day may be written. ISO 8601, as Dutchie writes it, with a blank or a T before the time; or with slashes.
const YEAR_FIRST = /^(\d{4})([-/])(\d{1,2})([-/])(\d{1,2})(?![\d/-])[T ]?/i;
// Two numbers and a year: `dayOf` decides which one is the month.
const YEAR_LAST = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?!\d)[T ]?/i;
// RFC 1123, the form of HTTP and mail. The day of the week is ignored.
const NAMED_MONTH =
  /^(?:(?:mon|tue|wed|thu|fri|sat|sun), ?)?(\d{1,2})[ -](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[ -](\d{4})(?!\d) ?/i;
// A time may follow: up to 9 digits of a second (.NET writes 7). The offset is often missing.
const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([ap])m)?$/i;
const OFFSET = /(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)$/i;
// .NET's old form. The number is UTC; its offset only says where it was written.
const DOT_NET = /^\/Date\((\d{9,13})(?:[+-]\d{4})?\)\/$/i;
// Days that `parseStamp` reads have a sign between their numbers; times have a colon, and .NET's form has brackets.
const DAY_ALONE = /^[^:(\-/ ]*[-/ ][^:(]*$/;
const NOON_MS = 12 * 60 * 60_000;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

type Day = [year: number, month: number, day: number];

/**
 * Milliseconds since 1970 of a stamp, null when unreadable. A stamp without an offset is UTC, wherever this runs;
 * a number, or digits alone, are seconds or milliseconds since 1970.
 */
export function parseStamp(value: unknown): number | null {
  const read = readStamp(value);
  return read === "ambiguous" ? null : read;
}

/**
 * As `parseStamp`, for what is counted by the day. A day without a time is its noon: midnight in UTC is the day before in every
 * store of America, and noon is that day everywhere from UTC−12 to UTC+11.
 */
export function parseMoment(value: unknown): number | null {
  const at = parseStamp(value);
  return at !== null && isDayAlone(value, at) ? at + NOON_MS : at;
}

/** As `parseStamp`, for the time of an event: a day without a time is null, for the event is not from the midnight before. */
export function parseInstant(value: unknown): number | null {
  const at = parseStamp(value);
  return at !== null && isDayAlone(value, at) ? null : at;
}

const isDayAlone = (value: unknown, at: number): boolean =>
  at % (2 * NOON_MS) === 0 && typeof value === "string" && DAY_ALONE.test(value.trim());

/** Whether a stamp can mean two days, as 5/11/2026 can. We do not guess. */
export const isAmbiguous = (value: unknown): boolean => readStamp(value) === "ambiguous";

function readStamp(value: unknown): number | "ambiguous" | null {
  if (typeof value === "number") return fromUnix(value);
  if (typeof value !== "string" || value.length > MAX_NUMBER) return null;
  const plain = plainStamp(value);
  if (plain !== null) return plain;
  const text = value.trim();
  if (/^\d{10,13}(\.\d+)?$/.test(text)) return fromUnix(Number(text));
  const dotNet = DOT_NET.exec(text);
  if (dotNet !== null) return fromMs(Number(dotNet[1]));

  const { length } = YEAR_FIRST.exec(text)?.[0] ?? YEAR_LAST.exec(text)?.[0] ?? NAMED_MONTH.exec(text)?.[0] ?? "";
  const rest = text.slice(length).trim();
  // Without a time, a tail like "-05" belongs to the day and is not an offset.
  const offset = rest.includes(":") || /^[a-z]/i.test(rest) ? (OFFSET.exec(rest)?.[0] ?? "") : "";
  const clock = timeOf(rest.slice(0, rest.length - offset.length).trim());
  if (length === 0 || clock === null) return null;
  const day = dayOf(text, clock.is12h);
  if (day === null || day === "ambiguous") return day;

  if (day[0] < FIRST_YEAR || !exists(...day)) return null;
  return Date.UTC(day[0], day[1] - 1, day[2]) + clock.ms - offsetMs(offset);
}

/** As Dutchie writes nearly all stamps, `2026-11-05T10:00:00.123` with or without Z: read without a pattern, in half the time. null: otherwise. */
function plainStamp(text: string): number | null {
  const end = text.endsWith("Z") ? text.length - 1 : text.length;
  if (end < 19 || end > 23 || text[4] !== "-" || text[7] !== "-" || text[10] !== "T") return null;
  if (text[13] !== ":" || text[16] !== ":" || (end > 19 && (text[19] !== "." || end === 20))) return null;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
  const [hour, minute, second] = [digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19)];
  const fraction = digits(text, 20, end);
  // NaN fails each of these.
  const isTime = hour <= 23 && minute <= 59 && second <= 59 && fraction >= 0;
  if (!isTime || !(year >= FIRST_YEAR) || !exists(year, month, day)) return null;
  const ms = end === 23 ? fraction : end === 22 ? fraction * 10 : fraction * 100;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}

/** The digits from one place up to another as a number; NaN: not all are digits. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    number = digit >= 0 && digit <= 9 ? number * 10 + digit : Number.NaN;
  }
  return number;
}

/** Date.UTC turns 31 June into 1 July: a date that changes does not exist. */
function exists(year: number, month: number, day: number): boolean {
  if (month >= 1 && month <= 12 && day >= 1 && day <= 28) return true;
  const back = new Date(Date.UTC(year, month - 1, day));
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === day;
}

/**
 * Dutchie's stores are American: with AM or PM, the month is first. Otherwise two numbers are a day only if one of them
 * cannot be a month.
 */
function dayOf(text: string, is12h: boolean): Day | "ambiguous" | null {
  const first = YEAR_FIRST.exec(text);
  if (first !== null) return first[2] === first[4] ? [Number(first[1]), Number(first[3]), Number(first[5])] : null;
  const named = NAMED_MONTH.exec(text);
  if (named !== null) return [Number(named[3]), MONTHS.indexOf((named[2] ?? "").toLowerCase()) + 1, Number(named[1])];
  const [a, b, year] = (YEAR_LAST.exec(text) ?? []).slice(1).map(Number);
  if (a === undefined || b === undefined || year === undefined) return null;
  if (is12h || b > 12 || a === b) return [year, a, b];
  return a > 12 ? [year, b, a] : "ambiguous";
}

/** Milliseconds since midnight; 0 without a time. */
function timeOf(text: string): { ms: number; is12h: boolean } | null {
  if (text === "") return { ms: 0, is12h: false };
  const match = TIME.exec(text);
  if (match === null) return null;
  const [written, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  const half = match[5]?.toLowerCase();
  if (minute > 59 || second > 59 || written > 23 || (half !== undefined && (written < 1 || written > 12))) return null;
  const hour = half === undefined ? written : (written % 12) + (half === "p" ? 12 : 0);
  const ms = Math.floor(Number(`0.${match[4] ?? "0"}`) * 1000);
  return { ms: ((hour * 60 + minute) * 60 + second) * 1000 + ms, is12h: half !== undefined };
}

function offsetMs(offset: string | undefined): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset ?? "");
  if (!match) return 0;
  const ms = (Number(match[2]) * 60 + Number(match[3] ?? 0)) * 60_000;
  return match[1] === "-" ? -ms : ms;
}

/** Below 100,000,000,000 a number is seconds (until the year 5138), above it milliseconds (since 1973). */
function fromUnix(value: number): number | null {
  return fromMs(value < 100_000_000_000 ? value * 1000 : value);
}

function fromMs(ms: number): number | null {
  return Number.isFinite(ms) && ms >= Date.UTC(FIRST_YEAR, 0) && ms < Date.UTC(10_000, 0) ? Math.floor(ms) : null;
}
