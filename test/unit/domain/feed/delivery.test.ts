import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_CHANGE_MESSAGE_BYTES } from "../../../../src/domain/bounds.ts";
import {
  type ChangeMessage,
  changeMessagesOf,
  resourcesOf,
  TOLD_EVENTS,
  type ToldEntry,
  type ToldEvent,
} from "../../../../src/domain/feed/change-messages.ts";
import {
  afterChange,
  afterClaim,
  afterDelivered,
  afterFailure,
  askAt,
  type Delivery,
  isAlarming,
  isDue,
  LEASE_MS,
  newDelivery,
  resumed,
  type Window,
} from "../../../../src/domain/feed/delivery.ts";
import { entriesWithin, keysOf, type LogRow } from "../../../../src/domain/feed/entries.ts";
import { sequenceKey } from "../../../../src/domain/records/sequence.ts";

const T0 = Date.UTC(2026, 10, 26);
const HOUR = 3_600_000;
const FRESH: Delivery = { ...newDelivery(T0, T0), sequence: 0, next_at: null };

const entry = (sequence: number, resource: ToldEntry["resource"], record_id: string): ToldEntry => ({
  sequence,
  resource,
  record_id,
  fields: resource === "runs" ? { state: [null, record_id] } : {},
  cause: "webhook",
  ref: null,
  at: T0,
});

/** A store, the log of its changes, and a receiver that may fail in any way; the queue and the timer are played by the test. */
class World {
  now = T0;
  delivery: Delivery = FRESH;
  readonly log: LogRow<ToldEntry["resource"]>[] = [];
  /** The newest number. */
  head = 0;
  readonly records = new Map<string, number>();
  readonly copy = new Map<string, number>();
  seen = 0;
  sent: { sequence: number; type: string }[] = [];
  readonly underWay: (Window & { ends: number })[] = [];

  /** One row of the log, about one record or about several. */
  change(resource: ToldEntry["resource"], ...ids: string[]): void {
    this.delivery = afterChange(this.delivery, this.now);
    this.head += ids.length;
    const [record_id = ""] = ids;
    const { sequence: _, ...row } = entry(this.head, resource, record_id);
    const record_ids = ids.length === 1 ? null : ids;
    this.log.push({ ...row, change_id: `${sequenceKey(this.head)}digest`, record_ids });
    for (const id of ids) {
      const key = `${resource} ${id}`;
      this.records.set(key, (this.records.get(key) ?? 0) + 1);
    }
  }

  claim(events: readonly ToldEvent[]) {
    if (!isDue(this.delivery, this.now)) return null;
    const { sequence, upto, replays } = this.delivery;
    const head = upto ?? this.head;
    const span = { after: sequence, head };
    const { from, to } = keysOf(span);
    const found = this.log.filter(({ change_id }) => change_id >= from && change_id <= to);
    const rows = found.filter(({ resource }) => resourcesOf(events).includes(resource));
    const entries = entriesWithin(rows, span);
    const end = entries.length > 3 ? (entries[2]?.sequence ?? head) : head;
    const isNone = end <= sequence;
    this.delivery = afterClaim(this.delivery, isNone ? null : end, this.now);
    return isNone
      ? null
      : { after: sequence, upto: end, replays, entries: entries.filter((each) => each.sequence <= end) };
  }

  /** A consumer whose messages arrive, and who has not told of it yet. */
  begin(): void {
    const claimed = this.claim(TOLD_EVENTS);
    if (claimed === null) return;
    for (const message of this.messages(claimed.entries, TOLD_EVENTS)) this.receive(message);
    this.underWay.push({ ...claimed, ends: this.now + LEASE_MS });
  }

  /** It tells of it now, within its lease. */
  end(): void {
    const window = this.underWay.shift();
    if (window !== undefined && window.ends > this.now) this.delivery = afterDelivered(this.delivery, window, this.now);
  }

  /** A receiver that lost all it had lets it be sent again. */
  replay(): void {
    if (this.delivery.sequence === 0) return;
    this.delivery = resumed(this.delivery, 0, this.now);
    this.copy.clear();
    this.seen = 0;
  }

  /** A receiver that drops what it has. */
  receive({ sequence, type, records }: ChangeMessage): void {
    this.sent.push({ sequence, type });
    if (sequence <= this.seen) return;
    this.seen = sequence;
    for (const { record_id, record } of records) this.copy.set(`${record_id}`, Number(record));
  }

  messages(entries: readonly ToldEntry[], events: readonly ToldEvent[]): ChangeMessage[] {
    return changeMessagesOf(
      entries,
      events,
      ({ resource, record_id }) => this.records.get(`${resource} ${record_id}`) ?? null,
    );
  }

