import type { EventJson, EventOutcome } from "../../contract/http/records.ts";
import type { RunJson } from "../../contract/http/runs.ts";
import { behindBy, isImpossible, type Told } from "../../domain/clock.ts";
import type { Look } from "../../domain/events/look.ts";
import type { LossSubject, MassChange } from "../../domain/records/losses.ts";
import type { Resource } from "../../domain/records/model.ts";
import { endsBefore, LOCATION_RETENTION, PENDING_MS } from "../../domain/retention.ts";
import type { Cursors } from "../../domain/runs/cursors.ts";
import type { DataType } from "../../domain/runs/data-type.ts";
import type { Run } from "../../domain/runs/run.ts";
import type { TypeStates } from "../../domain/runs/type-states.ts";
import type { Lately, SnapshotResource } from "../../domain/snapshots/absence.ts";
import type { Ending } from "../../domain/snapshots/absence-words.ts";
import { addLag, type Lags } from "../../domain/snapshots/lags.ts";
import { countOf, Outbox } from "../pushes/outbox.ts";
import { LossTable } from "../records/loss-table.ts";
import type { JudgedBy } from "../records/rejudge.ts";
import { AbsenceTable } from "../snapshots/absences.ts";

/** The Location's own SQL: the ledger, the run under way, cursors, floors and counters. Times in ms. */
export class Store {
  /** Edits on their way to Dutchie. */
  readonly outbox: Outbox;
  /** What complete snapshots left out and what is said about it. */
  readonly absences: AbsenceTable;
  /** Records that lost a value lately. */
  readonly losses: LossTable;

  constructor(private readonly sql: SqlStorage) {
    this.outbox = new Outbox(sql);
    this.absences = new AbsenceTable(sql);
    this.losses = new LossTable(sql);
  }

  // ---- single values ----
  get<K extends keyof Values>(key: K): Values[K] | null {
    const row = this.sql.exec<{ value: string }>("select value from kv where key = ?", key).toArray()[0];
    return row === undefined ? null : JSON.parse(row.value);
  }

  put<K extends keyof Values>(key: K, value: Values[K]): void {
    this.sql.exec("insert or replace into kv (key, value) values (?, ?)", key, JSON.stringify(value));
  }

  remove(key: keyof Values): void {
    this.sql.exec("delete from kv where key = ?", key);
  }

  /** What the last complete snapshots were statements about; a floor that cannot be is none. */
  floors(now: number): Values["floors"] {
    const { products, inventory } = this.get("floors") ?? { products: 0, inventory: 0 };
    const believed = (floor: number) => (isImpossible(floor, now) ? 0 : floor);
    return { products: believed(products), inventory: believed(inventory) };
  }

  raiseFloor(resource: SnapshotResource, floor: number, now: number): void {
    const floors = this.floors(now);
    this.put("floors", { ...floors, [resource]: Math.max(floors[resource], Math.min(floor, now)) });
  }

  /** How far Dutchie's clock is behind ours, ms, by the reading that is furthest off. */
  behind(): number {
    return Math.max(0, ...Object.values(this.get("clocks") ?? {}).map(behindBy));
  }

  /** One resource's entry of a value that has one for each; null: none. */
  putFor<K extends PerResource>(
    key: K,
    resource: SnapshotResource,
    value: NonNullable<Values[K][SnapshotResource]> | null,
  ): void {
    const { [resource]: _, ...rest } = { ...this.get(key) };
    this.put(key, { ...rest, ...(value === null ? {} : { [resource]: value }) } as Values[K]);
  }

  // ---- ledger ----
  event(event_id: string): LedgerEvent | null {
    return this.sql.exec<LedgerEvent>("select * from events where event_id = ?", event_id).toArray()[0] ?? null;
  }

  /** The newest of the events under this id that have something of our own behind it: two of one content are two. */
  eventUnder(id: string): LedgerEvent | null {
    return (
      this.sql
        .exec<LedgerEvent>(
          "select * from events where event_id > ?1 and event_id < ?2 and look is not null order by received_at desc limit 1",
          `${id}.`,
          `${id}/`,
        )
        .toArray()[0] ?? null
    );
  }

  /** False when the id is taken. */
  addEvent(
    event: Pick<LedgerEvent, "event_id" | "type" | "occurred_at" | "received_at" | "body"> & { look?: string | null },
  ): boolean {
    const { event_id, type, occurred_at, received_at, body, look = null } = event;
    return (
      this.sql.exec(
        `insert into events (event_id, type, occurred_at, received_at, pending_at, outcome, body, look)
         values (?1, ?2, ?3, ?4, ?4, 'pending', ?5, ?6) on conflict do nothing`,
        event_id,
        type,
        occurred_at,
        received_at,
        body,
        look,
      ).rowsWritten > 0
    );
  }

