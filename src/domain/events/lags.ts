/**
 * How long webhooks took, as a histogram: it stays small for any number of events. Each bucket is a twelfth of an octave
 * wide, so a percentile is exact to 3 %.
 */
export type Lags = Record<string, number>;

const BUCKETS_AN_OCTAVE = 12;
/** A longer time counts as a week, ms, which bounds the number of buckets. */
const LONGEST_MS = 7 * 86_400_000;

export function addLag(lags: Lags, lag_ms: number): Lags {
  const bucket = bucketOf(lag_ms);
  return { ...lags, [bucket]: (lags[bucket] ?? 0) + 1 };
}

/** The nearest-rank percentile over all histograms, ms; null: no events. */
export function percentile(all: readonly Lags[], share: number): number | null {
  const sums = new Map<number, number>();
  for (const lags of all) {
    for (const [bucket, n] of Object.entries(lags)) sums.set(Number(bucket), (sums.get(Number(bucket)) ?? 0) + n);
  }
  const total = [...sums.values()].reduce((sum, n) => sum + n, 0);
  let left = Math.max(1, Math.ceil(total * share));
  for (const [bucket, n] of [...sums].sort(([a], [b]) => a - b)) {
    left -= n;
    if (left <= 0) return msOf(bucket);
  }
  return null;
}

/** Clocks may differ, so a negative time counts as 0. */
const bucketOf = (lag_ms: number) =>
  Math.round(BUCKETS_AN_OCTAVE * Math.log2(1 + Math.min(LONGEST_MS, Math.max(0, lag_ms))));
const msOf = (bucket: number) => Math.round(2 ** (bucket / BUCKETS_AN_OCTAVE) - 1);
