import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { IncomingPackage, IncomingProduct } from "../../../../src/domain/records/mapping.ts";
import { asOf, STALENESS_MS } from "../../../../src/domain/records/version.ts";
import { MemoryStore } from "../../../support/memory-store.ts";

/**
 * A small Dutchie: packages and products that change at known times, read with any staleness up to S, and stated by events in
 * any order. ReUp must end where Dutchie is.
 */
const ROOMS = ["Sales Floor", "Vault"];
const T0 = 1_760_000_000_000;
const MINUTE = 60_000;

/** A package's state from `at` on: quantity per room; none at all: sold out, not listed. */
interface State {
  at: number;
  rooms: Record<string, number>;
}
type History = Map<string, State[]>;

const stateAt = (states: readonly State[], at: number): State | undefined => states.findLast((state) => state.at <= at);

const historyArbitrary: fc.Arbitrary<History> = fc
  .array(
    fc.record({
      package: fc.constantFrom("1", "2", "3"),
      minutes: fc.integer({ min: 1, max: 4 }),
      rooms: fc.dictionary(fc.constantFrom(...ROOMS), fc.integer({ min: 1, max: 9 }), { maxKeys: 2 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((changes) => {
    const history: History = new Map();
    let at = T0;
    for (const change of changes) {
      at += change.minutes * MINUTE;
      history.set(change.package, [...(history.get(change.package) ?? []), { at, rooms: change.rooms }]);
    }
    return history;
  });

function packageRow(id: string, state: State, stamped: boolean): IncomingPackage {
  const cells = Object.entries(state.rooms).map(([room_name, quantity]) => ({
    room_name,
    room_type: null,
    quantity,
  }));
  return {
    dutchie_inventory_id: id,
    content: {},
    quantity: cells.reduce((sum, cell) => sum + cell.quantity, 0),
    cells,
    scope: "package",
    hint: null,
    modified_at: stamped ? state.at : null,
  };
}

type Delivery =
  | { kind: "event"; id: string; state: State }
  | { kind: "snapshot"; started_at: number; lag: number[]; stamped: boolean };

function deliver(store: MemoryStore, history: History, delivery: Delivery, now: number): void {
  if (delivery.kind === "event") {
    store.applyInventory(
      [packageRow(delivery.id, delivery.state, false)],
      { kind: "event", occurred_at: delivery.state.at, received_at: now },
      now,
    );
    return;
  }
  const rows = [...history].flatMap(([id, states], index) => {
    const state = stateAt(states, delivery.started_at - (delivery.lag[index] ?? 0));
    return state === undefined || Object.keys(state.rooms).length === 0
      ? []
      : [packageRow(id, state, delivery.stamped)];
  });
  const plan = store.snapshotInventory(rows, delivery.started_at, now);
  // An empty list proves nothing; here a person says that it is right.
  if (plan.held.length > 0) store.confirmHeld(plan, asOf("inventory", delivery.started_at, now), now);
}

function oracle(history: History): Record<string, number> {
  const live = [...history].flatMap(([id, states]) =>
    Object.entries(states.at(-1)?.rooms ?? {}).map(([room, quantity]): [string, number] => [`${id} ${room}`, quantity]),
  );
  return Object.fromEntries(live.sort());
}

const eventsOf = (history: History): Delivery[] =>
  [...history].flatMap(([id, states]) => states.map((state): Delivery => ({ kind: "event", id, state })));

/** Any order, each delivered once or more. */
const shuffled = <T>(items: T[]): fc.Arbitrary<T[]> =>
  fc.array(fc.nat({ max: Math.max(0, items.length - 1) }), { maxLength: 6 }).chain((again) => {
    const all = [...items, ...again.flatMap((index) => items[index] ?? [])];
    return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
  });

const snapshotArbitrary = fc.record({
  kind: fc.constant("snapshot" as const),
  started_at: fc.integer({ min: 0, max: 40 }).map((minutes) => T0 + minutes * MINUTE),
  lag: fc.array(fc.integer({ min: 0, max: STALENESS_MS }), { minLength: 3, maxLength: 3 }),
  stamped: fc.boolean(),
});

const NOW = T0 + 24 * 60 * MINUTE;

describe("inventory converges to Dutchie's state", () => {
  it("events in any order, repeated or not, give the newest state", () => {
    fc.assert(
      fc.property(
        historyArbitrary.chain((history) => fc.tuple(fc.constant(history), shuffled(eventsOf(history)))),
        ([history, deliveries]) => {
          const store = new MemoryStore();
          for (const delivery of deliveries) deliver(store, history, delivery, NOW);
          expect(store.stock()).toEqual(oracle(history));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("events and stale snapshots in any order, then one complete snapshot later than S, give Dutchie's state", () => {
    fc.assert(
      fc.property(
        historyArbitrary.chain((history) =>
          fc.tuple(
            fc.constant(history),
            fc
              .array(snapshotArbitrary, { maxLength: 4 })
              .chain((snapshots) => shuffled([...eventsOf(history), ...snapshots])),
            fc.boolean(),
          ),
        ),
        ([history, deliveries, stamped]) => {
          const store = new MemoryStore();
          for (const delivery of deliveries) deliver(store, history, delivery, NOW);
          deliver(store, history, { kind: "snapshot", started_at: NOW, lag: [0, 0, 0], stamped }, NOW);
          expect(store.stock()).toEqual(oracle(history));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("all events and one snapshot, however stale, give the newest state in every order", () => {
    fc.assert(
      fc.property(
        historyArbitrary.chain((history) =>
          fc.tuple(
            fc.constant(history),
            snapshotArbitrary.chain((snapshot) => shuffled<Delivery>([...eventsOf(history), snapshot])),
          ),
        ),
        ([history, deliveries]) => {
          const store = new MemoryStore();
          for (const delivery of deliveries) deliver(store, history, delivery, NOW);
          expect(store.stock()).toEqual(oracle(history));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("events of equal time give the same state in any order", () => {
    const states = fc.uniqueArray(
      fc.dictionary(fc.constantFrom(...ROOMS), fc.integer({ min: 1, max: 9 }), { maxKeys: 2 }),
      {
        minLength: 2,
        maxLength: 4,
        selector: (rooms) => JSON.stringify(Object.entries(rooms).sort()),
      },
    );
    fc.assert(
      fc.property(
        states.chain((all) => fc.tuple(shuffled(all), shuffled(all))),
        ([one, other]) => {
          const [a, b] = [one, other].map((order) => {
            const store = new MemoryStore();
            for (const rooms of order)
              deliver(store, new Map(), { kind: "event", id: "1", state: { at: T0, rooms } }, NOW);
            return store.stock();
          });
          expect(a).toEqual(b);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("rows of one room converge as rows of the whole package do", () => {
    fc.assert(
      fc.property(
        fc
          .uniqueArray(
            fc.record({
              at: fc.integer({ min: 1, max: 50 }),
              room: fc.constantFrom(...ROOMS),
              quantity: fc.integer({ min: 0, max: 9 }),
            }),
            { minLength: 1, maxLength: 8, selector: ({ at }) => at },
          )
          .chain((changes) => fc.tuple(fc.constant(changes), shuffled(changes))),
        ([changes, order]) => {
          const store = new MemoryStore();
          for (const { at, room, quantity } of order) {
            const row = packageRow("1", { at: T0 + at, rooms: {} }, false);
            const cells = [{ room_name: room, room_type: null, quantity }];
            store.applyInventory(
              [{ ...row, cells, scope: "room", quantity }],
              { kind: "event", occurred_at: T0 + at, received_at: NOW },
              NOW,
            );
          }
          const expected = ROOMS.flatMap((room): [string, number][] => {
            const last = changes
              .filter((change) => change.room === room)
              .sort((a, b) => a.at - b.at)
              .at(-1);
            return last === undefined || last.quantity === 0 ? [] : [[`1 ${room}`, last.quantity]];
          });
          expect(store.stock()).toEqual(Object.fromEntries(expected.sort()));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("rows of one room and rows of the whole package give the same state in any order", () => {
    const statement = fc.record({
      at: fc.integer({ min: 1, max: 50 }),
      room: fc.option(fc.constantFrom(...ROOMS)),
      quantity: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(
        fc
          .uniqueArray(statement, { minLength: 1, maxLength: 8, selector: ({ at }) => at })
          .chain((changes) => fc.tuple(fc.constant(changes), shuffled(changes))),
        ([changes, order]) => {
          const store = new MemoryStore();
          const now: Record<string, number> = {};
          for (const { room, quantity } of [...changes].sort((a, b) => a.at - b.at)) {
            // Without a room: the whole package lies on the sales floor.
            if (room === null) for (const each of ROOMS) now[each] = 0;
            now[room ?? "Sales Floor"] = quantity;
          }
          for (const { at, room, quantity } of order) {
            const row = packageRow("1", { at: T0 + at, rooms: { [room ?? "Sales Floor"]: quantity } }, false);
            const scope = room === null ? "package" : "room";
            store.applyInventory([{ ...row, scope }], { kind: "event", occurred_at: T0 + at, received_at: NOW }, NOW);
          }
          const live = Object.entries(now).filter(([, quantity]) => quantity !== 0);
          expect(store.stock()).toEqual(
            Object.fromEntries(live.map(([room, quantity]) => [`1 ${room}`, quantity]).sort()),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it("a snapshot without news writes nothing", () => {
    fc.assert(
      fc.property(historyArbitrary, fc.boolean(), (history, stamped) => {
        const store = new MemoryStore();
        deliver(store, history, { kind: "snapshot", started_at: NOW, lag: [0, 0, 0], stamped }, NOW);
        store.writes = 0;
        deliver(
          store,
          history,
          { kind: "snapshot", started_at: NOW + 60 * MINUTE, lag: [0, 0, 0], stamped },
          NOW + 60 * MINUTE,
        );
        expect(store.writes).toBe(0);
      }),
    );
  });
});

describe("products converge to Dutchie's catalogue", () => {
  const product = (id: string, name: string, modified_at: number | null): IncomingProduct => ({
    dutchie_product_id: id,
    content: { product_name: name, status: "active" },
    modified_at,
  });

  it("a late older update does not undo a tombstone, in any order (F14)", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(["update 9", "snapshot without it 10", "update 8"], { minLength: 3 }),
        (order) => {
          const store = new MemoryStore();
          for (const step of order) {
            if (step.startsWith("snapshot")) store.snapshotProducts([], T0 + 70 * MINUTE, NOW);
            else {
              const at = T0 + Number(step.split(" ")[1]) * MINUTE;
              store.applyProducts(
                [product("1", step, null)],
                { kind: "event", occurred_at: at, received_at: NOW },
                NOW,
              );
            }
          }
          expect(store.catalogue()).toEqual({});
        },
      ),
    );
  });

  it("incremental reads, events and a last full snapshot give the newest names in any order", () => {
    const changes = fc.uniqueArray(
      fc.record({
        at: fc.integer({ min: 1, max: 60 }),
        id: fc.constantFrom("1", "2"),
        name: fc.string({ minLength: 1 }),
        poll: fc.boolean(),
      }),
      { minLength: 1, maxLength: 8, selector: ({ at }) => at },
    );
    fc.assert(
      fc.property(
        changes.chain((all) => fc.tuple(fc.constant(all), shuffled(all))),
        ([all, order]) => {
          const store = new MemoryStore();
          for (const { at, id, name, poll } of order) {
            const modified = T0 + at * MINUTE;
            if (poll) {
              const read = {
                kind: "snapshot",
                as_of: asOf("products", modified + MINUTE, NOW),
                complete: false,
              } as const;
              store.applyProducts([product(id, name, modified)], read, NOW);
            } else
              store.applyProducts(
                [product(id, name, null)],
                { kind: "event", occurred_at: modified, received_at: NOW },
                NOW,
              );
          }
          const newest = new Map<string, string>();
          for (const { id, name } of [...all].sort((a, b) => a.at - b.at)) newest.set(id, name);
          expect(store.catalogue()).toEqual(Object.fromEntries([...newest].sort()));
        },
      ),
      { numRuns: 300 },
    );
  });
});
