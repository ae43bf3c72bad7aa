import { asc, eq, sql } from "drizzle-orm";
import type { ProblemJson } from "../../contract/http/common.ts";
import { bulkUpsert, inList } from "../bulk.ts";
import type { AccountsDb } from "../databases.ts";
import { type AlertChannelRow, alertChannels } from "../schema/accounts.ts";
import { writeBatch } from "../write.ts";

/** Each retailer's in the order of its list. */
export function listChannels(db: AccountsDb, retailer_ids: Iterable<string>): Promise<AlertChannelRow[]> {
  return db
    .select()
    .from(alertChannels)
    .where(inList(alertChannels.retailer_id, retailer_ids))
    .orderBy(asc(alertChannels.position));
}

export async function findChannel(db: AccountsDb, channel_id: string): Promise<AlertChannelRow | null> {
  const [row] = await db.select().from(alertChannels).where(eq(alertChannels.channel_id, channel_id));
  return row ?? null;
}

/** The retailer's channels are these from now on. */
export async function replaceChannels(db: AccountsDb, retailer_id: string, rows: AlertChannelRow[]): Promise<void> {
  const ids = rows.map(({ channel_id }) => channel_id);
  const gone = sql`delete from ${alertChannels} where ${alertChannels.retailer_id} = ${retailer_id}
    and not ${inList(alertChannels.channel_id, ids)}`;
  await writeBatch(db, [gone, ...bulkUpsert(alertChannels, rows, "differs")]);
}

export async function markSent(db: AccountsDb, channel_id: string, now: number): Promise<void> {
  await db
    .update(alertChannels)
    .set({ last_sent_at: now, failed_at: null, last_error: null })
    .where(eq(alertChannels.channel_id, channel_id));
}

export async function markFailed(db: AccountsDb, channel_id: string, error: ProblemJson, now: number): Promise<void> {
  await db
    .update(alertChannels)
    .set({ failed_at: now, last_error: error })
    .where(eq(alertChannels.channel_id, channel_id));
}
