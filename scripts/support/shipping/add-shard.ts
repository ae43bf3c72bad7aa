import { createArgs, nextShard, withShard } from "../wrangler-shards.ts";
import { pendingMigrations, readDatabases } from "./account.ts";
import { type Deployed, readEnvironment } from "./environment.ts";
import { createDatabase, type Hands } from "./provision.ts";
import { must } from "./run.ts";

/** Pending only in a database without tables. */
const FIRST_MIGRATION = /^0000_/;

/**
 * Creates a database of records, adds it to wrangler.toml and applies the migrations. Each step is written down before the next
 * one, and a run after one that was cut off goes on with its database. Returns the binding.
 */
export function addShard(env: Deployed, { config, run, read, write, say }: Omit<Hands, "ask">): string {
  const last = readEnvironment(env, config).d1_databases.at(-1);
  const isUnfinished =
    last !== undefined && pendingMigrations(run, env, last.binding).some((file) => FIRST_MIGRATION.test(file));
  const binding = isUnfinished ? last.binding : bound();
  if (isUnfinished) say(`${binding} is in wrangler.toml, without its tables: an earlier run was cut off.`);
  must(run, "wrangler", ["d1", "migrations", "apply", binding, "--remote", "--env", env]);
  say(`Applied the migrations to ${binding}.`);
  return binding;

  function bound(): string {
    const shard = nextShard(read(), env);
    const name = shard.database_name;
    const known = readDatabases(run).get(name);
    const database_id = known ?? createDatabase(run, createArgs(shard));
    say(
      known === undefined
        ? `Created the database ${name} (${database_id}).`
        : `The database ${name} (${database_id}) is there: an earlier run was cut off.`,
    );
    write(withShard(read(), env, { ...shard, database_id }));
    say(`Added the binding ${shard.binding} to wrangler.toml, for ${env}.`);
    return shard.binding;
  }
}
