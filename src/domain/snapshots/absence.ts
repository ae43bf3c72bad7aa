import type { Resource } from "../records/model.ts";
import { stalenessOf } from "../records/version.ts";

/**
 * What a complete snapshot no longer lists (rule 3). In other systems an empty answer, read as "everything is sold out",
 * wiped stock. So absence counts only for rows older than the snapshot. A suspicious absence must be seen twice, an empty
 * list ends nothing, and a person's decision about an absence is in force until the facts change.
 */

/** The resources that Dutchie lists completely, so absence can count. */
export const SNAPSHOT_RESOURCES = ["products", "inventory"] as const satisfies readonly Resource[];
export type SnapshotResource = (typeof SNAPSHOT_RESOURCES)[number];

/** A record that may be absent: one room of a package, or a product. Times in ms. */
export interface LiveRow {
  id: string;
  /** The package, or the product itself: these are counted. */
  unit: string;
  /** The tag on the package itself, which it keeps when Dutchie lists it under another id; null or absent: none. */
  tag?: string | null;
  source_at: number;
  source_rank: 0 | 1;
  updated_at: number;
  /** A product that only packages or sales ever named, and that has no stock any more: its end loses nothing. */
  is_provisional?: boolean;
}

/** Record id → T − S of the snapshot that left it out. It does not apply to a row that has a later version. */
export type FloorById = ReadonlyMap<string, number>;

export interface Absences {
  /** Absent rows that wait for a second snapshot or a person; with the floor of the first snapshot that left them out. */
  asked: FloorById;
  /** Absent rows of which a person said that they exist. */
  kept: FloorById;
}

export const NO_ABSENCES: Absences = { asked: new Map(), kept: new Map() };

/** A snapshot is held if it would end more than this share of the live packages or products, */
export const HOLD_SHARE = 0.2;
/** and at least this many of them. An empty snapshot is always held. */
export const HOLD_UNITS = 10;

export const isMass = (units: number, of: number, share = HOLD_SHARE): boolean =>
  units >= HOLD_UNITS && units > of * share;

/** Endings within this time count together: otherwise a list that gets shorter bit by bit would never be held. */
export const RECENT_MS = 3_600_000;

/** Packages or products that one snapshot ended without a confirmation. `key`: its run. */
export interface RecentEnding {
  key: string;
  at: number;
  units: number;
}

/** The endings that still count at `now`, without those of the snapshot itself: it may be planned again after a crash. */
export const recentEndings = (endings: readonly RecentEnding[], key: string, now: number): RecentEnding[] =>
  endings.filter((ending) => ending.key !== key && ending.at > now - RECENT_MS);

export const countEnded = (endings: readonly RecentEnding[]): number =>
  endings.reduce((sum, { units }) => sum + units, 0);

export const countUnits = (rows: readonly LiveRow[]): number => new Set(rows.map(({ unit }) => unit)).size;

/** The packages or products whose end would lose something. */
export const countGuarded = (rows: readonly LiveRow[]): number =>
  countUnits(rows.filter((row) => row.is_provisional !== true));

export interface AbsencePlan<R extends LiveRow> extends Absences {
  /** Rooms that a package has left for another. They end at once: the package is not absent, and its total must not double. */
  moved: R[];
  /** Absent rows to end now. */
  gone: R[];
  /** Those of them that had waited and that this snapshot confirms. */
  confirmed: R[];
  /** Rows that wait and that a person is asked about. If there are none, those in `asked` wait because rows had no id. */
  held: R[];
  /** The list has nothing that ReUp has, so it proves no absence. */
  isEmpty: boolean;
  /** The snapshot counts for everything: the floor may rise to it. */
  isTrusted: boolean;
}

