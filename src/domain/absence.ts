import type { Resource } from "./model.ts";
import { stalenessOf } from "./version.ts";

/**
 * What a complete snapshot no longer lists (design, rule 3): elsewhere an empty answer, read as "everything sold out",
 * wiped stock. So absence counts only for rows older than the snapshot, and a suspicious absence must be seen twice.
 */

/** Absences that wait, and the T − S of the snapshot that first left them out. */
interface Waiting {
  ids: readonly string[];
  floor: number;
}

/**
 * What a snapshot with this floor can confirm of the absences that wait. It must have started S after the first one:
 * before that it may be the same stale answer once more.
 */
export function confirmable(waiting: Waiting | undefined, floor: number, resource: Resource): ReadonlySet<string> {
  const isSecondWord = waiting !== undefined && floor - waiting.floor >= stalenessOf(resource);
  return new Set(isSecondWord ? waiting.ids : []);
}

/** The floor that absences wait with: the first snapshot's, as long as it left out all of them. */
export function waitingSince(waiting: Waiting | undefined, ids: readonly string[], floor: number): number {
  const before = new Set(waiting?.ids);
  return waiting !== undefined && ids.every((id) => before.has(id)) ? waiting.floor : floor;
}

/** A snapshot that would end more than this share of the live rows … */
export const HOLD_SHARE = 0.2;
/** … and at least this many, is held. An empty one always is. */
export const HOLD_ROWS = 10;

export interface AbsencePlan {
  /** Ids to end now. */
  gone: string[];
  /** Ids that wait for a second complete snapshot or a person; empty when nothing is held. */
  held: string[];
}

export function planAbsence(given: {
  /** Live rows: id and `source_at`. */
  live: readonly { id: string; source_at: number }[];
  seen: ReadonlySet<string>;
  /** Rows that the snapshot listed, known or not; 0 means the answer was empty. */
  rowsRead: number;
  /** T − S: rows told of later are not absent, only newer. */
  floor: number;
  /** What an earlier complete snapshot held, or a person confirmed. */
  confirmed: ReadonlySet<string>;
}): AbsencePlan {
  const absent = given.live
    .filter(({ id, source_at }) => source_at < given.floor && !given.seen.has(id))
    .map(({ id }) => id);
  const gone = absent.filter((id) => given.confirmed.has(id));
  const fresh = absent.filter((id) => !given.confirmed.has(id));
  const isEmpty = given.rowsRead === 0 && fresh.length > 0;
  const isMass = fresh.length >= HOLD_ROWS && fresh.length > given.live.length * HOLD_SHARE;
  return isEmpty || isMass ? { gone, held: fresh } : { gone: absent, held: [] };
}
