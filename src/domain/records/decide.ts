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

/** `write`: store the row, because of its content or (outcome `unchanged`) only because of its newer version. */
export interface Decision {
  outcome: Outcome;
  write: boolean;
  readonly fields: FieldChanges;
  version: Version;
}

/**
 * Whether a row applies (rules 1 and 2): it must not be older than the stored version, nor than the floor of the last
 * complete snapshot. Equal content writes nothing, unless the row proves a later time than the stored version has: then
 * the version is written. Otherwise a late event from between the two times would wrongly apply. For rows of a complete
 * snapshot without a stamp, the floor covers that, so 50,000 equal rows write nothing.
 */
export function decide<C extends object>(given: {
  stored: (C & Stored) | undefined;
  content: C;
  modified_at: number | null;
  read: Read;
  floor: number;
  now: number;
  /** The hash of the content; of a package, of all its rooms. */
  hash: string;
}): Decision {
  const { content, read, now } = given;
  const stored = given.stored && asBelieved(given.stored, now);
  const version = versionOf(given.modified_at, read, given.hash, now);
  const isBelow = isBelowFloor(version, read, given.floor);
  if (isBelow || stored === undefined) return new Uncompared(isBelow ? "stale" : "created", version, stored, content);
  const fields = diff(stored, content);
  if (Object.keys(fields).length > 0) {
    const behind = behindStored(version, read, stored, now);
    const newer = compareVersions(behind, stored) > 0;
    return { outcome: newer ? "updated" : "stale", write: newer, fields, version: behind };
  }
  // An impossible stored time is corrected even if nothing else changed: one day it would count as now.
  const at = stored.source_at === OLDEST ? version.source_at : provenAt(version, given.modified_at, read, now);
  const isNewer = compareVersions({ ...version, source_at: at }, stored) > 0;
  return { outcome: "unchanged", write: isNewer && !isCovered(at, read, stored), fields, version };
}

/**
 * A decision without a look at the fields. They are looked at where the row is logged or compared: an import does neither, and
 * each field would be an array. A class, because an object made with a getter takes twenty times as long.
 */
class Uncompared implements Decision {
  readonly write: boolean;

  constructor(
    readonly outcome: "stale" | "created",
    readonly version: Version,
    private readonly stored: object | undefined,
    private readonly content: object,
  ) {
    this.write = outcome === "created";
  }

  get fields(): FieldChanges {
    return diff(this.stored, this.content);
  }
}

/**
 * A snapshot may repeat what an event said, with the event's own time. Its floor is at that time or later, so no other event of that
 * time can apply: the snapshot's rank need not be stored. Otherwise the first poll would write again what webhooks wrote.
 */
const isCovered = (at: number, read: Read, stored: Version): boolean =>
  read.kind === "snapshot" && read.complete && at === stored.source_at && at <= read.as_of;

/** At exactly the floor, a snapshot's own rows count and an event is too old (rule 1). */
export function isBelowFloor(version: Version, read: Read, floor: number): boolean {
  return read.kind === "event" ? version.source_at <= floor : version.source_at < floor;
}

/** Up to what time an equal row proves the content, ms, as far as no floor will cover it. */
export function provenAt(version: Version, modified_at: number | null, read: Read, now: number): number {
  if (read.kind === "event") return version.source_at;
  const modified = believedStamp(modified_at, now);
  if (modified !== null) return Math.min(modified, version.source_at);
  return read.complete ? Number.NEGATIVE_INFINITY : version.source_at;
}

/** SHA-256 over a row, independent of the order of its keys. */
export function hashOf(content: object): string {
  return contentHash(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The keys of `after` whose value differs from `before`. Without a `before`, all that have a value differ. */
export function diff(before: object | undefined, after: object): FieldChanges {
  const fields: FieldChanges = {};
  const old = (before ?? {}) as Record<string, unknown>;
  const now = after as Record<string, unknown>;
  for (const key of Object.keys(after)) {
    const [was, is] = [old[key] ?? null, now[key] ?? null];
    if (was !== is) fields[key] = [was, is];
  }
  return fields;
}

/** How the incoming row differs from the stored one, for a verification; null: they agree. */
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

/** An entry's digest is of its content: by it, a batch that is repeated finds what it has logged. */
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
    digest,
    ...record,
    ...origin,
    at,
    source_at: version.source_at,
  };
}
