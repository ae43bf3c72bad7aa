import { asc, eq, sql } from "drizzle-orm";
import { MAX_INBOX_ITEMS } from "../../domain/bounds.ts";
import { log } from "../../platform/log.ts";
import { inList } from "../bulk.ts";
import { type Placed, recordsDb } from "../databases.ts";
import { reviews } from "../schema/records.ts";

/** The open reviews of many stores, the oldest first; a database that does not answer fails alone. */
export async function listOpenReviews(env: Env, stores: readonly Placed[]) {
  const byShard = [...Map.groupBy(stores, ({ shard }) => shard).values()];
  const found = await Promise.all(byShard.map((placed) => openIn(env, placed)));
  return { reviews: found.flatMap((each) => each.rows), unread: found.flatMap((each) => each.unread) };
}

async function openIn(env: Env, placed: readonly Placed[]) {
  const [first] = placed;
  const ids = placed.map(({ location_id }) => location_id);
  if (first === undefined) return { rows: [], unread: [] };
  const { location_id, review_id, kind, subject, reason, opened_at, value_at_stake, state } = reviews;
  try {
    const rows = await recordsDb(env, first)
      .select({ location_id, review_id, kind, subject, reason, opened_at, value_at_stake })
      .from(reviews)
      .where(sql`${inList(location_id, ids)} and ${eq(state, "open")}`)
      .orderBy(asc(opened_at))
      .limit(MAX_INBOX_ITEMS);
    return { rows, unread: [] };
  } catch (error) {
    log("shard_not_read", { shard: first.shard, cause: error });
    return { rows: [], unread: ids };
  }
}
