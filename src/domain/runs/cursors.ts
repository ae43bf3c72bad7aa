import { MAX_FAILURES, MAX_REREAD_MS } from "../bounds.ts";
import { type ClockReading, isImpossible, nextFrom } from "../clock.ts";
import type { Resource } from "../records/model.ts";

/** Where the next incremental read of a data type begins: last-modified, ms on Dutchie's clock; null: never read. */
export interface Cursors {
  products: number | null;
  sales: number | null;
  /** The pepper of the customers' pseudonyms in the sales read so far; null: they were read without customers. */
  customers: string | null;
  /** How many days of sales were to be read before the position. Absent: an earlier version read them. */
  history_days?: number;
  /** Rows that failed within the last day. Absent: none. */
  failing?: Partial<Record<"products" | "sales", FailingRow[]>>;
}

/** The ids of rows that failed in one read; null: a row without a readable id, or one that is not listed. */
export type FailedRows = readonly (string | null)[];

/** When a row failed for the first and for the last time, ms. */
interface FailingRow {
  id: string | null;
  since: number;
  last: number;
}

/** A step's finished read. */
interface Done {
  started_at: number;
  clock: ClockReading;
  failed: FailedRows;
}

export const NO_CURSORS: Cursors = { products: null, sales: null, customers: null };

/** The stored positions. One that lies after our now cannot be true and counts as never read. */
export function believedCursors(read: Cursors, now: number): Cursors {
  const believed = (at: number | null) => (at !== null && isImpossible(at, now) ? null : at);
  return { ...read, products: believed(read.products), sales: believed(read.sales) };
}

/**
 * Where a run under these settings begins. Sales with customers of another pepper, or without customers, and a shorter
 * history than is wanted are read again. A run keeps what it began with, so settings that change meanwhile hold for the next one.
 */
export function cursorsUnder(wanted: { pepper_id: string | null; history_days: number }, read: Cursors): Cursors {
  const { pepper_id, history_days } = wanted;
  const read_days = read.history_days ?? history_days;
  const isUnread = (pepper_id !== null && read.customers !== pepper_id) || read_days < history_days;
  return {
    ...read,
    sales: isUnread ? null : read.sales,
    customers: pepper_id,
    history_days: isUnread || read.sales === null ? history_days : read_days,
  };
}

/**
 * A finished step moves the cursor of its data type forward, never back, whatever the end of the run. Failed rows keep the
 * cursor where it is, so the next read includes them, for a day at most.
 */
export function cursorsAfter(
  read: Cursors,
  step: { resource: Resource; verify: boolean; from: number | null; to: number | null },
  { started_at, clock, failed }: Done,
  now: number,
): Cursors {
  const { resource, from, to } = step;
  if (step.verify || (resource !== "products" && resource !== "sales")) return read;
  const rows = failingRows(read.failing?.[resource] ?? [], failed, now);
  const failing = { ...read.failing, [resource]: rows };
  const before = read[resource];
  // Failed rows kept the cursor before an earlier window of this run, so there is a gap before this window.
  if (before !== null && from !== null && from > before) return { ...read, failing };
  const isKeptBack = rows.some(({ id, since }) => failed.includes(id) && now - since < MAX_REREAD_MS);
  const limit = isKeptBack ? Math.max(from ?? 0, now - MAX_REREAD_MS) : now;
  const at = Math.min(nextFrom(started_at, clock), to ?? now, limit, now);
  return { ...read, [resource]: Math.max(before ?? 0, at), failing };
}

/**
 * The rows that failed now, and others that failed within a day. A row that fails again and again counts from its first
 * failure.
 */
function failingRows(before: readonly FailingRow[], failed: FailedRows, now: number): FailingRow[] {
  const known = new Map(before.filter(({ last }) => now - last < MAX_REREAD_MS).map((row) => [row.id, row]));
  const failing = new Map(
    [...new Set(failed)].map((id) => [id, { id, since: known.get(id)?.since ?? now, last: now }]),
  );
  const others = [...known.values()].filter(({ id }) => !failing.has(id));
  return [...failing.values(), ...others].slice(0, MAX_FAILURES);
}
