import { MAX_NUMBER, MAX_TEXT } from "../../domain/bounds.ts";
import { hashOf } from "../../domain/records/decide.ts";
import type { Resource } from "../../domain/records/model.ts";
import {
  flag,
  id,
  isObject,
  type KeyTable,
  keyTable,
  number,
  reference,
  type StatedValue,
  statedValues,
  text,
} from "../decode/fields.ts";
import { parseStamp } from "../decode/stamp.ts";
import { LINE, PACKAGE, PRODUCT, ROOM_QUANTITY, SALE } from "../decode/synonyms.ts";
import { gramsIn, potency, potencyUnit } from "../decode/units.ts";
import { EVENT_KEYS, type EventField, eventType, LIST_KEYS, resourceOf, rowsOf } from "./event.ts";

/**
 * What stays of a webhook's body: what the decoder reads, and nothing else (F73). It is a list of what may stay, made from
 * the tables that the decoder reads by; a field that nobody has heard of may hold a customer. It never grows in bytes, and
 * decodes to the same rows. Of a type that is not known its type, id and time stay.
 */

export interface KeepOptions {
  /** The customer's id stays: of a store that keeps customers, on the way to its pseudonym. */
  customers: boolean;
}

/** null: it is no event. */
export function keep(body: unknown, keeping: KeepOptions = { customers: false }): Record<string, unknown> | null {
  const tellings = statedValues(body, EVENT_KEYS);
  if (tellings === null) return null;
  const entries = envelope(tellings.values);
  const type = eventType(body);
  const resource = type === null ? undefined : resourceOf(type);
  const data = tellings.values.get("data")?.find(({ value }) => value !== null);
  if (type !== null && resource !== undefined && data !== undefined)
    entries.push([data.spelling, keptData(data.value, type, resource, keeping)]);
  // Own properties, whatever their names.
  return Object.fromEntries(entries);
}

/** Its type, id and time: of a type that is not known, and of an event whose rows are not applied. */
export const keepEnvelope = (body: unknown): Record<string, unknown> =>
  Object.fromEntries(envelope(statedValues(body, EVENT_KEYS)?.values ?? new Map()));

function envelope(values: ReadonlyMap<EventField, readonly StatedValue[]>): [string, unknown][] {
  return (["type", "id", "occurred_at"] as const).flatMap((field) => {
    const stated = values.get(field)?.find(({ value }) => ENVELOPE[field].isReadable(value));
    return stated === undefined ? [] : [[stated.spelling, ENVELOPE[field].keep(stated.value)] as [string, unknown]];
  });
}

function keptData(data: unknown, type: string, resource: Exclude<Resource, "rooms">, keeping: KeepOptions): unknown {
  const row = (value: unknown) => keptRow(value, ROWS[resource], keeping);
  const rows = rowsOf(data, type);
  if (rows.length === 1 && rows[0] === data) return row(data);
  const kept = rows.map(row);
  const list = resource === "inventory" ? markedApart(rows, kept) : kept;
  return Array.isArray(data) ? list : { [itemsKey(data)]: list };
}

const itemsKey = (data: unknown): string =>
  statedValues(data, LIST_KEYS)
    ?.values.get("items")
    ?.find(({ value }) => value !== null)?.spelling ?? "items";

// ---- Values -------------------------------------------------------------------------------------------------------

/** Stands for a value that is there and cannot be read. Nothing that it replaces is shorter. */
const UNREADABLE: readonly never[] = [];

interface Kind {
  isReadable: (value: unknown) => boolean;
  /** Of a value that is not null. */
  keep: (value: unknown) => unknown;
  /** The decoder takes the first value that is there, readable or not; else the first that is readable. */
  usesFirst?: true;
}

const isSomething = (value: unknown): boolean => value !== null && value !== undefined;

function scalar(parse: (value: unknown) => unknown, length: number): Kind {
  const isReadable = (value: unknown) => isSomething(parse(value));
  const keep = (value: unknown) => {
    if (typeof value === "string" && (isReadable(value) || value.trim() === "")) return cut(value, length);
    return isReadable(value) && !isObject(value) ? value : UNREADABLE;
  };
  return { isReadable, keep };
}

const cut = (value: string, length: number): string => value.slice(0, length).toWellFormed();

