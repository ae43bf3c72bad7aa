import type { WebhookEvent } from "../../../../../../src/client/index.ts";
import { linesOf } from "./lines.ts";

type Timed = Pick<WebhookEvent, "event_id" | "received_at" | "applied_at">;

export interface DelayBucket {
  /** When it begins, ms. */
  from: number;
  webhooks: number;
  /** null: no webhook came in it. */
  p50_ms: number | null;
  p95_ms: number | null;
  slowest: { event_id: string; delay_ms: number } | null;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long webhooks took to reach ReUp's stock, in `n` equal spans of a minute at least, from the oldest of them to now. */
export function delaysOf(events: readonly Timed[], n: number, now: number): DelayBucket[] {
  const applied = events.flatMap(({ event_id, received_at, applied_at }) => {
    if (applied_at === null) return [];
    const at = Date.parse(received_at);
    return [{ event_id, at, delay_ms: Math.max(0, Date.parse(applied_at) - at) }];
  });
  if (applied.length === 0) return [];
  // Labels tell minutes: shorter spans would all have the same.
  const from = Math.min(now - n * MINUTE_MS, ...applied.map(({ at }) => at));
  const span = (now - from) / n;
  const groups = Map.groupBy(applied, ({ at }) => Math.min(n - 1, Math.max(0, Math.floor((at - from) / span))));
  return Array.from({ length: n }, (_, i) => {
    const sorted = (groups.get(i) ?? []).sort((a, b) => a.delay_ms - b.delay_ms);
    const { event_id, delay_ms } = sorted.at(-1) ?? {};
    return {
      from: from + i * span,
      webhooks: sorted.length,
      p50_ms: quantile(sorted, 0.5),
      p95_ms: quantile(sorted, 0.95),
      slowest: event_id === undefined || delay_ms === undefined ? null : { event_id, delay_ms },
    };
  });
}

/** How the spans are labelled, by the store's clock: each otherwise than the next, whether they are minutes or days. */
export function spanFormat(buckets: readonly Pick<DelayBucket, "from">[], time_zone: string): Intl.DateTimeFormat {
  const [first, second] = buckets;
  const span = (second?.from ?? 0) - (first?.from ?? 0);
  const day = { month: "short", day: "numeric" } as const;
  return new Intl.DateTimeFormat("en-US", {
    timeZone: time_zone,
    ...(span >= DAY_MS
      ? day
      : span * buckets.length > DAY_MS
        ? { ...day, hour: "numeric" }
        : { hour: "numeric", minute: "2-digit" }),
  });
}

/** Between the lines of the axis; each can be read at a glance. */
const STEPS_MS = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1_000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
];

/** The lines of the axis, ms. No two have the same label. */
export const delayLines = (buckets: readonly DelayBucket[]): number[] =>
  linesOf(
    buckets.map(({ p95_ms }) => p95_ms ?? 0),
    (least) => STEPS_MS.find((step) => step >= least) ?? Math.ceil(least / HOUR_MS) * HOUR_MS,
  );

/** The smallest delay that this share of the webhooks did not exceed; null: there is none. */
export function quantile(sorted: readonly { delay_ms: number }[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]?.delay_ms ?? null;
}
