import { describe, expect, it } from "vitest";
import { mapPackage, mapRoom } from "../../../../src/domain/records/mapping.ts";
import type { InventoryRow, RoomRow } from "../../../../src/domain/records/records.ts";
import { planInventory } from "../../../../src/domain/resolve/inventory.ts";
import {
  judgeRoom,
  nameRooms,
  namesakes,
  renamedRoom,
  roomBook,
  storedRoom,
} from "../../../../src/domain/snapshots/name-rooms.ts";
import { decodeInventory, decodeRoom } from "../../../../src/dutchie/decode/decode.ts";
import { inventoryRow, NOW, ORIGIN, snapshot } from "../build.ts";

const SETTINGS = { room_types: {}, quantity_basis: "available" } as const;
const VAULT: RoomRow = {
  room_key: "vault",
  dutchie_room_id: "3",
  room_name: "Vault",
  flags: null,
  former_names: null,
  room_type: "secret_menu",
  updated_at: NOW,
};

/** `rooms`: a list of rooms, or what the row says of its only room. */
function mapped(rooms: object[] | object, quantity: number) {
  const said = Array.isArray(rooms) ? { roomQuantities: rooms } : rooms;
  const decoded = decodeInventory({ inventoryId: 10, quantityAvailable: quantity, ...said });
  if (!decoded.ok) throw new Error(decoded.reason);
  return mapPackage(decoded.row, SETTINGS);
}

