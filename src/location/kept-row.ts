import type { LocationRow } from "../db/schema/accounts.ts";
import { isWithin } from "../domain/clock.ts";

/** How long a row is used again, ms: webhooks of a busy store come every second, and a lost notice of a change ends here. */
const KEPT_MS = 60_000;

/**
 * The store's row, read from D1 and kept for a minute. The promise is kept, not the value: a read that began before a
 * change was announced cannot bring the old row back after it.
 */
export class KeptRow {
  private kept: { row: Promise<LocationRow | null>; read_at: number } | null = null;

  constructor(
    private readonly read: () => Promise<LocationRow | null>,
    private readonly clock: () => number = Date.now,
  ) {}

  /** Reads the row again. */
  fresh(): Promise<LocationRow | null> {
    const kept = { row: this.read(), read_at: this.clock() };
    this.kept = kept;
    // A failed read is not kept. Its caller hears of the failure by the promise that is returned.
    kept.row.catch(() => {
      if (this.kept === kept) this.kept = null;
    });
    return kept.row;
  }

  /** The row as it was at most a minute ago. */
  recent(): Promise<LocationRow | null> {
    const { kept } = this;
    return kept !== null && isWithin(kept.read_at, KEPT_MS, this.clock()) ? kept.row : this.fresh();
  }

  /** The row was changed: the next call reads it again. */
  forget(): void {
    this.kept = null;
  }
}
