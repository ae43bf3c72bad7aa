import type { RecordsDb } from "./databases.ts";

/**
 * A query that is built once for each database and then only given its values: Drizzle takes longer to build a query than
 * SQLite takes to answer it.
 */
export function prepared<Q>(build: (db: RecordsDb) => Q): (db: RecordsDb) => Q {
  const built = new WeakMap<RecordsDb, Q>();
  return (db) => {
    const query = built.get(db) ?? build(db);
    built.set(db, query);
    return query;
  };
}
