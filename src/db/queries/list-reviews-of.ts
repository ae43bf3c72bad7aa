import { and, asc, desc, eq, isNotNull, type SQL, sql } from "drizzle-orm";
import { MAX_INBOX_ITEMS } from "../../domain/bounds.ts";
import { NO_PERSON } from "../../domain/reviews/review.ts";
import { log } from "../../platform/log.ts";
import { inList } from "../bulk.ts";
import { type Placed, recordsDb } from "../databases.ts";
import { reviews } from "../schema/records.ts";

interface Asked {
  where: SQL | undefined;
  order: SQL;
}

const decidedBy = (by: SQL): Asked => ({
  where: and(eq(reviews.state, "resolved"), isNotNull(reviews.action), by),
  order: desc(reviews.resolved_at),
});

/** The oldest that are open. Or the latest that people decided, and apart from them those that nobody took: a store has thousands. */
const ASKED: Record<"open" | "decided", readonly Asked[]> = {
  open: [{ where: eq(reviews.state, "open"), order: asc(reviews.opened_at) }],
  decided: [
    decidedBy(sql`coalesce(${reviews.resolved_by}, '') not in ${NO_PERSON}`),
    decidedBy(sql`${reviews.resolved_by} in ${NO_PERSON}`),
  ],
};

/** Reviews of many stores; a database that does not answer fails alone. `isCut`: there may be more than are listed. */
export async function listReviewsOf(env: Env, stores: readonly Placed[], asked: keyof typeof ASKED) {
  const byShard = [...Map.groupBy(stores, ({ shard }) => shard).values()];
  const found = await Promise.all(byShard.flatMap((placed) => ASKED[asked].map((each) => readFrom(env, placed, each))));
  return {
    rows: found.flatMap(({ rows }) => rows),
    unread: [...new Set(found.flatMap(({ unread }) => unread))],
    isCut: found.some(({ rows }) => rows.length >= MAX_INBOX_ITEMS),
  };
}

async function readFrom(env: Env, placed: readonly Placed[], { where, order }: Asked) {
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
