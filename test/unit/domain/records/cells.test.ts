import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitRooms, mergeRooms, reserve } from "../../../../src/domain/records/cells.ts";

const room = fc.record({ room_name: fc.constantFrom("A", "B", "C", "D"), quantity: fc.nat({ max: 50 }) });
const rooms = fc.uniqueArray(room, { minLength: 1, selector: ({ room_name }) => room_name });
const shuffled = rooms.chain((given) =>
  fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
);
const total = (cells: readonly { quantity: number }[]) => cells.reduce((sum, { quantity }) => sum + quantity, 0);
const byName = <C extends { room_name: string }>(cells: readonly C[]) =>
  cells.toSorted((a, b) => (a.room_name < b.room_name ? -1 : 1));
const UNASSIGNED = { room_name: "Unassigned", quantity: 0 };

const typed = fc.record({
  room_name: fc.constantFrom("A", "B", "C", "D"),
  room_type: fc.constantFrom("sales_floor" as const, "vault" as const, null),
  quantity: fc.integer({ min: -5, max: 50 }),
});
const typedRooms = fc
  .uniqueArray(typed, { minLength: 1, selector: ({ room_name }) => room_name })
  .chain((given) => fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })));

describe("allocation", () => {
  it("what is reserved is never more than a room has, adds up, and ignores the order of the rooms (F09)", () => {
    fc.assert(
      fc.property(typedRooms, fc.nat({ max: 150 }), ([given, other], allocated) => {
        const cells = reserve(given, allocated);
        expect(
          cells.every((cell) => cell.reserved_quantity >= 0 && cell.reserved_quantity <= Math.max(0, cell.quantity)),
        ).toBe(true);
        const stock = total(given.map(({ quantity }) => ({ quantity: Math.max(0, quantity) })));
        expect(total(cells.map((cell) => ({ quantity: cell.reserved_quantity })))).toBe(Math.min(stock, allocated));
        expect(byName(reserve(other, allocated))).toEqual(byName(cells));
      }),
    );
  });

  it.each([
    ["from the fullest sales floor first", 6, { Front: 1, Online: 5, Vault: 0 }],
    ["then from the other rooms", 9, { Front: 3, Online: 5, Vault: 1 }],
    ["never more than there is", 99, { Front: 3, Online: 5, Vault: 40 }],
    ["nothing if nothing is allocated", 0, { Front: 0, Online: 0, Vault: 0 }],
    ["nothing by a negative allocation", -4, { Front: 0, Online: 0, Vault: 0 }],
  ])("an allocation is taken %s", (_, allocated, reserved) => {
    const given = [
      { room_name: "Front", room_type: "sales_floor" as const, quantity: 3 },
      { room_name: "Vault", room_type: "vault" as const, quantity: 40 },
      { room_name: "Online", room_type: "sales_floor" as const, quantity: 5 },
    ];
    const found = reserve(given, allocated).map(({ room_name, reserved_quantity }) => [room_name, reserved_quantity]);
    expect(Object.fromEntries(found)).toEqual(reserved);
  });
});

describe("rooms and their total", () => {
  it("F45: rooms and total always agree; no room gets more than it had, except the unassigned one", () => {
    fc.assert(
      fc.property(shuffled, fc.nat({ max: 200 }), ([given, other], quantity) => {
        const cells = fitRooms(given, quantity, UNASSIGNED);
        expect(total(cells)).toBe(quantity);
        const known = new Map<string, number>(given.map((cell) => [cell.room_name, cell.quantity]));
        for (const cell of cells)
          if (cell.room_name !== "Unassigned")
            expect(cell.quantity).toBeLessThanOrEqual(known.get(cell.room_name) ?? 0);
        expect(byName(fitRooms(other, quantity, UNASSIGNED))).toEqual(byName(cells));
      }),
    );
  });

  it.each([
    [48, { Floor: 8, Vault: 40 }],
    [44, { Floor: 4, Vault: 36, Unassigned: 4 }],
    [60, { Floor: 8, Vault: 40, Unassigned: 12 }],
    [5, { Floor: 0, Vault: 0, Unassigned: 5 }],
  ])("F45: rooms of 8 and 40 follow a total of %i", (quantity, expected) => {
    const known = [
      { room_name: "Floor", quantity: 8 },
      { room_name: "Vault", quantity: 40 },
    ];
    const cells = fitRooms(known, quantity, UNASSIGNED);
    expect(Object.fromEntries(cells.map((cell) => [cell.room_name, cell.quantity]))).toEqual(expected);
  });

  it("F46: spellings of one room become one cell with the same name in any order", () => {
    const spellings = [
      { room_name: "Vault", quantity: 5 },
      { room_name: "VAULT ", quantity: 3 },
    ];
    const one = [{ room_name: "Vault", quantity: 8 }];
    expect(mergeRooms(spellings)).toEqual(one);
    expect(mergeRooms(spellings.toReversed())).toEqual(one);
  });
});
