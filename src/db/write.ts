import type { SQL } from "drizzle-orm";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";
import { isReset } from "../platform/failures.ts";
import type { AccountsDb, RecordsDb } from "./databases.ts";

const ATTEMPTS = 3;

/** Writes all statements as one transaction. They must be idempotent: a lost connection may have committed them. */
export async function writeBatch(db: AccountsDb | RecordsDb, statements: readonly SQL[]): Promise<D1Result[]> {
  if (statements.length === 0) return []; // an empty batch throws
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.$client.batch(statements.map((statement) => prepare(db.$client, statement)));
    } catch (error) {
      if (attempt >= ATTEMPTS || !isReset(error)) throw error;
    }
  }
}

const dialect = new SQLiteAsyncDialect();

/** Drizzle's own batch takes its query builders only, not `sql` statements. */
export function prepare(d1: D1Database, statement: SQL): D1PreparedStatement {
  const { sql, params } = dialect.sqlToQuery(statement);
  return d1.prepare(sql).bind(...params);
}
