import type { EventOutcome } from "../../contract/http/records.ts";
import { countOf } from "./counts.ts";

export type LedgerEvent = {
  event_id: string;
  type: string;
  occurred_at: number;
  received_at: number;
  applied_at: number | null;
  outcome: EventOutcome;
  reason: string | null;
  body: string;
  /** Since when it has been pending; null: it is not. */
  pending_at: number | null;
  /** Why the store is read instead of applying the rows; null: the rows are applied. */
  refresh_reason: string | null;
};

/** All but the body. */
const COLUMNS = "event_id, type, occurred_at, received_at, applied_at, outcome, reason, pending_at, refresh_reason";

/** The Location's table of the store's webhooks: each id once, with its outcome. */
export class EventTable {
  constructor(private readonly sql: SqlStorage) {}

  get(event_id: string): LedgerEvent | null {
    return this.sql.exec<LedgerEvent>("select * from events where event_id = ?", event_id).toArray()[0] ?? null;
  }

  /** The newest event whose id is this one with a suffix of ours: two events with the same content get two ids. */
  under(id: string): LedgerEvent | null {
    return (
      this.sql
        .exec<LedgerEvent>(
          "select * from events where event_id > ?1 and event_id < ?2 and refresh_reason is not null order by received_at desc limit 1",
          `${id}.`,
          `${id}/`,
        )
        .toArray()[0] ?? null
    );
  }

  /** False when the id is taken. */
  add(
    event: Pick<LedgerEvent, "event_id" | "type" | "occurred_at" | "received_at" | "body"> & {
      refresh_reason?: string | null;
    },
  ): boolean {
    const { event_id, type, occurred_at, received_at, body, refresh_reason = null } = event;
    return (
      this.sql.exec(
        `insert into events (event_id, type, occurred_at, received_at, pending_at, outcome, body, refresh_reason)
         values (?1, ?2, ?3, ?4, ?4, 'pending', ?5, ?6) on conflict do nothing`,
        event_id,
        type,
        occurred_at,
        received_at,
        body,
        refresh_reason,
      ).rowsWritten > 0
    );
  }

  finish(
    event_id: string,
    outcome: Exclude<EventOutcome, "pending">,
    reason: string | null,
    applied_at: number | null,
  ): void {
    this.sql.exec(
      "update events set outcome = ?, reason = ?, applied_at = ?, pending_at = null where event_id = ?",
      outcome,
      reason,
      applied_at,
      event_id,
    );
  }

  /** Marks the event as pending again, so that its own id does not count as a duplicate. */
  reopen(event_id: string, reason: string, now: number): void {
    this.sql.exec(
      "update events set outcome = 'pending', reason = ?, applied_at = null, pending_at = ? where event_id = ?",
      reason,
      now,
      event_id,
    );
  }

  /** Newest first; `before` is the (received_at, event_id) of the last one of the page before. */
  list(outcome: string | null, before: [number, string] | null, limit: number): Omit<LedgerEvent, "body">[] {
    return this.sql
      .exec<Omit<LedgerEvent, "body">>(
        `select ${COLUMNS} from events where (?1 is null or outcome = ?1)
         and (?2 is null or (received_at, event_id) < (?2, ?3)) order by received_at desc, event_id desc limit ?4`,
        outcome,
        before?.[0] ?? null,
        before?.[1] ?? null,
        limit,
      )
      .toArray();
  }

  /**
   * Events after an id, in order of ids, for a rebuild to play again. Pending ones too: their message may have got lost.
   * Without those whose rows were not applied.
   */
  toReplay(after: string | null, limit: number): LedgerEvent[] {
    return this.sql
      .exec<LedgerEvent>(
        "select * from events where (?1 is null or event_id > ?1) and outcome in ('applied', 'stale', 'pending') and refresh_reason is null order by event_id limit ?2",
        after,
        limit,
      )
      .toArray();
  }

  pending(): number {
    return countOf(this.sql, "pending_events");
  }

  /**
   * Makes events that have been pending since before this time invalid, for this reason. Returns how many rows were
   * written.
   */
  giveUp(given: { before: number; reason: string; limit: number }): number {
    return this.sql.exec(
      `update events set outcome = 'invalid', reason = ?, pending_at = null where event_id in (
         select event_id from events where outcome = 'pending' and pending_at < ? limit ?)`,
      given.reason,
      given.before,
      given.limit,
    ).rowsWritten;
  }

  /** Deletes events that came before this time and are not pending. Returns how many rows were written. */
  end(given: { before: number; limit: number }): number {
    return this.sql.exec(
      `delete from events where event_id in (
         select event_id from events where received_at < ? and outcome <> 'pending' limit ?)`,
      given.before,
      given.limit,
    ).rowsWritten;
  }
}
