import type { Decider, FieldChanges, Named, NumberedChange } from "../records/change.ts";
import {
  changeIdOf,
  ENTRIES_A_ROW,
  firstSequence,
  IDS_AN_ENTRY,
  sequenceKey,
  sequenceOf,
} from "../records/sequence.ts";
import { contentHash } from "../records/version.ts";
import { shorten } from "../values/shorten.ts";

/** An entry in a row with others, as the view `entries` reads it. `fields` null: it only names its record. */
export type PackedEntry = readonly [
  change_id: string,
  resource: string,
  record_id: string,
  fields: FieldChanges | null,
  cause: string,
  ref: string | null,
  at: number,
  previous: string | null,
  decided: Decider | null,
];

/** A row to be added to the log: one entry, or `packed` ones. */
export interface NewLogRow {
  /** Of its last entry. */
  change_id: string;
  resource: string;
  record_id: string;
  record_ids: readonly string[] | null;
  fields: FieldChanges;
  cause: string;
  ref: string | null;
  at: number;
  previous: string | null;
  decided: Decider | null;
  packed: readonly PackedEntry[] | null;
}

/** A row, and its entries if they may share one with others. */
interface Part {
  row: NewLogRow;
  entries: readonly PackedEntry[] | null;
}

/**
 * All that a batch adds to the log, after a number. Entries of packages and of records that are only named share rows: no index
 * finds them by their record. A row's numbers have no gap, so that a reader knows how far before its id it begins.
 */
export function logRowsOf(changes: readonly NumberedChange[], named: readonly Named[], head: number): NewLogRow[] {
  const rows: NewLogRow[] = [];
  let open: Part[] = [];
  for (const part of partsOf(changes, named, head)) {
    if (!joins(open, part)) {
      rows.push(...closed(open));
      open = [];
    }
    open.push(part);
  }
  return [...rows, ...closed(open)];
}

/** The first number that a row takes. */
export const firstNumberOf = ({ change_id, record_ids, packed }: NewLogRow): number =>
  packed?.[0] === undefined ? sequenceOf(change_id) + 1 - (record_ids?.length ?? 1) : sequenceOf(packed[0][0]);

function partsOf(changes: readonly NumberedChange[], named: readonly Named[], head: number): Part[] {
  const parts = changes.map(changed);
  for (const each of named) {
    const last = parts.at(-1);
    parts.push(...naming(each, last === undefined ? head : sequenceOf(last.row.change_id)));
  }
  return parts;
}

function changed({ digest: _, source_at: __, ...change }: NumberedChange): Part {
  const { change_id, resource, record_id, cause, ref, at, previous = null, decided = null } = change;
  const fields = shortened(change.fields);
  return {
    row: { change_id, resource, record_id, record_ids: null, fields, cause, ref, at, previous, decided, packed: null },
    entries:
      resource === "inventory" ? [[change_id, resource, record_id, fields, cause, ref, at, previous, decided]] : null,
  };
}

const shortened = (fields: FieldChanges): FieldChanges =>
  Object.fromEntries(
    Object.entries(fields).map(([field, [before, after]]) => [field, [shorten(before), shorten(after)]]),
  );

const NO_RECORD = { record_id: "", fields: {}, previous: null, decided: null } as const;

/** The entries of records that have none of their own, after a number: each takes a number for each record, and has the last. */
function naming({ resource, ids, cause, ref, at }: Named, after: number): Part[] {
  const parts: Part[] = [];
  let last = Math.max(after, firstSequence(at));
  for (let start = 0; start < ids.length; start += IDS_AN_ENTRY) {
    const record_ids = ids.slice(start, start + IDS_AN_ENTRY);
    const first = last + 1;
    last += record_ids.length;
    const change_id = changeIdOf(last, contentHash([resource, ...record_ids]));
    parts.push({
      row: { ...NO_RECORD, change_id, resource, record_ids, cause, ref, at, packed: null },
      entries:
        record_ids.length > ENTRIES_A_ROW
          ? null
          : record_ids.map((id, n) => [sequenceKey(first + n), resource, id, null, cause, ref, at, null, null]),
    });
  }
  return parts;
}

function joins(open: readonly Part[], { row, entries }: Part): boolean {
  const last = open.at(-1);
  if (last === undefined) return true;
  if (entries === null || last.entries === null) return false;
  const size = open.reduce((sum, part) => sum + (part.entries?.length ?? 0), entries.length);
  return size <= ENTRIES_A_ROW && firstNumberOf(row) === sequenceOf(last.row.change_id) + 1;
}

function closed(parts: readonly Part[]): NewLogRow[] {
  const packed = parts.flatMap(({ entries }) => entries ?? []);
  const last = packed.at(-1);
  if (parts.length < 2 || last === undefined) return parts.map(({ row }) => row);
  const [change_id, , , , , , at] = last;
  return [{ ...NO_RECORD, change_id, resource: "", record_ids: null, cause: "", ref: null, at, packed }];
}
