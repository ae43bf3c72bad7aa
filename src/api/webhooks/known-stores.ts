import type { WebhookScheme } from "../../contract/http/locations.ts";
import { isWithin } from "../../domain/clock.ts";
import type { SignatureKey } from "../../dutchie/webhook/signature.ts";
import { inTime } from "../../platform/alone.ts";
import { log } from "../../platform/log.ts";

/** What verifies the webhooks that were signed with one of a store's secrets. */
export interface StoreKey {
  scheme: WebhookScheme;
  key: SignatureKey;
  /** ms; null: it is the current one. */
  until: number | null;
}

/** What the door needs of a connected store. */
export interface KnownStore {
  keys: readonly StoreKey[];
  keepsCustomers: boolean;
}

/** How long a store is known without asking the database, ms. So long a disconnected store still gets a 202; its events are not applied. */
const KEPT_MS = 60_000;
/** How long a store stays known while the database does not answer, ms. Dutchie's events are accepted so long, and applied later (F67). */
const STALE_MS = 3_600_000;
/** How long to wait before asking the database again for one store: after it failed, and after a signature that did not match, ms. */
const PAUSE_MS = 1_000;
/** How long the database may take, ms. It answers within tens; a database that is away may not answer at all. */
const READ_MS = 2_000;
/** Stores known at once; of the least recently used the database is asked again. One takes about 2 KB. */
const MAX_STORES = 2_000;

interface Kept {
  store: KnownStore;
  /** The number of the read that found it: two may begin in one millisecond. */
  nth: number;
  /** When that read began, ms. */
  read_at: number;
  /** When the last read began that a signature that did not match made necessary, and that the database answered, ms. */
  doubted_at: number;
  /** When the database last failed to answer, ms; null: it answered since. */
  failed_at: number | null;
}

/**
 * The stores whose webhooks come to this isolate, so that a webhook needs no database (F67). Values are kept, not promises:
 * a promise of another request may never settle, because its sender went away. Unknown and disconnected stores are not kept.
 */
export class KnownStores {
  private readonly kept = new Map<string, Kept>();
  /** Counts changes that were announced: a read that began before one is not kept. */
  private changes = 0;
  /** Counts reads as they begin. */
  private reads = 0;

  /** `read` gives null for a store that is unknown or disconnected. */
  constructor(private readonly read: (location_id: string) => Promise<KnownStore | null>) {}

  /** The store; null: there is none, or it is disconnected. Throws when the database does not answer and the store is not known. */
  async find(location_id: string, clock: () => number): Promise<KnownStore | null> {
    const kept = this.kept.get(location_id);
    if (kept === undefined) return this.readNow(location_id, clock, false);
    // The most recently used is the last.
    this.kept.delete(location_id);
    this.kept.set(location_id, kept);
    if (isWithin(kept.read_at, isPaused(kept, clock()) ? STALE_MS : KEPT_MS, clock())) return kept.store;
    try {
      return await this.readNow(location_id, clock, false);
    } catch (error) {
      if (!isWithin(kept.read_at, STALE_MS, clock())) throw error;
      return kept.store;
    }
  }

  /**
   * The store as it is now, after a signature did not match what `find` gave: its secret may have been replaced. It is read
   * for that reason once a second. Throws when the database does not answer, for then nobody knows.
   */
  async findAgain(location_id: string, clock: () => number): Promise<KnownStore | null> {
    const kept = this.kept.get(location_id);
    if (kept !== undefined && isPaused(kept, clock())) throw new Error("The database did not answer just now.");
    // A read that has not ended says nothing yet: then this webhook reads for itself. One that ended since `find` may have
    // brought the new secret.
    if (kept !== undefined && isWithin(kept.doubted_at, PAUSE_MS, clock())) return kept.store;
    return this.readNow(location_id, clock, true);
  }

  /** The store was changed here: it is read again. */
  forget(location_id: string): void {
    this.kept.delete(location_id);
    this.changes += 1;
  }

  private async readNow(location_id: string, clock: () => number, isDoubted: boolean): Promise<KnownStore | null> {
    const { changes } = this;
    const nth = ++this.reads;
    const read_at = clock();
    const store = await this.answer(location_id, nth, clock);
    const before = this.kept.get(location_id);
    if (changes !== this.changes || (before !== undefined && before.nth > nth)) return store;
    this.kept.delete(location_id);
    // A store whose secrets no key opens works again as soon as they are sealed anew.
    if (store === null || store.keys.length === 0) return store;
    const doubted_at = isDoubted ? read_at : (before?.doubted_at ?? 0);
    this.kept.set(location_id, { store, nth, read_at, doubted_at, failed_at: null });
    for (const first of this.kept.keys()) {
      if (this.kept.size <= MAX_STORES) break;
      this.kept.delete(first);
    }
    return store;
  }

  private async answer(location_id: string, nth: number, clock: () => number): Promise<KnownStore | null> {
    try {
      return await inTime(this.read(location_id), READ_MS);
    } catch (error) {
      log("store_not_read", { location_id, cause: error });
      const kept = this.kept.get(location_id);
      // The pause begins now: the read may have lasted longer than it. A read that began later may have been answered.
      if (kept !== undefined && kept.nth < nth) kept.failed_at = clock();
      throw error;
    }
  }
}

/** Whether the database failed to answer a moment ago. */
const isPaused = ({ failed_at }: Kept, now: number): boolean =>
  failed_at !== null && isWithin(failed_at, PAUSE_MS, now);
