import type { EventOutcome } from "../../contract/http/records.ts";
import { jsonChunks } from "../../db/bulk.ts";
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

/** The place of an event in the order of arrival: the time of its batch, and its number in it. */
export type Place = {
  at: number;
  nth: number;
};

const COLUMNS = [
  "event_id",
  "type",
  "occurred_at",
  "received_at",
  "applied_at",
  "outcome",
  "reason",
  "pending_at",
  "refresh_reason",
];
const EVENT_COLUMNS = COLUMNS.map((column) => `events.${column}`).join(", ");
const EACH_COLUMN = [...COLUMNS, "body"].join(", ");
const EACH_VALUE = [...COLUMNS, "body"].map((column) => `value->>'${column}'`).join(", ");

/** The Location's table of the store's webhooks: each id once, with its outcome. */
export class EventTable {
  /** New events of the batch under way: they are added once it is known what became of them. */
  applying = 0;

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

  /** Those of these events that are known, by id. */
  among(ids: readonly string[]): Map<string, Pick<LedgerEvent, "outcome" | "reason">> {
    const known = this.sql.exec<Pick<LedgerEvent, "event_id" | "outcome" | "reason">>(
      "select event_id, outcome, reason from events where event_id in (select value from json_each(?))",
      JSON.stringify(ids),
    );
    return new Map(known.toArray().map(({ event_id, ...event }) => [event_id, event]));
  }

  /** Adds events in their order of arrival; none of them is known. */
  add(events: readonly LedgerEvent[], now: number): void {
    for (const chunk of jsonChunks(events)) {
      this.sql.exec(
        `insert into events (${EACH_COLUMN}) select ${EACH_VALUE} from json_each(?) where true on conflict do nothing`,
        chunk,
      );
    }
    if (events.length === 0) return;
    // A time of its own, even if the clock stands still or goes back.
    this.sql.exec(
      "insert into arrivals (at, ids) select max(?, coalesce(max(at) + 1, 0)), ? from arrivals",
      now,
      JSON.stringify(events.map(({ event_id }) => event_id)),
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

  /** The last to arrive first; `before` is the place of the last one of the page before. */
  list(outcome: string | null, before: Place | null, limit: number): (Omit<LedgerEvent, "body"> & Place)[] {
    return this.sql
      .exec<Omit<LedgerEvent, "body"> & Place>(
        // A cross join keeps this order of reading: newest batches first, and no more of them than needed.
        `select ${EVENT_COLUMNS}, arrivals.at, ids.key as nth from arrivals cross join json_each(arrivals.ids) ids
         cross join events on events.event_id = ids.value
         where (?1 is null or outcome = ?1) and (?2 is null or (arrivals.at, ids.key) < (?2, ?3))
         order by arrivals.at desc, ids.key desc limit ?4`,
        outcome,
        before?.at ?? null,
        before?.nth ?? null,
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

  /** Accepted and not applied: those that wait to be delivered again, and those of the batch under way. */
  pending(): number {
    return countOf(this.sql, "pending_events") + this.applying;
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

  /** Deletes events that arrived before this time and are not pending. Returns how many rows were written. */
  end(given: { before: number; limit: number }): number {
    const ids: string[] = [];
    let last = -1;
    const batches = this.sql.exec<{ at: number; ids: string }>(
      "select at, ids from arrivals where at < ? order by at limit ?",
      given.before,
      given.limit,
    );
    for (const batch of batches) {
      ids.push(...(JSON.parse(batch.ids) as string[]));
      last = batch.at;
      if (ids.length >= given.limit) break;
    }
    if (last === -1) return 0;
    const those = "(select value from json_each(?))";
    const ended = this.sql.exec(
      `delete from events where outcome <> 'pending' and event_id in ${those}`,
      JSON.stringify(ids),
    ).rowsWritten;
    const left = "select 1 from json_each(arrivals.ids) ids join events on events.event_id = ids.value";
    return ended + this.sql.exec(`delete from arrivals where at <= ? and not exists (${left})`, last).rowsWritten;
  }
}
