import type { Resource } from "../records/model.ts";
import { isOver, type Run } from "./run.ts";

export const totals = (run: Run) => {
  const sum = (key: "processed" | "created" | "updated" | "unchanged" | "deleted" | "failed") =>
    run.phases.reduce((total, phase) => total + phase[key], 0);
  return {
    records_processed: sum("processed"),
    created: sum("created"),
    updated: sum("updated"),
    unchanged: sum("unchanged"),
    deleted: sum("deleted"),
    failed: sum("failed"),
  };
};

/** A resource's weight in the progress: roughly the seconds that it takes. Verifying counts half, because it rarely writes. */
const WEIGHT: Record<Resource, number> = { rooms: 1, products: 12, inventory: 18, sales: 40 };

/**
 * 0 to 100. Dutchie does not say how many rows will come, so within a step the progress slows down (half-way at 2,000
 * rows). It never goes back, and is 100 only at the end.
 */
export function percentOf(run: Run): number {
  if (run.state === "completed" || run.state === "completed_with_errors") return 100;
  const weights = run.steps.map((step) => {
    const siblings = run.steps.filter(
      (other) => other.resource === step.resource && other.verify === step.verify,
    ).length;
    return (WEIGHT[step.resource] / siblings) * (step.verify ? 0.5 : 1);
  });
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const done = weights.slice(0, run.step).reduce((sum, weight) => sum + weight, 0);
  const within = (weights[run.step] ?? 0) * (run.rows_read / (run.rows_read + 2_000));
  return all === 0 ? 0 : Math.max(run.percent, Math.floor(((done + within) / all) * 100));
}

export const withPercent = (run: Run): Run => ({ ...run, percent: percentOf(run) });

/** Remaining seconds at the pace so far; null: there is no pace yet, or the run is over. */
export function etaSeconds(run: Run, now: number): number | null {
  const percent = percentOf(run);
  if (isOver(run) || percent < 2) return null;
  const pace = ((now - run.started_at) / percent) * (100 - percent);
  return Math.round(Math.max(pace, (run.waiting_until ?? now) - now) / 1000);
}

/** Failed records per processed record (failed ones included); without any record, failed runs per run. */
export function errorRateOf(given: {
  records_processed: number;
  records_failed: number;
  runs: number;
  failed_runs: number;
}): number {
  const { records_processed, records_failed, runs, failed_runs } = given;
  return records_processed > 0 ? records_failed / records_processed : failed_runs / Math.max(1, runs);
}

/** The error rate of one run. */
export function errorRate(run: Run): number {
  const { records_processed, failed } = totals(run);
  const failed_runs = run.state === "failed" ? 1 : 0;
  return errorRateOf({ records_processed, records_failed: failed, runs: 1, failed_runs });
}
