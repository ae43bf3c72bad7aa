import type { Resource } from "./model.ts";

/** What made a change: a webhook, a poll (incremental, full or healing run), the initial sync, a person, a merge. */
type Cause = "webhook" | "poll" | "initial" | "user" | "merge";

export interface Origin {
  cause: Cause;
  /** Event, run or review id. */
  ref: string | null;
}

export type FieldChanges = Record<string, [before: unknown, after: unknown]>;

/** One line of the change log. */
export interface Change extends Origin {
  change_id: string;
  resource: Resource;
  record_id: string;
  fields: FieldChanges;
  at: number;
  /** The time at which the new state was true (`Version.source_at`). */
  source_at: number;
}
