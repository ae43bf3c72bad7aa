import { describe, expect, it } from "vitest";
import { mapPackage } from "../../../../src/domain/records/mapping.ts";
import type { InventoryRow } from "../../../../src/domain/records/records.ts";
import { planInventory } from "../../../../src/domain/resolve/inventory.ts";
import { namelessRooms, nameRooms } from "../../../../src/domain/snapshots/name-rooms.ts";
import { decodeInventory } from "../../../../src/dutchie/decode/decode.ts";
import { inventoryRow, NOW, ORIGIN, snapshot } from "../build.ts";

const SETTINGS = { room_types: { Vault: "storage" }, quantity_basis: "available" } as const;
const VAULT = { dutchie_room_id: "3", room_name: "Vault", room_type: "storage" };

function mapped(roomQuantities: object[], quantity: number) {
  const decoded = decodeInventory({ inventoryId: 10, quantityAvailable: quantity, roomQuantities });
  if (!decoded.ok) throw new Error(decoded.reason);
  return mapPackage(decoded.row, SETTINGS);
}

function stockAfter(roomQuantities: object[], quantity: number, stored: InventoryRow[], known = [VAULT]) {
  const row = mapped(roomQuantities, quantity);
  expect(namelessRooms([row])).not.toEqual([]);
  const plan = planInventory({
    incoming: [nameRooms(row, new Map(known.map((room) => [room.dutchie_room_id, room])))],
    stored: new Map([["10", stored]]),
    productIds: new Map(),
    read: snapshot(10),
    floor: 0,
    now: NOW,
    origin: ORIGIN,
  });
  const after = new Map([...stored, ...plan.rows].map((each) => [each.inventory_id, each]));
  const live = [...after.values()].filter((each) => each.quantity !== 0);
  return Object.fromEntries(live.map((each) => [each.room_name, [each.room_type, each.quantity]]));
}

describe("F45: a room of a package without a name", () => {
  const stored = [inventoryRow("Vault", 4, { room_type: "storage" })];

  it.each([
    ["no name", { roomId: 3, quantityAvailable: 5 }],
    ["a name of null", { roomId: "3", roomName: null, quantityAvailable: 5 }],
    ["a blank name", { room_id: 3, room: " ", qty: 5 }],
  ])("F45: a room with %s is the store's room with that id", (_, room) => {
    expect(stockAfter([room], 5, stored)).toEqual({ Vault: ["storage", 5] });
    expect(stockAfter([room], 5, [])).toEqual({ Vault: ["storage", 5] });
  });

  it("F45: a room that is listed by id and by name is one room", () => {
    const rooms = [
      { roomId: 3, quantityAvailable: 2 },
      { roomId: 3, roomName: "Vault", quantityAvailable: 3 },
    ];
    expect(stockAfter(rooms, 5, stored)).toEqual({ Vault: ["storage", 5] });
  });

  it("F45: an unknown room leaves the package in its room, or unassigned", () => {
    const rooms = [{ roomId: 8, quantityAvailable: 5 }];
    expect(stockAfter(rooms, 5, stored)).toEqual({ Vault: ["storage", 5] });
    expect(stockAfter(rooms, 5, [])).toEqual({ Unassigned: ["Unassigned", 5] });
  });

  it("F45: rooms with names do not change", () => {
    const row = mapped([{ roomId: 3, roomName: "Vault", quantityAvailable: 5 }], 5);
    expect([namelessRooms([row]), nameRooms(row, new Map())]).toEqual([[], row]);
    expect(row.cells).toEqual([{ room_name: "Vault", room_type: "storage", quantity: 5 }]);
  });
});
