import { OWN_CLOCKS_MS } from "../bounds.ts";
import type { FieldChanges, Origin } from "../records/change.ts";
import { firstSequence, IDS_AN_ENTRY, sequenceKey, sequenceOf } from "../records/sequence.ts";
import { D1_RETENTION, endsBefore } from "../retention.ts";

/** Resources whose changes are told to others. */
export const FEED_RESOURCES = ["products", "inventory", "sales"] as const;
export type FeedResource = (typeof FEED_RESOURCES)[number];

/** A row of the change log: about `record_id`, or about each of `record_ids`. */
export interface LogRow<R extends string = FeedResource> extends Origin {
  change_id: string;
  resource: R;
  record_id: string;
  record_ids: readonly string[] | null;
  fields: FieldChanges;
  at: number;
}

/** A change of one record. */
export interface FeedEntry<R extends string = FeedResource> extends Origin {
  sequence: number;
  resource: R;
  record_id: string;
  fields: FieldChanges;
  at: number;
}

/** Entries after a number, up to `head`. */
export interface Span {
  after: number;
  head: number;
}

/**
 * Between which keys the rows of these entries are. A row has its last number: one that goes on behind `head` has entries before
 * it, too.
 */
export const keysOf = ({ after, head }: Span): { from: string; to: string } => ({
  from: sequenceKey(after + 1),
  // The ids go on behind the number.
  to: `${sequenceKey(head + IDS_AN_ENTRY - 1)}~`,
});

/** The entries of these rows, in their order. A row about several records has one for each, up to its own number. */
export function entriesWithin<R extends string>(rows: readonly LogRow<R>[], { after, head }: Span): FeedEntry<R>[] {
  return rows.flatMap(({ change_id, record_id, record_ids, ...row }) => {
    const last = sequenceOf(change_id);
    const ids = record_ids ?? [record_id];
    return ids
      .map((id, index) => ({ ...row, record_id: id, sequence: last - (ids.length - 1 - index) }))
      .filter(({ sequence }) => sequence > after && sequence <= head);
  });
}

/**
 * Whether entries after this number may be deleted already: the nightly sweep deletes by age, and a younger store has lost
 * nothing.
 */
export function isBeforeLog(after: number, store: { created_at: number }, now: number): boolean {
  const oldest = endsBefore(D1_RETENTION.changes.days, now);
  return store.created_at < oldest && after < firstSequence(oldest);
}

/** How far behind our now a reader of a quiet log is moved, ms: no change that is written later has a number from before that. */
const QUIET_MS = 30 * 24 * 3_600_000;

/**
 * Where a reader goes on who has read everything up to `read`. In a quiet store it moves with the time: the last entry, and with it
 * the reader's number, would become older than the log although nothing was lost.
 */
export const goesOnAfter = (read: number, store: { created_at: number }, now: number): number =>
  isBeforeLog(0, store, now) ? Math.max(read, firstSequence(now - QUIET_MS)) : read;

/** Whether the store cannot have given out this number: its log is behind it, and so is our clock. */
export const isNeverGiven = (after: number, head: number, now: number): boolean =>
  after > head && after > firstSequence(now + OWN_CLOCKS_MS);
