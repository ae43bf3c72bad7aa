import type { FieldChanges, Origin } from "../records/change.ts";
import { firstSequence, sequenceOf } from "../records/sequence.ts";
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

/** The entries of these rows after a number, in their order. A row about several records has one for each, up to its own number. */
export function entriesAfter<R extends string>(rows: readonly LogRow<R>[], after: number): FeedEntry<R>[] {
  return rows.flatMap(({ change_id, record_id, record_ids, ...row }) => {
    const last = sequenceOf(change_id);
    const ids = record_ids ?? [record_id];
    return ids
      .map((id, index) => ({ ...row, record_id: id, sequence: last - (ids.length - 1 - index) }))
      .filter(({ sequence }) => sequence > after);
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
