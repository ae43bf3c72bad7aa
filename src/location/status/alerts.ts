import { and, eq, sql } from "drizzle-orm";
import { notifyNow } from "../../alerts/notify.ts";
import { accountsDb } from "../../db/databases.ts";
import { alerts, type LocationRow } from "../../db/schema/accounts.ts";
import type { AlertRule } from "../../domain/alerts/rules.ts";
import { contentHash } from "../../domain/records/version.ts";
import type { StoreContext } from "../context.ts";

export interface Alert {
  rule: AlertRule;
  /** What it is about within the rule: a resource, a queue, a run mode. */
  subject: string;
  severity: "warning" | "critical";
  message: string;
}

/** A store has one alert per rule and subject. Raising it twice raises it once; after its end it fires anew. */
export const alertId = (location_id: string, rule: string, subject: string) =>
  `alr_${contentHash([location_id, rule, subject])}`;

/** The part of a StoreContext that an alert needs: callers outside of a Location raise alerts, too. */
type About<Known extends keyof LocationRow> = Pick<StoreContext, "env" | "now"> & {
  location: Pick<LocationRow, Known>;
};

/**
 * Fires the alert and sends its notice. An alert that fires already keeps its beginning and its acknowledgement. `again`: it
 * begins anew, with a notice at once.
 */
export async function raiseAlert(
  { env, location, now }: About<"location_id" | "retailer_id">,
  alert: Alert,
  again = false,
): Promise<void> {
  const { location_id, retailer_id } = location;
  const { rule, subject, severity, message } = alert;
  const isNew = again ? sql`true` : sql`${alerts.state} = 'resolved'`;
  const [row] = await accountsDb(env)
    .insert(alerts)
    .values({
      location_id,
      alert_id: alertId(location_id, rule, subject),
      retailer_id,
      rule,
      state: "firing",
      severity,
      message,
      started_at: now,
      notice_at: now,
    })
    .onConflictDoUpdate({
      target: [alerts.location_id, alerts.alert_id],
      set: {
        state: "firing",
        severity,
        message,
        started_at: sql`case when ${isNew} then ${now} else ${alerts.started_at} end`,
        acknowledged_at: sql`case when ${isNew} then null else ${alerts.acknowledged_at} end`,
        acknowledged_by: sql`case when ${isNew} then null else ${alerts.acknowledged_by} end`,
        acknowledged_reason: sql`case when ${isNew} then null else ${alerts.acknowledged_reason} end`,
        resolved_at: null,
        notice_at: sql`case when ${isNew} then ${now} else ${alerts.notice_at} end`,
      },
    })
    .returning();
  if (row !== undefined) await notifyNow(env, row, now);
}

export async function isFiring(about: About<"location_id">, alert: Pick<Alert, "rule" | "subject">): Promise<boolean> {
  return (await findAlert(about, alert))?.state === "firing";
}

/** Whether nobody has acknowledged the alert since it began; also of one that the store's disconnection ended. */
export async function isUnseen(about: About<"location_id">, alert: Pick<Alert, "rule" | "subject">): Promise<boolean> {
  return (await findAlert(about, alert))?.acknowledged_at === null;
}

async function findAlert(
  { env, location: { location_id } }: About<"location_id">,
  { rule, subject }: Pick<Alert, "rule" | "subject">,
) {
  const [row] = await accountsDb(env)
    .select({ state: alerts.state, acknowledged_at: alerts.acknowledged_at })
    .from(alerts)
    .where(and(eq(alerts.location_id, location_id), eq(alerts.alert_id, alertId(location_id, rule, subject))));
  return row;
}

/** Ends an alert that fires. The channels that heard of its beginning get a notice. */
export async function resolveAlert(
  { env, location: { location_id }, now }: About<"location_id">,
  { rule, subject }: Pick<Alert, "rule" | "subject">,
  /** Why it is over; absent: its condition is no longer true. */
  message?: string,
): Promise<void> {
  const alert_id = alertId(location_id, rule, subject);
  const [row] = await accountsDb(env)
    .update(alerts)
    .set({ state: "resolved", resolved_at: now, notice_at: now, ...(message !== undefined && { message }) })
    .where(and(eq(alerts.location_id, location_id), eq(alerts.alert_id, alert_id), eq(alerts.state, "firing")))
    .returning();
  if (row !== undefined) await notifyNow(env, row, now);
}

/** The store is disconnected: ends its alerts, without notices. */
export async function endAlerts({ env, location, now }: About<"location_id">): Promise<void> {
  await accountsDb(env)
    .update(alerts)
    .set({ state: "resolved", resolved_at: now, notice_at: null })
    .where(and(eq(alerts.location_id, location.location_id), eq(alerts.state, "firing")));
}
