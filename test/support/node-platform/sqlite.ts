import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

export interface Result {
  columns: readonly string[];
  rows: unknown[][];
  /** Rows that the statement itself wrote, without those of triggers and indexes. */
  written: number;
}

interface Prepared {
  statement: StatementSync;
  columns: readonly string[];
  /** Whether it both writes and returns rows (`returning`). */
  isBoth: boolean;
}

/** A database in memory that keeps statements prepared and can be reset to an earlier state. */
export class Sqlite {
  readonly #db = new DatabaseSync(":memory:");
  readonly #prepared = new Map<string, Prepared>();

  constructor() {
    // Nothing survives the process, so no journal needs a disk.
    this.#db.exec("pragma synchronous = off; pragma temp_store = memory");
  }

  /** Marks the state to which `reset` returns. */
  begin(): void {
    this.#db.exec("begin");
  }

  reset(): void {
    this.#db.exec("rollback; begin");
  }

  /** Any number of statements without parameters. */
  script(sql: string): void {
    this.#db.exec(sql);
  }

  query(given: string, params: unknown[]): Result {
    const { sql, values } = limitWritten(given, params as SQLInputValue[]);
    const { statement, columns, isBoth } = this.#prepare(sql);
    for (let index = 0; index < values.length; index++) {
      if (typeof values[index] === "boolean") values[index] = values[index] ? 1 : 0;
    }
    if (columns.length === 0) return { columns, rows: NO_ROWS, written: Number(statement.run(...values).changes) };
    const before = isBoth ? this.#written() : 0;
    const rows = statement.all(...values) as unknown as unknown[][];
    return { columns, rows, written: isBoth ? this.#written() - before : 0 };
  }

  /** Runs everything or nothing. */
  atomically<T>(task: () => T): T {
    this.query("savepoint atomic", []);
    try {
      const result = task();
      this.query("release atomic", []);
      return result;
    } catch (error) {
      this.script("rollback to atomic; release atomic");
      throw error;
    }
  }

  #written(): number {
    return Number(this.query("select total_changes()", []).rows[0]?.[0]);
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    statement.setReturnArrays(true);
    const columns = statement.columns().map(({ name }) => name);
    const prepared = { statement, columns, isBoth: columns.length > 0 && !/^\s*select\b/i.test(sql) };
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

/** Rows as objects. If columns have one name, the last one counts, as on the platform. */
export function objects({ columns, rows }: Result): Record<string, unknown>[] {
  return rows.map((row) => {
    const object: Record<string, unknown> = {};
    for (let index = 0; index < columns.length; index++) object[columns[index] ?? ""] = row[index];
    return object;
  });
}

/** SQLite compiles a statement again each time that a parameter of its `limit` is bound: the number is written into it. */
function limitWritten(sql: string, values: SQLInputValue[]): { sql: string; values: SQLInputValue[] } {
  const last = values.at(-1);
  if (!sql.endsWith(BOUND_LIMIT) || !Number.isInteger(last)) return { sql, values };
  return { sql: `${sql.slice(0, -1)}${last}`, values: values.slice(0, -1) };
}

const BOUND_LIMIT = " limit ?";
const NO_ROWS: unknown[][] = [];
