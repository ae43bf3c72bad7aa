import { type SQL, sql } from "drizzle-orm";
import { getTableConfig, type SQLiteColumn, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { OWN_CLOCKS_MS } from "../domain/bounds.ts";

/**
 * Rows travel as one JSON parameter, for D1 allows 100 bound parameters. A parameter may have 2 MB; texts count in UTF-8.
 */
export const ROWS_A_STATEMENT = 1_000;
const CHARACTERS_A_STATEMENT = 600_000;

export type Guard = Versioned | "differs";

export interface Versioned {
  /** Now, ms. */
  newer: number;
  /** The rows as they were read in the store's serial section, in which only their planner writes. */
  before: Iterable<object>;
}

/**
 * Inserts or updates rows by their primary key, so that equal content writes nothing.
 * Guard `newer`: a stored row of the same or a newer version stays (rule 1), whoever wrote it meanwhile, unless its time
 * is impossible: later than now (ms). Guard `differs`: a row with any differing column is written. `->>` gives null for null
 * and absent, 0 and 1 for booleans, JSON text for objects: what the columns hold.
 * A row that leaves its indexed columns as they were before does not set them: else SQLite writes their indexes anew.
 */
export function bulkUpsert<T extends SQLiteTable>(table: T, rows: readonly T["$inferInsert"][], guard: Guard): SQL[] {
  const { names, key, indexed, insert, overwrite, update, updateRest, differs, newer, newest } =
    upserts.get(table) ?? upsertOf(table);
  const statements = (given: readonly Row[], set: SQL, changed: SQL) =>
    jsonChunks(given.map((row) => names.map((name) => row[name]))).map(
      (chunk) => sql`${insert} from ${arraysOf(chunk)} where true ${set} where ${changed}`,
    );
  if (guard === "differs") return statements(rows, overwrite, differs);
  const changed = sql`${newer} or ${newest} > ${guard.newer + OWN_CLOCKS_MS}`;
  const keyOf = (row: Row) => JSON.stringify(key.map((name) => row[name]));
  const before = new Map([...(guard.before as Iterable<Row>)].map((row) => [keyOf(row), row]));
  const isPlaced = (row: Row) => {
    const stored = before.get(keyOf(row));
    return stored !== undefined && indexed.every((name) => (row[name] ?? null) === stored[name]);
  };
  const { placed = [], moved = [] } = Object.groupBy(rows as readonly Row[], (row) =>
    isPlaced(row) ? "placed" : "moved",
  );
  return [...statements(moved, update, changed), ...statements(placed, updateRest, changed)];
}

type Row = Record<string, unknown>;

/**
 * The rows of a JSON parameter, an array for each, as `v`: a value is found by its place (`v->>0`) three times as fast as by a
 * name. Only with the `limit`: without it SQLite merges this select into the outer one and reads the row's JSON for each value.
 */
const arraysOf = (chunk: string): SQL => sql`(select value as v from json_each(${chunk}) limit -1)`;

/** A table's upsert without its parameters. It is built once, because a batch has several and a store many batches. */
interface Upsert {
  /** The columns, in the order of the values. */
  names: readonly string[];
  /** Of the primary key, without the location: a batch is of one store. */
  key: readonly string[];
  /** Columns of an index, without those of the key. */
  indexed: readonly string[];
  insert: SQL;
  overwrite: SQL;
  /** With what a row states. */
  update: SQL;
  /** The same without the indexed columns. */
  updateRest: SQL;
  /** A column is not as it was. */
  differs: SQL;
  /** The row's version is newer than the stored one. */
  newer: SQL;
  /** The later one of the stored row's times. */
  newest: SQL;
}

const upserts = new WeakMap<SQLiteTable, Upsert>();

/** Columns in which null makes no statement: what is stored stays. */
const UNSTATED: ReadonlySet<string> = new Set(["sales.lines", "sales.counted"]);

function upsertOf(table: SQLiteTable): Upsert {
  const { name: tableName, columns, primaryKeys, indexes } = getTableConfig(table);
  const names = columns.map((column) => column.name);
  const key =
    primaryKeys[0]?.columns.map((column) => column.name) ?? columns.filter((c) => c.primary).map((c) => c.name);
  const rest = names.filter((name) => !key.includes(name));
  const stored = (name: string) => `"${tableName}"."${name}"`;
  const given = (name: string) => `excluded."${name}"`;
  const list = (of: readonly string[], text: (name: string) => string) => of.map(text).join(", ");
  const version = versionOf(names);
  // A partial index is written only for the rows in it, and these are few.
  const indexed = indexes
    .filter(({ config }) => config.where === undefined)
    .flatMap(({ config }) => config.columns.flatMap((column) => ("name" in column ? [column.name] : [])))
    .filter((name) => !key.includes(name));
  const onConflict = (of: readonly string[], value: (name: string) => string) =>
    sql.raw(
      `on conflict (${list(key, (name) => `"${name}"`)}) do update set ${list(of, (name) => `"${name}" = ${value(name)}`)}`,
    );
  const stated = (name: string) =>
    UNSTATED.has(`${tableName}.${name}`) ? `coalesce(${given(name)}, ${stored(name)})` : given(name);
  const upsert: Upsert = {
    names,
    key: key.filter((name) => name !== "location_id"),
    indexed,
    insert: sql.raw(
      `insert into "${tableName}" (${list(names, (name) => `"${name}"`)}) select ${names.map((_, at) => `v->>${at}`).join(", ")}`,
    ),
    overwrite: onConflict(rest, given),
    update: onConflict(rest, stated),
    updateRest: onConflict(
      rest.filter((name) => !indexed.includes(name)),
      stated,
    ),
    differs: sql.raw(rest.map((name) => `${stored(name)} is not ${given(name)}`).join(" or ")),
    newer: sql.raw(`(${list(version, given)}) > (${list(version, stored)})`),
    newest: sql.raw(`max(${[...timesOf(names).map(stored), "0"].join(", ")})`),
  };
  upserts.set(table, upsert);
  return upsert;
}

/** The columns by which versions of a record are ordered; only inventory has the last one. */
const versionOf = (names: readonly string[]): string[] =>
  ["source_at", "source_rank", "content_hash", "package_at"].filter((name) => names.includes(name));

const timesOf = (names: readonly string[]): string[] => versionOf(names).filter((name) => name.endsWith("_at"));

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
