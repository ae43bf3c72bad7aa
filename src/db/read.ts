import type { SQL } from "drizzle-orm";
import type { RecordsDb } from "./databases.ts";
import { prepare } from "./write.ts";

export async function readRows(db: RecordsDb, statement: SQL): Promise<Record<string, unknown>[]> {
  const [rows = []] = await readBatch(db, [statement]);
  return rows;
}

/** Reads all statements of one moment: a batch is a transaction. The rows of each, in order. */
export async function readBatch(db: RecordsDb, statements: readonly SQL[]): Promise<Record<string, unknown>[][]> {
  const results = await db.$client.batch(statements.map((statement) => prepare(db.$client, statement)));
  return results.map(({ results: rows }) => rows as Record<string, unknown>[]);
}
