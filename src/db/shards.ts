import { sql } from "drizzle-orm";
import { chooseShard, type Shard } from "../domain/shards.ts";
import { bulkUpsert } from "./bulk.ts";
import { type AccountsDb, accountsDb, shardsOf } from "./databases.ts";
import { locations, shards } from "./schema/accounts.ts";
import { writeBatch } from "./write.ts";

/** The databases of records that this Worker is bound to, with their last measured size and their number of stores. */
async function listShards(env: Env): Promise<Shard[]> {
  const db = accountsDb(env);
  const [measured, used] = await Promise.all([
    db.select().from(shards),
    // Disconnected stores count: their records stay until they are purged.
    db.select({ shard: locations.shard, stores: sql<number>`count(*)` }).from(locations).groupBy(locations.shard),
  ]);
  const bytes = new Map(measured.map((row) => [row.shard, row.bytes]));
  const stores = new Map(used.map((row) => [row.shard, row.stores]));
  return [...shardsOf(env).keys()].map((shard) => ({
    shard,
    bytes: bytes.get(shard) ?? null,
    stores: stores.get(shard) ?? 0,
  }));
}

/** Where a new store's records go; null: all databases are full. */
export const shardForNewStore = async (env: Env): Promise<string | null> => chooseShard(await listShards(env));

/** The size of a database, as D1 reports it with any answer. */
export async function sizeOf(d1: D1Database): Promise<number> {
  const { meta } = await d1.prepare("select 1 from counts limit 1").run();
  return meta.size_after;
}

export async function storeSizes(db: AccountsDb, sizes: ReadonlyMap<string, number>, now: number): Promise<void> {
  const rows = [...sizes].map(([shard, bytes]) => ({ shard, bytes, checked_at: now }));
  await writeBatch(db, bulkUpsert(shards, rows, "differs"));
}