export function planAbsence<R extends LiveRow>(given: {
  resource: SnapshotResource;
  live: readonly R[];
  /** Ids of the records that the snapshot listed. */
  seen: ReadonlySet<string>;
  /** Rows of the snapshot that could be read. */
  understood: number;
  /** Rows without a readable id: each may be a record that seems absent. */
  unidentified: number;
  /** T − S: rows with a later version are newer than the snapshot, not absent. */
  floor: number;
  /** When the last complete snapshot was planned, on our clock: what was written since then came after it. */
  decided_at: number;
  /** Packages or products that earlier snapshots ended within the hour, each time too few to be held. */
  recent: number;
  before: Absences;
}): AbsencePlan<R> {
  const { live, seen, floor, before, unidentified } = given;
  const listed = live.filter(({ id }) => seen.has(id));
  const isEmpty = given.understood === 0 || listed.length === 0;
  const missing = live.filter((row) => row.source_at < floor && !seen.has(row.id));
  const moved = movedRows(given);
  const absent = without(missing, moved);
  const since = (floors: FloorById, row: R): number | undefined => {
    const at = floors.get(row.id);
    return at !== undefined && row.source_at < at ? at : undefined;
  };
  const kept = absent.filter((row) => since(before.kept, row) !== undefined);
  const open = absent.filter((row) => since(before.kept, row) === undefined);
  // Recent endings were live an hour ago, and count with the rest.
  const units = countGuarded(live) + given.recent;

  // Within S of the first snapshot, this may be the same stale answer again. An empty list confirms nothing.
  const repeated = open.filter(
    (row) => !isEmpty && floor - (since(before.asked, row) ?? floor) >= stalenessOf(given.resource),
  );
  // Rows without an id may be the rows that seem absent. A mass of them could hide a mass of records.
  const mayBeUnidentified = countUnits(repeated) <= unidentified || isMass(unidentified, units);
  const confirmed = unidentified > 0 && mayBeUnidentified ? [] : repeated;
  const rest = without(open, confirmed);
  const guarded = countGuarded(rest);
  const isTooMuch = guarded > 0 && isMass(guarded + given.recent, units);
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
 * A package that is listed in another room has moved, if something was written there since the last snapshot. In a list that
 * was cut off after its first room, nothing was. The same holds for a package that is listed under another id. A room with a
 * version after T − S ends only if the other room's is as late.
 */
function movedRows<R extends LiveRow>(given: {
  live: readonly R[];
  seen: ReadonlySet<string>;
  floor: number;
  decided_at: number;
}): R[] {
  const gains = new Map<string, number>();
  for (const { id, unit, updated_at, source_at, source_rank } of given.live) {
    if (!given.seen.has(id) || updated_at <= given.decided_at) continue;
    const until = source_rank === 1 ? source_at : 0;
    gains.set(unit, Math.max(gains.get(unit) ?? 0, until));
  }
  const heirs = heirsByTag(given);
  return given.live.filter(({ id, unit, source_at }) => {
    const until = gains.get(heirs.get(unit) ?? unit);
    return !given.seen.has(id) && until !== undefined && (source_at < given.floor || source_at <= until);
  });
}

/**
 * Packages that the list leaves out → the one package that it lists with the same tag: Dutchie gave it another id, and both would
 * count. A tag of more than two packages identifies none.
 */
function heirsByTag({ live, seen }: { live: readonly LiveRow[]; seen: ReadonlySet<string> }): Map<string, string> {
  const listed = new Set(live.filter(({ id }) => seen.has(id)).map(({ unit }) => unit));
  const byTag = new Map<string, Set<string>>();
  for (const { tag, unit } of live) if (tag != null) byTag.set(tag, (byTag.get(tag) ?? new Set()).add(unit));
  return new Map(
    [...byTag.values()].flatMap((units): [string, string][] => {
      const [left, heir] = [...units].sort((a, b) => Number(listed.has(a)) - Number(listed.has(b)));
      const isOne = units.size === 2 && left !== undefined && heir !== undefined;
      return isOne && listed.has(heir) && !listed.has(left) ? [[left, heir]] : [];
    }),
  );
}

function without<R extends LiveRow>(rows: readonly R[], left: readonly R[]): R[] {
  const ids = new Set(left.map(({ id }) => id));
  return rows.filter(({ id }) => !ids.has(id));
}
