import { and, eq } from "drizzle-orm";
import type { FaresJson, StatusJson } from "../../contract/http/status.ts";
import { accountsDb } from "../../db/databases.ts";
import { oldestOpenReview } from "../../db/queries/count-open-reviews.ts";
import { type AlertRow, alerts, deadLetterCounts } from "../../db/schema/accounts.ts";
import { counts } from "../../db/schema/records.ts";
import { percentile } from "../../domain/events/lags.ts";
import { DATA_TYPES, type DataType, enabledTypes, failureText } from "../../domain/runs/data-type.ts";
import { errorRateOf } from "../../domain/runs/progress.ts";
import { type FailingPart, failingParts, nextRunAt, type TypeStates } from "../../domain/runs/type-states.ts";
import type { SnapshotResource } from "../../domain/snapshots/absence.ts";
import { iso, isoOrNull } from "../../domain/values/iso.ts";
import type { StoreContext } from "../context.ts";
import type { Store } from "../storage/store.ts";
import { typeStates } from "../storage/type-states.ts";
import { alertJson, runJson } from "./render.ts";
import { faresJson, standingOf } from "./standing.ts";

/** What the status shows of D1. */
export interface Shown {
  counts: Record<typeof counts.$inferSelect.what | "dead_letters", number>;
  /** When the oldest open review was opened, ms. */
  reviews_since: number | null;
  firing: AlertRow[];
}

/** A few rows, however large the store is: nothing is counted here (F65). A store has one alert per rule and subject. */
export async function readShown({ env, db, location: { location_id } }: StoreContext): Promise<Shown> {
  const accounts = accountsDb(env);
  const [counted, reviews_since, firing, letters] = await Promise.all([
    db.select({ what: counts.what, n: counts.n }).from(counts).where(eq(counts.location_id, location_id)),
    oldestOpenReview(db, location_id),
    accounts
      .select()
      .from(alerts)
      .where(and(eq(alerts.location_id, location_id), eq(alerts.state, "firing"))),
    accounts.select().from(deadLetterCounts).where(eq(deadLetterCounts.location_id, location_id)),
  ]);
  const none = { products: 0, inventory: 0, sales: 0, reviews: 0, dead_letters: letters[0]?.n ?? 0 };
  return {
    counts: { ...none, ...Object.fromEntries(counted.map(({ what, n }) => [what, n])) },
    reviews_since,
    firing,
  };
}

export function statusJson(
  { store, location, now }: Omit<StoreContext, "env" | "db">,
  { counts, reviews_since, firing }: Shown,
): StatusJson {
  const run = store.get("run");
  const last = store.get("last_run");
  const day = store.hours.last24h(now);
  const states = typeStates(store, location);
  const enabled = enabledTypes(location.settings);
  const failing = enabled.flatMap((type) => {
    const state = states[type];
    return state === undefined ? [] : failingParts(type, state);
  });
  const fares = faresJson({
    settings: location.settings,
    is_connected: location.deleted_at === null,
    standing: standingOf({ store, location }),
    alerts: firing,
    reviews: { open: counts.reviews, since: reviews_since },
    now,
  });
  return {
    location_id: location.location_id,
    name: location.name,
    state: location.deleted_at !== null ? "disconnected" : run !== null ? "syncing" : location.state,
    frequency: location.settings.frequency,
    last_sync_at: last?.finished_at ?? null,
    last_success_at: isoOrNull(store.get("last_success_at")),
    next_sync_at: isoOrNull(nextRunAt(states, enabled, location.next_full_at)),
    current_run: run && runJson(run, now),
    last_run: last,
    ...fares,
    data_types: withNextSync(fares.data_types, states, location.next_full_at),
    last_24h: {
      runs: day.runs,
      failed_runs: day.failed_runs,
      records_processed: day.records_processed,
      records_failed: day.records_failed,
      error_rate: errorRateOf(day),
      avg_duration_ms: day.runs === 0 ? null : Math.round(day.duration_ms / day.runs),
      webhooks: {
        received: day.received,
        applied: day.applied,
        duplicate: day.duplicate,
        stale: day.stale,
        invalid: day.invalid,
        ignored: day.ignored,
        lag_ms_p50: percentile(day.lags, 0.5),
        lag_ms_p95: percentile(day.lags, 0.95),
        missed: day.missed,
      },
    },
    records: { products: counts.products, inventory: counts.inventory, sales: counts.sales },
    queue: {
      pending_events: store.events.pending(),
      dead_letters: counts.dead_letters,
      pending_pushes: store.outbox.countOpen(),
    },
    held_snapshot: heldJson(store),
    kept_absences: keptJson(store),
    open_reviews: counts.reviews,
    active_alerts: firing.map(alertJson),
    last_error: lastError(last, failing, enabled),
    updated_at: iso(now),
  };
}

function withNextSync(
  shown: FaresJson["data_types"],
  states: TypeStates,
  next_full_at: number | null,
): StatusJson["data_types"] {
  const entries = DATA_TYPES.map((type) => {
    const at = shown[type];
    return [type, at && { ...at, next_sync_at: isoOrNull(nextRunAt(states, [type], next_full_at)) }];
  });
  return Object.fromEntries(entries) as StatusJson["data_types"];
}

/** The present error: of the last run, or of a data type that failed earlier and was not read since. */
function lastError(
  last: StatusJson["last_run"],
  failing: readonly FailingPart[],
  enabled: readonly DataType[],
): StatusJson["last_error"] {
  if (last !== null && last.error !== null && last.state !== "cancelled") {
    return { ...last.error, at: last.finished_at ?? last.started_at };
  }
  const [first] = failing;
  if (first === undefined) return null;
  const fine = enabled.filter((type) => failing.every((other) => other.type !== type));
  const message = failureText(
    failing.map(({ type, error }) => ({ type, message: error.message })),
    fine,
  );
  const { code, hint, at } = first.error;
  return { code, message: message ?? first.error.message, hint, at: iso(at) };
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
    const decided = kept[resource];
    return decided === undefined
      ? []
      : [{ resource, rows: decided.rows, kept_by: decided.by, kept_at: iso(decided.at) }];
  });
}

const SNAPSHOTS = ["inventory", "products"] as const satisfies readonly SnapshotResource[];
