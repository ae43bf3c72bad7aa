import type { WebhookEvent } from "../../../../../../src/client/index.ts";

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

/** How long webhooks took to reach ReUp's stock, in `n` equal spans from the oldest of them to now. */
export function delaysOf(events: readonly Timed[], n: number, now: number): DelayBucket[] {
  const applied = events.flatMap(({ event_id, received_at, applied_at }) => {
    if (applied_at === null) return [];
    const at = Date.parse(received_at);
    return [{ event_id, at, delay_ms: Math.max(0, Date.parse(applied_at) - at) }];
  });
  if (applied.length === 0) return [];
  const from = Math.min(...applied.map(({ at }) => at));
  const span = Math.max(1, (now - from) / n);
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

/** The smallest delay that this share of the webhooks did not exceed; null: there is none. */
export function quantile(sorted: readonly { delay_ms: number }[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]?.delay_ms ?? null;
}
