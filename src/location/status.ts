import { and, count, eq, ne, sql } from "drizzle-orm";
import { accountsDb, recordsDb } from "../db/records.ts";
import { alerts, deadLetters, inventory, type LocationRow, products, reviews, sales } from "../db/schema.ts";
import type { AlertJson, StatusJson } from "./protocol.ts";
import { iso, isoOrNull, runJson } from "./render.ts";
import type { Runs } from "./runs.ts";
import type { Store } from "./store.ts";

const DAY_MS = 86_400_000;

/** What the status needs from D1; counting thousands of rows is the costly part, so the Location keeps it for a while. */
export interface RecordCounts {
  records: StatusJson["records"];
  open_reviews: number;
  dead_letters: number;
  active_alerts: AlertJson[];
}

export async function countRecords(env: Env, location_id: string): Promise<RecordCounts> {
  const db = recordsDb(env, location_id);
  const here = <
    T extends { location_id: typeof products.location_id | typeof inventory.location_id | typeof sales.location_id },
  >(
    table: T,
  ) => eq(table.location_id, location_id);
  const [[product], [stock], [sale], [review], [dead], firing] = await Promise.all([
    db
      .select({ n: count() })
      .from(products)
      .where(and(here(products), ne(products.status, "deleted"))),
    db
      .select({ n: count() })
      .from(inventory)
      .where(and(here(inventory), ne(inventory.quantity, 0))),
    db.select({ n: count() }).from(sales).where(here(sales)),
    db
      .select({ n: count() })
      .from(reviews)
      .where(and(eq(reviews.location_id, location_id), eq(reviews.state, "open"))),
    accountsDb(env).select({ n: count() }).from(deadLetters).where(eq(deadLetters.location_id, location_id)),
    accountsDb(env)
      .select()
      .from(alerts)
      .where(and(eq(alerts.location_id, location_id), sql`${alerts.state} = 'firing'`)),
  ]);
  return {
    records: { products: product?.n ?? 0, inventory: stock?.n ?? 0, sales: sale?.n ?? 0 },
    open_reviews: review?.n ?? 0,
    dead_letters: dead?.n ?? 0,
    active_alerts: firing.map((alert) => ({
      alert_id: alert.alert_id,
      location_id,
      rule: alert.rule,
      state: alert.state,
      severity: alert.severity,
      message: alert.message,
      started_at: iso(alert.started_at),
      resolved_at: isoOrNull(alert.resolved_at),
    })),
  };
}

export function statusJson(
  location: LocationRow,
  store: Store,
  runs: Runs,
  counts: RecordCounts,
  now: number,
): StatusJson {
  const run = runs.current();
  const last = store.get("last_run");
  const day = store.last24h(now);
  const lags = store.lags(now - DAY_MS).sort((a, b) => a - b);
  const held = Object.entries(store.get("held") ?? {})[0];
  const due = [location.next_sync_at, location.next_full_at].filter((at) => at !== null);
  return {
    location_id: location.location_id,
    name: location.name,
    state: location.deleted_at !== null ? "disconnected" : run !== null ? "syncing" : location.state,
    frequency: location.settings.frequency,
    last_sync_at: isoOrNull(store.get("last_sync_at")),
    last_success_at: isoOrNull(store.get("last_success_at")),
    next_sync_at: due.length === 0 ? null : iso(Math.min(...due)),
    current_run: run && runJson(run, now),
    last_run: last,
    last_24h: {
      runs: day.runs,
      failed_runs: day.failed_runs,
      records_processed: day.records_processed,
      records_failed: day.records_failed,
      error_rate:
        day.records_processed > 0
          ? day.records_failed / day.records_processed
          : day.failed_runs / Math.max(1, day.runs),
      avg_duration_ms: day.runs === 0 ? null : Math.round(day.duration_ms / day.runs),
      webhooks: {
        received: day.received,
        applied: day.applied,
        duplicate: day.duplicate,
        stale: day.stale,
        invalid: day.invalid,
        ignored: day.ignored,
        lag_ms_p50: percentile(lags, 0.5),
        lag_ms_p95: percentile(lags, 0.95),
        missed: day.missed,
      },
    },
    records: counts.records,
    queue: { pending_events: store.pendingEvents(), dead_letters: counts.dead_letters },
    held_snapshot:
      held === undefined
        ? null
        : { resource: held[0] as "products" | "inventory", rows: held[1].ids.length, held_at: iso(held[1].held_at) },
    open_reviews: counts.open_reviews,
    active_alerts: counts.active_alerts,
    last_error: last?.error ? { ...last.error, at: last.finished_at ?? last.started_at } : null,
    updated_at: iso(now),
  };
}

/** Nearest rank over sorted values. */
function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}
