import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type IncomingPackage, UNASSIGNED_ROOM } from "../../../../src/domain/records/mapping.ts";
import type { InventoryRow } from "../../../../src/domain/records/records.ts";
import type { Read } from "../../../../src/domain/records/version.ts";
import { inventoryId, planInventory, tombstoneInventory } from "../../../../src/domain/resolve/inventory.ts";
import {
  event,
  HOUR,
  incomingPackage,
  incomingRoom,
  inventoryRow,
  MINUTE,
  NOW,
  ORIGIN,
  only,
  snapshot,
  T0,
} from "../build.ts";

const PRODUCT_IDS = new Map([["1", "prd_1"]]);

function plan(
  stored: readonly InventoryRow[],
  incoming: readonly IncomingPackage[],
  {
    read = event(10),
    floor = 0,
    productIds = PRODUCT_IDS,
  }: { read?: Read; floor?: number; productIds?: Map<string, string> } = {},
) {
  const byPackage = Map.groupBy(stored, (row) => row.dutchie_inventory_id);
  return planInventory({ incoming, stored: byPackage, productIds, read, floor, now: NOW, origin: ORIGIN });
}

/** What lies where after the plan: `package room` → quantity, zeroes too. */
function stock(stored: readonly InventoryRow[], result: { rows: readonly InventoryRow[] }): Record<string, number> {
  const after = new Map([...stored, ...result.rows].map((row) => [row.inventory_id, row]));
  return Object.fromEntries(
    [...after.values()].map((row) => [`${row.dutchie_inventory_id} ${row.room_name}`, row.quantity]),
  );
}

