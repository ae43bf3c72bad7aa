import type { Random } from "../random.ts";

interface Undo<T> {
  wall: number;
  id: number;
  before: T | undefined;
}

/**
 * Rows by id, with a short memory: an undo log lets a read see the table as it truly was some minutes ago,
 * at the price of the rows changed since and not of a copy.
 */
export class Table<T extends { readonly id: number }> {
  readonly #rows = new Map<number, T>();
  readonly #ids: number[] = [];
  #undo: Undo<T>[] = [];
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

  /** Puts a row without remembering what was before: for building the store. */
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

  /** All rows as they were `ageMs` ago (at most as far back as the memory goes). */
  asOf(ageMs: number): T[] {
    if (ageMs <= 0) return [...this.#rows.values()];
    const since = this.#now() - ageMs;
    const then = new Map<number, T | undefined>();
    for (let i = this.#undo.length - 1; i >= 0; i--) {
      const entry = this.#undo[i];
      if (entry === undefined || entry.wall <= since) break;
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
    const wall = this.#now();
    this.#undo.push({ wall, id, before: this.#rows.get(id) });
    const oldest = this.#undo[0];
    // Pruned in bulk and rarely, so a change stays cheap.
    if (oldest !== undefined && oldest.wall < wall - 2 * this.#memoryMs) {
      this.#undo = this.#undo.filter((entry) => entry.wall >= wall - this.#memoryMs);
    }
  }
}
