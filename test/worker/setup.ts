import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { shardsOf } from "../../src/db/databases.ts";

const { MIGRATIONS_ACCOUNTS = [], MIGRATIONS_RECORDS = [] } = env as Env &
  Record<`MIGRATIONS_${string}`, D1Migration[]>;

/** Several migrations as one: each costs calls, and each of a hundred files of tests waits for them. */
function together(migrations: D1Migration[]): D1Migration[] {
  return [{ name: "all", queries: migrations.flatMap(({ queries }) => queries) }];
}

/** Gives all databases their tables. */
export async function migrate(): Promise<void> {
  const shards = [...shardsOf(env).values()].map((d1) => applyD1Migrations(d1, together(MIGRATIONS_RECORDS)));
  await Promise.all([applyD1Migrations(env.DB, together(MIGRATIONS_ACCOUNTS)), ...shards]);
}

// Storage is isolated per file, so each file gets the tables.
await migrate();
