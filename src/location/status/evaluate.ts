import { and, desc, eq, inArray, isNotNull, type Placeholder, sql } from "drizzle-orm";
import { type AccountsDb, accountsDb, type RecordsDb } from "../../db/databases.ts";
import { updateLocation } from "../../db/locations.ts";
import { prepared } from "../../db/prepared.ts";
import { alerts } from "../../db/schema/accounts.ts";
import { runs } from "../../db/schema/records.ts";
import {
  type AlertFacts,
  type AlertRule,
  EVALUATED_RULES,
  evaluateAlerts,
  nextEvaluationAt,
  STORE,
} from "../../domain/alerts/rules.ts";
import { type ClockReading, furtherOff } from "../../domain/clock.ts";
import type { Settings } from "../../domain/records/model.ts";
import { DATA_TYPES, enabledTypes } from "../../domain/runs/data-type.ts";
import { earliest, nextRunAt, type TypeStates } from "../../domain/runs/type-states.ts";
import type { StoreContext } from "../context.ts";
import { typeStates } from "../storage/type-states.ts";
import { alertId, raiseAlert, resolveAlert } from "./alerts.ts";
import { standingOf } from "./standing.ts";

/** Ended runs that show how long a run of this store usually takes. */
const HABIT_RUNS = 20;

/**
 * While a run goes on, cron calls after this time, ms: an alarm that failed six times is gone for good, and a call arms it again.
 */
const CALL_AGAIN_MS = 15 * 60_000;

/** The alerts of the evaluated rules that fire now. */
export const firingAlerts = ({ env, location }: Pick<StoreContext, "env" | "location">) =>
  firingIn(accountsDb(env), location.location_id);

const firingIn = (db: AccountsDb, location_id: string | Placeholder) =>
  db
    .select({ alert_id: alerts.alert_id, message: alerts.message })
    .from(alerts)
    .where(
      and(eq(alerts.location_id, location_id), eq(alerts.state, "firing"), inArray(alerts.rule, [...EVALUATED_RULES])),
    );
const firingOf = prepared((db: AccountsDb) => firingIn(db, sql.placeholder("location_id")).prepare());
type Stored = Awaited<ReturnType<typeof firingAlerts>>;

/**
 * Evaluates the store's alert rules: fires and resolves alerts, and stores when to evaluate next. `stored`: the alerts that
 * fire, if the caller has just read them.
 */
export async function evaluate(context: StoreContext, stored?: Stored): Promise<void> {
  const { location_id } = context.location;
  const facts = await gather(context);
  const before = new Map(
    (stored ?? (await firingOf(accountsDb(context.env)).all({ location_id }))).map(({ alert_id, message }) => [
      alert_id,
      message,
    ]),
  );
  const firing = evaluateAlerts(facts);
  for (const alert of firing) {
    // An alert that fires already gets the new text, without a second notice.
    const shown = before.get(alertId(location_id, alert.rule, alert.subject));
    if (shown !== alert.message) await raiseAlert(context, alert);
  }
  if (before.size > 0) await endOthers(context, facts, { before, firing });
  await wakeNext(context, nextEvaluationAt(facts));
}

/** Ends the alerts that fired before and whose condition is no longer true. */
async function endOthers(
  context: StoreContext,
  facts: AlertFacts,
  { before, firing }: { before: ReadonlyMap<string, string>; firing: ReturnType<typeof evaluateAlerts> },
): Promise<void> {
  const { location_id } = context.location;
  const open = new Set(firing.map(({ rule, subject }) => alertId(location_id, rule, subject)));
  for (const rule of EVALUATED_RULES) {
    if (isUnknown(rule, facts)) continue;
    for (const subject of [STORE, ...DATA_TYPES]) {
      const alert_id = alertId(location_id, rule, subject);
      // The alert for the whole store covers this data type.
      if (rule === "stale" && subject !== STORE && open.has(alertId(location_id, rule, STORE))) continue;
      if (before.has(alert_id) && !open.has(alert_id)) await resolveAlert(context, { rule, subject });
    }
  }
}

