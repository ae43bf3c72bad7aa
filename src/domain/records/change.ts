import type { Resource } from "./model.ts";

/** What made a change: a webhook, a poll (incremental, full or healing run), the initial sync, a person, a merge. */
type Cause = "webhook" | "poll" | "initial" | "user" | "merge";

/** Who decided: a person as their token names them, or a rule. */
export interface Decider {
  by: string;
  /** Why, in the person's words; null: they gave none. */
  reason: string | null;
}

export interface Origin {
  cause: Cause;
  /** Event, run or review id. */
  ref: string | null;
  /** Of a person's decision. A review shows only its last one. */
  decided?: Decider | null;
}

/**
 * What a record says of its creation: the initial import that created it, if one did. An import creates every record of the
 * store, so its creations are not logged: an entry with every field for each would double what it writes.
 */
export interface Creation {
  /** The import's run; null or absent: the log says how the record was created. */
  created_by?: string | null;
}

export const creationBy = ({ cause, ref }: Origin): Creation => (cause === "initial" ? { created_by: ref } : {});

/** As the record says it already. */
export const creationOf = (record: Creation | undefined): Creation =>
  record?.created_by == null ? {} : { created_by: record.created_by };

export type FieldChanges = Record<string, [before: unknown, after: unknown]>;

/** One line of the change log. */
export interface Change extends Origin {
  /** Of its content. */
  digest: string;
  resource: Resource;
  record_id: string;
  fields: FieldChanges;
  at: number;
  /** The time at which the new state was true (`Version.source_at`). */
  source_at: number;
}

/** The end of a run, in the log of a store with receivers. */
export type RunEnd = Omit<Change, "resource"> & { resource: "runs" };

/** With the id that the log gives it. */
export type NumberedChange = (Change | RunEnd) & {
  change_id: string;
  /** Of a package: its change before this one (`history.ts`); null: there is none in the log. */
  previous?: string | null;
};

/**
 * Records that appeared or changed without an entry of their own: created by an import, a new sale, moved to another product.
 * One entry names all of them, so that readers of the feed hear of each.
 */
export interface Named extends Origin {
  resource: Resource;
  ids: readonly string[];
  at: number;
}