describe("the plan for inventory", () => {
  it("an unknown package is created with a row for each room, linked to its product", () => {
    const result = plan([], [incomingPackage({ Floor: 3, Vault: 4 })]);
    expect(result.outcomes).toEqual(["created"]);
    expect(result.counts.created).toBe(2);
    expect(result.rows).toEqual(
      [
        ["Floor", 3],
        ["Vault", 4],
      ].map(([room, quantity]) =>
        expect.objectContaining({
          inventory_id: inventoryId("10", String(room)),
          product_id: "prd_1",
          dutchie_product_id: "1",
          package_id: "PKG-10",
          room_name: room,
          quantity,
          package_at: T0 + 10 * MINUTE,
          source_at: T0 + 10 * MINUTE,
        }),
      ),
    );
    expect(result.changes).toHaveLength(2);
  });

  it("a repeated row writes nothing", () => {
    const first = plan([], [incomingPackage({ Floor: 3, Vault: 4 })]);
    const again = plan(first.rows, [incomingPackage({ Floor: 3, Vault: 4 })]);
    expect(again).toMatchObject({ outcomes: ["unchanged"], rows: [], changes: [] });
  });

  it("quantities are set, never added (F12)", () => {
    const stored = [inventoryRow("Floor", 5)];
    let rows = stored;
    for (const quantity of [4, 4, 4])
      rows = [...rows, ...plan(rows, [incomingPackage({ Floor: quantity })]).rows].slice(-1);
    expect(only(rows).quantity).toBe(4);
  });

  it("Dutchie's quantity takes precedence and the log shows both", () => {
    const result = plan([inventoryRow("Floor", 5)], [incomingPackage({ Floor: 4 })]);
    expect(only(result.changes)).toMatchObject({ resource: "inventory", fields: { quantity: [5, 4] } });
  });

  it("three packages of one product and SKU stay three (F32)", () => {
    const three = ["10", "11", "12"].map((id) => incomingPackage({ Floor: 2 }, { dutchie_inventory_id: id }));
    const result = plan([], three);
    expect(stock([], result)).toEqual({ "10 Floor": 2, "11 Floor": 2, "12 Floor": 2 });
    expect(new Set(result.rows.map((row) => row.product_id))).toEqual(new Set(["prd_1"]));
  });

  it("a partial row keeps the package's other fields", () => {
    const result = plan([inventoryRow("Floor", 5)], [incomingPackage({ Floor: 4 }, { content: { unit_cost: null } })]);
    expect(only(result.rows)).toMatchObject({ sku: "SKU-1", package_id: "PKG-10", unit_price: 30, unit_cost: null });
  });

  it("a row whose product is unknown has no link, and a later row links it", () => {
    const first = plan([], [incomingPackage({ Floor: 4 })], { productIds: new Map() });
    expect(only(first.rows)).toMatchObject({ dutchie_product_id: "1", product_id: null });
    const later = plan(first.rows, [incomingPackage({ Floor: 4 })], { read: event(11) });
    expect(only(later.changes).fields).toEqual({ product_id: [null, "prd_1"] });
  });

  it("an older row is stale; an older row that is equal is unchanged", () => {
    const stored = [inventoryRow("Floor", 5, { source_at: T0 + HOUR })];
    expect(plan(stored, [incomingPackage({ Floor: 4 })])).toMatchObject({ outcomes: ["stale"], rows: [] });
    expect(plan(stored, [incomingPackage({ Floor: 5 })])).toMatchObject({ outcomes: ["unchanged"], rows: [] });
    expect(plan(stored, [incomingPackage({ Floor: 5, Vault: 0 })])).toMatchObject({
      rows: [],
      counts: { unchanged: 2 },
    });
    expect(plan(stored, [incomingPackage({ Floor: 5, Vault: 1 })]).counts).toMatchObject({ unchanged: 1, stale: 1 });
  });

  it.each<[string, IncomingPackage]>([
    ["of its rooms", incomingPackage({ Floor: 5, Vault: 1 })],
    ["of its total, which the rooms do not make up", { ...incomingPackage({ Floor: 1 }), cells: null, quantity: 77 }],
  ])("an older row %s is stale, although some rooms are as it says", (_, incoming) => {
    const stored = ["Floor", "Vault"].map((room) => inventoryRow(room, 5, { source_at: T0 + HOUR }));
    const { outcomes, rows } = plan(stored, [incoming]);
    expect({ outcomes, rows }).toEqual({ outcomes: ["stale"], rows: [] });
  });

  it("an event from before the floor is stale, for known and unknown packages", () => {
    expect(plan([], [incomingPackage({ Floor: 4 })], { floor: T0 + HOUR })).toMatchObject({
      outcomes: ["stale"],
      rows: [],
    });
    expect(plan([inventoryRow("Floor", 5)], [incomingPackage({ Floor: 4 })], { floor: T0 + HOUR }).rows).toEqual([]);
  });

  it("two rows of one package in one plan apply one after the other, in either order", () => {
    const rows = [
      incomingPackage({ Floor: 3 }, { modified_at: T0 + MINUTE }),
      incomingPackage({ Vault: 3 }, { modified_at: T0 + 2 * MINUTE }),
    ];
    const live = (order: IncomingPackage[]) =>
      Object.entries(stock([], plan([], order))).filter(([, quantity]) => quantity !== 0);
    expect(live(rows)).toEqual([["10 Vault", 3]]);
    expect(live(rows.toReversed())).toEqual([["10 Vault", 3]]);
  });

  it("a room's name in another case or with blanks is the same room", () => {
    expect(inventoryId("10", "Sales Floor ")).toBe(inventoryId("10", "sales floor"));
    expect(inventoryId("10", "Vault")).not.toBe(inventoryId("11", "Vault"));
    expect(inventoryId("10", "Vault 1")).not.toBe(inventoryId("10", "Vault 2"));
  });
});

