import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mapPackage, mapProduct } from "../../../../src/domain/records/mapping.ts";
import type { Resource } from "../../../../src/domain/records/model.ts";
import { DEFAULT_SETTINGS } from "../../../../src/domain/settings.ts";
import {
  type Decoded,
  decodeInventory,
  decodeProduct,
  decodeRoom,
  decodeRow,
  decodeRows,
  decodeSale,
  idInText,
} from "../../../../src/dutchie/decode/decode.ts";

function row<T>(decoded: Decoded<T>): T {
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.row;
}

const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

describe("both profiles of one thing decode alike", () => {
  test("a product decodes alike from both profiles", () => {
    const pos = {
      productId: 17,
      sku: "BD-35",
      upc: "0012345",
      productName: "Blue Dream 3.5g ",
      brandName: "Acme",
      category: "Flower",
      strainType: "Hybrid",
      thcContent: 24.5,
      thcContentUnit: "%",
      cbdContent: 0,
      cbdContentUnit: "n.d.",
      netWeight: 3.5,
      netWeightUnit: "g",
      price: 35,
      isActive: true,
      lastModifiedDateUTC: "2026-01-02T03:04:05.678",
    };
    const guide = {
      id: "17",
      sku: "BD-35",
      upc: "0012345",
      name: "Blue Dream 3.5g",
      brand: "Acme",
      category: "Flower",
      strainType: "Hybrid",
      potencyThc: "24.5%",
      potencyCbd: { formatted: "n.d.", range: [], unit: "ND" },
      netWeight: "3.5",
      netWeightUnit: "grams",
      price: "35.00",
      status: "active",
      updatedAt: "2026-01-02T03:04:05.678Z",
    };
    expect(row(decodeProduct(pos))).toEqual({
      dutchie_product_id: "17",
      sku: "BD-35",
      upc: "0012345",
      product_name: "Blue Dream 3.5g",
      brand: "Acme",
      category: "Flower",
      strain_type: "Hybrid",
      thc: { value: 24.5, unit: "percent" },
      cbd: { value: 0, unit: "not_detected" },
      unit_grams: 3.5,
      price: 35,
      is_active: true,
      modified_at: AT,
    });
    expect(row(decodeProduct(guide))).toEqual(row(decodeProduct(pos)));
  });

  test("a package that lies in one room decodes alike from both profiles, except for its scope", () => {
    const pos = {
      inventoryId: 5,
      productId: 17,
      sku: "BD-35",
      productName: "Blue Dream",
      brandName: "Acme",
      category: "Flower",
      strainType: "Hybrid",
      packageId: "1A4",
      quantityAvailable: 12.5,
      allocatedQuantity: 1,
      unitCost: 10,
      unitPrice: 35,
      lastModifiedDateUtc: "2026-01-02T03:04:05.678",
      roomQuantities: [{ roomId: 1, room: "Vault", quantityAvailable: 12.5 }],
    };
    const guide = {
      id: "5",
      productId: "17",
      sku: "BD-35",
      productName: "Blue Dream",
      brand: "Acme",
      category: "Flower",
      strainType: "Hybrid",
      packageId: "1A4",
      quantity: "12.5",
      allocatedQuantity: 1,
      unitCost: "10",
      price: 35,
      updatedAt: "2026-01-02T03:04:05.678Z",
      roomName: "Vault",
    };
    expect(row(decodeInventory(pos))).toMatchObject({
      scope: "package",
      rooms: [{ room_name: "Vault", quantity: 12.5 }],
    });
    expect(row(decodeInventory(guide))).toEqual({
      ...row(decodeInventory(pos)),
      scope: "room",
      fingerprint: expect.any(String),
    });
  });

  test.each<[string, object, boolean | undefined]>([
    ["a time of its void", { voidDate: "2026-11-20T10:00:00" }, true],
    ["a time under another name", { voided_at: "2026-11-20T10:00:00Z" }, true],
    ["a time and an empty flag", { voidDate: "2026-11-20T10:00:00", isVoid: null }, true],
    ["a time and a flag against it", { voidDate: "2026-11-20T10:00:00", isVoid: false }, false],
    ["an empty time", { voidDate: null }, undefined],
    ["the year 1", { voidDate: "0001-01-01T00:00:00" }, undefined],
    ["no time", {}, undefined],
  ])("F44: whether a sale is void, if it has %s", (_, stated, is_void) => {
    const decoded = decodeSale({ transactionId: 9, transactionDate: "2026-11-19T10:00:00", items: [], ...stated });
    expect(decoded).toMatchObject({ ok: true, row: { is_void } });
    expect(decoded.ok && decoded.unknown).toBe(0);
  });

  test("a sale decodes alike from both profiles", () => {
    const pos = {
      transactionId: 9,
      transactionType: "Retail",
      transactionDate: "2026-01-02T03:04:05.678",
      subtotal: 70,
      totalDiscount: 5,
      tax: 6.5,
      total: 71.5,
      isVoid: false,
      isReturn: false,
      returnOnTransactionId: null,
      lastModifiedDateUTC: "2026-01-02T03:04:05.678",
      transactionDateLocalTime: "2026-01-01T19:04:05",
      items: [
        {
          transactionItemId: 91,
          transactionId: 9,
          productId: 17,
          inventoryId: 5,
          packageId: "1A4",
          quantity: 2,
          unitPrice: 35,
          unitCost: 10,
          totalDiscount: 5,
          totalPrice: 65,
          isReturned: false,
          isCoupon: false,
        },
      ],
    };
    const guide = {
      id: "9",
      type: "retail",
      completedAt: "2026-01-02T03:04:05.678Z",
      subtotal: "70",
      discount: 5,
      tax: 6.5,
      total: 71.5,
      isVoid: false,
      isReturn: false,
      returnOf: null,
      updatedAt: "2026-01-02T03:04:05.678Z",
      items: [
        {
          id: "91",
          isReturned: false,
          isCoupon: false,
          productId: "17",
          inventoryId: "5",
          packageId: "1A4",
          quantity: "2",
          price: 35,
          unitCost: 10,
          discount: 5,
          total: 65,
        },
      ],
    };
    expect(row(decodeSale(pos))).toEqual({
      dutchie_transaction_id: "9",
      completed_at: AT,
      type: "retail",
      subtotal: 70,
      discount: 5,
      tax: 6.5,
      total: 71.5,
      is_void: false,
      is_return: false,
      return_of: null,
      modified_at: AT,
      items: [
        {
          line_id: "91",
          dutchie_product_id: "17",
          dutchie_inventory_id: "5",
          package_id: "1A4",
          sku: null,
          upc: null,
          product_name: null,
          quantity: 2,
          unit_price: 35,
          unit_cost: 10,
          discount: 5,
          total: 65,
          is_returned: false,
          is_coupon: false,
        },
      ],
    });
    expect(row(decodeSale(guide))).toEqual(row(decodeSale(pos)));
  });

  test("a room decodes alike from both profiles", () => {
    expect(row(decodeRoom({ roomId: 3, roomName: " Vault ", isVaultRoom: true }))).toStrictEqual({
      dutchie_room_id: "3",
      room_name: "Vault",
      flags: ["vault"],
      denied: [],
    });
    expect(row(decodeRoom({ roomId: 3, roomName: "Vault", isVaultRoom: "no", isPOSRoom: null }))).toMatchObject({
      flags: [],
      denied: ["vault"],
    });
    expect(row(decodeRoom({ roomId: 3, roomName: "Vault", isVaultRoom: null }))).toStrictEqual({
      dutchie_room_id: "3",
      room_name: "Vault",
    });
    expect(row(decodeRoom({ id: "3", name: "Vault" }))).toStrictEqual({ dutchie_room_id: "3", room_name: "Vault" });
    expect(row(decodeRoom({ roomId: 3, roomName: "" }))).toStrictEqual({ dutchie_room_id: "3", room_name: "Room 3" });
    expect(decodeRoom({ roomName: " " })).toMatchObject({ ok: false, dutchie_id: null });
  });
});

