import { describe, expect, it } from "vitest";
import { placePackage } from "../../../../src/domain/resolve/place.ts";
import { inventoryRow, T0 } from "../build.ts";

describe("a package after rooms got other types", () => {
  const rows = [
    inventoryRow("Vault", 10, { stated: { allocated: 4 }, source_at: T0 + 1 }),
    inventoryRow("Front", 5, { stated: { allocated: 9 } }),
  ];
  const typed = (name: string) => (name === "Front" ? "sales_floor" : null);

  it("has the new types, and what its newest row allocates is reserved on the sales floor", () => {
    expect(placePackage(rows, typed, false)).toMatchObject([
      { room_type: null, reserved_quantity: 0 },
      { room_type: "sales_floor", reserved_quantity: 4 },
    ]);
  });

  it("reserves nothing in a store that counts without allocated stock", () => {
    expect(placePackage(rows, typed, true).map(({ reserved_quantity }) => reserved_quantity)).toEqual([0, 0]);
  });
});
