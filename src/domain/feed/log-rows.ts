import type { Decider, FieldChanges, Named, NumberedChange } from "../records/change.ts";
import { changeIdOf, ENTRIES_A_ROW, firstSequence, IDS_AN_ENTRY, restOf, sequenceOf } from "../records/sequence.ts";
import { contentHash } from "../records/version.ts";
import { shorten } from "../values/shorten.ts";

/** An entry in a row with others, as the view `entries` reads it. */
export type PackedEntry = readonly [
  /** Of its id; the number follows from the row's. */
  rest: string,
  record_id: string,
  /** null: it only names its record. */
  fields: FieldChanges | null,
  /** null: the row's. */
  resource: string | null,
  /** null: the row's. */
  ref: string | null,
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

/** Bytes of a row's entries, roughly. Of a row above 1,000 SQLite puts the rest into a page of its own, mostly empty. */
const ROW_BYTES = 850;
/** Of each entry: quotes, commas and the rest of its id. */
const ENTRY_BYTES = 50;

/**
 * All that a batch adds to the log, after a number. Entries of packages and of records that are only named share rows: no index
 * finds them by their record. A row's numbers have no gap, so that a reader knows how far before its id it begins.
 */
export function logRowsOf(changes: readonly NumberedChange[], named: readonly Named[], head: number): NewLogRow[] {
  const rows: NewLogRow[] = [];
  let open: NewLogRow[] = [];
  let [entries, bytes] = [0, 0];
  for (const row of partsOf(changes, named, head)) {
    const size = bytesOf(row);
    const fits = entries + widthOf(row) <= ENTRIES_A_ROW && bytes + size <= ROW_BYTES;
    if (!fits || !follows(row, open.at(-1))) {
      rows.push(...closed(open));
      open = [];
      [entries, bytes] = [0, 0];
    }
    open.push(row);
    entries += widthOf(row);
    bytes += size;
  }
  return [...rows, ...closed(open)];
}

/** How many numbers a row takes. */
const widthOf = ({ record_ids, packed }: NewLogRow): number => packed?.length ?? record_ids?.length ?? 1;

/** The first number that a row takes. */
export const firstNumberOf = (row: NewLogRow): number => sequenceOf(row.change_id) + 1 - widthOf(row);

function partsOf(changes: readonly NumberedChange[], named: readonly Named[], head: number): NewLogRow[] {
  const rows = changes.map(changed);
  for (const each of named) {
    const last = rows.at(-1);
    rows.push(...naming(each, last === undefined ? head : sequenceOf(last.change_id)));
  }
  return rows;
}

const changed = ({
  digest: _,
  source_at: __,
  fields,
  previous = null,
  decided = null,
  ...change
}: NumberedChange): NewLogRow => ({
  ...change,
  record_ids: null,
  fields: shortened(fields),
  previous,
  decided,
  packed: null,
});

const shortened = (fields: FieldChanges): FieldChanges =>
  Object.fromEntries(
    Object.entries(fields).map(([field, [before, after]]) => [field, [shorten(before), shorten(after)]]),
  );

const NO_RECORD = { record_id: "", fields: {}, previous: null, decided: null } as const;

/** The rows of records that have no entries of their own, after a number: each takes a number for each record, and has the last. */
function naming({ resource, ids, cause, ref, at }: Named, after: number): NewLogRow[] {
  const rows: NewLogRow[] = [];
  let last = Math.max(after, firstSequence(at));
  for (let start = 0; start < ids.length; start += IDS_AN_ENTRY) {
    const record_ids = ids.slice(start, start + IDS_AN_ENTRY);
    last += record_ids.length;
    const change_id = changeIdOf(last, contentHash([resource, ...record_ids]));
    rows.push({ ...NO_RECORD, change_id, resource, record_ids, cause, ref, at, packed: null });
  }
  return rows;
}

/** Whether the row's entries may share one with those of the row before. */
const follows = (row: NewLogRow, last: NewLogRow | undefined): boolean =>
  last !== undefined &&
  canShare(row) &&
  canShare(last) &&
  row.cause === last.cause &&
  row.at === last.at &&
  firstNumberOf(row) === sequenceOf(last.change_id) + 1;

const canShare = ({ resource, record_ids }: NewLogRow): boolean => record_ids !== null || resource === "inventory";

const bytesOf = ({ record_id, record_ids, fields, ref, previous }: NewLogRow): number =>
  (record_ids ?? [record_id]).reduce((sum, id) => sum + id.length + (ref?.length ?? 0) + ENTRY_BYTES, 0) +
  JSON.stringify(fields).length +
  (previous?.length ?? 0);

function closed(rows: readonly NewLogRow[]): NewLogRow[] {
  const last = rows.at(-1);
  if (rows.length < 2 || last === undefined) return [...rows];
  const { change_id, cause, at } = last;
  const resource = ofAll(rows.map((row) => row.resource));
  const ref = ofAll(rows.map((row) => row.ref));
  const packed = rows.flatMap((row) => packedOf(row, { resource: resource === null, ref: ref === null }));
  return [{ ...NO_RECORD, change_id, resource: resource ?? "", record_ids: null, cause, ref, at, packed }];
}

/** What all of them are; null: they differ. */
const ofAll = <T>(values: readonly T[]): T | null =>
  values.every((value) => value === values[0]) ? (values[0] ?? null) : null;

/** `own`: what the entries say themselves. */
function packedOf(row: NewLogRow, own: { resource: boolean; ref: boolean }): PackedEntry[] {
  const { change_id, record_id, record_ids, fields, previous, decided } = row;
  const rest = restOf(change_id);
  const [resource, ref] = [own.resource ? row.resource : null, own.ref ? row.ref : null];
  return record_ids === null
    ? [[rest, record_id, fields, resource, ref, previous, decided]]
    : record_ids.map((id, n) => [n === record_ids.length - 1 ? rest : "", id, null, resource, ref, null, null]);
}