describe("the keys of a row", () => {
  test("keys are found in any case", () => {
    expect(row(decodeProduct({ ProductId: 1, PRODUCTNAME: "A", brand_name: "B" }))).toMatchObject({
      dutchie_product_id: "1",
      product_name: "A",
      brand: "B",
    });
  });

  test("absent keys make no statement, and null says that there is none", () => {
    expect(row(decodeProduct({ id: 1 }))).toEqual({ dutchie_product_id: "1", modified_at: null });
    expect(row(decodeProduct({ id: 1, sku: null, name: "", thcContent: null, price: null, isActive: null }))).toEqual({
      dutchie_product_id: "1",
      modified_at: null,
      sku: null,
      product_name: null,
      thc: null,
      price: null,
    });
  });

  test("keys with an unreadable value make no statement", () => {
    expect(row(decodeProduct({ id: 1, price: "call us", sku: ["x"], isActive: "perhaps", updatedAt: "soon" }))).toEqual(
      {
        dutchie_product_id: "1",
        modified_at: null,
        unreadable: "the price cannot be read and stays as it is",
      },
    );
  });

  test("unknown keys are counted", () => {
    expect(decodeProduct({ id: 1, sku: "a", imageUrls: [], newThing: 1, other_new: 2 })).toMatchObject({
      ok: true,
      unknown: 2,
    });
    expect(decodeSale({ id: 1, completedAt: "2026-01-01", odd: 1, items: [{ quantity: 1, odder: 1 }] })).toMatchObject({
      unknown: 2,
    });
  });

  test.each([
    [{ id: 1, price: null, unitPrice: 4 }, { price: 4 }],
    [{ id: 1, price: 0, unitPrice: 4 }, { price: 0 }],
    [{ id: 1, price: "call us", unitPrice: 4 }, { price: 4 }],
    [{ unitPrice: 4, id: 1, Price: 3 }, { price: 3 }],
  ])("a second name counts only if the first has no readable value: %j", (input, expected) => {
    expect(row(decodeProduct(input))).toMatchObject(expected);
  });

  test.each([
    [{ id: 1, masterCategory: "Edible" }, "Edible"],
    [{ id: 1, category: null, masterCategory: "Edible" }, null],
    [{ id: 1, category: "Gummies", masterCategory: "Edible" }, "Gummies"],
  ])("the master category counts only if there is no category field: %j", (input, expected) => {
    expect(mapProduct(row(decodeProduct(input))).content.category).toBe(expected);
  });

  test("the unit price is its own, else the recreational, else the medical price", () => {
    const price = (more: object) =>
      mapPackage(row(decodeInventory({ id: 1, quantity: 1, ...more })), DEFAULT_SETTINGS).content.unit_price;
    expect(price({ unitPrice: 1, recUnitPrice: 2, medUnitPrice: 3 })).toBe(1);
    expect(price({ unitPrice: null, recUnitPrice: 2, medUnitPrice: 3 })).toBe(2);
    expect(price({ medUnitPrice: 3 })).toBe(3);
  });
});

