import { describe, expect, it } from "vitest";
import { matchIndex } from "../../../../src/domain/identity/match.ts";
import { mapPackage, mapProduct } from "../../../../src/domain/records/mapping.ts";
import type { InventoryRow, ProductRow } from "../../../../src/domain/records/records.ts";
import { planInventory } from "../../../../src/domain/resolve/inventory.ts";
import { planProducts } from "../../../../src/domain/resolve/products.ts";
import { DEFAULT_SETTINGS } from "../../../../src/domain/settings.ts";
import { decodeInventory, decodeProduct } from "../../../../src/dutchie/decode/decode.ts";
import { event, NOW, ORIGIN, snapshot } from "../build.ts";

/** The product after rows that arrive one after the other, each as an event of its own. */
function product(...rows: object[]): ProductRow {
  let stored: ProductRow[] = [];
  for (const [minute, row] of rows.entries()) {
    const decoded = decodeProduct({ productId: 1, ...row });
    if (!decoded.ok) throw new Error(decoded.reason);
    const plan = planProducts({
      incoming: [mapProduct(decoded.row)],
      stored: new Map(stored.map((each) => [each.dutchie_product_id ?? "", each])),
      match: matchIndex([]),
      read: event(minute),
      floor: 0,
      now: NOW,
      origin: ORIGIN,
      keep: [],
    });
    stored = plan.rows.length > 0 ? plan.rows : stored;
  }
  const [found] = stored;
  if (found === undefined) throw new Error("no product");
  return found;
}

/** The package's rooms after rows that arrive one after the other, and why rows failed. */
function packageAfter(rows: object[], quantity_basis: "available" | "available_minus_allocated", isSnapshot = false) {
  const stored = new Map<string, InventoryRow>();
  const failures: string[] = [];
  let changes = 0;
  for (const [minute, row] of rows.entries()) {
    const decoded = decodeInventory({ inventoryId: 1, ...row });
    if (!decoded.ok) throw new Error(decoded.reason);
    const plan = planInventory({
      incoming: [mapPackage(decoded.row, { ...DEFAULT_SETTINGS, quantity_basis })],
      stored: new Map([["1", [...stored.values()]]]),
      productIds: new Map(),
      read: isSnapshot ? snapshot(minute) : event(minute),
      floor: 0,
      now: NOW,
      origin: ORIGIN,
    });
    for (const each of plan.rows) stored.set(each.inventory_id, each);
    failures.push(...plan.failures.map(({ reason }) => reason));
    changes += plan.changes.length;
  }
  const live = [...stored.values()];
  return {
    rooms: Object.fromEntries(live.map((each) => [each.room_name, each.quantity])),
    price: live[0]?.unit_price,
    failures,
    changes,
  };
}

const VAPE = {
  category: "Vape Cartridges",
  thcContent: 74.05,
  thcContentUnit: "mg",
  netWeight: 1,
  netWeightUnit: "g",
};

describe("F44: an absent key makes no statement, also for values computed from several fields", () => {
  it.each<[string, object, object, Partial<ProductRow>]>([
    ["without net weight", VAPE, { thcContent: 74.05, thcContentUnit: "mg" }, { thc_percentage: 74.05, thc_mg: null }],
    ["another potency, without weight", VAPE, { thcContent: 80, thcContentUnit: "mg" }, { thc_percentage: 80 }],
    ["without a unit", VAPE, { thcContent: 75 }, { thc_percentage: 75, thc_mg: null }],
    ["weight alone", { ...VAPE, netWeight: 100 }, { netWeight: 1, netWeightUnit: "g" }, { thc_percentage: 74.05 }],
    ["weight without its unit", VAPE, { netWeight: 500 }, { thc_percentage: 74.05 }],
    ["category alone", { ...VAPE, category: "Edibles" }, { category: "Vape Cartridges" }, { thc_percentage: 74.05 }],
    ["master category beside a category", VAPE, { masterCategory: "Cannabis" }, { category: "Vape Cartridges" }],
    ["milligrams of an edible, without a unit", { thc: "100 mg", category: "Edibles" }, { thc: 100 }, { thc_mg: 100 }],
    [
      "the guide's number without a sign, which is percent, after milligrams",
      { potencyThc: "100 mg", category: "Edibles" },
      { potencyThc: 0 },
      { thc_percentage: 0, thc_mg: null },
    ],
    ["its own price beside rec price", { price: 18, recPrice: 20 }, { recPrice: 21 }, { unit_price: 18 }],
    ["a zero that means rec price", { price: 0, recPrice: 20 }, { price: 0 }, { unit_price: 20 }],
    ["rec price where the price is 0", { price: 0, recPrice: 20 }, { recPrice: 21 }, { unit_price: 21 }],
    ["med price, of a product with rec price", { price: 0, recPrice: 20 }, { medPrice: 15 }, { unit_price: 20 }],
    ["a true zero", { price: 0, recPrice: 0 }, { name: "Sample" }, { unit_price: 0 }],
  ])("F44: a row keeps what it does not state: %s", (_name, full, partial, expected) => {
    expect(product(full, partial)).toMatchObject(expected);
  });

  it.each<[string, object, object]>([
    ["potency and weight", { thcContent: 74.05, thcContentUnit: "mg" }, { ...VAPE }],
    ["unit", { thcContent: 74.05 }, { ...VAPE }],
    ["prices", { recPrice: 20 }, { price: 0, recPrice: 20, medPrice: 15 }],
    ["categories", { masterCategory: "Cannabis" }, { category: "Flower", masterCategory: "Cannabis" }],
  ])("F44: a part and then the whole row is the same as the whole row and then the part: %s", (_name, part, whole) => {
    const said = ({ thc_percentage, thc_mg, unit_price, category }: ProductRow) => ({
      thc_percentage,
      thc_mg,
      unit_price,
      category,
    });
    expect(said(product(part, whole))).toEqual(said(product(whole, part)));
  });

  it("F44: an explicit null is a statement", () => {
    expect(product(VAPE, { thcContent: null })).toMatchObject({ thc_percentage: null, thc_mg: null });
    expect(product({ price: 18 }, { price: null })).toMatchObject({ unit_price: null });
  });
});

