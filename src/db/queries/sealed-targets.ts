import { and, asc, eq, gt, type SQL, sql } from "drizzle-orm";
import type { AccountsDb } from "../databases.ts";
import { alertChannels, subscriptions } from "../schema/accounts.ts";

/** Tables whose rows have a sealed target: an address, and its secret. */
const TARGETS = {
  channels: { table: alertChannels, id: alertChannels.channel_id },
  subscriptions: { table: subscriptions, id: subscriptions.subscription_id },
} as const;
export type TargetKind = keyof typeof TARGETS;

/** Those whose envelope does not begin so: its key is not the one that seals now. `retailer_id` null: all. */
function sealedOtherwise(kind: TargetKind, retailer_id: string | null, prefix: string): SQL | undefined {
  const { table } = TARGETS[kind];
  return and(
    retailer_id === null ? undefined : eq(table.retailer_id, retailer_id),
    sql`instr(${table.sealed}, ${prefix}) <> 1`,
  );
}

/** Ids of targets to be sealed again, in order; up to `limit` after `after`. */
export async function listTargetsSealedOtherwise(
  db: AccountsDb,
  kind: TargetKind,
  { retailer_id, prefix }: { retailer_id: string | null; prefix: string },
  page: { after: string | null; limit: number },
): Promise<string[]> {
  const { table, id } = TARGETS[kind];
  const after = page.after === null ? undefined : gt(id, page.after);
  const rows = await db
    .select({ id: sql<string>`${id}` })
    .from(table)
    .where(and(sealedOtherwise(kind, retailer_id, prefix), after))
    .orderBy(asc(id))
    .limit(page.limit);
  return rows.map((row) => row.id);
}

export const countTargetsSealedOtherwise = (
  db: AccountsDb,
  kind: TargetKind,
  { retailer_id, prefix }: { retailer_id: string | null; prefix: string },
): Promise<number> => db.$count(TARGETS[kind].table, sealedOtherwise(kind, retailer_id, prefix));

export async function findSealed(db: AccountsDb, kind: TargetKind, target_id: string): Promise<string | null> {
  const { table, id } = TARGETS[kind];
  const [row] = await db
    .select({ sealed: sql<string>`${table.sealed}` })
    .from(table)
    .where(eq(id, target_id));
  return row?.sealed ?? null;
}

/** Puts a fresh envelope in the place of the one that was read; false when somebody changed it meanwhile. */
export async function replaceSealedTarget(
  db: AccountsDb,
  kind: TargetKind,
  target_id: string,
  envelopes: { read: string; fresh: string },
): Promise<boolean> {
  const { table, id } = TARGETS[kind];
  const { read, fresh } = envelopes;
  const { meta } = await db.run(
    sql`update ${table} set sealed = ${fresh} where ${id} = ${target_id} and ${table.sealed} = ${read}`,
  );
  return meta.changes > 0;
}