describe("a missing count is never a zero", () => {
  test.each([
    [{ inventoryId: 4 }, "the quantity is missing"],
    [{ inventoryId: 4, quantityAvailable: null }, "the quantity is missing"],
    [{ inventoryId: 4, quantityAvailable: "" }, "the quantity is not a number"],
    [{ inventoryId: 4, quantityAvailable: "many" }, "the quantity is not a number"],
    [{ inventoryId: 4, quantityAvailable: Number.POSITIVE_INFINITY }, "the quantity is not a number"],
    [{ inventoryId: 4, quantity: 1, roomQuantities: [{ room: "A" }] }, "the quantity in room A is missing"],
    [
      { inventoryId: 4, quantity: 1, roomQuantities: [{ quantity: 1 }] },
      "roomQuantities contains a room without a name",
    ],
    [{ inventoryId: 4, quantity: 1, roomQuantities: "A" }, "roomQuantities is not a list"],
  ])("a package without a readable quantity fails: %j", (input, reason) => {
    expect(decodeInventory(input)).toStrictEqual({ ok: false, dutchie_id: "4", reason });
  });

  test("a stated zero is a zero", () => {
    expect(row(decodeInventory({ id: 4, quantity: 0 })).quantity).toBe(0);
  });

  test("a line without a quantity fails its sale", () => {
    expect(
      decodeSale({ id: 1, completedAt: "2026-01-01", items: [{ quantity: 1 }, { quantity: null }] }),
    ).toStrictEqual({
      ok: false,
      dutchie_id: "1",
      reason: "line 2 has no readable quantity",
    });
  });
});

