import { type SQL, sql } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { MOVED_ROWS, MOVED_RUNS } from "../domain/bounds.ts";
import { bulkUpsert } from "./bulk.ts";
import type { RecordsDb } from "./databases.ts";
import { readRows } from "./read.ts";
import * as records from "./schema/records.ts";
import { writeBatch } from "./write.ts";

/** Triggers count anew, and insights are computed anew. */
const NOT_COPIED: readonly unknown[] = [records.counts, records.insights];

/** The tables of which a store's rows are copied when it moves to another database, in an order that no bundler changes. */
export const COPIED_TABLES: readonly SQLiteTable[] = Object.values<unknown>(records)
  .filter((table) => table instanceof SQLiteTable)
  .filter((table) => !NOT_COPIED.includes(table))
  .sort((a, b) => (getTableConfig(a).name < getTableConfig(b).name ? -1 : 1));

interface Chunk {
  from: RecordsDb;
  to: RecordsDb;
  table: SQLiteTable;
  location_id: string;
  /** The key of the last row of the chunk before. */
  after: readonly string[] | null;
  /** Reads the copy and compares it. Throws if it differs. */
  prove: boolean;
}

/**
 * Makes a store's next rows of a table in one database equal to those in another: adds what is missing, changes what differs,
 * deletes what is too much. To do it again changes nothing. `after` null: the table is done.
 */
export async function copyChunk(chunk: Chunk): Promise<{ after: string[] | null; rows: number }> {
  const { from, to, table, location_id, prove } = chunk;
  const { name, columns, primaryKeys, indexes } = getTableConfig(table);
  const limit = name === "runs" ? MOVED_RUNS : MOVED_ROWS;
  const key = (primaryKeys[0]?.columns ?? []).map((column) => column.name).slice(1);
  const tuple = sql.raw(`(${key.join(", ")})`);
  const first = chunk.after === null ? sql`true` : sql`${tuple} > ${tupleOf(chunk.after)}`;
  const here = sql`from ${table} where location_id = ${location_id} and ${first}`;
  // As D1 stores them: not parsed, so that nothing is lost by parsing.
  const list = sql.raw(columns.map((column) => `"${column.name}"`).join(", "));
  const rows = await readRows(from, sql`select ${list} ${here} order by ${sql.raw(key.join(", "))} limit ${limit}`);
  const keyOf = (row: Record<string, unknown> | undefined) => key.map((column) => String(row?.[column]));
  const after = rows.length < limit ? null : keyOf(rows.at(-1));
  const range = after === null ? here : sql`${here} and ${tuple} <= ${tupleOf(after)}`;
  const listed = sql`select ${elements(key.length)} from json_each(${JSON.stringify(rows.map(keyOf))})`;
  await writeBatch(to, [
    sql`delete ${range} and ${tuple} not in (${listed})`,
    ...indexes.flatMap(({ config }) => {
      const column = config.unique ? config.columns.map((each) => "name" in each && each.name).at(-1) : false;
      return typeof column === "string" ? [freed(table, { location_id, key: key[0] ?? "", column, rows })] : [];
    }),
    ...bulkUpsert(table, rows, "differs"),
  ]);
  if (prove) {
    const copied = await readRows(to, sql`select ${list} ${range} order by ${sql.raw(key.join(", "))}`);
    if (JSON.stringify(copied) !== JSON.stringify(rows)) throw new Error(`The copy of ${name} differs.`);
  }
  return { after, rows: rows.length };
}

/** A unique value that has moved to another row since it was copied: its old row gives it up first. */
function freed(
  table: SQLiteTable,
  given: { location_id: string; key: string; column: string; rows: readonly Record<string, unknown>[] },
): SQL {
  const [key, column] = [sql.raw(given.key), sql.raw(given.column)];
  const pairs = JSON.stringify(given.rows.map((row) => [row[given.key], row[given.column]]));
  return sql`update ${table} set ${column} = null where location_id = ${given.location_id}
    and ${column} in (select value->>1 from json_each(${pairs}))
    and (${key}, ${column}) not in (select value->>0, value->>1 from json_each(${pairs}) where value->>1 is not null)`;
}

const tupleOf = (values: readonly string[]): SQL =>
  sql`(${sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  )})`;
const elements = (n: number): SQL => sql.raw(Array.from({ length: n }, (_, index) => `value->>${index}`).join(", "));
