import { LARGEST_NUMBER, MAX_ID, MAX_TEXT } from "../domain/bounds.ts";
import { decodeEntities } from "../domain/entities.ts";
import { isNone } from "../domain/identifiers.ts";

/**
 * Reading the fields of a row of unknown origin. Three answers are kept apart everywhere: a value; `null`, "there is
 * none"; and `undefined`, no statement: the key is absent, or its value is unreadable (a clear "none" must not come out of a typing error).
 */

/** Which keys a kind of row may have: those that are read, and those that are known and passed over. */
export interface KeyTable {
  read: ReadonlySet<string>;
  known: ReadonlySet<string>;
  /** Spelling as sent → key, "" when passed over, null when unknown. Rows repeat their keys: one look-up instead of a lower-casing. */
  spellings: Map<string, string | null>;
}

/**
 * Keys are compared without regard to case and underscores (`ProductId`, `product_id`); write them as `productid`.
 * `read`: the keys the decoder asks for, the rest of them in `alsoRead`; `passedOver`: known and not needed. Both blank-separated.
 */
export function keyTable(read: readonly string[], alsoRead: string, passedOver = ""): KeyTable {
  const reads = [...read, ...words(alsoRead)];
  return { read: new Set(reads), known: new Set([...reads, ...words(passedOver)]), spellings: new Map() };
}

function words(list: string): string[] {
  return list.split(/\s+/).filter((word) => word !== "");
}

const MAX_SPELLINGS = 2_000;

function keyFor(table: KeyTable, spelling: string): string | null {
  const cached = table.spellings.get(spelling);
  if (cached !== undefined) return cached;
  const key = spelling.toLowerCase().replace(/[_-]/g, "");
  const found = table.read.has(key) ? key : table.known.has(key) ? "" : null;
  if (table.spellings.size < MAX_SPELLINGS) table.spellings.set(spelling, found);
  return found;
}

export interface Fields {
  /** The first of the names that has a value; null when they are only there as null; undefined when none is there. */
  pick(...names: string[]): unknown;
  unknown: number;
}

/** null when the row is not an object. */
export function openRow(row: unknown, table: KeyTable): Fields | null {
  if (typeof row !== "object" || row === null || Array.isArray(row)) return null;
  const values = new Map<string, unknown>();
  let unknown = 0;
  for (const spelling of Object.keys(row)) {
    const key = keyFor(table, spelling);
    if (key === null) unknown++;
    // The same key in two spellings: a value wins over null.
    else if (key !== "" && (values.get(key) ?? null) === null)
      values.set(key, (row as Record<string, unknown>)[spelling]);
  }
  return {
    unknown,
    pick: (...names) => {
      let seen: null | undefined;
      for (const name of names) {
        const value = values.get(name);
        if (value !== undefined && value !== null) return value;
        if (value === null) seen = null;
      }
      return seen;
    },
  };
}

/** Sets a property only when there is a statement to make. */
export function put<T, K extends keyof T>(row: T, key: K, value: T[K] | undefined): void {
  if (value !== undefined) row[key] = value;
}

/** Trimmed, entities of web pages decoded once; blank is null. A number is taken as its digits, an object by its name (`brand: {id, name}`). */
export function text(value: unknown): string | null | undefined {
  if (value === null) return null;
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value === "object" && !Array.isArray(value)) {
    const name = (value as Record<string, unknown>).name ?? (value as Record<string, unknown>).Name;
    return typeof name === "string" ? text(name) : undefined;
  }
  if (typeof value !== "string") return undefined;
  // SQLite ends a text at NUL, and a lone surrogate does not come back from UTF-8 as it went: both would differ for ever.
  const clean = value.replaceAll("\0", "").trim();
  const cut = decodeEntities(clean.slice(0, MAX_TEXT)).trim();
  return cut === "" ? null : cut.toWellFormed();
}

/**
 * An id as a string: a whole number above 0, or a text. What means "none" (`N/A`, `-`, or 0, as .NET writes it) is none: else
 * all rows that lack one would be one record. A number beyond 2^53 has lost digits while parsing.
 */
export function id(value: unknown): string | null {
  if (typeof value === "number") return Number.isSafeInteger(value) && value > 0 ? String(value) : null;
  if (typeof value !== "string") return null;
  const clean = value.replaceAll("\0", "").trim();
  if (clean.length > MAX_ID || isNone(clean) || /^-\d/.test(clean)) return null;
  return clean.toWellFormed();
}

/** An id of something else. */
export const reference = (value: unknown): string | null | undefined => (value === undefined ? undefined : id(value));

/** A finite number; also `"12.5"`, `" 3 "`, `"1,234.5"`, `"$4"`. Blank is null. */
export function number(value: unknown): number | null | undefined {
  if (value === null) return null;
  if (typeof value === "number") return bounded(value);
  if (typeof value !== "string") return undefined;
  const clean = value.trim().replace(/^(-?)\$\s*/, "$1");
  if (clean === "") return null;
  const plain = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(clean) ? clean.replaceAll(",", "") : clean;
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i.test(plain)) return undefined;
  const parsed = Number(plain);
  return bounded(parsed);
}

// Plus 0 makes -0 a 0: the two are written alike and must not differ.
const bounded = (value: number): number | undefined => (Math.abs(value) <= LARGEST_NUMBER ? value + 0 : undefined);

const YES = new Set(["true", "1", "yes", "y", "active", "available", "enabled"]);
const NO = new Set([
  "false",
  "0",
  "no",
  "n",
  "inactive",
  "unavailable",
  "disabled",
  "archived",
  "deleted",
  "discontinued",
]);

export function flag(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const word = String(value).trim().toLowerCase();
  return YES.has(word) ? true : NO.has(word) ? false : undefined;
}