describe("rooms of a package", () => {
  test.each([
    [
      "roomQuantities",
      {
        roomQuantities: [
          { room: "A", quantityAvailable: 1 },
          { roomName: "B", quantity: "2" },
        ],
      },
      "package",
      [
        { room_name: "A", quantity: 1 },
        { room_name: "B", quantity: 2 },
      ],
    ],
    [
      "two entries of one name are one room",
      {
        roomQuantities: [
          { room: "A", quantity: 0.1 },
          { room: "A ", quantity: 0.2 },
        ],
      },
      "package",
      [{ room_name: "A", quantity: 0.3 }],
    ],
    ["a scalar room", { roomName: "A" }, "room", [{ room_name: "A", quantity: 3 }]],
    ["a scalar room with its id", { roomName: "A", roomId: 7 }, "room", [{ room_name: "A", quantity: 3 }]],
    ["a room's id alone", { roomName: null, roomId: 7 }, "room", [{ room_name: "Room 7", quantity: 3, room_id: "7" }]],
    ["no room's id", { roomId: 0 }, "package", null],
    [
      "both: the list says more",
      { roomName: "A", roomQuantities: [{ room: "B", quantity: 3 }] },
      "package",
      [{ room_name: "B", quantity: 3 }],
    ],
    ["an empty list", { roomQuantities: [] }, "package", null],
    ["null", { roomQuantities: null, roomName: "" }, "package", null],
    ["nothing", {}, "package", null],
  ])("the rooms of a package are read: %s", (_name, more, scope, rooms) => {
    expect(row(decodeInventory({ id: 1, quantity: 3, ...more }))).toMatchObject({ scope, rooms });
  });
});

