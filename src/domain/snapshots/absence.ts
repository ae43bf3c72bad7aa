import type { Resource } from "../records/model.ts";
import { stalenessOf } from "../records/version.ts";

/**
 * What a complete snapshot no longer lists (rule 3): elsewhere an empty answer, read as "everything sold out",
 * wiped stock. So absence counts only for rows older than the snapshot, a suspicious absence must be seen twice, an empty
 * list ends nothing, and what a person said about an absence holds until the facts change.
 */

/** What Dutchie tells whole, so that absence can count. */
export const SNAPSHOT_RESOURCES = ["products", "inventory"] as const satisfies readonly Resource[];
export type SnapshotResource = (typeof SNAPSHOT_RESOURCES)[number];

/** A record that could be absent: one room of a package, or a product. Times in ms. */
export interface LiveRow {
  id: string;
  /** What is counted: the package, or the product itself. */
  unit: string;
  source_at: number;
  source_rank: 0 | 1;
  updated_at: number;
  /** A product that only packages or sales ever named, and in which nothing lies any more: its end loses nothing. */
  is_provisional?: boolean;
}

/** Record ids, each with the T − S of the snapshot that the word about it rests on: a row told of later is not meant. */
export type FloorById = ReadonlyMap<string, number>;

export interface Absences {
  /** Absent rows that stay until a second snapshot or a person confirms; with the first snapshot that left them out. */
  asked: FloorById;
  /** Absent rows of which a person said that they are there. */
  kept: FloorById;
}

export const NO_ABSENCES: Absences = { asked: new Map(), kept: new Map() };

/** A snapshot that would end more than this share of what is live … */
export const HOLD_SHARE = 0.2;
/** … and at least so many packages or products, is held. An empty one always is. */
export const HOLD_UNITS = 10;

export const isMass = (units: number, of: number): boolean => units >= HOLD_UNITS && units > of * HOLD_SHARE;

/** What snapshots of this time ended bit by bit counts together: a list that is cut off a little more each time is a mass. */
export const RECENT_MS = 3_600_000;

/** Packages or products that one snapshot ended without a second word. `key`: its run. */
export interface RecentEnding {
  key: string;
  at: number;
  units: number;
}

/** The endings that still count at `now`, but for those of the snapshot itself, which may be judged again after a crash. */
export const recentEndings = (endings: readonly RecentEnding[], key: string, now: number): RecentEnding[] =>
  endings.filter((ending) => ending.key !== key && ending.at > now - RECENT_MS);

export const countEnded = (endings: readonly RecentEnding[]): number =>
  endings.reduce((sum, { units }) => sum + units, 0);

export const countUnits = (rows: readonly LiveRow[]): number => new Set(rows.map(({ unit }) => unit)).size;

/** Those whose end would lose something. */
export const countGuarded = (rows: readonly LiveRow[]): number =>
  countUnits(rows.filter((row) => row.is_provisional !== true));

export interface AbsencePlan<R extends LiveRow> extends Absences {
  /** Rooms that a package has left for others: it is not absent, and its total must not double. Ended at once. */
  moved: R[];
  /** Absent rows to end now … */
  gone: R[];
  /** … and those of them that waited for this second word. */
  confirmed: R[];
  /** Rows that wait and that a person is asked about; without them `asked` holds only what waits for its row to get an id. */
  held: R[];
  /** The list has nothing that ReUp has in stock: it says nothing about the rest. */
  isEmpty: boolean;
  /** The snapshot speaks for everything: the floor may rise to it. */
  isTrusted: boolean;
}

export function planAbsence<R extends LiveRow>(given: {
  resource: SnapshotResource;
  live: readonly R[];
  /** Ids of the records that the snapshot spoke of. */
  seen: ReadonlySet<string>;
  /** Rows of the snapshot that could be read. */
  understood: number;
  /** Rows that did not even tell their id: each may be one that seems absent. */
  unidentified: number;
  /** T − S: rows told of later are not absent, only newer. */
  floor: number;
  /** When the last complete snapshot was judged, on our clock: what was written since then came after it. */
  judged_at: number;
  /** Packages or products that the snapshots before it ended within the hour, each time too few to be held. */
  lately: number;
  before: Absences;
}): AbsencePlan<R> {
  const { live, seen, floor, before, unidentified } = given;
  const listed = live.filter(({ id }) => seen.has(id));
  const isEmpty = given.understood === 0 || listed.length === 0;
  const missing = live.filter((row) => row.source_at < floor && !seen.has(row.id));
  const moved = movedRows(given);
  const absent = without(missing, moved);
  const since = (word: FloorById, row: R): number | undefined => {
    const at = word.get(row.id);
    return at !== undefined && row.source_at < at ? at : undefined;
  };
  const kept = absent.filter((row) => since(before.kept, row) !== undefined);
  const open = absent.filter((row) => since(before.kept, row) === undefined);
  // What was ended lately was there, and would be ended together with the rest.
  const units = countGuarded(live) + given.lately;

  // Sooner than S after the first one it may be the same stale answer once more, and an empty list confirms nothing.
  const repeated = open.filter(
    (row) => !isEmpty && floor - (since(before.asked, row) ?? floor) >= stalenessOf(given.resource),
  );
  // As many as have no id may be absent only because of that. If those are many, what they could hide is no trifle either.
  const mayBeUnidentified = countUnits(repeated) <= unidentified || isMass(unidentified, units);
  const confirmed = unidentified > 0 && mayBeUnidentified ? [] : repeated;
  const rest = without(open, confirmed);
  const guarded = countGuarded(rest);
  const isTooMuch = guarded > 0 && isMass(guarded + given.lately, units);
  const held = rest.length > 0 && (isEmpty || isTooMuch) ? rest : [];
  const gone = held.length > 0 || unidentified > 0 ? confirmed : open;
  return {
    moved,
    gone,
    confirmed,
    held,
    asked: new Map(without(open, gone).map((row) => [row.id, since(before.asked, row) ?? floor])),
    kept: new Map(kept.map((row) => [row.id, before.kept.get(row.id) ?? floor])),
    isEmpty,
    isTrusted: held.length === 0 && (!isEmpty || live.length === 0),
  };
}

/**
 * A package that is listed elsewhere has moved, if something came there since the last snapshot: of a list that was cut off
 * after its first room, nothing did. A room that was told of since T − S is left only for one that Dutchie stamps as late.
 */
function movedRows<R extends LiveRow>(given: {
  live: readonly R[];
  seen: ReadonlySet<string>;
  floor: number;
  judged_at: number;
}): R[] {
  const gains = new Map<string, number>();
  for (const { id, unit, updated_at, source_at, source_rank } of given.live) {
    if (!given.seen.has(id) || updated_at <= given.judged_at) continue;
    const until = source_rank === 1 ? source_at : 0;
    gains.set(unit, Math.max(gains.get(unit) ?? 0, until));
  }
  return given.live.filter(({ id, unit, source_at }) => {
    const until = gains.get(unit);
    return !given.seen.has(id) && until !== undefined && (source_at < given.floor || source_at <= until);
  });
}

function without<R extends LiveRow>(rows: readonly R[], left: readonly R[]): R[] {
  const ids = new Set(left.map(({ id }) => id));
  return rows.filter(({ id }) => !ids.has(id));
}