  settleEvent(
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

  /** It is on its way once more, so that its own id does not count as a duplicate. */
  reopenEvent(event_id: string, reason: string, now: number): void {
    this.sql.exec(
      "update events set outcome = 'pending', reason = ?, applied_at = null, pending_at = ? where event_id = ?",
      reason,
      now,
      event_id,
    );
  }

  /** Newest first; `before` is the (received_at, event_id) of the last one of the page before. */
  listEvents(outcome: string | null, before: [number, string] | null, limit: number): Omit<LedgerEvent, "body">[] {
    return this.sql
      .exec<Omit<LedgerEvent, "body">>(
        `select ${LEDGER_COLUMNS} from events where (?1 is null or outcome = ?1)
         and (?2 is null or (received_at, event_id) < (?2, ?3)) order by received_at desc, event_id desc limit ?4`,
        outcome,
        before?.[0] ?? null,
        before?.[1] ?? null,
        limit,
      )
      .toArray();
  }

  /**
   * Events after an id, oldest id first: what a rebuild plays again. Pending ones too: their message may have got lost. Not
   * those whose rows were not applied.
   */
  eventsToReplay(after: string | null, limit: number): LedgerEvent[] {
    return this.sql
      .exec<LedgerEvent>(
        "select * from events where (?1 is null or event_id > ?1) and outcome in ('applied', 'stale', 'pending') and look is null order by event_id limit ?2",
        after,
        limit,
      )
      .toArray();
  }

  pendingEvents(): number {
    return countOf(this.sql, "pending_events");
  }

  /** A webhook came: what was missed before it says nothing any more. One that is played again came long ago. */
  heard(received_at: number): void {
    if (received_at > (this.get("webhooks")?.last_at ?? 0)) this.put("webhooks", { last_at: received_at, missed: 0 });
  }

  /** Polls found changes that no webhook had told since the last one. */
  missed(n: number): void {
    const webhooks = this.get("webhooks");
    if (webhooks !== null && n > 0) this.put("webhooks", { ...webhooks, missed: webhooks.missed + n });
  }

  /** An event was applied so many ms after it came. */
  addLag(lag_ms: number, now: number): void {
    const hour = Math.floor(now / HOUR_MS);
    const [row] = this.sql.exec<{ lags: string | null }>("select lags from hourly where hour = ?", hour).toArray();
    const lags = JSON.stringify(addLag(JSON.parse(row?.lags ?? "{}") as Lags, lag_ms));
    this.sql.exec(
      "insert into hourly (hour, lags) values (?1, ?2) on conflict do update set lags = excluded.lags",
      hour,
      lags,
    );
  }

  /**
   * Ends what is past its time (domain/retention.ts), a bounded step. An event that is still pending after all retries is
   * told to be invalid first. True: there is more.
   */
  sweep(now: number): boolean {
    const pending = this.pendingEvents();
    const steps = [
      this.sql.exec(
        `update events set outcome = 'invalid', reason = ?, pending_at = null where event_id in (
           select event_id from events where outcome = 'pending' and pending_at < ? limit ?)`,
        NEVER_APPLIED,
        now - PENDING_MS,
        ROWS_A_STEP,
      ),
      this.sql.exec(
        `delete from events where event_id in (
           select event_id from events where received_at < ? and outcome <> 'pending' limit ?)`,
        endsBefore(LOCATION_RETENTION.events.days, now),
        ROWS_A_STEP,
      ),
      this.sql.exec(
        `delete from pushes where push_id in (
           select push_id from pushes where state in ('done', 'cancelled') and updated_at < ? limit ?)`,
        endsBefore(LOCATION_RETENTION.pushes.days, now),
        ROWS_A_STEP,
      ),
      this.sql.exec(
        "delete from hourly where hour < ?",
        Math.floor(endsBefore(LOCATION_RETENTION.hourly.days, now) / HOUR_MS),
      ),
    ];
    this.count("invalid", pending - this.pendingEvents(), now);
    return steps.some(({ rowsWritten }) => rowsWritten >= ROWS_A_STEP);
  }

  // ---- ids that the snapshot under way has listed ----
  addSeen(ids: readonly string[]): void {
    if (ids.length > 0) this.sql.exec("insert into seen (ids) values (?)", JSON.stringify(ids));
  }

  seen(): Set<string> {
    const chunks = this.sql.exec<{ ids: string }>("select ids from seen").toArray();
    return new Set(chunks.flatMap((chunk) => JSON.parse(chunk.ids) as string[]));
  }

  clearSeen(): void {
    this.sql.exec("delete from seen");
  }

  // ---- counters by hour ----
  count(counter: Counter, n: number, now: number): void {
    if (n === 0) return;
    this.sql.exec(
      `insert into hourly (hour, ${counter}) values (?1, ?2) on conflict do update set ${counter} = ${counter} + ?2`,
      Math.floor(now / HOUR_MS),
      n,
    );
  }

  /** Sums of the 24 hours up to now, and how long the webhooks of each took. */
  last24h(now: number): Record<Counter, number> & { lags: Lags[] } {
    const hours = this.sql
      .exec<Record<Counter, number> & { lags: string | null }>(
        `select ${COUNTERS.join(", ")}, lags from hourly where hour > ?`,
        Math.floor(now / HOUR_MS) - HOURS_A_DAY,
      )
      .toArray();
    const sum = (counter: Counter) => hours.reduce((all, hour) => all + hour[counter], 0);
    const sums = Object.fromEntries(COUNTERS.map((counter) => [counter, sum(counter)])) as Record<Counter, number>;
    return { ...sums, lags: hours.flatMap(({ lags }) => (lags === null ? [] : [JSON.parse(lags) as Lags])) };
  }
}

const HOURS_A_DAY = 24;
/** Rows that one step of a sweep ends at most. */
const ROWS_A_STEP = 5_000;
const NEVER_APPLIED =
  "It could not be applied within two days. The next sync that succeeds reads from Dutchie what it told; replay it if something is missing.";
const HOUR_MS = 3_600_000;

const COUNTERS = [
  "runs",
  "failed_runs",
  "records_processed",
  "records_failed",
  "duration_ms",
  "received",
  "applied",
  "duplicate",
  "stale",
  "invalid",
  "ignored",
  "missed",
] as const;
export type Counter = (typeof COUNTERS)[number];

export interface Values {
  /** The run under way. */
  run: Run;
  /** The last run that ended. */
  last_run: RunJson;
  last_sync_at: number;
  last_success_at: number;
  /** How each data type stands; absent: from before they were kept. */
  types: TypeStates;
  /** The last verification that came to its end. */
  verification: { accuracy: number; drift: number; checked_at: number; healed: number };
  /** When the last webhook came, and what polls had to find since. */
  webhooks: { last_at: number; missed: number };
  /** Quick steps until the store is no slow one any more; absent: it is none. */
  pace: number;
  /** Reads that events ask for which say no more than that something changed. */
  look: Look;
  /** When our own code last failed on an event. */
  event_fault_at: number;
  /** When an alert may next begin to fire by the clock alone. */
  judge_at: number;
  cursors: Cursors;
  /** T − S of the last complete snapshot . */
  floors: Record<SnapshotResource, number>;
  /** Dutchie's clock minus ours, ms, as the last read of each resource told it. */
  clocks: Partial<Record<Resource, Told>>;
  held: Partial<Record<SnapshotResource, Held>>;
  kept: Partial<Record<SnapshotResource, Kept>>;
  /** When the last complete snapshot that was not held was judged, on our clock. */
  judged_at: Partial<Record<SnapshotResource, number>>;
  /** Masses of stock that were ended since somebody last acknowledged it. */
  endings: Partial<Record<SnapshotResource, Ending[]>>;
  /** Masses of records that lost a value, told and not yet over. */
  mass_changes: Partial<Record<LossSubject, MassChange>>;
  /** What snapshots of the last hour ended without a second word. */
  lately: Partial<Record<SnapshotResource, Lately[]>>;
  /** Rows without an id in the last complete snapshot; absent while there were none. */
  unidentified: Partial<Record<SnapshotResource, number>>;
  /** Data types that a rebuild still has to read; the ledger is played again when none is left. */
  rebuilding: DataType[];
  /** A rebuild has read everything: its ledger is to be played again. */
  replay_due: true;
  /** The settings by which what is stored was last judged. */
  judged_by: JudgedBy;
  /** When to judge it anew, because they have changed. */
  rejudge_at: number;
  /** When the queue was last asked to send pushes. */
  pushes_asked_at: number;
  /** Requests of the last minute per rate class, and until when Dutchie asked us to wait. */
  budget: Record<string, { times: number[]; closed_until: number }>;
}

type PerResource = "lately" | "held" | "kept" | "judged_at" | "endings" | "unidentified";

/** A complete snapshot whose absences wait for a second one, or for a person (rule 3). */
export interface Held {
  /** Of the first snapshot that was held. */
  held_at: number;
  /** T − S of the last one: what its absence is a statement about. */
  floor: number;
  /** Packages or products, and what they are worth. */
  rows: number;
  value: number;
}

/** Absent packages or products of which a person said that they are there. */
export interface Kept {
  rows: number;
  by: string;
  at: number;
}

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
  /** Why its rows are not applied and the store is read instead; null: they are. */
  look: string | null;
};

const LEDGER_COLUMNS = "event_id, type, occurred_at, received_at, applied_at, outcome, reason, pending_at, look";

export function eventJson(event: Omit<LedgerEvent, "body"> & { body?: string }): EventJson {
  return {
    event_id: event.event_id,
    type: event.type,
    occurred_at: new Date(event.occurred_at).toISOString(),
    received_at: new Date(event.received_at).toISOString(),
    applied_at: event.applied_at === null ? null : new Date(event.applied_at).toISOString(),
    outcome: event.outcome,
    reason: event.reason,
    ...(event.body === undefined ? {} : { body: JSON.parse(event.body) }),
  };
}
