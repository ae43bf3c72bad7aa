import { and, desc, eq, inArray, isNotNull } from "drizzle-orm";
import { accountsDb, recordsDb } from "../db/records.ts";
import { alerts, type LocationRow, runs } from "../db/schema.ts";
import { type AlertFacts, JUDGED_RULES, judgeAlerts } from "../domain/alert-rules.ts";
import { furtherOff, type Told } from "../domain/clock.ts";
import { driftOf } from "../domain/drift.ts";
import { raiseAlert, resolveAlert } from "./alerts.ts";
import type { Store } from "./store.ts";

/** Runs that make the store's habit. */
const HABIT_RUNS = 20;
/** These rules say one thing about the whole store. */
const SUBJECT = "store";

/** Judges the store's alerts anew: fires what should fire, and resolves what no longer does. */
export async function judge(env: Env, store: Store, location: LocationRow, now: number): Promise<void> {
  const facts = await gather(env, store, location, now);
  const stored = await accountsDb(env)
    .select({ rule: alerts.rule })
    .from(alerts)
    .where(
      and(
        eq(alerts.location_id, location.location_id),
        eq(alerts.state, "firing"),
        inArray(alerts.rule, [...JUDGED_RULES]),
      ),
    );
  const before = new Set(stored.map(({ rule }) => rule));
  const firing = judgeAlerts(facts);
  for (const alert of firing) {
    if (!before.has(alert.rule)) await raiseAlert(env, location, { ...alert, subject: SUBJECT }, now);
  }
  for (const rule of before) {
    // A cancelled run says nothing of the run before it: what that one raised stays.
    const isOpen = firing.some((alert) => alert.rule === rule) || (facts.last === null && RULES_OF_LAST_RUN.has(rule));
    if (!isOpen) await resolveAlert(env, location.location_id, { rule, subject: SUBJECT }, now);
  }
}

const RULES_OF_LAST_RUN: ReadonlySet<string> = new Set(["sync_failed", "high_error_rate", "drift"]);

async function gather(env: Env, store: Store, location: LocationRow, now: number): Promise<AlertFacts> {
  const run = store.get("run");
  const last = store.get("last_run");
  const lastEvent = store.lastEventAt();
  return {
    settings: location.settings,
    run,
    last:
      last === null || last.state === "cancelled"
        ? null
        : {
            state: last.state,
            mode: last.mode,
            error_rate: last.error_rate,
            error: last.error?.message ?? null,
            accuracy: last.verification?.accuracy ?? null,
            drift: last.verification && driftOf(last.verification),
            healed: (last.verification?.healed ?? 0) > 0,
          },
    durations: run === null ? [] : await durationsOf(env, location.location_id, run.mode),
    last_success_at: store.get("last_success_at"),
    webhooks:
      location.settings.frequency !== "realtime" || lastEvent === null
        ? null
        : { last_at: lastEvent, missed_since: store.missedSince(lastEvent) },
    clock: clockOf(store, location),
    now,
  };
}

/** Of what the store still reads. */
function clockOf(store: Store, { settings: { data_types } }: LocationRow): Told {
  const { rooms = null, ...clocks } = store.get("clocks") ?? {};
  const read = (["products", "inventory", "sales"] as const).filter((resource) => data_types[resource]);
  return read.reduce(
    (told, resource) => furtherOff(told, clocks[resource] ?? null),
    data_types.inventory ? rooms : null,
  );
}

async function durationsOf(env: Env, location_id: string, mode: string): Promise<number[]> {
  const rows = await recordsDb(env, location_id)
    .select({ duration_ms: runs.duration_ms })
    .from(runs)
    .where(and(eq(runs.location_id, location_id), eq(runs.mode, mode), isNotNull(runs.duration_ms)))
    .orderBy(desc(runs.run_id))
    .limit(HABIT_RUNS);
  return rows.flatMap(({ duration_ms }) => duration_ms ?? []);
}
