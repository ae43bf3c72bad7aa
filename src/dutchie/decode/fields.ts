import {
  LARGEST_MONEY,
  LARGEST_NUMBER,
  LARGEST_POTENCY,
  LARGEST_QUANTITY,
  MAX_ID,
  MAX_NUMBER,
  MAX_TEXT,
} from "../../domain/bounds.ts";
import { decodeEntities } from "../../domain/values/entities.ts";
import { isNone, oneSpelling } from "../../domain/values/identifiers.ts";

/**
 * Reads the fields of a row from outside. There are three results everywhere: a value; `null`, "there is none"; and
 * `undefined`, no statement: the key is absent or its value is unreadable. (A typing error must not become "none".)
 */

/** The fields of a kind of row, each under all its names, in order of preference (`synonyms.ts`). */
export type Names<F extends string> = Readonly<Record<F, readonly string[]>>;

/** Which keys a kind of row may have: those that are read, and those that are known and ignored. */
export interface KeyTable<F extends string> {
  read: ReadonlyMap<string, { field: F; rank: number }>;
  ignored: ReadonlySet<string>;
  /** A cache from the spelling as sent: rows repeat their keys, and a look-up is faster than normalising. */
  spellings: Map<string, Key<F>>;
  /** The keys of the last few rows: the rows of an answer have nearly all the same, in the same order. */
  layouts: Layout<F>[];
}
type Key<F extends string> = { field: F; rank: number } | "ignored" | "unknown";

/** Keys are compared without regard to case, underscores and hyphens (`ProductId`, `product_id`); write them as `productid`. */
export function keyTable<F extends string>(names: Names<F>, ignored = ""): KeyTable<F> {
  const read = new Map<string, { field: F; rank: number }>();
  for (const [field, spellings] of Object.entries(names) as [F, readonly string[]][])
    for (const [rank, name] of spellings.entries()) if (!read.has(name)) read.set(name, { field, rank });
  return { read, ignored: new Set(ignored.split(/\s+/)), spellings: new Map(), layouts: [] };
}

const MAX_SPELLINGS = 2_000;

function keyFor<F extends string>(table: KeyTable<F>, spelling: string): Key<F> {
  const cached = table.spellings.get(spelling);
  if (cached !== undefined) return cached;
  // Even if it normalises to a known name: stored webhooks keep their keys as sent, and keys must stay short.
  if (spelling.length > MAX_ID) return "unknown";
  const key = spelling.toLowerCase().replace(/[_-]/g, "");
  const found = table.read.get(key) ?? (table.ignored.has(key) ? "ignored" : "unknown");
  if (table.spellings.size < MAX_SPELLINGS) table.spellings.set(spelling, found);
  return found;
}

/** The fields of a row. */
export class Fields<F extends string> {
  /** Amounts that are there and cannot be read (`amount`). */
  garbled: readonly F[] | undefined;

  constructor(
    private readonly row: Record<string, unknown>,
    private readonly layout: Layout<F>,
  ) {}

  get unknown(): number {
    return this.layout.unknown;
  }

  /** The first value of a field that `parse` can read; null when there are only nulls; undefined: no statement. */
  read<T>(field: F, parse: (value: unknown) => T | null | undefined): T | null | undefined {
    const spellings = this.layout.spellings.get(field);
    if (spellings === undefined) return undefined;
    let none: null | undefined;
    for (const spelling of spellings) {
      const value = this.row[spelling];
      const parsed = value === null ? null : parse(value);
      if (parsed !== null && parsed !== undefined) return parsed;
      if (parsed === null) none = null;
    }
    return none;
  }

  /** An amount of money. One that is there and cannot be read is noted, so that it does not stay as it was without a word. */
  amount(field: F, parse = money): number | null | undefined {
    const found = this.read(field, parse);
    if (found === undefined && this.read(field, garbled) !== undefined) this.addGarbled(field);
    return found;
  }

  /** Notes a field that was meant to be an amount and cannot be read. */
  addGarbled(field: F): void {
    this.garbled = [...(this.garbled ?? []), field];
  }

