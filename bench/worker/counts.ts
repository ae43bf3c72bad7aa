import type { Counts } from "../contract.ts";

export type Cursor = SqlStorageCursor<Record<string, SqlStorageValue>>;

const zero = (): Counts => ({
  requests: { fetch: 0, queue: 0, scheduled: 0 },
  d1: { queries: 0, accounts: 0, statements: 0, rows_read: 0, rows_written: 0, ms: 0 },
  location: { calls: 0, ms: 0, alarms: 0, alarms_set: 0, rows_read: 0, rows_written: 0 },
  logs: 0,
  queues: { sends: 0, messages: 0, received: 0 },
  by_statement: {},
});

/**
 * What the Worker and its Locations asked of the platform since the counts were last taken. They share one isolate in the
 * local runtime, hence one set of counts.
 */
export let counts = zero();
/** Cursors of a Location's storage count while they are read: their figures are taken at the end. */
let cursors: { query: string; cursor: Cursor }[] = [];
/** Counting costs: it is on only while a figure needs it. */
let isOn = false;

export const isCounting = (): boolean => isOn;

/** Switches counting on or off, and returns the counts since the last call. */
export function takeCounts(on: boolean): Counts {
  for (const { query, cursor } of cursors) {
    counts.location.rows_read += cursor.rowsRead;
    counts.location.rows_written += cursor.rowsWritten;
    note(`location: ${query}`, cursor.rowsRead, cursor.rowsWritten);
  }
  const taken = counts;
  counts = zero();
  cursors = [];
  isOn = on;
  return taken;
}

/** Rows that a statement of D1 or of a Location read and wrote. */
export function note(query: string, rows_read: number, rows_written: number): void {
  const key = query.replaceAll(/\s+/g, " ").slice(0, 120);
  const entry = counts.by_statement[key] ?? { times: 0, rows_read: 0, rows_written: 0 };
  counts.by_statement[key] = entry;
  entry.times += 1;
  entry.rows_read += rows_read;
  entry.rows_written += rows_written;
}

export function noteCursor(query: string, cursor: Cursor): void {
  cursors.push({ query, cursor });
}
