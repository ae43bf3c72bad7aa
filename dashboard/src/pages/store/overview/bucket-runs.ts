import type { Run } from "../../../../../src/client/index.ts";

export interface Bucket {
  /** When it begins, ms. */
  at: number;
  runs: number;
  /** The average of the runs that ended; null: none did. */
  duration_seconds: number | null;
  records: number;
  error_percent: number;
}

/** Sums of the runs in each of `n` equal spans up to `now`. */
export function bucketRuns(runs: readonly Run[], hours: number, n: number, now: number): Bucket[] {
  const span = (hours * 3_600_000) / n;
  const start = now - hours * 3_600_000;
  const sums = Array.from({ length: n }, () => ({ runs: 0, ended: 0, duration_ms: 0, records: 0, failed: 0, lost: 0 }));
  for (const run of runs) {
    const sum = sums[Math.floor((Date.parse(run.started_at) - start) / span)];
    if (sum === undefined) continue;
    sum.runs += 1;
    sum.records += run.records_processed;
    sum.failed += run.failed;
    if (run.state === "failed") sum.lost += 1;
    if (run.duration_ms === null) continue;
    sum.ended += 1;
    sum.duration_ms += run.duration_ms;
  }
  return sums.map(({ runs, ended, duration_ms, records, failed, lost }, i) => ({
    at: start + i * span,
    runs,
    duration_seconds: ended === 0 ? null : Math.round(duration_ms / ended / 100) / 10,
    records,
    // The API contract: failed records ÷ processed records; where there is no record, failed runs ÷ runs.
    error_percent: Math.round((records > 0 ? failed / records : lost / Math.max(1, runs)) * 10_000) / 100,
  }));
}
