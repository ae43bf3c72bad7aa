import { and, asc, eq, lte, type SQL, sql } from "drizzle-orm";
import type { LastNotice } from "../../domain/alerts/notices.ts";
import type { AccountsDb } from "../databases.ts";
import { type AlertRow, alerts } from "../schema/accounts.ts";
import { writeBatch } from "../write.ts";

export type AlertKey = Pick<AlertRow, "location_id" | "alert_id">;

/**
 * Alerts whose notice has been due since `before` (ms) or earlier, the oldest first. Only keys: one row may be
 * unreadable.
 */
export function listNoticesDue(db: AccountsDb, before: number, limit: number): Promise<AlertKey[]> {
  return db
    .select({ location_id: alerts.location_id, alert_id: alerts.alert_id })
    .from(alerts)
    .where(lte(alerts.notice_at, before))
    .orderBy(asc(alerts.notice_at))
    .limit(limit);
}

/** These alerts, as far as they exist. */
export function findAlerts(db: AccountsDb, keys: readonly AlertKey[]): Promise<AlertRow[]> {
  const wanted = sql`select value->>'location_id', value->>'alert_id' from json_each(${JSON.stringify(keys)})`;
  return db.select().from(alerts).where(sql`(${alerts.location_id}, ${alerts.alert_id}) in (${wanted})`);
}

export async function putOffNotice(db: AccountsDb, { location_id, alert_id }: AlertKey, until: number): Promise<void> {
  await db
    .update(alerts)
    .set({ notice_at: until })
    .where(and(eq(alerts.location_id, location_id), eq(alerts.alert_id, alert_id)));
}

export interface SentNotice {
  /** As it was read. */
  row: AlertRow;
  last_notice: LastNotice | null;
  next_at: number | null;
}

/**
 * Stores the last notice of each alert, unless another caller has stored a notice meanwhile. An alert that began or ended
 * meanwhile is due again at once.
 */
export async function storeNotices(db: AccountsDb, sent: readonly SentNotice[], now: number): Promise<void> {
  await writeBatch(
    db,
    sent.map(({ row, last_notice, next_at }): SQL => {
      const isSame = sql`state = ${row.state} and started_at = ${row.started_at}`;
      return sql`update ${alerts}
        set last_notice = ${textOf(last_notice)}, notice_at = case when ${isSame} then ${next_at} else ${now} end
        where location_id = ${row.location_id} and alert_id = ${row.alert_id} and last_notice is ${textOf(row.last_notice)}`;
    }),
  );
}

const textOf = (last_notice: LastNotice | null) => (last_notice === null ? null : JSON.stringify(last_notice));
