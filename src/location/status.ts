import { and, count, eq, ne, type SQL } from "drizzle-orm";
import { accountsDb, recordsDb } from "../db/records.ts";
import { alerts, deadLetters, inventory, type LocationRow, products, reviews, sales } from "../db/schema.ts";
import { DATA_TYPES, type DataType, enabledTypes, failureWords } from "../domain/data-type.ts";
import { nextRunAt, type TypeState } from "../domain/type-states.ts";
import type { AlertJson, DataTypeJson, StatusJson } from "./protocol.ts";
import { alertJson, iso, isoOrNull, runJson } from "./render.ts";
import type { Runs } from "./runs.ts";
import type { Store, Values } from "./store.ts";
import { typeStates } from "./types.ts";

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
  const held = Object.entries(store.get("held") ?? {})[0];
  const states = typeStates(store, location);
  const enabled = enabledTypes(location.settings);
  const failing = enabled.flatMap((type) => {
    const error = states[type]?.error ?? null;
    return error === null ? [] : [{ type, error }];
  });
  return {
    location_id: location.location_id,
    name: location.name,
    state: location.deleted_at !== null ? "disconnected" : run !== null ? "syncing" : location.state,
    frequency: location.settings.frequency,
    last_sync_at: isoOrNull(store.get("last_sync_at")),
    last_success_at: isoOrNull(store.get("last_success_at")),
    next_sync_at: isoOrNull(nextRunAt(states, enabled, location.next_full_at)),
    current_run: run && runJson(run, now),
    last_run: last,
    data_types: Object.fromEntries(
      DATA_TYPES.map((type) => {
        const state = enabled.includes(type) ? states[type] : undefined;
        return [type, state === undefined ? null : dataTypeJson(type, state, location.next_full_at)];
      }),
    ) as StatusJson["data_types"],
    accuracy: accuracyJson(store.get("verification")),
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
    held_snapshot:
      held === undefined
        ? null
        : { resource: held[0] as "products" | "inventory", rows: held[1].ids.length, held_at: iso(held[1].held_at) },
    open_reviews: attention.open_reviews,
    active_alerts: attention.active_alerts,
    last_error: lastError(last, failing, enabled),
    updated_at: iso(now),
  };
}

function dataTypeJson(type: DataType, state: TypeState, next_full_at: number | null): DataTypeJson {
  const { last_success_at, error } = state;
  return {
    last_success_at: isoOrNull(last_success_at),
    error: error && { ...error, at: iso(error.at) },
    next_sync_at: isoOrNull(nextRunAt({ [type]: state }, [type], next_full_at)),
  };
}

const accuracyJson = (verification: Values["verification"] | null): StatusJson["accuracy"] =>
  verification && {
    value: verification.accuracy,
    checked_at: iso(verification.checked_at),
    healed: verification.healed,
  };

/** What is wrong now: of the last run, or of a data type that failed before and was not read since. */
function lastError(
  last: StatusJson["last_run"],
  failing: readonly { type: DataType; error: NonNullable<TypeState["error"]> }[],
  enabled: readonly DataType[],
): StatusJson["last_error"] {
  if (last !== null && last.error !== null && last.state !== "cancelled") {
    return { ...last.error, at: last.finished_at ?? last.started_at };
  }
  const [first] = failing;
  if (first === undefined) return null;
  const fine = enabled.filter((type) => failing.every((other) => other.type !== type));
  const message = failureWords(
    failing.map(({ type, error }) => ({ type, message: error.message })),
    fine,
  );
  return { ...first.error, message: message ?? first.error.message, at: iso(first.error.at) };
}

/** Nearest rank over sorted values. */
function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}
