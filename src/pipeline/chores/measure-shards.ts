import { accountsDb, shardsOf } from "../../db/databases.ts";
import { sizeOf, storeSizes } from "../../db/shards.ts";
import { shardState } from "../../domain/shards.ts";
import { eachAlone } from "../../platform/alone.ts";
import { log } from "../../platform/log.ts";

/** One short query a database. */
const ALONE = { at_once: 6, within_ms: 10_000 };

/** Measures the databases of records: a new store goes where there is most room, and operators hear before one is full. */
export async function measureShards(env: Env, now: number): Promise<void> {
  const sizes = new Map<string, number>();
  const measure = async ([shard, d1]: [string, D1Database]) => {
    const bytes = await sizeOf(d1);
    sizes.set(shard, bytes);
    const state = shardState(bytes);
    if (state !== "ok") log(state === "full" ? "shard_full" : "shard_filling", { shard, bytes });
  };
  await eachAlone([...shardsOf(env)], ALONE, measure, ([shard], error) => {
    log("shard_not_measured", { shard, cause: error });
  });
  await storeSizes(accountsDb(env), sizes, now);
}