  /** One consumer; `fate`: after which message it dies, is refused, or loses the answer. */
  deliver(fate: { kind: "well" | "dies" | "refused" | "lost answer"; after: number }): void {
    const events = TOLD_EVENTS;
    for (;;) {
      const claimed = this.claim(events);
      if (claimed === null) return;
      for (const [index, message] of this.messages(claimed.entries, events).entries()) {
        const isNow = fate.kind !== "well" && index >= fate.after;
        if (!isNow || fate.kind === "lost answer") this.receive(message);
        if (!isNow) continue;
        if (fate.kind !== "dies")
          this.delivery = afterFailure(this.delivery, claimed, { asked_ms: null, now: this.now });
        return;
      }
      if (fate.kind === "dies" && fate.after > 2) return;
      this.delivery = afterDelivered(this.delivery, claimed, this.now);
    }
  }
}

describe("the delivery of changes", () => {
  const steps = fc.array(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          change: fc.constantFrom("inventory", "products", "sales"),
          ids: fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 8 }),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constantFrom("well", "dies", "refused", "lost answer"),
          after: fc.nat(3),
        }),
      },
      { weight: 4, arbitrary: fc.record({ act: fc.constantFrom("begin", "end", "replay") }) },
      { weight: 3, arbitrary: fc.record({ wait: fc.constantFrom(500, 1_000, 5_000, LEASE_MS, HOUR) }) },
    ),
    { maxLength: 60, size: "max" },
  );

  it("whoever dies, refuses, loses an answer or is sent all again meanwhile, a receiver that drops doubles by sequence ends with every record as it is", () => {
    fc.assert(
      fc.property(steps, (given) => {
        const world = new World();
        for (const step of given) {
          if ("change" in step) {
            world.change(step.change as "sales", ...(step.ids as number[]).map((id) => `${step.change}-${id}`));
          } else if ("act" in step) world[step.act as "begin" | "end" | "replay"]();
          else if ("wait" in step) world.now += step.wait as number;
          else world.deliver(step as Parameters<World["deliver"]>[0]);
          // Something that waits is never forgotten.
          const isBehind = world.delivery.sequence < world.head;
          expect(isBehind && world.delivery.next_at === null && world.delivery.parked_at === null).toBe(false);
        }
        for (let turns = 0; askAt(world.delivery, HOUR) !== null; turns++) {
          expect(turns).toBeLessThan(50);
          world.now = Math.max(world.now, world.delivery.next_at ?? 0);
          world.deliver({ kind: "well", after: 0 });
        }
        if (world.delivery.parked_at !== null) return;
        for (const [key, version] of world.records) expect(world.copy.get(key.split(" ")[1] ?? "")).toBe(version);
      }),
      { numRuns: 500 },
    );
  });

  it("a consumer from before a replay does not end the window of one that came to the same numbers after it, and died", () => {
    const world = new World();
    world.change("inventory", "a", "b", "c", "d");
    world.change("sales", "s");
    world.now += 1_000;
    world.deliver({ kind: "lost answer", after: 1 });
    world.now += HOUR;
    world.begin();
    world.replay();
    world.deliver({ kind: "dies", after: 1 });
    world.end();
    world.now += LEASE_MS;
    world.deliver({ kind: "well", after: 0 });
    expect(world.copy.get("s")).toBe(1);
  });

  it("a window that is sent again has the same messages with the same numbers, though more has changed", () => {
    const world = new World();
    for (const id of ["a", "b"]) world.change("inventory", id);
    world.change("products", "p");
    world.now += 1_000;
    world.deliver({ kind: "lost answer", after: 1 });
    const first = world.sent.splice(0);
    world.change("inventory", "c");
    world.now += HOUR;
    world.deliver({ kind: "well", after: 0 });
    expect(world.sent.slice(0, first.length)).toEqual(first);
    expect(world.seen).toBe(4);
  });

  it("only one consumer has a window at a time; the next may take it when the lease is over", () => {
    const world = new World();
    world.change("sales", "s");
    world.now += 1_000;
    expect(world.claim(TOLD_EVENTS)).toMatchObject({ upto: 1 });
    expect(world.claim(TOLD_EVENTS)).toBeNull();
    world.now += LEASE_MS;
    expect(world.claim(TOLD_EVENTS)).toMatchObject({ upto: 1 });
  });

  it("an end that comes late, from a consumer that was overtaken, changes nothing", () => {
    const world = new World();
    world.change("sales", "s");
    world.now += 1_000;
    world.claim(TOLD_EVENTS);
    const window = { after: 0, upto: 1, replays: 0 };
    const done = afterDelivered(world.delivery, window, world.now);
    expect(afterDelivered(done, window, world.now + 5)).toEqual(done);
    expect(afterFailure(done, window, { asked_ms: null, now: world.now + 5 })).toEqual(done);
  });

  it.each([
    ["before the replayed window is taken", { upto: null, next_at: T0 }],
    ["while the replayed window, with the same end, is being sent", { upto: 150, next_at: T0 + LEASE_MS }],
    ["when the replay has come to the same window", { sequence: 100, upto: 150, next_at: T0 + LEASE_MS }],
  ])("a window that ends after a replay does not undo it: %s", (_, state) => {
    const replayed = { ...resumed({ ...FRESH, sequence: 100, upto: 150 }, 50, T0), ...state };
    const window = { after: 100, upto: 150, replays: 0 };
    expect(afterDelivered(replayed, window, T0)).toEqual(replayed);
    expect(afterFailure(replayed, window, { asked_ms: null, now: T0 })).toEqual(replayed);
  });

  it("it is tried for a day with growing waits, then parked; changes do not wake it, a person does", () => {
    let delivery: Delivery = { ...FRESH, upto: 9, next_at: T0 };
    const waits: number[] = [];
    let now = T0;
    for (let attempt = 0; delivery.parked_at === null; attempt++) {
      expect(attempt).toBeLessThan(60);
      delivery = afterFailure(delivery, { after: 0, upto: 9, replays: 0 }, { asked_ms: null, now });
      if (delivery.next_at !== null) waits.push(delivery.next_at - now);
      now = delivery.next_at ?? now;
    }
    expect(waits.slice(0, 4)).toEqual([5_000, 10_000, 20_000, 40_000]);
    expect(Math.max(...waits)).toBe(HOUR);
    expect(now - T0).toBeGreaterThanOrEqual(24 * HOUR);
    expect(now - T0).toBeLessThanOrEqual(25 * HOUR);
    expect(afterChange(delivery, now)).toEqual(delivery);
    expect(resumed(delivery, null, now)).toMatchObject({
      sequence: 0,
      upto: 9,
      next_at: now,
      parked_at: null,
      failures: 0,
    });
    expect(resumed(delivery, 5, now)).toMatchObject({ sequence: 5, upto: null });
  });

  it.each([
    [0, 5_000],
    [1_000, 5_000],
    [90_000, 90_000],
    [1e12, HOUR],
  ])("a receiver that asks us to wait %d ms is tried again after %d ms", (asked_ms, wait) => {
    const failed = afterFailure(
      { ...FRESH, upto: 9, next_at: T0 },
      { after: 0, upto: 9, replays: 0 },
      { asked_ms, now: T0 },
    );
    expect(failed.next_at).toBe(T0 + wait);
  });

  it("people hear of it after a quarter of an hour, not in the minutes of a deployment", () => {
    const failing = { ...FRESH, failing_since: T0 };
    expect(isAlarming(failing, T0 + 14 * 60_000)).toBe(false);
    expect(isAlarming(failing, T0 + 15 * 60_000)).toBe(true);
    expect(isAlarming({ ...FRESH, parked_at: T0 }, T0)).toBe(true);
  });
});

