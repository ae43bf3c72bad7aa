import { OWN_CLOCKS_MS } from "../../domain/bounds.ts";
import {
  coalesce,
  isOpen,
  type PushError,
  type PushFields,
  type PushState,
  pushEntries,
} from "../../domain/pushes/push.ts";
import type { ProductContent } from "../../domain/records/model.ts";
import { countOf } from "./counts.ts";

/** An edit on its way to Dutchie. Times in ms; `written`, `known_at` and `answered_at` on Dutchie's clock. */
export interface Push {
  /** Begins with the time: the key's order is the order of the edits. */
  push_id: string;
  product_id: string;
  dutchie_product_id: string;
  state: PushState;
  fields: PushFields;
  /** Failed ones. */
  attempts: number;
  /** When it is due; of one being sent, when it counts as abandoned. null: nothing happens by itself. */
  next_at: number | null;
  error: PushError | null;
  reason: string | null;
  edited_by: string;
  created_at: number;
  updated_at: number;
  /** What the last write left in Dutchie. */
  written: Partial<ProductContent> | null;
  /** What time the state was of that the last write rested on. */
  known_at: number | null;
  /** When the last write was answered. */
  answered_at: number | null;
}

/** A moment's patience, so that the keystrokes of one person become one push. */
const COALESCE_MS = 1_000;
/** A sender that gives no sign of life within this time counts as dead, and its push is claimed again. */
const LEASE_MS = 3 * 60_000;
/** Due pushes that one claim looks through: far more than it takes, because one behind another of its product must wait. */
const DUE_READ = 500;

type Row = { [K in keyof Push]: SqlStorageValue };

/** The pushes of one store, in the Location's own SQL: in order per product, one open push at a time. */
export class Outbox {
  /** What `nextAt` answers, which every call of the Location asks; undefined: not read since the last write. */
  private next: number | null | undefined;

  constructor(private readonly sql: SqlStorage) {}

  /** Adds an edit to the push of the product that still waits, or begins one. */
  add(
    product: { product_id: string; dutchie_product_id: string },
    fields: PushFields,
    edited_by: string,
    now: number,
  ): Push {
    const waiting = this.ofProduct(product.product_id).find(({ state }) => state === "waiting" || state === "parked");
    const push: Push =
      waiting === undefined
        ? {
            push_id: `psh_${now.toString(36).padStart(9, "0")}${crypto.randomUUID().slice(0, 8)}`,
            ...product,
            state: "waiting",
            fields,
            attempts: 0,
            next_at: now + COALESCE_MS,
            error: null,
            reason: null,
            edited_by,
            created_at: now,
            updated_at: now,
            written: null,
            known_at: null,
            answered_at: null,
          }
        : {
            ...waiting,
            state: "waiting",
            fields: coalesce(waiting.fields, fields),
            attempts: 0,
            next_at: now + COALESCE_MS,
            edited_by,
            updated_at: now,
          };
    this.put(push);
    return push;
  }

  put(push: Push): void {
    const { fields, error, written } = push;
    this.write(
      `insert into pushes (push_id, product_id, dutchie_product_id, state, fields, attempts, next_at, error,
         reason, edited_by, created_at, updated_at, written, known_at, answered_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict do update set state = excluded.state, fields = excluded.fields, attempts = excluded.attempts,
         next_at = excluded.next_at, error = excluded.error, reason = excluded.reason, edited_by = excluded.edited_by,
         updated_at = excluded.updated_at, written = excluded.written, known_at = excluded.known_at,
         answered_at = excluded.answered_at`,
      push.push_id,
      push.product_id,
      push.dutchie_product_id,
      push.state,
      JSON.stringify(fields),
      push.attempts,
      push.next_at,
      error && JSON.stringify(error),
      push.reason,
      push.edited_by,
      push.created_at,
      push.updated_at,
      written && JSON.stringify(written),
      push.known_at,
      push.answered_at,
    );
  }

  get(push_id: string): Push | null {
    const [row] = this.select("where push_id = ?", push_id);
    return row ?? null;
  }

  /** All pushes of a product, the oldest first. */
  ofProduct(product_id: string): Push[] {
    return this.select("where product_id = ? order by push_id", product_id);
  }

  /** Pushes that have not ended, those that wait for a person among them; the oldest first. */
  unended(limit: number): Push[] {
    const unended = "where state in ('waiting', 'sending', 'parked', 'conflict') order by push_id limit ?";
    return this.select(unended, limit);
  }

