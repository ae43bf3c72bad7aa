import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import * as schema from "./schema.ts";

/** `$client` is D1 itself, for batches of hand-written statements. */
export type RecordsDb = DrizzleD1Database<typeof schema> & { $client: D1Database };

/**
 * The database that holds a store's records. Today there is one. D1 is single-threaded and ends at 10 GB, so no caller may
 * assume that two stores share a database.
 */
export function recordsDb(env: Env, _location_id: string): RecordsDb {
  return opened(env.DB);
}

/** The database of stores, reviews across stores and alerts: one for all. */
export function accountsDb(env: Env): RecordsDb {
  return opened(env.DB);
}

/** Drizzle reads the whole schema when it is set up: once for each database is enough. */
const known = new WeakMap<D1Database, RecordsDb>();

function opened(d1: D1Database): RecordsDb {
  const db = known.get(d1) ?? drizzle(d1, { schema });
  known.set(d1, db);
  return db;
}
