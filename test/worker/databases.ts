import { env } from "cloudflare:workers";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { shardsOf } from "../../src/db/databases.ts";
import * as accounts from "../../src/db/schema/accounts.ts";

const ACCOUNT_TABLES = new Set(
  Object.values<unknown>(accounts).flatMap((table) =>
    table instanceof SQLiteTable ? [getTableConfig(table).name] : [],
  ),
);
const RECORD_DATABASES = [...shardsOf(env).values()];

/** The database of a store's records; null: there is no such store. */
async function databaseOf(location_id: string): Promise<D1Database | null> {
  const row = await env.DB.prepare("select shard from locations where location_id = ?")
    .bind(location_id)
    .first<{ shard: string }>();
  return shardsOf(env).get(row?.shard ?? "") ?? null;
}

/** Where the table is that a statement names first: with accounts, or in the databases of records. */
async function databasesFor(query: string, parameters: readonly unknown[]): Promise<D1Database[]> {
  const table = /\b(?:from|into|update)\s+"?(\w+)/i.exec(query)?.[1] ?? "";
  if (table === "sqlite_master") return [env.DB, ...RECORD_DATABASES.slice(0, 1)];
  if (ACCOUNT_TABLES.has(table)) return [env.DB];
  const store = parameters.find((value): value is string => typeof value === "string" && value.startsWith("loc_"));
  const own = store === undefined ? null : await databaseOf(store);
  return own === null ? RECORD_DATABASES : [own];
}

/** Rows of the database that has the table; of records without a store's id among the parameters, of all databases. */
export async function rows<T>(query: string, ...parameters: unknown[]): Promise<T[]> {
  const databases = await databasesFor(query, parameters);
  const found = await Promise.all(
    databases.map((d1) =>
      d1
        .prepare(query)
        .bind(...parameters)
        .all<T>(),
    ),
  );
  return found.flatMap(({ results }) => results);
}

/** Changes rows there. */
export async function write(query: string, ...parameters: unknown[]): Promise<void> {
  await rows(query, ...parameters);
}

/** The bindings with every database replaced by what `wrap` makes of it. */
export function withDatabases(given: Env, wrap: (d1: D1Database) => unknown): Env {
  const wrapped = [...shardsOf(given)].map(([shard, d1]) => [`RECORDS_${shard}`, wrap(d1)]);
  return { ...given, DB: wrap(given.DB), ...Object.fromEntries(wrapped) } as Env;
}
