import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { shardsOf } from "../../src/db/databases.ts";

const { MIGRATIONS_ACCOUNTS, MIGRATIONS_RECORDS } = env as Env & Record<`MIGRATIONS_${string}`, D1Migration[]>;

/** Gives all databases their tables. */
export async function migrate(): Promise<void> {
  await applyD1Migrations(env.DB, MIGRATIONS_ACCOUNTS ?? []);
  for (const d1 of shardsOf(env).values()) await applyD1Migrations(d1, MIGRATIONS_RECORDS ?? []);
}

// Storage is isolated per file, so each file gets the tables.
await migrate();