describe("a package that moves", () => {
  it("a move from one room to another leaves 0 in the old room", () => {
    const stored = [inventoryRow("Vault", 5)];
    const result = plan(stored, [incomingPackage({ Floor: 5 })]);
    expect(stock(stored, result)).toEqual({ "10 Vault": 0, "10 Floor": 5 });
    expect(result.counts).toMatchObject({ created: 1, updated: 1 });
    expect(result.changes).toHaveLength(2);
  });

  it("an older row of the old room does not bring the package back", () => {
    const moved = plan([inventoryRow("Vault", 5)], [incomingPackage({ Floor: 5 })]).rows;
    const late = plan(moved, [incomingPackage({ Vault: 5 })], { read: event(9) });
    expect(late).toMatchObject({ outcomes: ["stale"], rows: [] });
    const lateRoom = plan(moved, [incomingRoom("Back", 5)], { read: event(9) });
    expect(lateRoom).toMatchObject({ outcomes: ["stale"], rows: [] });
  });

  it("a row of one room makes no statement about the others", () => {
    const stored = [inventoryRow("Vault", 5)];
    const result = plan(stored, [incomingRoom("Floor", 2)]);
    expect(stock(stored, result)).toEqual({ "10 Vault": 5, "10 Floor": 2 });
    expect(only(result.rows).package_at).toBe(0);
    expect(result.seen).toEqual([inventoryId("10", "Floor")]);
  });

  it("a row of the package covers all its rooms, so none of them is absent", () => {
    const stored = [inventoryRow("Vault", 5)];
    const result = plan(stored, [incomingPackage({ Floor: 2 })]);
    expect(result.seen.toSorted()).toEqual([inventoryId("10", "Floor"), inventoryId("10", "Vault")].toSorted());
  });

  it("wherever a package moves, its rows add up to Dutchie's last quantity", () => {
    const rooms = fc.dictionary(fc.constantFrom("Floor", "Vault", "Back"), fc.integer({ min: 1, max: 9 }), {
      minKeys: 0,
      maxKeys: 3,
    });
    fc.assert(
      fc.property(fc.array(rooms, { minLength: 1, maxLength: 6 }), (answers) => {
        const rows = new Map<string, InventoryRow>();
        for (const [index, each] of answers.entries()) {
          const result = plan([...rows.values()], [incomingPackage(each)], { read: event(index) });
          for (const row of result.rows) rows.set(row.inventory_id, row);
        }
        const live = [...rows.values()].filter((row) => row.quantity !== 0);
        expect(Object.fromEntries(live.map((row) => [row.room_name, row.quantity]))).toEqual({ ...answers.at(-1) });
      }),
    );
  });
});

it("what a package costs grows with its rooms, not with their square: a hostile list would stop its store (F83)", () => {
  const rooms = Object.fromEntries(Array.from({ length: 300 }, (_, room) => [`Room ${room}`, 1]));
  let reads = 0;
  const stored = plan([], [incomingPackage(rooms)]).rows.map((row) => {
    const { source_at } = row;
    const get = () => {
      reads++;
      return source_at;
    };
    return Object.defineProperty(row, "source_at", { get, enumerable: true });
  });
  expect(plan(stored, [incomingPackage(rooms)], { read: snapshot(20) }).outcomes).toEqual(["unchanged"]);
  expect(reads).toBeLessThan(50 * 300);
});

describe("a package that is sold out", () => {
  it("a sold-out package without rooms is 0 in every room", () => {
    const stored = [inventoryRow("Floor", 2), inventoryRow("Vault", 3)];
    expect(stock(stored, plan(stored, [incomingPackage({})]))).toEqual({ "10 Floor": 0, "10 Vault": 0 });
  });

  it("a sold-out package with a room of 0 is 0 in that room", () => {
    const stored = [inventoryRow("Floor", 2)];
    expect(stock(stored, plan(stored, [incomingPackage({ Floor: 0 })]))).toEqual({ "10 Floor": 0 });
  });

  it("a repeated sold-out row has the later version, so a late older quantity does not apply", () => {
    const empty = plan([inventoryRow("Floor", 2)], [incomingPackage({})]).rows;
    const again = plan(empty, [incomingPackage({})], { read: event(20) });
    expect(again.outcomes).toEqual(["unchanged"]);
    expect(only(again.rows)).toMatchObject({ quantity: 0, source_at: T0 + 20 * MINUTE });
    expect(again.changes).toEqual([]);
    expect(plan(again.rows, [incomingPackage({ Floor: 2 })], { read: event(15) }).outcomes).toEqual(["stale"]);
  });

  it("a package that is sold out before ReUp sees it is stored as sold out", () => {
    const first = plan([], [incomingPackage({})]);
    expect(only(first.rows)).toMatchObject({ room_name: UNASSIGNED_ROOM, quantity: 0 });
    expect(plan(first.rows, [incomingPackage({ Floor: 2 })], { read: event(9) }).outcomes).toEqual(["stale"]);
  });

  it("a package that is absent from a complete snapshot is a tombstone for all its rooms, and keeps its data (F31)", () => {
    const row = inventoryRow("Floor", 2, { package_at: 0 });
    const gone = tombstoneInventory(row, T0 + 10 * MINUTE, NOW);
    expect(gone).toEqual({
      ...row,
      quantity: 0,
      source_at: T0 + 10 * MINUTE,
      source_rank: 1,
      package_at: T0 + 10 * MINUTE,
      content_hash: gone.content_hash,
      updated_at: NOW,
    });
    expect(plan([gone], [incomingPackage({ Floor: 2 })], { read: event(9) }).outcomes).toEqual(["stale"]);
    expect(plan([gone], [incomingRoom("Vault", 2)], { read: event(9) }).outcomes).toEqual(["stale"]);
    expect(plan([gone], [incomingPackage({ Floor: 2 })], { read: event(11) }).outcomes).toEqual(["updated"]);
  });
});

