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

export interface DriftCounts {
  resource: Resource;
  dutchie_count: number;
  reup_count: number;
  matching: number;
  mismatching: number;
  missing: number;
  extra: number;
}

export interface DriftExample {
  resource: Resource;
  dutchie_id: string;
  field: string;
  dutchie_value: unknown;
  reup_value: unknown;
  likely_cause: "missed webhook" | "rejected row" | "local edit" | "in flight" | "no longer in Dutchie";
}

const MAX_EXAMPLES = 100;

export const emptyVerification = (now: number): Verification => ({
  checked_at: now,
  resources: [],
  value_at_stake: 0,
  examples: [],
  healed: 0,
});

/** What one chunk of compared rows adds: a plan read as a report. A stale row is one of which ReUp knows a newer state. */
export interface DriftChunk {
  resource: Resource;
  counts: Counts;
  failed: number;
  examples: readonly DriftExample[];
  value_at_stake: number;
  healed: number;
}

export function addDrift(report: Verification, chunk: DriftChunk): Verification {
  const { created, updated, unchanged, stale, deleted } = chunk.counts;
  const before = report.resources.find(({ resource }) => resource === chunk.resource) ?? {
    resource: chunk.resource,
    dutchie_count: 0,
    reup_count: 0,
    matching: 0,
    mismatching: 0,
    missing: 0,
    extra: 0,
  };
  const after: DriftCounts = {
    ...before,
    dutchie_count: before.dutchie_count + created + updated + unchanged + stale + chunk.failed,
    reup_count: before.reup_count + updated + unchanged + stale + deleted,
    matching: before.matching + unchanged + stale,
    mismatching: before.mismatching + updated + chunk.failed,
    missing: before.missing + created,
    extra: before.extra + deleted,
  };
  return {
    ...report,
    resources: [...report.resources.filter(({ resource }) => resource !== chunk.resource), after],
    value_at_stake: report.value_at_stake + chunk.value_at_stake,
    examples: [...report.examples, ...chunk.examples].slice(0, MAX_EXAMPLES),
    healed: report.healed + chunk.healed,
  };
}

/** Share of all records on either side that agree; 1 when there are none. */
export function accuracyOf(report: Verification): number {
  const sum = (keyOf: (counts: DriftCounts) => number) =>
    report.resources.reduce((total, counts) => total + keyOf(counts), 0);
  const all = sum((counts) => counts.matching + counts.mismatching + counts.missing + counts.extra);
  return all === 0 ? 1 : sum((counts) => counts.matching) / all;
}
