import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { bulkUpsert, inList } from "../bulk.ts";
import type { AccountsDb } from "../databases.ts";
import { deadLetters, type SubscriptionRow, subscriptionFailures, subscriptions } from "../schema/accounts.ts";
import { writeBatch } from "../write.ts";

/** In the order of the retailer's list. */
export function listSubscriptions(db: AccountsDb, retailer_id: string): Promise<SubscriptionRow[]> {
  return db
    .select()
    .from(subscriptions)
    .where(eq(subscriptions.retailer_id, retailer_id))
    .orderBy(asc(subscriptions.position));
}

export async function findSubscription(db: AccountsDb, subscription_id: string): Promise<SubscriptionRow | null> {
  const [row] = await db.select().from(subscriptions).where(eq(subscriptions.subscription_id, subscription_id));
  return row ?? null;
}

/** The retailer's subscriptions are these from now on. */
export async function replaceSubscriptions(
  db: AccountsDb,
  retailer_id: string,
  rows: SubscriptionRow[],
): Promise<void> {
  const ids = rows.map(({ subscription_id }) => subscription_id);
  const gone = sql`delete from ${subscriptions} where ${subscriptions.retailer_id} = ${retailer_id}
    and not ${inList(subscriptions.subscription_id, ids)}`;
  await writeBatch(db, [gone, ...bulkUpsert(subscriptions, rows, "differs")]);
}

// ---- Stores whose changes are not accepted ------------------------------------------------------------------------

export type FailureRow = typeof subscriptionFailures.$inferSelect;
type Pair = Pick<FailureRow, "subscription_id" | "location_id">;

/** Failures of a subscription that are shown one by one; the others are counted. */
const SHOWN = 20;

/** The longest first. */
export function listFailures(db: AccountsDb, subscription_id: string): Promise<FailureRow[]> {
  return db
    .select()
    .from(subscriptionFailures)
    .where(eq(subscriptionFailures.subscription_id, subscription_id))
    .orderBy(asc(subscriptionFailures.failing_since))
    .limit(SHOWN);
}

/** How many stores fail and are parked, how many changes wait, and since when; one row for each subscription that has failures. */
export function sumFailures(db: AccountsDb, subscription_ids: readonly string[]) {
  const { subscription_id, parked_at, waiting, failing_since } = subscriptionFailures;
  return db
    .select({
      subscription_id,
      failing: sql<number>`count(*)`,
      parked: sql<number>`count(${parked_at})`,
      waiting: sql<number>`sum(${waiting})`,
      since: sql<number>`min(${failing_since})`,
    })
    .from(subscriptionFailures)
    .where(inList(subscription_id, subscription_ids))
    .groupBy(subscription_id);
}

export async function storeFailure(db: AccountsDb, row: Omit<FailureRow, "alerted">): Promise<void> {
  const { subscription_id: _, location_id: __, ...rest } = row;
  await db
    .insert(subscriptionFailures)
    .values(row)
    .onConflictDoUpdate({
      target: [subscriptionFailures.subscription_id, subscriptionFailures.location_id],
      set: rest,
    });
}

/** Whether this store's alert is the one of the subscription: it is already, or no other store has it. */
export async function claimAlert(db: AccountsDb, { subscription_id, location_id }: Pair): Promise<boolean> {
  const { meta } = await db.run(sql`update ${subscriptionFailures} set alerted = 1
    where subscription_id = ${subscription_id} and location_id = ${location_id} and not exists (
      select 1 from ${subscriptionFailures} other where other.subscription_id = ${subscription_id}
        and other.location_id <> ${location_id} and other.alerted)`);
  return meta.changes > 0;
}

export async function endFailure(db: AccountsDb, { subscription_id, location_id }: Pair): Promise<void> {
  await db
    .delete(subscriptionFailures)
    .where(
      and(eq(subscriptionFailures.subscription_id, subscription_id), eq(subscriptionFailures.location_id, location_id)),
    );
}

/** The store is gone. */
export async function endFailuresOf(db: AccountsDb, location_id: string): Promise<void> {
  await db.delete(subscriptionFailures).where(eq(subscriptionFailures.location_id, location_id));
}

/** Parked changes of a store are shown where people look for messages that failed, and can be replayed there. */
export async function storeDeadChanges(
  db: AccountsDb,
  row: Pick<
    typeof deadLetters.$inferInsert,
    "dead_letter_id" | "retailer_id" | "location_id" | "reason" | "body" | "at"
  >,
): Promise<void> {
  await db
    .insert(deadLetters)
    .values({ ...row, queue: "notices", kind: "receiver" })
    .onConflictDoNothing();
}

/** Parked changes of a store go on, or nobody waits for them: nothing is to be done about them any more. */
export async function healDeadChanges(
  db: AccountsDb,
  /** Without a subscription: those of all. */
  { subscription_id, location_id }: Partial<Pair> & Pick<Pair, "location_id">,
  now: number,
): Promise<void> {
  await db
    .update(deadLetters)
    .set({ healed_at: now })
    .where(
      and(
        eq(deadLetters.location_id, location_id),
        eq(deadLetters.queue, "notices"),
        isNull(deadLetters.healed_at),
        subscription_id === undefined ? undefined : sql`${deadLetters.body}->>'subscription_id' = ${subscription_id}`,
      ),
    );
}
