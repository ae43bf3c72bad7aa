import { and, eq, gt, isNull, type SQL } from "drizzle-orm";
import { inList } from "./bulk.ts";
import type { Visible } from "./locations.ts";
import type { RecordsDb } from "./records.ts";
import { alerts } from "./schema.ts";

export type AlertRow = typeof alerts.$inferSelect;

export function listAlerts(
  db: RecordsDb,
  who: Visible,
  state: "firing" | "resolved" | null,
  page: { after: string | null; limit: number },
): Promise<AlertRow[]> {
  return db
    .select()
    .from(alerts)
    .where(
      and(
        visible(who),
        state === null ? undefined : eq(alerts.state, state),
        page.after === null ? undefined : gt(alerts.alert_id, page.after),
      ),
    )
    .orderBy(alerts.alert_id)
    .limit(page.limit);
}

/** Keeps the first acknowledgement; null when there is no such alert for this caller. */
export async function acknowledgeAlert(
  db: RecordsDb,
  who: Visible,
  alert_id: string,
  now: number,
): Promise<AlertRow | null> {
  await db
    .update(alerts)
    .set({ acknowledged_at: now })
    .where(and(visible(who), eq(alerts.alert_id, alert_id), isNull(alerts.acknowledged_at)));
  const [row] = await db
    .select()
    .from(alerts)
    .where(and(visible(who), eq(alerts.alert_id, alert_id)));
  return row ?? null;
}

const visible = (who: Visible): SQL | undefined =>
  and(
    eq(alerts.retailer_id, who.retailer_id),
    who.location_ids === null ? undefined : inList(alerts.location_id, who.location_ids),
  );
