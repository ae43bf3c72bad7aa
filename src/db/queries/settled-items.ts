import { and, desc, inArray, sql } from "drizzle-orm";
import type { InboxAction, SettledKind } from "../../domain/alerts/inbox.ts";
import type { Decider } from "../../domain/records/change.ts";
import type { AccountsDb } from "../databases.ts";
import type { Visible } from "../locations.ts";
import { deadLetters, settledItems } from "../schema/accounts.ts";
import { visibleTo } from "../visible.ts";
import { writeBatch } from "../write.ts";

/** What a person decided, and when. */
export interface Settling extends Decider {
  action: InboxAction;
  now: number;
}

/** The latest decisions about items of these kinds. */
export function listSettled(db: AccountsDb, who: Visible, kinds: readonly SettledKind[], limit: number) {
  return db
    .select()
    .from(settledItems)
    .where(and(visibleTo(settledItems, who), inArray(settledItems.kind, [...kinds])))
    .orderBy(desc(settledItems.settled_at))
    .limit(limit);
}

/** Deletes dead letters and keeps who decided so. What somebody else has deleted meanwhile was that person's decision. */
export async function settleDeadLetters(
  db: AccountsDb,
  ids: readonly string[],
  { action, by, reason, now }: Settling,
): Promise<void> {
  const theirs = sql`${deadLetters.dead_letter_id} in (select value from json_each(${JSON.stringify(ids)}))`;
  await writeBatch(db, [
    sql`insert or replace into ${settledItems} (location_id, kind, id, retailer_id, subject, failure, since, action,
        settled_at, settled_by, settled_reason)
      select location_id, 'dead_letter', dead_letter_id, retailer_id, queue, reason, at, ${action}, ${now}, ${by}, ${reason}
      from ${deadLetters} where ${theirs}`,
    sql`delete from ${deadLetters} where ${theirs}`,
  ]);
}

/** Keeps who decided about an edit. */
export async function keepSettledEdit(
  db: AccountsDb,
  edit: {
    location_id: string;
    retailer_id: string;
    push_id: string;
    product_id: string;
    failure: string | null;
    since: number;
  },
  { action, by, reason, now }: Settling,
): Promise<void> {
  const { location_id, retailer_id, push_id: id, product_id: subject, failure, since } = edit;
  const decision = { action, settled_at: now, settled_by: by, settled_reason: reason };
  await db
    .insert(settledItems)
    .values({ location_id, kind: "edit", id, retailer_id, subject, failure, since, ...decision })
    .onConflictDoUpdate({
      target: [settledItems.location_id, settledItems.kind, settledItems.id],
      set: { failure, since, ...decision },
    });
}