describe("F20: an amount that is there and cannot be read is told, and the rest of the row counts", () => {
  const at = { completedAt: "2026-01-01" };
  test.each<
    [string, ReturnType<typeof decodeProduct | typeof decodeInventory | typeof decodeSale>, string | undefined]
  >([
    ["a comma", decodeProduct({ id: 1, price: "30,50" }), "the price cannot be read and stays as it is"],
    ["an object", decodeProduct({ id: 1, recPrice: { amount: 30 } }), "the recreational price cannot be read"],
    ["too much", decodeProduct({ id: 1, unitCost: 1e300 }), "the cost cannot be read"],
    ["two", decodeProduct({ id: 1, price: "30 USD", unitCost: "12 USD" }), "they stay as they are: price, cost"],
    [
      "of a package",
      decodeInventory({ id: 1, quantity: 2, allocatedQuantity: "two" }),
      "the allocation cannot be read",
    ],
    ["of a sale", decodeSale({ id: 1, ...at, total: "70,00" }), "the total cannot be read"],
    [
      "of a line",
      decodeSale({ id: 1, ...at, items: [{ quantity: 1 }, { quantity: 1, unitPrice: "5,00" }] }),
      "price of line 2",
    ],
    ["a potency", decodeProduct({ id: 1, thcContent: "22,5 %", potencyCbd: "0,3" }), "they stay as they are: THC, CBD"],
    ["a potency in words", decodeProduct({ id: 1, thcContent: "strong", potencyCbd: "1:1" }), "are: THC, CBD"],
    ["a potency's unit", decodeProduct({ id: 1, thcContent: 5, thcContentUnit: "bananas" }), "the THC cannot be read"],
    ["a negative potency", decodeProduct({ id: 1, thcContent: -1, thcContentUnit: "%" }), "the THC cannot be read"],
    ["too much of a potency", decodeProduct({ id: 1, thcContent: 1e300 }), "the THC cannot be read"],
    ["no potency", decodeProduct({ id: 1, thcContent: "n/a", potencyCbd: "ND" }), undefined],
    ["an empty potency", decodeProduct({ id: 1, thcContent: [], potencyCbd: null }), undefined],
    ["a potency in percent", decodeProduct({ id: 1, thcPercentage: "22,5" }), "the THC cannot be read"],
    ["a weight", decodeProduct({ id: 1, netWeight: "3,5", netWeightUnit: "g" }), "the weight cannot be read"],
    ["a part with a comma", decodeInventory({ id: 1, quantity: 2, cost: "0,500" }), "the cost cannot be read"],
    ["no potency of ours", decodeProduct({ id: 1, thcContent: "5 mg/ml", netWeight: "1/8 oz" }), undefined],
    ["a potency that is read", decodeProduct({ id: 1, thcContent: "1,000 mg" }), undefined],
    ["a potency under another name", decodeProduct({ id: 1, thc: "22,5 %", thcContent: 22.5 }), undefined],
    ["under another name, too", decodeProduct({ id: 1, price: "thirty", retailPrice: 30 }), undefined],
    ["null", decodeProduct({ id: 1, price: null }), undefined],
    ["a word for none", decodeProduct({ id: 1, price: "N/A", unitCost: "-" }), undefined],
    ["a list", decodeSale({ id: 1, ...at, discounts: [], taxes: [{ amount: 1 }] }), undefined],
    ["a flag", decodeInventory({ id: 1, quantity: 2, reserved: false }), undefined],
    ["blank", decodeSale({ id: 1, ...at, tax: "" }), undefined],
  ])("F20: which amount could not be read: %s", (_name, decoded, reason) => {
    expect(decoded.ok).toBe(true);
    const said = decoded.ok ? decoded.row.unreadable : null;
    if (reason === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(reason);
  });

  test.each<[string, object, true | undefined]>([
    ["a potency in an unknown unit", { thcContent: 5, thcContentUnit: "bananas", price: 3 }, true],
    ["potencies and a weight", { thcContent: "strong", potencyCbd: "1:1", netWeight: "3,5", netWeightUnit: "g" }, true],
    ["a price beside a potency", { thcContent: "strong", price: "30,50" }, undefined],
    ["a cost", { unitCost: "30,50" }, undefined],
    ["nothing", { price: 3 }, undefined],
  ])("F20: only labels could not be read: %s", (_name, row, expected) => {
    const decoded = decodeProduct({ id: 1, ...row });
    expect(decoded.ok && decoded.row.labels_only).toBe(expected);
  });
});

test.each([
  [
    decodeInventory,
    { quantity: 3, productName: "Blue Dream", packageId: "1A40", sku: "BD-1" },
    "the inventory row has no id (Blue Dream, 1A40, BD-1)",
  ],
  [decodeInventory, { inventoryId: " ", packageId: "1A40", quantity: 3 }, "the inventory row has no id (1A40)"],
  [decodeInventory, { quantity: 3 }, "the inventory row has no id"],
  [decodeProduct, { customerId: 7, name: "Ann Smith" }, "the product has no id"],
  [decodeProduct, { productName: "Blue Dream", sku: null, upc: "0123" }, "the product has no id (Blue Dream, 0123)"],
  [decodeProduct, { productName: "W".repeat(900), sku: "BD-1" }, `the product has no id (${"W".repeat(79)}…, BD-1)`],
])("a row without an id is named by what Dutchie's support can find it by: %#", (decode, input, reason) => {
  expect(decode(input)).toMatchObject({ ok: false, dutchie_id: null, reason });
});

const A = { transactionItemId: 1, productId: 5, quantity: 3, unitPrice: 10 };
const B = { transactionItemId: 2, productId: 6, quantity: 1, unitPrice: 20 };

describe("sales", () => {
  test.each([
    [{ completedAt: "2026-01-01" }, null, "the transaction has no id"],
    [{ id: 1 }, "1", "the transaction has no readable time"],
    [{ id: 1, completedAt: "soon" }, "1", "the transaction has no readable time"],
    [{ id: 1, transactionDateLocalTime: "2026-01-01T00:00:00" }, "1", "the transaction has no readable time"],
    [{ id: 1, completedAt: "2026-01-01", items: [{ id: 3 }] }, "1", "line 1 has no readable quantity"],
  ])("a sale without an id, a time or a readable line fails: %j", (input, dutchie_id, reason) => {
    expect(decodeSale(input)).toMatchObject({ ok: false, dutchie_id, reason });
  });

  test("a line without an id gets a number, and no two lines share an id", () => {
    const sale = row(
      decodeSale({
        id: 1,
        completedAt: "2026-01-01",
        items: [{ quantity: 1 }, { id: 7, quantity: 1 }, { id: 7, quantity: 2 }],
      }),
    );
    expect(sale.items?.map((line) => line.line_id)).toEqual(["1", "7", "7#2"]);
  });

  test.each([1, 2, 12, 13, 40])("of %i lines, each keeps its own id, and a shared one gets a number", (count) => {
    const idsOf = (items: object[]) =>
      row(decodeSale({ id: 1, completedAt: "2026-01-01", items })).items?.map((line) => line.line_id);
    const items = Array.from({ length: count }, (_, index) => ({ id: index + 1, quantity: index + 1 }));
    const own = items.map(({ id }) => String(id));
    expect(idsOf(items)).toEqual(own);
    expect(idsOf([...items, { id: 1, quantity: 5_000 }])).toEqual([...own, "1#2"]);
    expect(idsOf([...items, { id: null, quantity: 5_000 }])).toEqual([...own, String(count + 1)]);
  });

  test.each<[unknown, string | null | undefined]>([
    [700_123, "700123"],
    ["700123", "700123"],
    // .NET's 0 and null: anonymous.
    [0, null],
    [null, null],
    [undefined, undefined],
  ])("the customer %j is read as %j", (customerId, expected) => {
    const sale = row(decodeSale({ id: 1, completedAt: "2026-01-01", customerId }));
    expect(sale.dutchie_customer_id).toBe(expected);
  });

  test.each<[string, object, string | undefined]>([
    ["fewer than it counts", { totalItems: 3, items: [{ quantity: 1 }] }, "3 items, but 1 came"],
    ["none of three", { totalItems: 3, items: [] }, "3 items, but none came"],
    ["null of three", { totalItems: 3, items: null }, "3 items, but none came"],
    ["not stated, of three", { totalItems: 3 }, "3 items, but none came"],
    ["an object", { items: {} }, "the sale's lines are not a list"],
    ["a text", { totalItems: 2, items: "2 items" }, "the sale's lines are not a list"],
    ["a number", { items: 3 }, "the sale's lines are not a list"],
    ["nulls", { items: [null, null] }, "line 1 of the sale is empty"],
    ["a null among others", { items: [{ quantity: 1 }, null] }, "line 2 of the sale is empty"],
    ["a list in a list", { items: [[{ quantity: 1 }]] }, "line 1 of the sale is empty"],
    ["of another transaction", { items: [{ quantity: 1, transactionId: 77 }] }, "lines of transaction 77"],
    ["as many units as it counts", { totalItems: 3, items: [{ quantity: 1 }, { quantity: 2 }] }, undefined],
    ["more lines than it counts", { totalItems: 1, items: [{ quantity: 1 }, { quantity: 1 }] }, undefined],
    ["its own", { items: [{ quantity: 1, transactionId: 1 }] }, undefined],
    ["those of an adjustment", { totalItems: 1, items: [], adjustmentForTransactionId: 5 }, undefined],
  ])("F43: missing lines of a sale are reported: %s", (_name, given, reason) => {
    const sale = row(decodeSale({ id: 1, completedAt: "2026-01-01", ...given }));
    if (reason === undefined) expect(sale).not.toHaveProperty("lines_missing");
    else expect(sale.lines_missing).toContain(reason);
    expect(sale.items === undefined).toBe(reason !== undefined);
  });

  test.each<[string, object, string[]]>([
    ["a line twice", { totalItems: 2, items: [A, B, A] }, ["1", "2"]],
    ["all lines twice", { totalItems: 2, items: [A, B, A, B] }, ["1", "2"]],
    [
      "all lines twice, by its units",
      { totalItems: 5, items: [A, { ...B, quantity: 2 }, A, { ...B, quantity: 2 }] },
      ["1", "2"],
    ],
    ["as often as it counts", { totalItems: 3, items: [A, B, A] }, ["1", "2", "1#2"]],
    ["as often as its units", { totalItems: 7, items: [A, B, A] }, ["1", "2", "1#2"]],
    ["without a count", { items: [A, B, A] }, ["1", "2", "1#2"]],
    ["with other content", { totalItems: 2, items: [A, B, { ...A, quantity: 5 }] }, ["1", "2", "1#2"]],
    ["without an id", { totalItems: 1, items: [{ quantity: 1 }, { quantity: 1 }] }, ["1", "2"]],
  ])("F43: a line that an answer repeats counts once if the sale counts it once: %s", (_name, given, ids) => {
    const sale = row(decodeSale({ id: 1, completedAt: "2026-01-01", ...given }));
    expect(sale).not.toHaveProperty("lines_missing");
    expect(sale.items?.map(({ line_id }) => line_id)).toEqual(ids);
  });

  test.each([true, "true", 1, "Voided", " void ", "cancelled"])("a sale with isVoid %j is void", (isVoid) => {
    expect(row(decodeSale({ id: 1, completedAt: "2026-01-01", isVoid })).is_void).toBe(true);
  });

  test("F62: lines without ids get the same ids in any order", () => {
    const lines = [{ quantity: 1 }, { quantity: 2, id: 4 }, { quantity: 2, id: 4 }, { quantity: 3 }, { quantity: 1 }];
    const ids = (items: object[]) =>
      row(decodeSale({ id: 1, completedAt: "2026-01-01", items }))
        .items?.map(({ line_id, quantity }) => `${line_id}: ${quantity}`)
        .sort();
    expect(ids(lines)).toEqual(["1: 1", "2: 1", "3: 3", "4#2: 2", "4: 2"]);
    expect(ids(lines.toReversed())).toEqual(ids(lines));
  });

  test("F49: loyalty points that were spent are part of the discount and not counted again", () => {
    const sale = row(decodeSale({ id: 1, completedAt: "2026-01-01", totalDiscount: 7, loyaltySpent: 5 }));
    expect(sale.discount).toBe(7);
  });

  test("F49: a line's price of 0 beside another price means the other price", () => {
    const price = (line: object) =>
      row(decodeSale({ id: 1, completedAt: "2026-01-01", items: [{ quantity: 1, ...line }] })).items?.[0]?.unit_price;
    expect(price({ unitPrice: 0, recUnitPrice: 20 })).toBe(20);
    expect(price({ unitPrice: 0 })).toBe(0);
    expect(price({ unitPrice: null, medUnitPrice: 3 })).toBe(3);
  });

  test("a sale without lines states no lines, and an empty list is an empty list", () => {
    expect(row(decodeSale({ id: 1, completedAt: "2026-01-01" }))).not.toHaveProperty("items");
    expect(row(decodeSale({ id: 1, completedAt: "2026-01-01", items: [] })).items).toEqual([]);
  });
});

test("one bad row does not change the others", () => {
  const result = decodeRows("inventory", [{ id: 1, quantity: 1 }, { id: 2 }, null, { id: 3, quantity: "3" }]);
  expect(result.rows.map((each) => each.dutchie_inventory_id)).toEqual(["1", "3"]);
  expect(result.failures).toEqual([
    { resource: "inventory", dutchie_id: "2", reason: "the quantity is missing" },
    { resource: "inventory", dutchie_id: null, reason: "an inventory row must be an object" },
  ]);
});

test("the id of a row of broken JSON is found before any nested value, or not at all", () => {
  expect(idInText("inventory", '{"inventoryId": 12, "x": NaN}')).toBe("12");
  expect(idInText("products", '{"sku":"a","id":"p-1","x":tru}')).toBe("p-1");
  expect(idInText("sales", '{"items":[{"id":3}],"x":NaN}')).toBeNull();
});

const RESOURCES: Resource[] = ["products", "inventory", "sales", "rooms"];
const KEYS = [
  "id",
  "productId",
  "quantity",
  "roomQuantities",
  "room",
  "items",
  "completedAt",
  "thcContent",
  "thcContentUnit",
  "netWeight",
  "netWeightUnit",
  "__proto__",
  "range",
  "formatted",
  "name",
];

test("no JSON value makes a decoder throw", () => {
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>(undefined, Number.NaN, "2026-01-01", "12", "5%", "n.d."),
  );
  const shaped = fc.dictionary(
    fc.constantFrom(...KEYS),
    fc.oneof(odd, fc.array(fc.dictionary(fc.constantFrom(...KEYS), odd), { maxLength: 3 })),
  );
  fc.assert(
    fc.property(fc.constantFrom(...RESOURCES), fc.oneof(odd, shaped), (resource, value) => {
      const decoded = decodeRow(resource, value);
      if (decoded.ok) expect(JSON.parse(JSON.stringify(decoded.row))).toEqual(decoded.row);
      else expect(decoded.reason).not.toBe("");
    }),
    { numRuns: 2_000 },
  );
});
