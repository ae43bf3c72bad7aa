/**
 * A query that is built once for each database and then only given its values: Drizzle takes longer to build a query than
 * SQLite takes to answer it.
 */
export function prepared<Db extends object, Q>(build: (db: Db) => Q): (db: Db) => Q {
  const built = new WeakMap<Db, Q>();
  return (db) => {
    const query = built.get(db) ?? build(db);
    built.set(db, query);
    return query;
  };
}