/** Whether the facts behind this rule are unknown now: its alerts stay as they are. */
function isUnknown(rule: AlertRule, { last, verification }: AlertFacts): boolean {
  if (rule === "drift") return verification === null;
  // A cancelled run says nothing of the run before it.
  return last === null && (rule === "sync_failed" || rule === "high_error_rate");
}

/**
 * Stores when the timer and cron must call next (a run is due, or time may fire an alert), and what the lists of stores show.
 */
async function wakeNext(context: StoreContext, evaluate_at: number | null): Promise<void> {
  const { env, store, location, now } = context;
  if (evaluate_at === null) store.remove("evaluate_at");
  else store.put("evaluate_at", evaluate_at);
  const run_at = nextRunAt(typeStates(store, location), enabledTypes(location.settings), location.next_full_at);
  const wake_at =
    store.get("run") === null ? earliest([run_at, evaluate_at]) : earliest([now + CALL_AGAIN_MS, evaluate_at]);
  const standing = standingOf(context);
  // The hours go with the next run's end: one that is over is no reason to write.
  const isSame = JSON.stringify(standing) === JSON.stringify({ ...location.standing, hours: undefined });
  if (wake_at === location.wake_at && isSame) return;
  const hours = store.hours.outcomes(now);
  await updateLocation(accountsDb(env), location.location_id, { wake_at, standing: { ...standing, hours } });
  context.rowWritten();
}

/** When cron must call next after the run that leaves the data types so, ms; null: never. */
export function wakeAfterRun(context: StoreContext, types: TypeStates, next_full_at: number | null): number | null {
  const { settings } = context.location;
  const facts = { settings, run: null, durations: [], types: typeFacts(settings, types), now: context.now };
  const evaluate_at = nextEvaluationAt({ ...facts, webhooks: webhooksOf(context) });
  return earliest([nextRunAt(types, enabledTypes(settings), next_full_at), evaluate_at]);
}

const typeFacts = (settings: Settings, states: TypeStates): AlertFacts["types"] =>
  enabledTypes(settings).flatMap((type) => {
    const state = states[type];
    return state === undefined ? [] : [{ type, ...state }];
  });

const webhooksOf = ({ store, location }: StoreContext): AlertFacts["webhooks"] =>
  location.settings.frequency === "realtime" ? store.get("webhooks") : null;

async function gather(context: StoreContext): Promise<AlertFacts> {
  const { store, location, now } = context;
  const run = store.get("run");
  const last = store.get("last_run");
  return {
    settings: location.settings,
    run,
    last:
      last === null || last.state === "cancelled"
        ? null
        : { state: last.state, mode: last.mode, error_rate: last.error_rate, error: last.error?.message ?? null },
    durations: run === null ? [] : await durationsOf(context, run.mode),
    types: typeFacts(location.settings, typeStates(store, location)),
    verification: store.get("verification"),
    webhooks: webhooksOf(context),
    clock: clockOf(context),
    now,
  };
}

/** The worst clock reading of the data types that the store reads. */
function clockOf({ store, location }: StoreContext): ClockReading {
  const { data_types } = location.settings;
  const { rooms = null, ...clocks } = store.get("clocks") ?? {};
  const read = (["products", "inventory", "sales"] as const).filter((resource) => data_types[resource]);
  return read.reduce(
    (worst, resource) => furtherOff(worst, clocks[resource] ?? null),
    data_types.inventory ? rooms : null,
  );
}

async function durationsOf({ db, location }: StoreContext, mode: string): Promise<number[]> {
  const rows = await durations(db).all({ location_id: location.location_id, mode });
  return rows.flatMap(({ duration_ms }) => duration_ms ?? []);
}

const durations = prepared((db: RecordsDb) =>
  db
    .select({ duration_ms: runs.duration_ms })
    .from(runs)
    .where(
      and(
        eq(runs.location_id, sql.placeholder("location_id")),
        eq(runs.mode, sql.placeholder("mode")),
        isNotNull(runs.duration_ms),
      ),
    )
    .orderBy(desc(runs.run_id))
    .limit(HABIT_RUNS)
    .prepare(),
);
