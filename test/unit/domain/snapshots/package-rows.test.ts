import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapPackage } from "../../../../src/domain/records/mapping.ts";
import { DEFAULT_SETTINGS } from "../../../../src/domain/settings.ts";
import { combinePackageRows } from "../../../../src/domain/snapshots/package-rows.ts";
import { decodeRows } from "../../../../src/dutchie/decode/decode.ts";

const SNAPSHOT = { whole: true, failed: new Set<string>(), row_per_room: true };
const EVENT = { ...SNAPSHOT, whole: false };

/** Room → quantity of the one package that the rows speak of, and whether that is all of it. */
function packageOf(rows: object[], given: typeof SNAPSHOT) {
  const decoded = decodeRows(
    "inventory",
    rows.map((row) => ({ id: 1, ...row })),
  );
  const [found, ...more] = combinePackageRows(decoded.rows, given).map((row) => mapPackage(row, DEFAULT_SETTINGS));
  expect(more).toEqual([]);
  if (found === undefined) return null;
  const rooms = found.cells && Object.fromEntries(found.cells.map((cell) => [cell.room_name, cell.quantity]));
  return { scope: found.scope, quantity: found.quantity, rooms };
}

describe("F46: rows of one answer about one package", () => {
  it.each<[string, object[], number, Record<string, number> | null]>([
    [
      "one room in two spellings",
      [
        { roomName: "Vault", quantity: 5 },
        { roomName: "VAULT ", quantity: 3 },
      ],
      8,
      { Vault: 8 },
    ],
    ["a room and no room", [{ roomName: "Vault", quantity: 5 }, { quantity: 3 }], 8, { Vault: 5, Unassigned: 3 }],
    ["two rows without a room", [{ quantity: 5 }, { quantity: 3 }], 8, null],
    [
      "one room with other facts",
      [
        { room: "A", quantity: 2, batch: "x" },
        { room: "A", quantity: 2, batch: "y" },
      ],
      4,
      { A: 4 },
    ],
    [
      "two equal rows",
      [
        { room: "A", quantity: 2 },
        { quantity: 2, room: "A" },
      ],
      2,
      { A: 2 },
    ],
    [
      "two rooms",
      [
        { room: "A", quantity: 2 },
        { room: "B", quantity: 0.1 },
      ],
      2.1,
      { A: 2, B: 0.1 },
    ],
    [
      "a room named Unassigned and no room",
      [{ room: "unassigned", quantity: 2 }, { quantity: 1 }],
      3,
      { unassigned: 3 },
    ],
  ])("F46: %s add up, in any order", (_name, rows, quantity, rooms) => {
    for (const order of [rows, rows.toReversed()]) {
      expect(packageOf(order, SNAPSHOT)).toEqual({ scope: rooms === null ? "package" : "room", quantity, rooms });
      expect(packageOf(order, EVENT)).toMatchObject({ quantity, rooms });
    }
  });

  it("F46: rows of an event state rooms of the package, not the whole package", () => {
    expect(
      packageOf(
        [
          { room: "A", quantity: 2 },
          { room: "B", quantity: 3 },
        ],
        EVENT,
      )?.scope,
    ).toBe("room");
    expect(packageOf([{ quantity: 3 }], EVENT)?.scope).toBe("package");
  });

  it("F46: if a package has an unreadable row, only the rooms that were read are known", () => {
    const rows = [{ room: "A", quantity: 2 }, { room: "B", quantity: "many" }, { quantity: 1 }];
    const failed = new Set(["1"]);
    expect(packageOf(rows, { ...SNAPSHOT, failed })).toEqual({ scope: "room", quantity: 2, rooms: { A: 2 } });
    expect(packageOf(rows.slice(1), { ...SNAPSHOT, failed })).toBeNull();
  });

  it("F46: a row that lists its rooms is a statement of its own", () => {
    const rows = [4, 5].map((quantity) => ({ id: 1, quantity, roomQuantities: [{ room: "A", quantity }] }));
    expect(combinePackageRows(decodeRows("inventory", rows).rows, SNAPSHOT)).toHaveLength(2);
  });

  it("F46: rows in any order have one total", () => {
    const row = fc.record({
      id: fc.constantFrom("1", "2"),
      quantity: fc.nat({ max: 20 }),
      room: fc.constantFrom(null, "A", "a ", "B"),
      n: fc.nat(),
    });
    const both = fc
      .array(row, { minLength: 1 })
      .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })));
    fc.assert(
      fc.property(both, ([rows, shuffled]) => {
        const stock = (given: typeof rows) =>
          Object.fromEntries(
            combinePackageRows(decodeRows("inventory", given).rows, SNAPSHOT).map((found) => {
              const { quantity, cells } = mapPackage(found, DEFAULT_SETTINGS);
              const rooms = cells?.map((cell) => [cell.room_name, cell.quantity] as const) ?? null;
              return [found.dutchie_inventory_id, { quantity, rooms: rooms && Object.fromEntries(rooms) }];
            }),
          );
        expect(stock(shuffled)).toEqual(stock(rows));
        const distinct = new Map(rows.map((each) => [JSON.stringify(each), each]));
        for (const [id, { quantity }] of Object.entries(stock(rows))) {
          const parts = [...distinct.values()].filter((each) => each.id === id);
          expect(quantity).toBe(parts.reduce((sum, each) => sum + each.quantity, 0));
        }
      }),
    );
  });

  it.each([
    ["no room", [{ quantity: 5 }, { quantity: 4 }]],
    [
      "one room",
      [
        { room: "Floor", quantity: 5 },
        { room: "floor ", quantity: 4 },
      ],
    ],
    [
      "one room, one with its list",
      [
        { quantity: 5, roomQuantities: [{ room: "Floor", quantity: 5 }] },
        { room: "Floor", quantity: 4 },
      ],
    ],
  ])("F12: where a package has one row, two rows of %s are two states and do not add up", (_name, rows) => {
    const decoded = decodeRows(
      "inventory",
      rows.map((row) => ({ id: 1, ...row })),
    ).rows;
    const quantities = combinePackageRows(decoded, { ...EVENT, row_per_room: false }).map(({ quantity }) => quantity);
    expect(quantities).toEqual([5, 4]);
  });

  it("where a package has one row, rows of two rooms are still two parts of it", () => {
    const rows = [
      { room: "A", quantity: 5 },
      { room: "B", quantity: 4 },
    ];
    expect(packageOf(rows, { ...EVENT, row_per_room: false })).toMatchObject({ quantity: 9, rooms: { A: 5, B: 4 } });
  });

  it("what one part leaves out or cannot be read there stays as the others state it", () => {
    const parts = [
      { id: 1, quantity: 5, roomName: "Vault", sku: "A-1", brandName: "Haze", unitCost: 2, updatedAt: "2026-01-01" },
      { id: 1, quantity: 3, roomName: "Floor", unitCost: 3, updatedAt: "2026-01-02" },
      { id: 1, quantity: 1, roomName: "Back", unitCost: "call us", brandName: null, updatedAt: "2026-01-03" },
    ];
    const [found] = combinePackageRows(decodeRows("inventory", parts).rows, SNAPSHOT);
    expect(found).toMatchObject({ quantity: 9, sku: "A-1", unit_cost: 3, brand: null });
  });
});
