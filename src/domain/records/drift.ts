import type { FieldChanges } from "./change.ts";
import type { Resource } from "./model.ts";
import type { Counts } from "./records.ts";

/** The report of a verification (the API contract), per resource and with examples. */
export interface Verification {
  checked_at: number;
  resources: DriftCounts[];
  value_at_stake: number;
  examples: DriftExample[];
  healed: number;
}

interface DriftCounts {
  resource: Resource;
  dutchie_count: number;
  reup_count: number;
  matching: number;
  mismatching: number;
  /** Those of them that could not be read. Absent: counted by an older build. */
  unreadable?: number;
  missing: number;
  extra: number;
  /** They differ, but the change may be too recent for one of the sides to show it. */
  in_flight: number;
}

export interface DriftExample {
  resource: Resource;
  dutchie_id: string;
  field: string;
  dutchie_value: unknown;
  reup_value: unknown;
  likely_cause: "missed webhook" | "rejected row" | "local edit" | "in flight" | "no longer in Dutchie";
}

/** How a row of Dutchie's differs from ReUp's record, whatever the two versions. */
export interface Difference {
  resource: Resource;
  record_id: string;
  fields: FieldChanges;
  /** Dutchie's stamp on the row, as far as it is believed, ms. */
  stamped_at: number | null;
  /** The latest time for which ReUp knows anything of the record, ms; null: it knows nothing. */
  known_at: number | null;
  /** ReUp has no such record. */
  is_missing: boolean;
  /** false: ReUp's record has a newer version and stays. */
  applies: boolean;
}

/** ReUp polls every 15 minutes; a poll may start late and last a while. */
const POLL_INTERVAL_MS = 20 * 60_000;

/** The read that a verification compares ReUp's records with. */
export interface Compared {
  /** T, ms. */
  started_at: number;
  /** T − S: Dutchie's answers may be this old. */
  as_of: number;
  /** T of ReUp's last complete read of the resource, ms; null: never. */
  whole_at: number | null;
}

/**
 * Whether a difference is so recent that neither side is wrong: by the row's stamp or by ReUp's version it arose within S
 * of the read. Without a stamp, it may also have arisen since the last poll; then the next poll brings it.
 */
export const isInFlight = (
  { stamped_at, known_at }: Pick<Difference, "stamped_at" | "known_at">,
  compared: Compared,
): boolean =>
  stamped_at === null
    ? (known_at ?? 0) > compared.as_of || wasJustRead(compared)
    : Math.max(stamped_at, known_at ?? 0) > compared.as_of;

const wasJustRead = ({ started_at, whole_at }: Compared): boolean =>
  whole_at !== null && started_at - whole_at <= POLL_INTERVAL_MS;

const MAX_EXAMPLES = 100;

export const emptyVerification = (now: number): Verification => ({
  checked_at: now,
  resources: [],
  value_at_stake: 0,
  examples: [],
  healed: 0,
});

/** What one chunk of compared rows adds to the report. */
export interface DriftChunk {
  resource: Resource;
  counts: Omit<Required<DriftCounts>, "resource">;
  examples: readonly DriftExample[];
  value_at_stake: number;
  healed: number;
}

/** Rows that could not be read; `known`: those of them of which ReUp has the record. */
interface FailedCount {
  rows: number;
  known: number;
}

/**
 * The counts of both sides for a chunk of rows, by its plan. `failed` rows exist in Dutchie, and count as mismatching. An
 * absence (`deleted`) has no stamp.
 */
export function countDrift(
  { created, updated, unchanged, stale, deleted }: Counts,
  failed: FailedCount,
  differences: readonly Difference[],
  compared: Compared,
): DriftChunk["counts"] {
  const rows = created + updated + unchanged + stale;
  const wrong = differences.filter((difference) => !isInFlight(difference, compared));
  const missing = wrong.filter(({ is_missing }) => is_missing).length;
  const extra = isInFlight({ stamped_at: null, known_at: null }, compared) ? 0 : deleted;
  return {
    dutchie_count: rows + failed.rows,
    reup_count: rows - differences.filter(({ is_missing }) => is_missing).length + deleted + failed.known,
    matching: rows - differences.length,
    mismatching: wrong.length - missing + failed.rows,
    unreadable: failed.rows,
    missing,
    extra,
    in_flight: differences.length - wrong.length + deleted - extra,
  };
}

export function addDrift(report: Verification, chunk: DriftChunk): Verification {
  const { resource, counts } = chunk;
  const before = report.resources.find((each) => each.resource === resource);
  const sum = (key: keyof typeof counts) => (before?.[key] ?? 0) + counts[key];
  const after: DriftCounts = {
    resource,
    dutchie_count: sum("dutchie_count"),
    reup_count: sum("reup_count"),
    matching: sum("matching"),
    mismatching: sum("mismatching"),
    unreadable: sum("unreadable"),
    missing: sum("missing"),
    extra: sum("extra"),
    in_flight: sum("in_flight"),
  };
  return {
    ...report,
    resources: [...report.resources.filter((each) => each.resource !== resource), after],
    value_at_stake: report.value_at_stake + chunk.value_at_stake,
    examples: [...report.examples, ...chunk.examples].slice(0, MAX_EXAMPLES),
    healed: report.healed + chunk.healed,
  };
}

const total = (report: Pick<Verification, "resources">, countOf: (counts: DriftCounts) => number): number =>
  report.resources.reduce((sum, counts) => sum + countOf(counts), 0);

/** Records that differ, without those in flight. */
export const driftOf = (report: Pick<Verification, "resources">): number =>
  total(report, (counts) => counts.mismatching + counts.missing + counts.extra);

/** Records that a verification with `heal` would correct: no row that could not be read, and none that is corrected already. */
export const correctableOf = (report: Pick<Verification, "resources" | "healed">): number =>
  Math.max(0, driftOf(report) - report.healed - total(report, ({ unreadable = 0 }) => unreadable));

/** Share of the records of both sides that agree; those in flight do not. 1 when there are no records. */
export function accuracyOf(report: Pick<Verification, "resources">): number {
  const matching = total(report, (counts) => counts.matching);
  const all = matching + driftOf(report) + total(report, (counts) => counts.in_flight);
  return all === 0 ? 1 : matching / all;
}
