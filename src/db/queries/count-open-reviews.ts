import { and, eq, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { log } from "../../platform/log.ts";
import { inList } from "../bulk.ts";
import { type Placed, type RecordsDb, recordsDb } from "../databases.ts";
import { counts, reviews } from "../schema/records.ts";

export interface OpenReviews {
  open: number;
  /** When the oldest was opened, ms. */
  since: number | null;
}

/** By the index that has only the open ones: one row is read. `location_id`: SQL, or the id. */
const oldest = (location_id: SQLWrapper | string): SQL<number | null> =>
  sql`(select min(r.opened_at) from ${reviews} r indexed by reviews_open
    where r.location_id = ${location_id} and r.state = 'open')`;

/** When the store's oldest open review was opened, ms; null: none is open. */
export async function oldestOpenReview(db: RecordsDb, location_id: string): Promise<number | null> {
  const [row] = await db.all<{ since: number | null }>(sql`select ${oldest(location_id)} as since`);
  return row?.since ?? null;
}

/**
 * The open reviews of each store, one query a database. A database that does not answer fails alone: its stores
 * are not in the answer.
 */
export async function countOpenReviews(env: Env, stores: readonly Placed[]): Promise<Map<string, OpenReviews>> {
  const byShard = Map.groupBy(stores, ({ shard }) => shard);
  const found = await Promise.all([...byShard.values()].map((placed) => countIn(env, placed)));
  return new Map(found.flat());
}

async function countIn(env: Env, placed: readonly Placed[]): Promise<[string, OpenReviews][]> {
  const [first] = placed;
  if (first === undefined) return [];
  try {
    const rows = await recordsDb(env, first)
      .select({ location_id: counts.location_id, open: counts.n, since: oldest(sql`counts.location_id`) })
      .from(counts)
      .where(
        and(
          inList(
            counts.location_id,
            placed.map(({ location_id }) => location_id),
          ),
          eq(counts.what, "reviews"),
        ),
      );
    const known = new Map(rows.map(({ location_id, open, since }) => [location_id, { open, since }]));
    return placed.map(({ location_id }) => [location_id, known.get(location_id) ?? { open: 0, since: null }]);
  } catch (error) {
    log("shard_not_read", { shard: first.shard, cause: error });
    return [];
  }
}
