import { MAX_TEXT } from "../../domain/bounds.ts";
import { hashOf } from "../../domain/records/decide.ts";
import type { Resource } from "../../domain/records/model.ts";
import { isObject, type StatedValue, statedValues } from "../decode/fields.ts";
import { EVENT_KEYS, type EventField, eventType, LIST_KEYS, resourceOf, rowsOf } from "./event.ts";
import { type KeepOptions, keptRow, ROWS } from "./kept-rows.ts";
import { ID, type Kind, STAMP, scalar } from "./kept-values.ts";

/**
 * What stays of a webhook's body: what the decoder reads, and nothing else (F73). It is a list of what may stay, made from
 * the tables that the decoder reads by, because an unknown field may contain a customer. It never grows in bytes, and
 * decodes to the same rows. Of a type that is not known its type, id and time stay.
 */

/** null: it is no event. */
export function keep(body: unknown, keeping: KeepOptions = { customers: false }): Record<string, unknown> | null {
  const stated = statedValues(body, EVENT_KEYS);
  if (stated === null) return null;
  const entries = envelope(stated.values, ALWAYS);
  const type = eventType(body);
  const resource = type === null ? undefined : resourceOf(type);
  const data = stated.values.get("data")?.find(({ value }) => value !== null);
  if (type !== null && resource !== undefined) {
    entries.push(...envelope(stated.values, ["location"]));
    if (data !== undefined) entries.push([data.spelling, keptData(data.value, type, resource, keeping)]);
  }
  // Own properties, whatever their names.
  return Object.fromEntries(entries);
}

/** Its type, id and time: of a type that is not known, and of an event whose rows are not applied. */
export const keepEnvelope = (body: unknown): Record<string, unknown> =>
  Object.fromEntries(envelope(statedValues(body, EVENT_KEYS)?.values ?? new Map(), ALWAYS));

function envelope(
  values: ReadonlyMap<EventField, readonly StatedValue[]>,
  fields: readonly EnvelopeField[],
): [string, unknown][] {
  return fields.flatMap((field) => {
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
  return Array.isArray(data) ? list : wrapped(data, list);
}

/** A list under its name, with the store that it says it is about. */
function wrapped(data: unknown, list: unknown): Record<string, unknown> {
  const values = statedValues(data, LIST_KEYS)?.values;
  const items = values?.get("items")?.find(({ value }) => value !== null)?.spelling ?? "items";
  const location = values?.get("location")?.find(({ value }) => ID.isReadable(value));
  return { ...(location === undefined ? {} : { [location.spelling]: ID.keep(location.value) }), [items]: list };
}

type EnvelopeField = Exclude<EventField, "data">;
/** What is kept of any event. */
const ALWAYS: readonly EnvelopeField[] = ["type", "id", "occurred_at"];
const ENVELOPE: Readonly<Record<EnvelopeField, Kind>> = {
  type: scalar((value) => eventType({ type: value }), MAX_TEXT),
  id: ID,
  occurred_at: STAMP,
  location: ID,
};

/** The key of a number that keeps rows apart if their stored parts are equal: no row of Dutchie's has this key. */
const MARK = "";

/**
 * Equal rows of a package count as one repeated row (`domain/snapshots/package-rows.ts`), so rows that differed must stay different:
 * the second of equal rows gets a number instead of the dropped fields that made them differ.
 */
function markedApart(rows: readonly unknown[], kept: readonly unknown[]): readonly unknown[] {
  if (kept.length < 2) return kept;
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
