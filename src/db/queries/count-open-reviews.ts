import { and, eq } from "drizzle-orm";
import { log } from "../../platform/log.ts";
import { inList } from "../bulk.ts";
import { type Placed, recordsDb } from "../databases.ts";
import { counts } from "../schema/records.ts";

/**
 * The number of open reviews of each store, one query a database. A database that does not answer fails alone: its stores
 * are not in the answer.
 */
export async function countOpenReviews(env: Env, stores: readonly Placed[]): Promise<Map<string, number>> {
  const byShard = Map.groupBy(stores, ({ shard }) => shard);
  const found = await Promise.all([...byShard.values()].map((placed) => countIn(env, placed)));
  return new Map(found.flat());
}

async function countIn(env: Env, placed: readonly Placed[]): Promise<[string, number][]> {
  const [first] = placed;
  if (first === undefined) return [];
  try {
    const rows = await recordsDb(env, first)
      .select({ location_id: counts.location_id, n: counts.n })
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
    const known = new Map(rows.map(({ location_id, n }) => [location_id, n]));
    return placed.map(({ location_id }) => [location_id, known.get(location_id) ?? 0]);
  } catch (error) {
    log("shard_not_read", { shard: first.shard, cause: error });
    return [];
  }
}
