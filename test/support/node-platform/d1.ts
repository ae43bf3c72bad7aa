import { objects, type Result, type Sqlite } from "./sqlite.ts";

/** D1's limits: parameters of a statement, bytes of its text, bytes of a value. */
const MAX_PARAMETERS = 100;
const MAX_STATEMENT_BYTES = 100_000;
const MAX_VALUE_BYTES = 2_000_000;

/** D1 on SQLite. Each call runs at one moment, some turns of the event loop after it was made. */
export class D1 {
  constructor(private readonly sqlite: Sqlite) {}

  prepare(sql: string): Statement {
    return new Statement(this, sql, []);
  }

  /** One transaction. */
  async batch(statements: readonly Statement[]) {
    if (statements.length === 0) throw refused("No SQL statements detected.");
    await null;
    return this.#guarded(() =>
      this.sqlite.atomically(() => statements.map(({ sql, params }) => answer(this.sqlite.query(sql, params)))),
    );
  }

  async exec(sql: string): Promise<{ count: number; duration: number }> {
    await null;
    this.#guarded(() => this.sqlite.script(sql));
    return { count: 1, duration: 0 };
  }

  async ask({ sql, params }: Statement): Promise<Result> {
    await null;
    return this.#guarded(() => this.sqlite.query(sql, params));
  }

  #guarded<T>(task: () => T): T {
    try {
      return task();
    } catch (error) {
      throw refused(error instanceof Error ? error.message : String(error));
    }
  }
}

class Statement {
  constructor(
    private readonly d1: D1,
    readonly sql: string,
    readonly params: unknown[],
  ) {}

  bind(...params: unknown[]): Statement {
    if (params.length > MAX_PARAMETERS) throw refused("too many SQL variables");
    if (this.sql.length > MAX_STATEMENT_BYTES) throw refused("statement too long");
    for (const value of params) {
      // A character has at most 3 bytes, so most texts need not be counted.
      const isLong = typeof value === "string" && value.length * 3 > MAX_VALUE_BYTES;
      if (isLong && Buffer.byteLength(value) > MAX_VALUE_BYTES) throw refused("string or blob too big");
      if (value === undefined) throw new Error("D1_TYPE_ERROR: Type 'undefined' not supported for value 'undefined'");
    }
    return new Statement(this.d1, this.sql, params);
  }

  async all() {
    return answer(await this.d1.ask(this));
  }

  run() {
    return this.all();
  }

  async raw(): Promise<unknown[][]> {
    return (await this.d1.ask(this)).rows;
  }

  async first(column?: string): Promise<unknown> {
    const [row] = objects(await this.d1.ask(this));
    if (row === undefined) return null;
    return column === undefined ? row : row[column];
  }
}

function answer(result: Result) {
  const meta = {
    changes: result.written,
    rows_read: result.rows.length,
    rows_written: result.written,
    duration: 0,
  };
  return { success: true as const, results: objects(result), meta };
}

const refused = (message: string) => new Error(`D1_ERROR: ${message}`);
