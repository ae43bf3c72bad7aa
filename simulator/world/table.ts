import type { Random } from "../random.ts";

interface Undo<T> {
  at: number;
  id: number;
  before: T | undefined;
}

/**
 * Rows by id, with a short history: an undo log shows the table as it was some minutes ago. It costs only the rows that
 * changed since, not a copy.
 */
export class Table<T extends { readonly id: number }> {
  readonly #rows = new Map<number, T>();
  readonly #ids: number[] = [];
  #undo: Undo<T>[] = [];
  #shown: { at: number; rows: T[] } | null = null;
  readonly #now: () => number;
  readonly #memoryMs: number;

  constructor(now: () => number, memoryMs = 10 * 60_000) {
    this.#now = now;
    this.#memoryMs = memoryMs;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(id: number): T | undefined {
    return this.#rows.get(id);
  }

  values(): IterableIterator<T> {
    return this.#rows.values();
  }

  /** Stores a row without history, to build the store. */
  seed(row: T): void {
    if (!this.#rows.has(row.id)) this.#ids.push(row.id);
    this.#rows.set(row.id, row);
  }

  put(row: T): void {
    this.#remember(row.id);
    this.seed(row);
  }

  remove(id: number): boolean {
    if (!this.#rows.has(id)) return false;
    this.#remember(id);
    this.#rows.delete(id);
    this.#ids.splice(this.#ids.indexOf(id), 1);
    return true;
  }

  pick(random: Random): T | undefined {
    if (this.#ids.length === 0) return undefined;
    return this.#rows.get(random.pick(this.#ids));
  }

  /** One of the last `window` rows that were added: recent sales. */
  pickRecent(random: Random, window: number): T | undefined {
    if (this.#ids.length === 0) return undefined;
    return this.#rows.get(random.pick(this.#ids.slice(-window)));
  }

  /** All rows as they were `ageMs` ago, at most ten minutes. */
  asOf(ageMs: number): T[] {
    const rows = this.#asOf(ageMs);
    this.#shown = { at: this.#now(), rows };
    return rows;
  }

  /** The row as it was last shown, if that was at this very moment. */
  shownNow(id: number): T | undefined {
    return this.#shown?.at === this.#now() ? this.#shown.rows.find((row) => row.id === id) : undefined;
  }

  #asOf(ageMs: number): T[] {
    if (ageMs <= 0) return [...this.#rows.values()];
    const since = this.#now() - ageMs;
    const then = new Map<number, T | undefined>();
    for (let i = this.#undo.length - 1; i >= 0; i--) {
      const entry = this.#undo[i];
      if (entry === undefined || entry.at <= since) break;
      then.set(entry.id, entry.before);
    }
    const rows: T[] = [];
    for (const [id, row] of this.#rows) {
      const seen = then.has(id) ? then.get(id) : row;
      then.delete(id);
      if (seen !== undefined) rows.push(seen);
    }
    for (const row of then.values()) if (row !== undefined) rows.push(row);
    return rows;
  }

  #remember(id: number): void {
    const at = this.#now();
    this.#undo.push({ at, id, before: this.#rows.get(id) });
    const oldest = this.#undo[0];
    // Pruned rarely and in bulk, so that a change stays cheap.
    if (oldest !== undefined && oldest.at < at - 2 * this.#memoryMs) {
      this.#undo = this.#undo.filter((entry) => entry.at >= at - this.#memoryMs);
    }
  }
}