describe("F44: the allocation", () => {
  const NET = "available_minus_allocated";
  const full = {
    quantityAvailable: 10,
    allocatedQuantity: 4,
    roomQuantities: [{ room: "Floor", quantityAvailable: 10 }],
  };

  it.each<[string, object[], Record<string, number>]>([
    ["an earlier row stated it", [full, { quantityAvailable: 10, roomName: "Floor" }], { Floor: 6 }],
    ["a row without a room", [full, { quantityAvailable: 12 }], { Floor: 8 }],
    ["null means none", [full, { quantityAvailable: 10, allocatedQuantity: null, roomName: "Floor" }], { Floor: 10 }],
    ["0 means none", [full, { quantityAvailable: 9, allocatedQuantity: 0 }], { Floor: 9 }],
    ["the newest counts", [full, { ...full, allocatedQuantity: 1 }, { quantityAvailable: 5 }], { Floor: 4 }],
    ["the quantity is never below 0", [full, { quantityAvailable: 3 }], { Floor: 0 }],
    [
      "a row that changes only the allocation counts, too",
      [
        { ...full, allocatedQuantity: 0, quantityAvailable: 0, roomQuantities: [] },
        { ...full, allocatedQuantity: 2, quantityAvailable: 0, roomQuantities: [] },
        { quantityAvailable: 10, roomName: "Unassigned" },
      ],
      { Unassigned: 8 },
    ],
  ])("F44: the allocation is subtracted as it was last stated: %s", (_name, rows, rooms) => {
    expect(packageAfter(rows, NET)).toMatchObject({ rooms, failures: [] });
  });

  it("F44: an allocation that was never stated is not guessed: the row fails with a reason", () => {
    const { rooms, failures } = packageAfter([{ quantityAvailable: 10 }], NET);
    expect(rooms).toEqual({});
    expect(failures).toEqual([expect.stringMatching(/how much of the package is allocated/)]);
    expect(packageAfter([{ quantityAvailable: 10 }], "available").failures).toEqual([]);
  });

  it("F44: with two rooms, a row of one room does not say which room the allocation belongs to", () => {
    const two = {
      ...full,
      roomQuantities: [
        { room: "Floor", quantity: 8 },
        { room: "Vault", quantity: 2 },
      ],
    };
    expect(packageAfter([two, { quantityAvailable: 7, roomName: "Floor" }], NET)).toMatchObject({
      rooms: { Floor: 4, Vault: 2 },
      failures: [expect.stringMatching(/allocated/)],
    });
  });
});

describe("F45: rooms that a row does not name", () => {
  const known = {
    quantityAvailable: 48,
    roomQuantities: [
      { room: "Floor", quantity: 8 },
      { room: "Depot", quantity: 40 },
    ],
  };

  it.each([{ roomQuantities: null }, { roomQuantities: [] }, {}])(
    "F45: %j with the same total stay, and nothing is logged",
    (more) => {
      for (const isSnapshot of [true, false]) {
        const before = packageAfter([known], "available", isSnapshot);
        const after = packageAfter([known, { quantityAvailable: 48, ...more }], "available", isSnapshot);
        expect(after).toEqual(before);
      }
    },
  );

  it("F45: rooms that were never stated are unassigned and not for sale", () => {
    expect(packageAfter([{ quantityAvailable: 5, roomQuantities: null }], "available").rooms).toEqual({
      Unassigned: 5,
    });
  });

  it("F45: if rooms do not add up, Dutchie's total counts", () => {
    const less = {
      quantityAvailable: 5,
      roomQuantities: [
        { room: "Floor", quantity: 4 },
        { room: "Depot", quantity: 4 },
      ],
    };
    const { rooms } = packageAfter([less], "available");
    expect(Object.values(rooms).reduce((sum, quantity) => sum + quantity, 0)).toBe(5);
  });
});

describe("F49: the price that the store charges", () => {
  it.each([
    [{ unitPrice: 0, recUnitPrice: 20 }, 20],
    [{ unitPrice: null, recUnitPrice: 20, medUnitPrice: 15 }, 20],
    [{ unitPrice: 0, recUnitPrice: 0, medUnitPrice: 15 }, 15],
    [{ unitPrice: 0, recUnitPrice: null }, 0],
    [{ unitPrice: 12, recUnitPrice: 20 }, 12],
    [{ unitPrice: null }, null],
  ])("F49: the price of %j is %j, for a package and for a product", (prices, expected) => {
    expect(packageAfter([{ quantity: 1, ...prices }], "available").price).toBe(expected);
    const { unitPrice, ...others } = prices;
    expect(product({ price: unitPrice, ...others }).unit_price).toBe(expected);
  });

  it("F49: a row with only a 0 keeps the other price", () => {
    const rows = [
      { quantity: 1, unitPrice: 0, recUnitPrice: 20 },
      { quantity: 2, unitPrice: 0 },
    ];
    expect(packageAfter(rows, "available").price).toBe(20);
  });
});
