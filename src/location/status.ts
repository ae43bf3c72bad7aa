import { and, count, eq, ne, type SQL } from "drizzle-orm";
import { accountsDb, recordsDb } from "../db/records.ts";
import { alerts, deadLetters, inventory, type LocationRow, products, reviews, sales } from "../db/schema.ts";
import type { SnapshotResource } from "../domain/absence.ts";
import type { AlertJson, StatusJson } from "./protocol.ts";
import { alertJson, iso, isoOrNull, runJson } from "./render.ts";
import type { Runs } from "./runs.ts";
import type { Store } from "./store.ts";

const DAY_MS = 86_400_000;

/** Counting thousands of rows is costly: the Location keeps the numbers until it has written again. */
export type RecordCounts = StatusJson["records"];

export async function countRecords(env: Env, location_id: string): Promise<RecordCounts> {
  const db = recordsDb(env, location_id);
  const of = (table: typeof products | typeof inventory | typeof sales, condition?: SQL) =>
    db
      .select({ n: count() })
      .from(table)
      .where(and(eq(table.location_id, location_id), condition));
  const [[product], [stock], [sale]] = await Promise.all([
    of(products, ne(products.status, "deleted")),
    of(inventory, ne(inventory.quantity, 0)),
    of(sales),
  ]);
  return { products: product?.n ?? 0, inventory: stock?.n ?? 0, sales: sale?.n ?? 0 };
}

/** What waits for a person: a few rows, and others than the Location change them too, so they are read each time. */
export interface Attention {
  open_reviews: number;
  dead_letters: number;
  active_alerts: AlertJson[];
}

export async function readAttention(env: Env, location_id: string): Promise<Attention> {
  const [[review], [dead], firing] = await Promise.all([
    recordsDb(env, location_id)
      .select({ n: count() })
      .from(reviews)
      .where(and(eq(reviews.location_id, location_id), eq(reviews.state, "open"))),
    accountsDb(env).select({ n: count() }).from(deadLetters).where(eq(deadLetters.location_id, location_id)),
    accountsDb(env)
      .select()
      .from(alerts)
      .where(and(eq(alerts.location_id, location_id), eq(alerts.state, "firing"))),
  ]);
  return {
    open_reviews: review?.n ?? 0,
    dead_letters: dead?.n ?? 0,
    active_alerts: firing.map(alertJson),
  };
}

export function statusJson(
  location: LocationRow,
  store: Store,
  runs: Runs,
  records: RecordCounts,
  attention: Attention,
  now: number,
): StatusJson {
  const run = runs.current();
  const last = store.get("last_run");
  const day = store.last24h(now);
  const lags = store.lags(now - DAY_MS).sort((a, b) => a - b);
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
    records,
    queue: {
      pending_events: store.pendingEvents(),
      dead_letters: attention.dead_letters,
      pending_pushes: store.outbox.countOpen(),
    },
    held_snapshot: heldJson(store),
    kept_absences: keptJson(store),
    open_reviews: attention.open_reviews,
    active_alerts: attention.active_alerts,
    last_error: last?.error ? { ...last.error, at: last.finished_at ?? last.started_at } : null,
    updated_at: iso(now),
  };
}

/** The packages before the products: stock is what is sold. */
function heldJson(store: Store): StatusJson["held_snapshot"] {
  const held = store.get("held") ?? {};
  const resource = SNAPSHOTS.find((each) => held[each] !== undefined);
  const found = resource && held[resource];
  if (resource === undefined || found === undefined) return null;
  return { resource, rows: found.rows, held_at: iso(found.held_at), value_at_stake: found.value };
}

function keptJson(store: Store): StatusJson["kept_absences"] {
  const kept = store.get("kept") ?? {};
  return SNAPSHOTS.flatMap((resource) => {
    const word = kept[resource];
    return word === undefined ? [] : [{ resource, rows: word.rows, kept_by: word.by, kept_at: iso(word.at) }];
  });
}

const SNAPSHOTS = ["inventory", "products"] as const satisfies readonly SnapshotResource[];

/** Nearest rank over sorted values. */
function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}
