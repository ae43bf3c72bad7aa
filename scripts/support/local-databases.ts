import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_splitSqlQuery } from "wrangler";
import { databasesOf } from "./databases.ts";

type LocalDatabase = Awaited<ReturnType<Miniflare["getD1Database"]>>;

/**
 * Applies the migrations to the local databases in the folder `state`, and notes them as `wrangler d1 migrations apply` does.
 * That starts a runtime for each file: 22 s of CPU for all databases, where one runtime needs 1 s.
 */
export async function migrateLocal(state: string, signal?: AbortSignal): Promise<void> {
  await withLocal(state, async (databaseOf) => {
    for (const { binding, migrations_dir } of databasesOf(undefined)) {
      signal?.throwIfAborted();
      await migrate(await databaseOf(binding), migrations_dir);
    }
  });
}

/** How long a Worker may keep a database to itself, ms. It writes for a few ms at a time. */
const BUSY_MS = 10_000;

/** Runs a statement on a local database in the folder `state`, even while a Worker uses it. Returns the rows. */
export function queryLocal<T>(state: string, binding: string, command: string): Promise<T[]> {
  return withLocal(state, async (databaseOf) => {
    const statement = (await databaseOf(binding)).prepare(command);
    for (const began = Date.now(); ; await pause(20)) {
      try {
        return (await statement.all<T>()).results;
      } catch (error) {
        // The Worker writes just now. Nothing was done.
        if (!String(error).includes("SQLITE_BUSY") || Date.now() - began > BUSY_MS) throw error;
      }
    }
  });
}

async function migrate(db: LocalDatabase, folder: string): Promise<void> {
  // Wrangler's own table: its commands see what was applied here, and the other way round.
  await db
    .prepare(
      `create table if not exists "d1_migrations"(
        id integer primary key autoincrement, name text unique, applied_at timestamp default current_timestamp not null)`,
    )
    .run();
  const { results } = await db.prepare("select name from d1_migrations").all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  const files = readdirSync(folder).filter((name) => name.endsWith(".sql") && !applied.has(name));
  for (const name of files.sort()) {
    const statements = unstable_splitSqlQuery(readFileSync(`${folder}/${name}`, "utf8")).map((each) =>
      db.prepare(each),
    );
    await db.batch([...statements, db.prepare("insert into d1_migrations (name) values (?)").bind(name)]);
  }
}

/** Runs a runtime that has nothing but the local databases in the folder `state`. */
export async function withLocal<T>(
  state: string,
  use: (databaseOf: (binding: string) => Promise<LocalDatabase>) => Promise<T>,
): Promise<T> {
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: "",
      resourcePersistencePath: resolve(state, "v3"),
      d1Databases: Object.fromEntries(databasesOf(undefined).map(({ binding, database_id }) => [binding, database_id])),
    }),
  );
  try {
    return await use((binding) => runtime.getD1Database(binding));
  } finally {
    await runtime.dispose();
  }
}
