import { and, asc, desc, eq, isNotNull, type SQL } from "drizzle-orm";
import { MAX_INBOX_ITEMS } from "../../domain/bounds.ts";
import { log } from "../../platform/log.ts";
import { inList } from "../bulk.ts";
import { type Placed, recordsDb } from "../databases.ts";
import { reviews } from "../schema/records.ts";

/** The oldest that are open, or the latest that somebody or a rule decided. */
const ASKED: Record<"open" | "decided", { where: SQL | undefined; order: SQL }> = {
  open: { where: eq(reviews.state, "open"), order: asc(reviews.opened_at) },
  decided: { where: and(eq(reviews.state, "resolved"), isNotNull(reviews.action)), order: desc(reviews.resolved_at) },
};

/** Reviews of many stores; a database that does not answer fails alone. */
export async function listReviewsOf(env: Env, stores: readonly Placed[], asked: keyof typeof ASKED) {
  const byShard = [...Map.groupBy(stores, ({ shard }) => shard).values()];
  const found = await Promise.all(byShard.map((placed) => readFrom(env, placed, ASKED[asked])));
  return { rows: found.flatMap((each) => each.rows), unread: found.flatMap((each) => each.unread) };
}

async function readFrom(env: Env, placed: readonly Placed[], { where, order }: (typeof ASKED)["open"]) {
  const [first] = placed;
  const ids = placed.map(({ location_id }) => location_id);
  if (first === undefined) return { rows: [], unread: [] };
  const { location_id, review_id, kind, subject, reason, opened_at, value_at_stake, held_rows } = reviews;
  const { action, resolved_at, resolved_by, resolved_reason } = reviews;
  const decision = { action, resolved_at, resolved_by, resolved_reason };
  try {
    const rows = await recordsDb(env, first)
      .select({ location_id, review_id, kind, subject, reason, opened_at, value_at_stake, held_rows, ...decision })
      .from(reviews)
      .where(and(inList(location_id, ids), where))
      .orderBy(order)
      .limit(MAX_INBOX_ITEMS);
    return { rows, unread: [] };
  } catch (error) {
    log("shard_not_read", { shard: first.shard, cause: error });
    return { rows: [], unread: ids };
  }
}
