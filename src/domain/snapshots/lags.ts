/**
 * How long webhooks took, as a histogram: percentiles of any number of events at the cost of one. Buckets grow by a
 * twelfth of an octave, so a percentile is exact to 3 %.
 */
export type Lags = Record<string, number>;

const BUCKETS_AN_OCTAVE = 12;
/** Longer ones count as this, ms: a week. It bounds the number of buckets. */
const LONGEST_MS = 7 * 86_400_000;

export function addLag(lags: Lags, lag_ms: number): Lags {
  const bucket = bucketOf(lag_ms);
  return { ...lags, [bucket]: (lags[bucket] ?? 0) + 1 };
}

/** Nearest rank over all of them, ms; null when there are none. */
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

/** Clocks may run backwards: nothing takes less than no time. */
const bucketOf = (lag_ms: number) =>
  Math.round(BUCKETS_AN_OCTAVE * Math.log2(1 + Math.min(LONGEST_MS, Math.max(0, lag_ms))));
const msOf = (bucket: number) => Math.round(2 ** (bucket / BUCKETS_AN_OCTAVE) - 1);