  /** Newest first. */
  list(state: PushState | null, before: string | null, limit: number): Push[] {
    const page = "(?1 is null or push_id < ?1) order by push_id desc limit ?2";
    return state === null
      ? this.select(`where ${page}`, before, limit)
      : this.select(`where state = ?3 and ${page}`, before, limit, state);
  }

  /** Marks due pushes as being sent: of each product the oldest open one, unless one is being sent. */
  claim(limit: number, now: number): Push[] {
    const due = this.select("where next_at <= ? order by push_id limit ?", now, DUE_READ);
    const claimed: Push[] = [];
    for (const push of due) {
      if (claimed.length >= limit) break;
      const first = this.ofProduct(push.product_id).find(({ state }) => state === "waiting" || state === "sending");
      if (first?.push_id !== push.push_id) continue;
      const sending: Push = { ...push, state: "sending", next_at: now + LEASE_MS, updated_at: now };
      this.put(sending);
      claimed.push(sending);
    }
    return claimed;
  }

  /** The consumer that sends pushes is alive: extends its lease. */
  renew(now: number): void {
    this.write("update pushes set next_at = ? where state = 'sending'", now + LEASE_MS);
  }

  /** The store is disconnected: nothing is sent until `goOn`. */
  stop(): void {
    this.write("update pushes set next_at = null where next_at is not null");
  }

  /** The store is connected again: what waited is due. A sender may still be at work on what was being sent. */
  goOn(now: number): void {
    this.write(
      `update pushes set next_at = case state when 'sending' then ?2 else ?1 end
       where state in ('waiting', 'sending') and next_at is null`,
      now,
      now + LEASE_MS,
    );
  }

  /** Pushes that are due later than they can be, because our clock was set back, are due now. */
  dueWithin(longest_ms: number, now: number): void {
    this.write("update pushes set next_at = ? where next_at > ?", now, now + longest_ms + OWN_CLOCKS_MS);
  }

  /** Writes of these products, by Dutchie's ids, that were answered after `since`; the newest first. */
  answeredSince(since: number, dutchie_ids: readonly string[]): Push[] {
    return this.select(
      `where answered_at >= ? and dutchie_product_id in (select value from json_each(?)) order by push_id desc`,
      since,
      JSON.stringify(dutchie_ids),
    );
  }

  /** Whether Dutchie has answered any write that is still remembered. */
  hasAnswered(): boolean {
    return this.sql.exec("select 1 from pushes where answered_at is not null limit 1").toArray().length > 0;
  }

  /** Writes of these products that were answered, the newest first. */
  answeredOf(product_ids: readonly string[]): Push[] {
    const answered =
      "where product_id in (select value from json_each(?)) and answered_at is not null order by push_id desc";
    return this.select(answered, JSON.stringify(product_ids));
  }

  /** When the next push is due, ms; null: none waits. */
  nextAt(): number | null {
    if (this.next === undefined) {
      const first = "select min(next_at) as at from pushes where next_at is not null";
      this.next = this.sql.exec<{ at: number | null }>(first).one().at;
    }
    return this.next;
  }

  countOpen(): number {
    return countOf(this.sql, "open_pushes");
  }

  parked(): number {
    return countOf(this.sql, "parked_pushes");
  }

  /** The values just sent become the base of later edits of the product. */
  rebase(product_id: string, sent: PushFields): void {
    for (const push of this.ofProduct(product_id)) {
      if (!isOpen(push.state)) continue;
      const rebased = pushEntries(push.fields).map(([field, entry]) => {
        const written = sent[field];
        return [field, written === undefined ? entry : { ...entry, base: written.value }];
      });
      this.put({ ...push, fields: Object.fromEntries(rebased) });
    }
  }

  /** Deletes pushes that ended before this time. Returns how many rows were written. */
  end(given: { before: number; limit: number }): number {
    return this.write(
      `delete from pushes where push_id in (
         select push_id from pushes where state in ('done', 'cancelled') and updated_at < ? limit ?)`,
      given.before,
      given.limit,
    ).rowsWritten;
  }

  private write(sql: string, ...params: SqlStorageValue[]): SqlStorageCursor<Record<string, SqlStorageValue>> {
    this.next = undefined;
    return this.sql.exec(sql, ...params);
  }

  private select(where: string, ...parameters: SqlStorageValue[]): Push[] {
    return this.sql
      .exec<Row>(`select * from pushes ${where}`, ...parameters)
      .toArray()
      .map((row) => ({
        ...(row as unknown as Push),
        fields: JSON.parse(String(row.fields)),
        error: row.error === null ? null : JSON.parse(String(row.error)),
        written: row.written === null ? null : JSON.parse(String(row.written)),
      }));
  }
}