describe("messages", () => {
  it("a window's messages come in the order of their last numbers, each record once, as it is now", () => {
    const entries = [
      entry(1, "inventory", "i1"),
      entry(2, "products", "p1"),
      entry(3, "inventory", "i2"),
      entry(4, "runs", "failed"),
      entry(5, "inventory", "i1"),
    ];
    const messages = changeMessagesOf(entries, TOLD_EVENTS, ({ record_id }) =>
      record_id === "p1" ? null : { record_id },
    );
    expect(messages).toEqual([
      {
        type: "product.changed",
        sequence: 2,
        records: [{ sequence: 2, record_id: "p1", state: "gone", record: null }],
      },
      {
        type: "sync.failed",
        sequence: 4,
        records: [{ sequence: 4, record_id: "failed", state: "present", record: { record_id: "failed" } }],
      },
      {
        type: "inventory.changed",
        sequence: 5,
        records: [
          { sequence: 3, record_id: "i2", state: "present", record: { record_id: "i2" } },
          { sequence: 5, record_id: "i1", state: "present", record: { record_id: "i1" } },
        ],
      },
    ]);
    expect(changeMessagesOf(entries, ["sync.completed"], () => 1)).toEqual([]);
    expect(changeMessagesOf(entries, ["sale.recorded", "product.changed"], () => 1).map(({ type }) => type)).toEqual([
      "product.changed",
    ]);
  });

  it("what does not fit is left out, the largest first, and says so; the ids stay", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(sizes, (given) => {
        const entries = given.map((_, index) => entry(index + 1, "sales", `${index}`));
        const [message] = changeMessagesOf(entries, TOLD_EVENTS, ({ record_id }) => ({
          text: "é".repeat((given[Number(record_id)] ?? 0) / 2),
        }));
        const records = message?.records ?? [];
        expect(records.map(({ record_id }) => record_id)).toEqual(entries.map(({ record_id }) => record_id));
        const kept = records.filter(({ state }) => state === "present");
        const bytes = new TextEncoder().encode(JSON.stringify(kept)).byteLength;
        expect(bytes).toBeLessThanOrEqual(MAX_CHANGE_MESSAGE_BYTES + 200);
        const sizeOf = ({ record_id }: { record_id: string }) => given[Number(record_id)] ?? 0;
        const omitted = records.filter(({ state }) => state === "omitted");
        if (omitted.length > 0)
          expect(Math.max(...kept.map(sizeOf), 0)).toBeLessThanOrEqual(Math.min(...omitted.map(sizeOf)) + 1);
        expect(new TextEncoder().encode(JSON.stringify(message)).byteLength).toBeLessThan(100_000);
      }),
      { numRuns: 50 },
    );
  });
});