const ID = scalar(id, MAX_TEXT);
const NUMBER = scalar(number, MAX_NUMBER);
const FLAG = scalar(flag, MAX_NUMBER);
const STAMP = scalar(parseStamp, MAX_NUMBER);
const WORDS = scalar(text, MAX_TEXT);
const nameIn = (value: Record<string, unknown>): unknown => value.name ?? value.Name;
const TEXT: Kind = {
  ...WORDS,
  keep: (value) => {
    const inner = isObject(value) ? nameIn(value) : undefined;
    return typeof inner === "string" ? { name: cut(inner, MAX_TEXT) } : WORDS.keep(value);
  },
};
const REFERENCE: Kind = {
  isReadable: (value) => isSomething(reference(value)),
  keep: (value) => (isObject(value) ? within("id", value.id, ID) : ID.keep(value)),
};
/** A product in the place of its id: `{id, name}`, or one of the two. */
const PRODUCT_OBJECT: Kind = {
  isReadable: isSomething,
  keep: (value) => {
    if (isObject(value)) return { ...within("id", value.id, ID), ...within("name", nameIn(value), WORDS) };
    return typeof value === "string" ? cut(value, MAX_TEXT) : WORDS.keep(value);
  },
  usesFirst: true,
};
const POTENCY_UNIT: Kind = { ...scalar((value) => potencyUnit(value ?? null), MAX_NUMBER), usesFirst: true };
const WEIGHT_UNIT: Kind = { ...scalar(gramsIn, MAX_NUMBER), usesFirst: true };
const WEIGHT: Kind = { isReadable: isSomething, keep: keptWeight, usesFirst: true };
const POTENCY: Kind = { isReadable: isSomething, keep: keptPotency, usesFirst: true };

/** A part of an object, when it is there. */
const within = (key: string, value: unknown, { keep }: Kind): Record<string, unknown> =>
  value === undefined ? {} : { [key]: value === null ? null : keep(value) };

/** "3.5 g". Of a unit that is none only stays that there is one. */
function keptWeight(value: unknown): unknown {
  const short = typeof value === "string" && value.length <= MAX_NUMBER ? value : "";
  const unit = /^\s*[\d.,]+\s*([a-z]+)\s*$/i.exec(short)?.[1];
  if (unit === undefined) return NUMBER.keep(value);
  return gramsIn(unit) === undefined ? "0x" : value;
}

/** `units.ts` reads texts, lists and `{range, value, formatted, unit}`. What it cannot read says the same as `{}`. */
function keptPotency(value: unknown): unknown {
  if (Array.isArray(value)) return keptRange(value);
  if (!isObject(value)) return typeof value === "string" ? keptLabel(value, {}) : NUMBER.keep(value);
  const { range, value: single, formatted, unit } = value;
  const isStated = typeof formatted === "string" && formatted.trim() !== "";
  return {
    ...(Array.isArray(range) ? { range: keptRange(range) } : {}),
    ...(single === undefined ? {} : { value: keptRange([single])[0] }),
    ...("formatted" in value ? { formatted: isStated ? keptLabel(formatted, "?") : 0 } : {}),
    ...(isSomething(unit) ? { unit: POTENCY_UNIT.keep(unit) } : {}),
  };
}

const keptLabel = (label: string, unreadable: unknown): unknown => {
  const isReadable = [undefined, "nd"].some((unit) => potency(label, unit) !== undefined);
  return isReadable ? cut(label, MAX_NUMBER) : unreadable;
};

/** Values that a range has at most, as the decoder reads it. */
const RANGE = 16;
const keptRange = (range: readonly unknown[]): unknown[] =>
  range.slice(0, RANGE).map((each) => {
    const kept = each === null ? null : NUMBER.keep(each);
    // An unreadable text or number is one all the same: it decides whether the range is read at all.
    return kept === UNREADABLE && (typeof each === "string" || typeof each === "number") ? "" : kept;
  });

// ---- Rows ---------------------------------------------------------------------------------------------------------

interface RowKind {
  table: KeyTable<string>;
  kinds: Readonly<Record<string, Kind>>;
  /** A list of rows within the row. */
  lists: ReadonlyMap<string, RowKind>;
  /** Fields that only a store that keeps customers keeps. */
  personal: ReadonlySet<string>;
  usesFirst?: true;
}

type Names = Readonly<Record<string, readonly string[]>>;

function rowKind<N extends Names>(
  names: N,
  kinds: Readonly<Record<keyof N, Kind | RowKind>>,
  personal: readonly (keyof N & string)[] = [],
): RowKind {
  const entries = Object.entries<Kind | RowKind>(kinds);
  const isRow = (kind: Kind | RowKind): kind is RowKind => "table" in kind;
  return {
    table: keyTable(names),
    kinds: Object.fromEntries(entries.flatMap(([field, kind]) => (isRow(kind) ? [] : [[field, kind]]))),
    lists: new Map(entries.flatMap(([field, kind]) => (isRow(kind) ? [[field, kind] as const] : []))),
    personal: new Set(personal),
  };
}

const STOCK = { sku: TEXT, upc: TEXT, product_name: TEXT };
const PRICES = { price: NUMBER, rec_price: NUMBER, med_price: NUMBER, unit_cost: NUMBER };
const KIND = { ...STOCK, brand: TEXT, category: TEXT, master_category: TEXT, strain_type: TEXT };

