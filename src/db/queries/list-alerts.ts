import { and, desc, eq, gt, inArray, isNotNull, isNull } from "drizzle-orm";
import { ENDED_BY_ACKNOWLEDGING } from "../../domain/alerts/rules.ts";
import type { Decider } from "../../domain/records/change.ts";
import type { AccountsDb } from "../databases.ts";
import type { Visible } from "../locations.ts";
import { type AlertRow, alerts } from "../schema/accounts.ts";
import { visibleTo } from "../visible.ts";

export function listAlerts(
  db: AccountsDb,
  who: Visible,
  state: "firing" | "resolved" | null,
  page: { after: string | null; limit: number },
): Promise<AlertRow[]> {
  return db
    .select()
    .from(alerts)
    .where(
      and(
        visibleTo(alerts, who),
        state === null ? undefined : eq(alerts.state, state),
        page.after === null ? undefined : gt(alerts.alert_id, page.after),
      ),
    )
    .orderBy(alerts.alert_id)
    .limit(page.limit);
}

/** Without the ends of the notices. */
const BRIEF = {
  location_id: alerts.location_id,
  alert_id: alerts.alert_id,
  rule: alerts.rule,
  severity: alerts.severity,
  message: alerts.message,
  started_at: alerts.started_at,
  acknowledged_at: alerts.acknowledged_at,
  acknowledged_by: alerts.acknowledged_by,
  acknowledged_reason: alerts.acknowledged_reason,
};

/** What fires in the stores that the caller sees. A store has one alert per rule and subject. */
export function listFiring(db: AccountsDb, who: Visible) {
  return db
    .select(BRIEF)
    .from(alerts)
    .where(and(visibleTo(alerts, who), eq(alerts.state, "firing")));
}

/** The latest that somebody has seen. */
export function listAcknowledged(db: AccountsDb, who: Visible, limit: number) {
  return db
    .select(BRIEF)
    .from(alerts)
    .where(and(visibleTo(alerts, who), isNotNull(alerts.acknowledged_at)))
    .orderBy(desc(alerts.acknowledged_at))
    .limit(limit);
}

export async function findAlert(db: AccountsDb, location_id: string, alert_id: string): Promise<AlertRow | null> {
  const [row] = await db
    .select()
    .from(alerts)
    .where(and(eq(alerts.location_id, location_id), eq(alerts.alert_id, alert_id)));
  return row ?? null;
}

/**
 * Keeps the first acknowledgement, and ends alerts that only a person ends. An alert that did not begin at `started_at` (ms) is
 * left as it is; undefined: the person did not say which one was shown. Null: the caller sees no such alert.
 */
export async function acknowledgeAlert(
  db: AccountsDb,
  who: Visible,
  alert_id: string,
  { by, reason, started_at, now }: Decider & { started_at?: number | undefined; now: number },
): Promise<AlertRow | null> {
  const mine = and(visibleTo(alerts, who), eq(alerts.alert_id, alert_id));
  const shown = and(mine, started_at === undefined ? undefined : eq(alerts.started_at, started_at));
  await db
    .update(alerts)
    .set({ acknowledged_at: now, acknowledged_by: by, acknowledged_reason: reason })
    .where(and(shown, isNull(alerts.acknowledged_at)));
  await db
    .update(alerts)
    .set({ state: "resolved", resolved_at: now, notice_at: now })
    .where(and(shown, eq(alerts.state, "firing"), inArray(alerts.rule, [...ENDED_BY_ACKNOWLEDGING])));
  const [row] = await db.select().from(alerts).where(mine);
  return row ?? null;
}
