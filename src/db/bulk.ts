import { type SQL, sql } from "drizzle-orm";
import { getTableConfig, type SQLiteColumn, type SQLiteTable } from "drizzle-orm/sqlite-core";

/**
 * Rows of one statement. They travel as one JSON parameter, for D1 allows 100 bound parameters; a row is well under
 * 2 KB, and a parameter may have 2 MB.
 */
const ROWS_A_STATEMENT = 500;

/**
 * Inserts or updates rows by their primary key, so that equal content writes nothing.
 * Guard `version`: a stored row with the same or a newer version stays (design, rule 1), whoever wrote it meanwhile.
 * Guard `differs`: any differing column is written.
 */
export function bulkUpsert<T extends SQLiteTable>(
  table: T,
  rows: readonly T["$inferInsert"][],
  guard: "version" | "differs",
): SQL[] {
  const { columns, primaryKeys } = getTableConfig(table);
  const names = columns.map((column) => column.name);
  const key =
    primaryKeys[0]?.columns.map((column) => column.name) ?? columns.filter((c) => c.primary).map((c) => c.name);
  const rest = names.filter((name) => !key.includes(name));
  const list = (parts: SQL[]) => sql.join(parts, sql`, `);
  const changed =
    guard === "version"
      ? sql`(excluded.source_at, excluded.source_rank, excluded.content_hash) >
            (${table}.source_at, ${table}.source_rank, ${table}.content_hash)`
      : sql.join(
          rest.map((name) => sql`${table}.${sql.identifier(name)} is not excluded.${sql.identifier(name)}`),
          sql` or `,
        );
  return chunks(rows, ROWS_A_STATEMENT).map(
    (chunk) => sql`
      insert into ${table} (${list(names.map((name) => sql.identifier(name) as unknown as SQL))})
      select ${list(names.map((name) => fromJson(name)))} from json_each(${JSON.stringify(chunk)}) where true
      on conflict (${list(key.map((name) => sql.identifier(name) as unknown as SQL))}) do update
      set ${list(rest.map((name) => sql`${sql.identifier(name)} = excluded.${sql.identifier(name)}`))}
      where ${changed}`,
  );
}

/** `->>` gives null for null and absent, 0 and 1 for booleans, JSON text for objects: what the columns hold. */
const fromJson = (name: string): SQL => sql`value->>${sql.raw(`'$.${name}'`)}`;

/** `column in (…)` for any number of values, as one parameter. */
export function inList(column: SQLiteColumn, values: Iterable<string>): SQL {
  return sql`${column} in (select value from json_each(${JSON.stringify([...values])}))`;
}

export function chunks<T>(rows: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < rows.length; start += size) result.push(rows.slice(start, start + size));
  return result;
}
