import { MAX_CHANGED_IDS } from "../bounds.ts";
import type { FeedEntry, FeedResource } from "./entries.ts";

/** What viewers of a store are told of changes: which lists to read again, and the first of the records. */
export interface Changed {
  /** Of the last change. */
  sequence: number;
  resource: FeedResource;
  /** Each once, the first ones. */
  ids: string[];
  /** How many changes there were: more than ids if one changed twice, or if there are too many. */
  count: number;
}

/** Changes by resource. */
export function changedOf(entries: readonly Pick<FeedEntry, "sequence" | "resource" | "record_id">[]): Changed[] {
  return [...Map.groupBy(entries, ({ resource }) => resource)].map(([resource, own]) => ({
    sequence: own.at(-1)?.sequence ?? 0,
    resource,
    ids: firstOf(own.map(({ record_id }) => record_id)),
    count: own.length,
  }));
}

/** Both, for a viewer who has not read the first one yet. */
export const joined = (before: Changed | undefined, next: Changed): Changed =>
  before === undefined
    ? next
    : { ...next, ids: firstOf([...before.ids, ...next.ids]), count: before.count + next.count };

const firstOf = (ids: readonly string[]): string[] => [...new Set(ids)].slice(0, MAX_CHANGED_IDS);