const ROWS: Readonly<Record<Exclude<Resource, "rooms">, RowKind>> = {
  products: rowKind(PRODUCT, {
    id: ID,
    ...KIND,
    ...PRICES,
    thc: POTENCY,
    thc_percent: POTENCY,
    cbd: POTENCY,
    cbd_percent: POTENCY,
    thc_unit: POTENCY_UNIT,
    cbd_unit: POTENCY_UNIT,
    net_weight: WEIGHT,
    net_weight_unit: WEIGHT_UNIT,
    is_active: FLAG,
    modified: STAMP,
  }),
  inventory: rowKind(PACKAGE, {
    id: ID,
    ...KIND,
    ...PRICES,
    product_id: REFERENCE,
    product: PRODUCT_OBJECT,
    package_id: TEXT,
    quantity: NUMBER,
    allocated: NUMBER,
    room: TEXT,
    rooms: { ...rowKind(ROOM_QUANTITY, { id: ID, room: TEXT, quantity: NUMBER }), usesFirst: true },
    modified: STAMP,
  }),
  sales: rowKind(
    SALE,
    {
      id: ID,
      completed: STAMP,
      type: TEXT,
      subtotal: NUMBER,
      discount: NUMBER,
      tax: NUMBER,
      total: NUMBER,
      total_items: NUMBER,
      is_void: FLAG,
      status: TEXT,
      is_return: FLAG,
      return_of: REFERENCE,
      adjustment_of: REFERENCE,
      customer: { ...REFERENCE, usesFirst: true },
      lines: rowKind(LINE, {
        id: ID,
        ...STOCK,
        ...PRICES,
        transaction: REFERENCE,
        product_id: REFERENCE,
        product: PRODUCT_OBJECT,
        inventory_id: REFERENCE,
        package_id: TEXT,
        quantity: NUMBER,
        discount: NUMBER,
        total: NUMBER,
        is_returned: FLAG,
      }),
      modified: STAMP,
    },
    ["customer"],
  ),
};

const ENVELOPE: Readonly<Record<Exclude<EventField, "data">, Kind>> = {
  type: scalar((value) => eventType({ type: value }), MAX_TEXT),
  id: ID,
  occurred_at: STAMP,
};

/** What is no object stays something that is none. */
const NO_ROW = 0;

function keptRow(row: unknown, { table, kinds, lists, personal }: RowKind, keeping: KeepOptions): unknown {
  const tellings = statedValues(row, table);
  if (tellings === null) return NO_ROW;
  const kept: [string, unknown][] = [];
  for (const [field, values] of tellings.values) {
    if (personal.has(field) && !keeping.customers) continue;
    const list = lists.get(field);
    const kind = kinds[field];
    if (list !== undefined) kept.push(...keptList(values, list, keeping));
    else if (kind !== undefined) kept.push(...keptField(values, kind));
  }
  return Object.fromEntries(kept);
}

/** The one that is read; when none can be, all of them: they say that something is there, or that there is none. */
function keptField(values: readonly StatedValue[], { isReadable, keep, usesFirst }: Kind): [string, unknown][] {
  const read = values.find(({ value }) => (usesFirst ? value !== null : value !== null && isReadable(value)));
  return (read === undefined ? values : [read]).map(({ spelling, value }) => [
    spelling,
    value === null ? null : keep(value),
  ]);
}

function keptList(values: readonly StatedValue[], row: RowKind, keeping: KeepOptions): [string, unknown][] {
  const read = values.find(({ value }) => (row.usesFirst ? value !== null : Array.isArray(value)));
  return (read === undefined ? values : [read]).map(({ spelling, value }) => {
    if (Array.isArray(value)) return [spelling, value.map((each) => keptRow(each, row, keeping))];
    return [spelling, value === null ? null : NO_ROW];
  });
}

/** Tells rows apart that differ in nothing that is kept: a name that no row has. */
const MARK = "";

/**
 * Of packages an identical row is the same row once more (`domain/snapshots/package-rows.ts`), so rows that differed stay different:
 * the second of those that look alike gets a number, in the place of what told them apart.
 */
function markedApart(rows: readonly unknown[], kept: readonly unknown[]): unknown[] {
  const marked = [...kept];
  const alike = Map.groupBy(kept.keys(), (index) => JSON.stringify(kept[index]));
  for (const indexes of alike.values()) {
    const [first = 0] = indexes;
    if (indexes.length < 2 || !isObject(kept[first])) continue;
    const numbers = new Map<string, number>();
    for (const { row, index, bytes } of shortestFirst(rows, indexes)) {
      const hash = hashOf(row as object);
      const number = numbers.get(hash) ?? numbers.size;
      numbers.set(hash, number);
      const other = { ...kept[first], [MARK]: number };
      if (number > 0 && sizeOf(other) <= bytes) marked[index] = other;
    }
  }
  return marked;
}

/** So that the numbers grow as what was left out does, and are no longer than it. */
const shortestFirst = (rows: readonly unknown[], indexes: readonly number[]) =>
  indexes
    .map((index) => ({ index, row: rows[index], bytes: sizeOf(rows[index]), text: JSON.stringify(rows[index]) }))
    .sort((a, b) => a.bytes - b.bytes || (a.text < b.text ? -1 : 1));

const sizeOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).byteLength;