function stockAfter(rooms: object[] | object, quantity: number, stored: InventoryRow[], known = [VAULT]) {
  const row = mapped(rooms, quantity);
  const plan = planInventory({
    incoming: [nameRooms(row, roomBook(known), {})],
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
  const stored = [inventoryRow("Vault", 4, { room_type: "secret_menu" })];

  it.each([
    ["no name", { roomId: 3, quantityAvailable: 5 }],
    ["a name of null", { roomId: "3", roomName: null, quantityAvailable: 5 }],
    ["a blank name", { room_id: 3, room: " ", qty: 5 }],
  ])("F45: a room with %s is the store's room with that id", (_, room) => {
    expect(stockAfter([room], 5, stored)).toEqual({ Vault: ["secret_menu", 5] });
    expect(stockAfter([room], 5, [])).toEqual({ Vault: ["secret_menu", 5] });
  });

  it("F45: a room that is listed by id and by name is one room", () => {
    const rooms = [
      { roomId: 3, quantityAvailable: 2 },
      { roomId: 3, roomName: "Vault", quantityAvailable: 3 },
    ];
    expect(stockAfter(rooms, 5, stored)).toEqual({ Vault: ["secret_menu", 5] });
  });

  it("F45: an unknown room leaves the package in its room, or unassigned", () => {
    const rooms = [{ roomId: 8, quantityAvailable: 5 }];
    expect(stockAfter(rooms, 5, stored)).toEqual({ Vault: ["secret_menu", 5] });
    expect(stockAfter(rooms, 5, [])).toEqual({ Unassigned: [null, 5] });
    expect(stockAfter({ roomId: 8 }, 5, [])).toEqual({ Unassigned: [null, 5] });
  });

  it("F45: a row of one room by its id alone says nothing of the package's other rooms", () => {
    const shelf = [inventoryRow("Vault", 4, { room_type: "secret_menu" }), inventoryRow("Floor", 6)];
    expect(stockAfter({ roomId: 3 }, 5, shelf)).toEqual({ Vault: ["secret_menu", 5], Floor: ["sales_floor", 6] });
  });

  it("F45: rooms with names do not change", () => {
    const row = mapped([{ roomId: 3, roomName: "Vault", quantityAvailable: 5 }], 5);
    expect(nameRooms(row, roomBook([]), {})).toEqual(row);
    expect(row.cells).toEqual([{ room_name: "Vault", room_type: "vault", quantity: 5 }]);
  });
});

describe("the type of a room", () => {
  const stored: RoomRow = { ...VAULT, room_key: "red room", room_name: "Red Room", room_type: "secret_menu" };
  const listed = (room_name: string, flags: RoomRow["flags"] = null) => ({
    room_key: room_name.toLowerCase(),
    content: { dutchie_room_id: "3", room_name, flags, room_type: null },
  });

  it.each<[what: string, own: Record<string, string>, room: ReturnType<typeof listed>, type: string | null]>([
    [
      "a renamed room keeps the type that a person gave it",
      { "Red Room": "secret_menu" },
      listed("Room 9"),
      "secret_menu",
    ],
    ["also against its flags", { "Red Room": "secret_menu" }, listed("Room 9", ["vault"]), "secret_menu"],
    [
      "unless a person gave the new name one",
      { "Red Room": "vault", "Room 9": "quarantine" },
      listed("Room 9"),
      "quarantine",
    ],
    ["its flags are its own", {}, listed("Room 9", ["pos"]), "sales_floor"],
    ["the words of the new name come before those of the old", {}, listed("Quarantine"), "quarantine"],
    ["nothing says nothing", {}, listed("Room 9"), null],
  ])("%s", (_what, own, room, type) => {
    expect(renamedRoom(room, stored, own).room_type).toBe(type);
  });

  it("a room keeps the type by its first name through several new ones", () => {
    const once = renamedRoom(listed("Room 9"), { ...stored, room_name: "Vault", room_key: "vault" }, {});
    const twice = renamedRoom(listed("Room 10"), { ...VAULT, ...once, room_key: "room 9" }, {});
    expect(twice).toMatchObject({ room_type: "vault", former_names: ["Room 9", "Vault"] });
    expect(judgeRoom(twice, {})).toEqual({ room_type: "vault", rule: "name" });
    expect(roomBook([{ ...VAULT, ...twice, room_key: "room 10" }]).byName.get("vault")?.room_name).toBe("Room 10");
  });

  it.each([
    ["a room under a new name is the one with its id", [["3", "Back"]], [["3", "Vault"]], ["Vault"]],
    [
      "two rooms that Dutchie lists under one id stay two",
      [
        ["1", "A"],
        ["1", "B"],
      ],
      [
        ["1", "A"],
        ["1", "B"],
      ],
      ["A", "B"],
    ],
    [
      "rooms that exchange their names keep their ids",
      [
        ["1", "B"],
        ["2", "A"],
      ],
      [
        ["1", "A"],
        ["2", "B"],
      ],
      ["A", "B"],
    ],
    ["a room without an id is found by its name", [[null, "A"]], [[null, "A"]], ["A"]],
  ] as const)("%s", (_what, listedRooms, known, found) => {
    const incoming = listedRooms.map(([dutchie_room_id, room_name]) => {
      const { room_key, content } = listed(room_name);
      return { room_key, content: { ...content, dutchie_room_id } };
    });
    const rows = known.map(([dutchie_room_id, room_name]) => ({
      ...VAULT,
      dutchie_room_id,
      room_name,
      room_key: listed(room_name).room_key,
    }));
    const rooms = {
      byKey: new Map(rows.map((row) => [row.room_key, row])),
      byId: new Map(rows.map((row) => [row.dutchie_room_id, row])),
      listed: new Map(incoming.map((row) => [row.room_key, row])),
    };
    expect(incoming.map((row) => storedRoom(row, rooms)?.room_name)).toEqual(found);
  });

  it("a row without flags leaves those that were listed", () => {
    expect(renamedRoom(listed("Room 9"), { ...stored, flags: ["vault"] }, {})).toMatchObject({
      flags: ["vault"],
      room_type: "vault",
    });
  });

  it.each([
    ["left out", { isSalesFloor: true, isVaultRoom: false }, "quarantine"],
    ["null", { isSalesFloor: true, isQuarantineRoom: null }, "quarantine"],
    ["false", { isSalesFloor: true, isQuarantineRoom: false }, "sales_floor"],
  ])("F44: a quarantined room whose flag is %s", (_what, row, type) => {
    const decoded = decodeRoom({ roomId: 3, roomName: "Back", ...row });
    if (!decoded.ok) throw new Error(decoded.reason);
    const before = { ...VAULT, room_name: "Back", room_key: "back", flags: ["quarantine" as const] };
    const room = renamedRoom(mapRoom(decoded.row, { room_types: {} }), before, {});
    expect(room.room_type).toBe(type);
    expect(renamedRoom(mapRoom(decoded.row, { room_types: {} }), { ...before, ...room }, {})).toEqual(room);
  });

  it("stock in an unknown room has the type of the room's name", () => {
    const row = mapped([{ roomId: 3, roomName: "Back Stock", quantityAvailable: 5 }], 5);
    expect(nameRooms(row, roomBook([VAULT]), {}).cells?.[0]?.room_type).toBe("vault");
    expect(nameRooms(row, roomBook([VAULT]), { "back stock": "quarantine" }).cells?.[0]?.room_type).toBe("quarantine");
  });
});

it("a room is listed as failed if its stock is shown in a room of its name and of another type", () => {
  const room = (dutchie_room_id: string | null, room_type: RoomRow["room_type"]) => ({
    room_key: "main",
    content: { dutchie_room_id, room_name: "Main", flags: null, room_type },
  });
  const shownAs = (shown: ReturnType<typeof room>, other: ReturnType<typeof room>) =>
    namesakes([shown, other], new Map([["main", shown]]));
  expect(shownAs(room("1", "sales_floor"), room("9", "sales_floor"))).toEqual([]);
  const [failure, ...rest] = shownAs(room("1", "sales_floor"), room("9", "quarantine"));
  expect(rest).toEqual([]);
  expect(failure).toMatchObject({ resource: "rooms", dutchie_id: "9" });
  expect(failure?.reason).toContain(
    "Room 1 has the same name and another type: ReUp shows the stock of both as sales_floor",
  );
  expect(shownAs(room(null, null), room("9", "vault"))[0]?.reason).toContain("Another room");
});