describe("a row that names no room", () => {
  const unlocated = (quantity: number) => incomingPackage(null, { quantity });

  it.each<[string, InventoryRow[], Record<string, number>]>([
    ["puts an unknown package into the unassigned room", [], { "10 Unassigned": 7 }],
    ["belongs to the one room in which the package lies", [inventoryRow("Vault", 5)], { "10 Vault": 7 }],
    [
      "belongs to the one room that is not empty",
      [inventoryRow("Floor", 0), inventoryRow("Vault", 5)],
      { "10 Floor": 0, "10 Vault": 7 },
    ],
    ["of a sold-out package belongs to its last room", [inventoryRow("Vault", 0)], { "10 Vault": 7 }],
  ])("a row without a room %s", (_, stored, expected) => {
    expect(stock(stored, plan(stored, [unlocated(7)]))).toEqual(expected);
  });

  const TWO = [inventoryRow("Floor", 2), inventoryRow("Vault", 3)];

  it("a row without a room changes nothing if its total is known, even if the package lies in several rooms", () => {
    const result = plan(TWO, [unlocated(5)]);
    expect(result.outcomes).toEqual(["unchanged"]);
    expect(stock(TWO, result)).toEqual({ "10 Floor": 2, "10 Vault": 3 });
    expect(result.changes).toEqual([]);
  });

  it.each([event(10), snapshot(10)])(
    "F45: a row without a room of a package in several rooms gives the right total (%j)",
    (read) => {
      const rows = [unlocated(9), incomingPackage({ Floor: 1 }, { dutchie_inventory_id: "11" })];
      const result = plan(TWO, rows, { read });
      expect(result.failures).toEqual([]);
      expect(stock(TWO, result)).toEqual({ "10 Floor": 2, "10 Vault": 3, "10 Unassigned": 4, "11 Floor": 1 });
      expect(stock(TWO, plan(TWO, [unlocated(4)], { read }))).toEqual({
        "10 Floor": 1,
        "10 Vault": 2,
        "10 Unassigned": 1,
      });
    },
  );

  it("F45: the same total again and again changes nothing, in whichever rooms the package lies", () => {
    const four = plan(TWO, [unlocated(4)]).rows;
    const again = plan(four, [unlocated(4)], { read: event(12) });
    expect(again).toMatchObject({ outcomes: ["unchanged"], changes: [] });
  });

  it("F45: a row without a room of a package that left several rooms is unassigned and not for sale", () => {
    const gone = [inventoryRow("Floor", 0), inventoryRow("Vault", 0)];
    expect(stock(gone, plan(gone, [unlocated(3)]))).toMatchObject({ "10 Floor": 0, "10 Vault": 0, "10 Unassigned": 3 });
  });

  it("a package leaves the unassigned room as soon as Dutchie states its rooms", () => {
    const stored = plan([], [unlocated(7)]).rows;
    const result = plan(stored, [incomingPackage({ Vault: 7 })], { read: event(11) });
    expect(stock(stored, result)).toEqual({ "10 Unassigned": 0, "10 Vault": 7 });
  });
});
