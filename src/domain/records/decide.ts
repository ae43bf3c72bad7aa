import { asBelieved, OLDEST } from "../clock.ts";
import type { Change, FieldChanges, Origin } from "./change.ts";
import type { Difference } from "./drift.ts";
import {
  behindStored,
  believedStamp,
  compareVersions,
  contentHash,
  type Read,
  type Stored,
  type Version,
  versionOf,
} from "./version.ts";

export type Outcome = "created" | "updated" | "unchanged" | "stale";

/** `write`: the row must be stored, either for its content or (outcome `unchanged`) only for its newer version. */
export interface Decision {
  outcome: Outcome;
  write: boolean;
  fields: FieldChanges;
  version: Version;
}

/**
 * Whether a row applies (rules 1 and 2): not older than the stored version, not older than the floor that the
 * last complete snapshot raised. Content that is equal writes nothing, unless the row tells of a time later than the
 * stored version: then the version is written, or a late event from between the two would wrongly apply.
 * For a complete snapshot without a stamp of its own the floor covers that, so 50,000 equal rows write nothing.
 */
export function decide<C extends object>(given: {
  stored: (C & Stored) | undefined;
  content: C;
  modified_at: number | null;
  read: Read;
  floor: number;
  now: number;
  /** Defaults to the hash of `content`; a package passes the hash of all its rooms. */
  hash?: string;
}): Decision {
  const { content, read, now } = given;
  const stored = given.stored && asBelieved(given.stored, now);
  const version = versionOf(given.modified_at, read, given.hash ?? hashOf(content), now);
  const fields = diff(stored, content);
  if (isBelowFloor(version, read, given.floor)) return { outcome: "stale", write: false, fields, version };
  if (stored === undefined) return { outcome: "created", write: true, fields, version };
  if (Object.keys(fields).length > 0) {
    const behind = behindStored(version, read, stored, now);
    const newer = compareVersions(behind, stored) > 0;
    return { outcome: newer ? "updated" : "stale", write: newer, fields, version: behind };
  }
  // A stored time that cannot be is mended, though nothing else changed: one day it would be the present.
  const told = stored.source_at === OLDEST ? version.source_at : provenAt(version, given.modified_at, read, now);
  return { outcome: "unchanged", write: compareVersions({ ...version, source_at: told }, stored) > 0, fields, version };
}

/** Equal to the floor: a snapshot's own rows stand, an event loses against the snapshot (rule 1). */
export function isBelowFloor(version: Version, read: Read, floor: number): boolean {
  return read.kind === "event" ? version.source_at <= floor : version.source_at < floor;
}

/** The time that an equal row proves beyond the stored one and that no floor will cover. */
export function provenAt(version: Version, modified_at: number | null, read: Read, now: number): number {
  if (read.kind === "event") return version.source_at;
  const modified = believedStamp(modified_at, now);
  if (modified !== null) return Math.min(modified, version.source_at);
  return read.complete ? Number.NEGATIVE_INFINITY : version.source_at;
}

/** Hash of a record's content, independent of the order of its keys. */
export function hashOf(content: object): string {
  return contentHash(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The keys of `after` whose value differs from `before`; a missing `before` differs wherever `after` has a value. */
export function diff(before: object | undefined, after: object): FieldChanges {
  const fields: FieldChanges = {};
  const old = (before ?? {}) as Record<string, unknown>;
  for (const [key, value] of Object.entries(after)) {
    const was = old[key] ?? null;
    if (was !== (value ?? null)) fields[key] = [was, value ?? null];
  }
  return fields;
}

/** Where the decided row and the stored one differ, for a verification; null where they agree. */
export function differenceOf(
  record: Pick<Difference, "resource" | "record_id">,
  { outcome, fields }: Pick<Decision, "outcome" | "fields">,
  given: { is_missing: boolean; known_at: number | null; modified_at: number | null; now: number },
): Difference | null {
  if (outcome === "unchanged" || Object.keys(fields).length === 0) return null;
  const { is_missing, known_at, modified_at, now } = given;
  const { resource, record_id } = record;
  return {
    resource,
    record_id,
    fields,
    known_at,
    stamped_at: believedStamp(modified_at, now),
    is_missing,
    applies: outcome !== "stale",
  };
}

/** A change's id is derived from what it says, so a batch that is tried again does not log it twice; sorts by time. */
export function changeOf(
  record: Pick<Change, "resource" | "record_id" | "fields">,
  version: Version,
  origin: Origin,
  at: number,
): Change {
  const digest = contentHash([
    record.resource,
    record.record_id,
    version.source_at,
    version.content_hash,
    record.fields,
  ]);
  return {
    change_id: `${at.toString(36).padStart(9, "0")}${digest}`,
    ...record,
    ...origin,
    at,
    source_at: version.source_at,
  };
}
