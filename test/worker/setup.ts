import { applyD1Migrations, type D1Migration, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
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

/** Empties all databases. Only what runs is deleted: each is woken first. */
async function empty(): Promise<void> {
  const all = [env.DB, ...shardsOf(env).values()];
  await Promise.all(all.map((d1) => d1.prepare("select 1").run()));
  await reset();
  const { results } = await env.DB.prepare("select name from sqlite_master where name = 'locations'").all();
  if (results.length > 0) throw new Error("The databases of the file of tests before are still there.");
}

// Files share runtimes: starting one costs more than most files' tests. None sees another's clock, doubles or records.
vi.useRealTimers();
vi.unstubAllGlobals();
vi.restoreAllMocks();
await empty();
await migrate();
