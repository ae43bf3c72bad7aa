import { type SQL, sql } from "drizzle-orm";
import { getTableConfig, type SQLiteColumn, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { OWN_CLOCKS_MS } from "../domain/bounds.ts";

/**
 * Rows travel as one JSON parameter, for D1 allows 100 bound parameters. A parameter may have 2 MB; texts count in UTF-8.
 */
const ROWS_A_STATEMENT = 1_000;
const CHARACTERS_A_STATEMENT = 600_000;

export type Guard = { newer: number } | "differs";

/**
 * Inserts or updates rows by their primary key, so that equal content writes nothing.
 * Guard `newer`: a stored row of the same or a newer version stays (rule 1), whoever wrote it meanwhile, unless its time
 * is impossible: later than now (ms). Guard `differs`: a row with any differing column is written.
 */
export function bulkUpsert<T extends SQLiteTable>(table: T, rows: readonly T["$inferInsert"][], guard: Guard): SQL[] {
  const { columns, primaryKeys } = getTableConfig(table);
  const names = columns.map((column) => column.name);
  const key =
    primaryKeys[0]?.columns.map((column) => column.name) ?? columns.filter((c) => c.primary).map((c) => c.name);
  const rest = names.filter((name) => !key.includes(name));
  const list = (parts: SQL[]) => sql.join(parts, sql`, `);
  const changed =
    guard === "differs"
      ? sql.join(
          rest.map((name) => sql`${table}.${sql.identifier(name)} is not excluded.${sql.identifier(name)}`),
          sql` or `,
        )
      : sql`(${list(versionOf(names).map((name) => sql`excluded.${sql.identifier(name)}`))}) >
            (${list(versionOf(names).map((name) => sql`${table}.${sql.identifier(name)}`))}) or
            max(${list(timesOf(names).map((name) => sql`${table}.${sql.identifier(name)}`))}, 0) > ${guard.newer + OWN_CLOCKS_MS}`;
  return jsonChunks(rows).map(
    (chunk) => sql`
      insert into ${table} (${list(names.map((name) => sql.identifier(name) as unknown as SQL))})
      select ${list(names.map((name) => fromJson(name)))} from json_each(${chunk}) where true
      on conflict (${list(key.map((name) => sql.identifier(name) as unknown as SQL))}) do update
      set ${list(rest.map((name) => sql`${sql.identifier(name)} = excluded.${sql.identifier(name)}`))}
      where ${changed}`,
  );
}

/** The columns by which versions of a record are ordered; only inventory has the last one. */
const versionOf = (names: readonly string[]): string[] =>
  ["source_at", "source_rank", "content_hash", "package_at"].filter((name) => names.includes(name));

const timesOf = (names: readonly string[]): string[] => versionOf(names).filter((name) => name.endsWith("_at"));

/** `->>` gives null for null and absent, 0 and 1 for booleans, JSON text for objects: what the columns hold. */
const fromJson = (name: string): SQL => sql`value->>${sql.raw(`'$.${name}'`)}`;

/** `column in (…)` for any number of values, as one parameter. */
export function inList(column: SQLiteColumn, values: Iterable<string>): SQL {
  return sql`${column} in (select value from json_each(${JSON.stringify([...values])}))`;
}

/** JSON arrays of all rows, each small enough for one parameter. */
export function jsonChunks(rows: readonly object[]): string[] {
  const result: string[] = [];
  let current: string[] = [];
  let size = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    if (current.length >= ROWS_A_STATEMENT || (size + text.length > CHARACTERS_A_STATEMENT && current.length > 0)) {
      result.push(`[${current.join(",")}]`);
      current = [];
      size = 0;
    }
    current.push(text);
    size += text.length;
  }
  return current.length === 0 ? result : [...result, `[${current.join(",")}]`];
}

export function chunks<T>(rows: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < rows.length; start += size) result.push(rows.slice(start, start + size));
  return result;
}