  /** The first value that is not null; null when there are only nulls; undefined when the key is absent. */
  pick(field: F): unknown {
    return this.read(field, itself);
  }

  /** The row's keys, for a message that says what the row has instead. */
  keys(): string {
    return keysOf(this.row);
  }
}

/** What a row states for a field under one of the field's names. */
export interface StatedValue {
  rank: number;
  /** The key as it was sent. */
  spelling: string;
  value: unknown;
}

/** What a row states for each field that is read, the preferred name first; null when the row is not an object. */
export function statedValues<F extends string>(row: unknown, table: KeyTable<F>): Statement<F> | null {
  return isObject(row) ? stated(row, Object.keys(row), table) : null;
}

interface Statement<F extends string> {
  values: ReadonlyMap<F, readonly StatedValue[]>;
  unknown: number;
}

function stated<F extends string>(
  row: Record<string, unknown>,
  keys: readonly string[],
  table: KeyTable<F>,
): Statement<F> {
  const values = new Map<F, StatedValue[]>();
  let unknown = 0;
  for (const spelling of keys) {
    const key = keyFor(table, spelling);
    if (key === "unknown") unknown++;
    if (typeof key === "string") continue;
    const value = { rank: key.rank, spelling, value: row[spelling] };
    const others = values.get(key.field);
    if (others === undefined) values.set(key.field, [value]);
    else others.push(value);
  }
  // For one name in two spellings the first counts. Sorted once: a row may have thousands of spellings.
  for (const each of values.values()) if (each.length > 1) each.sort((a, b) => a.rank - b.rank);
  return { values, unknown };
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Under which of their keys rows with these keys have their fields. */
interface Layout<F extends string> {
  keys: readonly string[];
  /** A field's keys, the preferred name first. */
  spellings: ReadonlyMap<F, readonly string[]>;
  unknown: number;
}

const MAX_LAYOUTS = 4;
/** Keys of a row whose layout is kept: twice what Dutchie's largest rows have. */
const MAX_LAYOUT_KEYS = 200;

function layoutOf<F extends string>(row: Record<string, unknown>, table: KeyTable<F>): Layout<F> {
  for (const layout of table.layouts) if (hasKeys(row, layout.keys)) return layout;
  const keys = Object.keys(row);
  const { values, unknown } = stated(row, keys, table);
  const spellings = new Map([...values].map(([field, each]) => [field, each.map(({ spelling }) => spelling)]));
  const layout = { keys, spellings, unknown };
  if (keys.length <= MAX_LAYOUT_KEYS && keys.every((key) => key.length <= MAX_ID)) {
    table.layouts = [layout, ...table.layouts.slice(0, MAX_LAYOUTS - 1)];
  }
  return layout;
}

/** Whether a row has exactly these keys in this order. Without a list of its keys: each row would have one. */
function hasKeys(row: Record<string, unknown>, keys: readonly string[]): boolean {
  let count = 0;
  for (const key in row) if (key !== keys[count++]) return false;
  return count === keys.length;
}

/** null when the row is not an object. */
export function openRow<F extends string>(row: unknown, table: KeyTable<F>): Fields<F> | null {
  return isObject(row) ? new Fields(row, layoutOf(row, table)) : null;
}

const itself = (value: unknown): unknown => value;
const garbled = (value: unknown): true | undefined => isGarbled(value) || undefined;

/** Whether an amount is meant: not by a list or a flag under the same name, nor by a word for "none". */
export const isGarbled = (value: unknown): boolean =>
  typeof value === "string" ? !isNone(value.slice(0, MAX_TEXT)) : typeof value === "number" || isObject(value);

/** Whether a text has a decimal comma, which is not read: the same sign stands between thousands. */
export const hasComma = (value: unknown): boolean =>
  typeof value === "string" && /\d,\d/.test(value.slice(0, MAX_NUMBER));

/** How many keys a message quotes, and how many characters of each. */
const QUOTED_KEYS = 12;
const QUOTED_CHARS = 30;

function keysOf(row: object): string {
  const keys = Object.keys(row);
  const shown = keys.slice(0, QUOTED_KEYS).map((key) => key.slice(0, QUOTED_CHARS).toWellFormed());
  return keys.length > QUOTED_KEYS ? `${shown.join(", ")}, …` : shown.join(", ");
}

/** Nothing to do: printable ASCII without an entity and without blanks around it, as nearly all texts are. */
const PLAIN = /^[!-%'-~](?:[ -%'-~]*[!-%'-~])?$/;

/** Trimmed, HTML entities decoded once; blank is null. A number becomes its digits, an object its name (`brand: {id, name}`). */
export function text(value: unknown): string | null | undefined {
  if (value === null) return null;
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : undefined;
  if (isObject(value)) {
    const name = value.name ?? value.Name;
    return typeof name === "string" ? text(name) : undefined;
  }
  if (typeof value !== "string") return undefined;
  if (value.length <= MAX_TEXT && PLAIN.test(value)) return value;
  // SQLite ends a text at NUL, and UTF-8 has no lone surrogates: once stored, both would always differ from the row.
  const clean = value.slice(0, MAX_TEXT).replaceAll("\0", "").trim();
  const cut = decodeEntities(clean).trim();
  return cut === "" ? null : cut.toWellFormed();
}

/** Digits that are an id without a second look. */
const WHOLE = /^[1-9]\d{0,30}$/;

/**
 * An id as a string: a whole number above 0, or a text. What means "none" (`N/A`, `-`, or .NET's 0) is null: otherwise all
 * rows without an id would be one record. A number beyond 2^53 lost digits in parsing.
 */
export function id(value: unknown): string | null {
  if (typeof value === "number") return Number.isSafeInteger(value) && value > 0 ? String(value) : null;
  if (typeof value !== "string") return null;
  if (WHOLE.test(value)) return value;
  // Well-formed first: a sign cut in half means what it becomes when it is stored.
  const clean = value.slice(0, MAX_TEXT).replaceAll("\0", "").toWellFormed().trim();
  return clean.length > MAX_ID || isNone(clean) || /^-\d/.test(clean) ? null : oneSpelling(clean);
}

/** The id of another record, alone or in an object (`product: {id, name}`). */
export function reference(value: unknown): string | null | undefined {
  if (value === undefined) return undefined;
  return id(isObject(value) ? value.id : value);
}

/** A name to show: without the stray ` |` at the end of some. */
export function name(value: unknown): string | null | undefined {
  const whole = text(value);
  if (typeof whole !== "string" || !whole.endsWith("|")) return whole;
  let end = whole.length;
  while (end > 0 && (whole[end - 1] === "|" || whole[end - 1] === " ")) end--;
  return end === 0 ? null : whole.slice(0, end);
}

/** A finite number; also `"12.5"`, `" 3 "`, `"1,234.5"`, `"$4"`. Blank is null. */
export function number(value: unknown): number | null | undefined {
  if (value === null) return null;
  if (typeof value === "number") return bounded(value);
  // Checked before any pattern runs: no amount has so many characters.
  if (typeof value !== "string" || value.length > MAX_NUMBER) return undefined;
  const clean = value.trim().replace(/^(-?)\$\s*/, "$1");
  if (clean === "") return null;
  // Not "0,500": no thousands begin with 0, so its comma stands before decimals.
  const plain = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(clean) ? clean.replaceAll(",", "") : clean;
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i.test(plain)) return undefined;
  const parsed = Number(plain);
  return bounded(parsed);
}

// Plus 0 turns -0 into 0: both are written the same and must compare as equal.
const bounded = (value: number): number | undefined => (Math.abs(value) <= LARGEST_NUMBER ? value + 0 : undefined);

const upTo = (largest: number) => (value: unknown) => {
  const found = number(value);
  return typeof found === "number" && Math.abs(found) > largest ? undefined : found;
};

export const money = upTo(LARGEST_MONEY);
export const stock = upTo(LARGEST_QUANTITY);
export const strength = upTo(LARGEST_POTENCY);

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
  const word = String(value).slice(0, MAX_NUMBER).trim().toLowerCase();
  return YES.has(word) ? true : NO.has(word) ? false : undefined;
}
