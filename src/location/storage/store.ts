import { behindBy, isImpossible } from "../../domain/clock.ts";
import { endsBefore, LOCATION_RETENTION, PENDING_MS } from "../../domain/retention.ts";
import type { SnapshotResource } from "../../domain/snapshots/absence.ts";
import { AbsenceTable } from "./absences.ts";
import { CollectedTable } from "./collected.ts";
import { CreationTable } from "./creations.ts";
import { DeliveryTable } from "./deliveries.ts";
import { EventTable } from "./events.ts";
import { HourTable } from "./hours.ts";
import { LossTable } from "./losses.ts";
import { Outbox } from "./outbox.ts";
import { SeenTable } from "./seen.ts";
import type { PerResource, Values } from "./values.ts";

/** A stored value as JSON; null: there is none. `value`: what it is now, once somebody has asked for it or noted it. */
interface Known {
  readonly text: string | null;
  value: unknown;
}

/** The Location's own SQL: single values here, and a class for each of its tables. Times in ms. */
export class Store {
  /** The ledger of webhooks. */
  readonly events: EventTable;
  /** Edits on their way to Dutchie. */
  readonly outbox: Outbox;
  /** Records that complete snapshots left out, and what was decided about them. */
  readonly absences: AbsenceTable;
  /** Records that recently lost a value. */
  readonly losses: LossTable;
  /** What the snapshot under way has listed. */
  readonly seen: SeenTable;
  /** What the read under way has collected, if it broke off. */
  readonly collected: CollectedTable;
  readonly hours: HourTable;
  /** What calls with an Idempotency-Key added. */
  readonly creations: CreationTable;
  /** What receivers got of the changes. */
  readonly deliveries: DeliveryTable;

  /** The newest number of the change log; null: D1 has to be asked. */
  sequence: number | null = null;

  /** All values. Nobody else writes them, and an instance whose write fails is ended. null: not read yet. */
  private values: Map<string, Known> | null = null;
  /** Those of them that are not written yet. */
  private readonly noted = new Map<keyof Values, () => void>();

  constructor(private readonly sql: SqlStorage) {
    this.events = new EventTable(sql);
    this.outbox = new Outbox(sql);
    this.absences = new AbsenceTable(sql);
    this.losses = new LossTable(sql);
    this.seen = new SeenTable(sql);
    this.collected = new CollectedTable(sql);
    this.hours = new HourTable(sql);
    this.creations = new CreationTable(sql);
    this.deliveries = new DeliveryTable(sql);
  }

  /** All readers have the same value, and nobody may change it: a run is read far more often than it is written. */
  get<K extends keyof Values>(key: K): Values[K] | null {
    const known = this.read(key);
    if (known.value === null && known.text !== null) known.value = frozen(JSON.parse(known.text));
    return known.value as Values[K] | null;
  }

  put<K extends keyof Values>(key: K, value: Values[K]): void {
    this.noted.delete(key);
    this.write(key, value, null);
  }

  /**
   * A value that is written at the end of the call: a call that changes it several times writes one row. Not for what must
   * be stored before something outside is done.
   */
  note<K extends keyof Values>(key: K, value: Values[K]): void {
    this.remember(key, value);
    this.noted.set(key, () => this.write(key, value, value));
  }

  /** A value that an eviction may take back to what was last written. */
  remember<K extends keyof Values>(key: K, value: Values[K]): void {
    this.read(key).value = frozen(value);
  }

  /** The end of a call: writes what was noted. */
  flush(): void {
    for (const write of this.noted.values()) write();
    this.noted.clear();
    this.seen.flush();
  }

  remove(key: keyof Values): void {
    this.noted.delete(key);
    const known = this.read(key);
    known.value = null;
    if (known.text === null) return;
    this.sql.exec("delete from kv where key = ?", key);
    this.known().set(key, { text: null, value: null });
  }

  /** A value that is as it was is not written: each written row costs. `known`: it, if nobody can change it any more. */
  private write(key: keyof Values, value: unknown, known: unknown): void {
    const text = JSON.stringify(value);
    if (text !== this.read(key).text) this.sql.exec("insert or replace into kv (key, value) values (?, ?)", key, text);
    this.known().set(key, { text, value: known });
  }

  private read(key: keyof Values): Known {
    const values = this.known();
    const found = values.get(key) ?? { text: null, value: null };
    values.set(key, found);
    return found;
  }

  /** All of them are read at once: an instance that starts needs most of the some twenty, and each statement costs. */
  private known(): Map<string, Known> {
    if (this.values !== null) return this.values;
    const rows = this.sql.exec<{ key: string; value: string }>("select key, value from kv").toArray();
    this.values = new Map(rows.map(({ key, value }) => [key, { text: value, value: null }]));
    return this.values;
  }

  /** The time up to which the last complete snapshots are true; an impossible floor counts as 0. */
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

  /**
   * Webhooks came. After one that could be used the count of missed changes begins again; the first one begins it. A replayed one
   * came long ago and changes nothing.
   */
  heard(received_at: number, isUsed: boolean): void {
    const last_at = this.get("webhooks")?.last_at ?? 0;
    if (received_at > last_at && (isUsed || last_at === 0)) this.put("webhooks", { last_at: received_at, missed: 0 });
  }

  /** Polls found changes that should have come as webhooks since the last one. */
  missed(n: number): void {
    const webhooks = this.get("webhooks");
    if (webhooks !== null && n > 0) this.put("webhooks", { ...webhooks, missed: webhooks.missed + n });
  }

  /** The store is disconnected: nothing is under way any more, and nothing is due. */
  stop(): void {
    for (const key of UNDER_WAY) this.remove(key);
    this.outbox.stop();
    this.deliveries.stop();
    this.clearStep();
  }

  /** A step begins from its beginning, or nothing is read any more. */
  clearStep(): void {
    this.seen.clear();
    this.collected.clear();
  }

  /**
   * Deletes what is past its retention (domain/retention.ts), a bounded step. An event that is still pending after all
   * retries becomes invalid first. True: there is more.
   */
  sweep(now: number): boolean {
    const limit = ROWS_A_STEP;
    const before = (table: "events" | "pushes" | "hourly" | "creations") =>
      endsBefore(LOCATION_RETENTION[table].days, now);
    const pending = this.events.pending();
    const written = [
      this.events.giveUp({ before: now - PENDING_MS, reason: NEVER_APPLIED, limit }),
      this.events.end({ before: before("events"), limit }),
      this.outbox.end({ before: before("pushes"), limit }),
      this.hours.end(before("hourly")),
      this.creations.end({ before: before("creations"), limit }),
    ];
    this.hours.count("invalid", pending - this.events.pending(), now);
    return written.some((rows) => rows >= ROWS_A_STEP);
  }
}

/** Who changes it gets an error. */
function frozen(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const each of Object.values(value)) frozen(each);
  return Object.freeze(value);
}

const UNDER_WAY = [
  "run",
  "rebuilding",
  "replay_due",
  "reapply_at",
  "configure_at",
  "evaluate_at",
  "count_losses_at",
  "check_sales_at",
  "pushes_asked_at",
  "move",
] as const;

/** Rows that one step of a sweep ends at most. */
const ROWS_A_STEP = 5_000;
const NEVER_APPLIED =
  "It could not be applied within two days. The next successful sync reads the same data from Dutchie; replay it if something is missing.";
