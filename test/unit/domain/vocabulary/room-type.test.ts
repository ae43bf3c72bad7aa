import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ROOMS } from "../../../../simulator/world/stock.ts";
import { ROOM_TYPES } from "../../../../src/domain/vocabulary/reup.ts";
import { type RoomFlag, roomTypeOf } from "../../../../src/domain/vocabulary/room-type.ts";
import { ROOM_FIELD_WORDS } from "./field-words.ts";

describe("ReUp's type of a room", () => {
  it.each(ROOM_FIELD_WORDS)("without flags, by its name: %s → %s", (room_name, to) => {
    const { room_type, rule } = roomTypeOf({ room_name }, {});
    expect(room_type ?? "none").toBe(to);
    expect(rule).toBe(to === "none" ? null : "name");
  });

  it.each<[RoomFlag[], string]>([
    [["quarantine"], "quarantine"],
    [["vault"], "vault"],
    [["inventory"], "vault"],
    [["sales_floor"], "sales_floor"],
    [["pos"], "sales_floor"],
    [["ecommerce"], "sales_floor"],
    [["pre_order"], "sales_floor"],
    [["sales_floor", "vault"], "vault"],
    [["vault", "quarantine"], "quarantine"],
    [["inventory", "sales_floor", "quarantine"], "quarantine"],
    [["inventory", "vault"], "vault"],
    // Dutchie demands the flag "inventory" of each sales floor that holds stock.
    [["inventory", "sales_floor"], "sales_floor"],
    [["pos", "inventory"], "sales_floor"],
  ])("by its flags %j: %s, whatever its name", (flags, to) => {
    for (const room_name of ["Room 12", "Vault", "Sales Floor", "Quarantine"])
      expect(roomTypeOf({ room_name, flags }, {})).toEqual({ room_type: to, rule: "flags" });
  });

  it("by its name if no flag says anything", () => {
    expect(roomTypeOf({ room_name: "Back Stock", flags: [] }, {})).toEqual({ room_type: "vault", rule: "name" });
  });

  it.each([
    ["Sales Floor", "secret_menu"],
    [" sales  FLOOR ", "secret_menu"],
    ["Vault", "vault"],
  ])("by the store's own map first: %s → %s", (room_name, to) => {
    const own = { "sales floor": "secret_menu", Vault: "the big safe" };
    expect(roomTypeOf({ room_name, flags: ["vault"] }, own).room_type).toBe(to);
  });

  it("is never the secret menu but by the store's own map", () => {
    fc.assert(
      fc.property(fc.string(), (room_name) => {
        expect(roomTypeOf({ room_name }, {}).room_type).not.toBe("secret_menu");
      }),
    );
  });

  it("is ReUp's or null, whatever the name; case and blanks do not count", () => {
    const known = fc.constantFrom(...ROOM_FIELD_WORDS.map(([word]) => word));
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 400 }), known, fc.constantFrom("__proto__", "constructor")),
        (room_name) => {
          const { room_type } = roomTypeOf({ room_name }, {});
          if (room_type !== null) expect(ROOM_TYPES).toContain(room_type);
        },
      ),
    );
    fc.assert(
      fc.property(known, (room_name) => {
        const expected = roomTypeOf({ room_name }, {});
        expect(roomTypeOf({ room_name: ` ${room_name.toUpperCase().replaceAll(" ", "  ")} ` }, {})).toEqual(expected);
      }),
    );
  });

  it("takes names of prototypes for names like any other", () => {
    expect(roomTypeOf({ room_name: "__proto__" }, {})).toEqual({ room_type: null, rule: null });
    const own = Object.fromEntries([["__proto__", "vault"]]);
    expect(roomTypeOf({ room_name: "__proto__" }, own)).toEqual({ room_type: "vault", rule: "setting" });
    expect(roomTypeOf({ room_name: "constructor" }, own)).toEqual({ room_type: null, rule: null });
  });
});

describe("the simulated store's rooms", () => {
  it("have the same types by their names as by their flags", () => {
    const flags: Record<string, RoomFlag> = {
      isSalesFloor: "sales_floor",
      isPOSRoom: "pos",
      isInventoryRoom: "inventory",
      isVaultRoom: "vault",
      isQuarantineRoom: "quarantine",
      isPreOrderRoom: "pre_order",
      isEcommerceRoom: "ecommerce",
    };
    const types = ROOMS.map((room) => {
      const named = room.flags.flatMap((flag) => flags[flag] ?? []);
      return [
        roomTypeOf({ room_name: room.name, flags: named }, {}).room_type,
        roomTypeOf({ room_name: room.name }, {}).room_type,
      ];
    });
    expect(types).toEqual(["sales_floor", "vault", "quarantine", "vault", "sales_floor"].map((type) => [type, type]));
  });
});
