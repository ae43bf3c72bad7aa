import { MAX_FAILURES, MAX_REREAD_MS } from "../bounds.ts";
import { type ClockReading, isImpossible, nextFrom } from "../clock.ts";
import type { Resource } from "../records/model.ts";

/** Where the next incremental read of a data type begins: last-modified, ms on Dutchie's clock; null: never read. */
export interface Cursors {
  products: number | null;
  sales: number | null;
  /** The pepper under which the sales up to there carry their customers; null: they were read without. */
  customers: string | null;
  /** Rows that failed within the last day. Cursors of before have none. */
  failing?: Partial<Record<"products" | "sales", FailingRow[]>>;
}

/** The ids of rows that failed in one read; null: of rows that did not tell theirs, or that are not listed. */
export type FailedRows = readonly (string | null)[];

/** When a row failed for the first and for the last time, ms. */
interface FailingRow {
  id: string | null;
  since: number;
  last: number;
}

/** A step's read came to its end. */
interface Done {
  started_at: number;
  told: ClockReading;
  failed: FailedRows;
}

export const NO_CURSORS: Cursors = { products: null, sales: null, customers: null };

/** Stored positions as far as they can be: one that lies after our now was never read. */
export function believedCursors(read: Cursors, now: number): Cursors {
  const believed = (at: number | null) => (at !== null && isImpossible(at, now) ? null : at);
  return { ...read, products: believed(read.products), sales: believed(read.sales) };
}

/** Where a run starts that reads under this pepper: sales that do not carry their customers under it are read again. */
export function cursorsUnder(pepper_id: string | null, read: Cursors): Cursors {
  const isUnkeyed = pepper_id !== null && read.customers !== pepper_id;
  return { ...read, sales: isUnkeyed ? null : read.sales, customers: pepper_id };
}

/**
 * A finished step moves the cursor of its data type, and never back: what follows is read from there, whatever becomes of
 * the run. What failed moves nothing: rows that failed are read again with the next read, for a day at most.
 */
export function cursorsAfter(
  read: Cursors,
  step: { resource: Resource; verify: boolean; from: number | null; to: number | null },
  { started_at, told, failed }: Done,
  now: number,
): Cursors {
  const { resource, from, to } = step;
  if (step.verify || (resource !== "products" && resource !== "sales")) return read;
  const rows = failingRows(read.failing?.[resource] ?? [], failed, now);
  const failing = { ...read.failing, [resource]: rows };
  const before = read[resource];
  // An earlier window of this run was held back: what lies between was not all taken.
  if (before !== null && from !== null && from > before) return { ...read, failing };
  const isHeld = rows.some(({ id, since }) => failed.includes(id) && now - since < MAX_REREAD_MS);
  const held = isHeld ? Math.max(from ?? 0, now - MAX_REREAD_MS) : now;
  const at = Math.min(nextFrom(started_at, told), to ?? now, held, now);
  return { ...read, [resource]: Math.max(before ?? 0, at), failing };
}

/**
 * Those that failed now, and others that did within a day: one that is listed again and again, whatever its own times say,
 * counts from when it first failed.
 */
function failingRows(before: readonly FailingRow[], failed: FailedRows, now: number): FailingRow[] {
  const known = new Map(before.filter(({ last }) => now - last < MAX_REREAD_MS).map((row) => [row.id, row]));
  const failing = new Map(
    [...new Set(failed)].map((id) => [id, { id, since: known.get(id)?.since ?? now, last: now }]),
  );
  const others = [...known.values()].filter(({ id }) => !failing.has(id));
  return [...failing.values(), ...others].slice(0, MAX_FAILURES);
}
