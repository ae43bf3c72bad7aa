import { describe, expect, it } from "vitest";
import { decodeInventory, decodeProduct, decodeRoom, decodeSale } from "../../../../src/dutchie/decode/decode.ts";
import { LINE, PACKAGE, PRODUCT, ROOM, ROOM_QUANTITY, SALE } from "../../../../src/dutchie/decode/synonyms.ts";

const AT = "2026-01-02T03:04:05.678Z";
const TIME = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

/** A field under one of its names → where it is found, and its value. `given`: what else the row needs. */
interface Case {
  value: unknown;
  at: string;
  expected: unknown;
  given?: object;
  /** The field is what the row is found by, or what it needs: it is not given otherwise. */
  without?: string;
}

const A_PACKAGE = expect.stringContaining("is a package of the product");

const TABLES: [string, Record<string, readonly string[]>, (row: object) => object, object, Record<string, Case>][] = [
  [
    "a product",
    PRODUCT,
    (row) => {
      const decoded = decodeProduct(row);
      return decoded.ok ? decoded.row : decoded;
    },
    { id: 1 },
    {
      id: { value: 7, at: "dutchie_product_id", expected: "7", without: "id" },
      thc: { value: 12, at: "thc", expected: { value: 12, unit: "untold" } },
      thc_percent: { value: 12, at: "thc", expected: { value: 12, unit: "none" } },
      cbd: { value: 12, at: "cbd", expected: { value: 12, unit: "untold" } },
      cbd_percent: { value: 12, at: "cbd", expected: { value: 12, unit: "none" } },
      thc_unit: { value: "mg", at: "thc", expected: { value: 5, unit: "mg" }, given: { thc: 5 } },
      cbd_unit: { value: "mg", at: "cbd", expected: { value: 5, unit: "mg" }, given: { cbd: 5 } },
      net_weight: { value: "2 g", at: "unit_grams", expected: 2 },
      net_weight_unit: { value: "g", at: "unit_grams", expected: 2, given: { netWeight: 2 } },
      price: { value: 4, at: "price", expected: 4 },
      rec_price: { value: 4, at: "rec_price", expected: 4 },
      med_price: { value: 4, at: "med_price", expected: 4 },
      unit_cost: { value: 4, at: "unit_cost", expected: 4 },
      is_active: { value: false, at: "is_active", expected: false },
      modified: { value: AT, at: "modified_at", expected: TIME },
      package: { value: 7, at: "reason", expected: A_PACKAGE, given: { roomName: "Vault" } },
      package_stock: { value: 7, at: "reason", expected: A_PACKAGE, given: { inventoryId: 7 } },
      location: { value: 7, at: "dutchie_location_id", expected: "7" },
    },
  ],
  [
    "a package",
    PACKAGE,
    (row) => {
      const decoded = decodeInventory(row);
      return decoded.ok ? decoded.row : decoded;
    },
    { id: 1, quantity: 1 },
    {
      id: { value: 7, at: "dutchie_inventory_id", expected: "7", without: "id" },
      product_id: { value: 7, at: "dutchie_product_id", expected: "7" },
      product: { value: { id: 7, name: "A" }, at: "dutchie_product_id", expected: "7" },
      master_category: { value: "abc", at: "category", expected: "abc" },
      quantity: { value: "1,234.5", at: "quantity", expected: 1234.5, without: "quantity" },
      allocated: { value: 2, at: "allocated", expected: 2 },
      room: { value: "Vault", at: "rooms", expected: [{ room_name: "Vault", quantity: 1 }] },
      room_id: { value: 7, at: "rooms", expected: [{ room_name: "Room 7", quantity: 1, room_id: "7" }] },
      rooms: { value: [{ room: "B", qty: 3 }], at: "rooms", expected: [{ room_name: "B", quantity: 3 }] },
      unit_cost: { value: 4, at: "unit_cost", expected: 4 },
      price: { value: 4, at: "unit_price", expected: 4 },
      rec_price: { value: 4, at: "rec_price", expected: 4 },
      med_price: { value: 4, at: "med_price", expected: 4 },
      modified: { value: AT, at: "modified_at", expected: TIME },
      location: { value: 7, at: "dutchie_location_id", expected: "7" },
      sale: { value: 7, at: "reason", expected: expect.stringContaining("belongs to a sale") },
    },
  ],
  [
    "a room of a package",
    ROOM_QUANTITY,
    (row) => unwrap(decodeInventory({ id: 1, quantity: 1, rooms: [row] })).rooms?.[0] ?? {},
    { quantity: 1, room: "A" },
    {
      id: { value: 5, at: "room_name", expected: "Room 5", without: "room" },
      room: { value: "V", at: "room_name", expected: "V", without: "room" },
      quantity: { value: 3, at: "quantity", expected: 3, without: "quantity" },
    },
  ],
  [
    "a room",
    ROOM,
    (row) => unwrap(decodeRoom(row)),
    { id: 1, name: "A" },
    {
      id: { value: 5, at: "dutchie_room_id", expected: "5", without: "id" },
      room: { value: "V", at: "room_name", expected: "V", without: "name" },
      ...Object.fromEntries(
        ["quarantine", "vault", "sales_floor", "pos", "ecommerce", "pre_order", "inventory"].map((flag) => [
          flag,
          { value: true, at: "flags", expected: [flag] },
        ]),
      ),
    },
  ],
  [
    "a sale",
    SALE,
    (row) => unwrap(decodeSale(row)),
    { id: 1, completedAt: "2020-05-05T00:00:00Z" },
    {
      id: { value: 7, at: "dutchie_transaction_id", expected: "7", without: "id" },
      completed: { value: AT, at: "completed_at", expected: TIME, without: "completedAt" },
      type: { value: "Retail", at: "type", expected: "retail" },
      location: { value: 7, at: "dutchie_location_id", expected: "7" },
      subtotal: { value: 4, at: "subtotal", expected: 4 },
      discount: { value: 4, at: "discount", expected: 4 },
      tax: { value: 4, at: "tax", expected: 4 },
      total: { value: 4, at: "total", expected: 4 },
      total_items: {
        value: 4,
        at: "lines_missing",
        expected: expect.stringMatching(/should have 4 items, but none came/),
      },
      is_void: { value: true, at: "is_void", expected: true },
      status: { value: "Voided", at: "is_void", expected: true },
      voided_at: { value: "2026-11-20T10:00:00Z", at: "is_void", expected: true },
      is_return: { value: true, at: "is_return", expected: true },
      return_of: { value: 8, at: "return_of", expected: "8" },
      adjustment_of: { value: 8, at: "adjustment_of", expected: "8" },
      customer: { value: 8, at: "dutchie_customer_id", expected: "8" },
      lines: { value: [{ qty: 2 }], at: "items", expected: [expect.objectContaining({ quantity: 2 })] },
      modified: { value: AT, at: "modified_at", expected: TIME },
    },
  ],
  [
    "a line",
    LINE,
    (row) => unwrap(decodeSale({ id: 1, completedAt: AT, items: [row] })).items?.[0] ?? {},
    { quantity: 1 },
    {
      id: { value: 7, at: "line_id", expected: "7" },
      transaction: { value: 1, at: "line_id", expected: "1" },
      product_id: { value: 7, at: "dutchie_product_id", expected: "7" },
      product: { value: { id: 7, name: "A" }, at: "product_name", expected: "A" },
      inventory_id: { value: 7, at: "dutchie_inventory_id", expected: "7" },
      quantity: { value: "3", at: "quantity", expected: 3, without: "quantity" },
      price: { value: 4, at: "unit_price", expected: 4 },
      rec_price: { value: 4, at: "unit_price", expected: 4 },
      med_price: { value: 4, at: "unit_price", expected: 4 },
      unit_cost: { value: 4, at: "unit_cost", expected: 4 },
      discount: { value: 4, at: "discount", expected: 4 },
      total: { value: 4, at: "total", expected: 4 },
      is_returned: { value: true, at: "is_returned", expected: true },
      is_coupon: { value: true, at: "is_coupon", expected: true },
    },
  ],
];

function unwrap<T>(decoded: { ok: true; row: T } | { ok: false; reason: string }): T {
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.row;
}

/** `completedat` as people write it. */
const spellings = (name: string) => [name, name.toUpperCase(), name.replace(/(at|id|date|price|name)$/, "_$1")];

describe.each(TABLES)("F68: the names of %s", (_what, names, decode, base, cases) => {
  it.each(Object.entries(names))("F68: the field %s is read under every name", (field, all) => {
    const known: Case = cases[field] ?? { value: "abc", at: field, expected: "abc" };
    for (const name of all.flatMap(spellings)) {
      const row: Record<string, unknown> = { ...base, ...known.given };
      if (known.without !== undefined) delete row[known.without];
      row[name] = known.value;
      expect({ name, row: decode(row) }).toEqual({
        name,
        row: expect.objectContaining({ [known.at]: known.expected }),
      });
    }
  });

  it("F68: no name stands for two fields", () => {
    const all = Object.values(names).flat();
    expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([]);
  });
});

describe("F68: rows of servers without documentation", () => {
  it.each<[string, object, object]>([
    [
      "short names",
      { id: "t1", date: AT, lines: [{ productId: 3, qty: 2, amount: 20 }], amount: 21.5, taxes: 1.5 },
      { completed_at: TIME, total: 21.5, tax: 1.5, items: [expect.objectContaining({ quantity: 2, total: 20 })] },
    ],
    [
      "snake case and text",
      {
        order_id: 9,
        created_at: "1767323045",
        line_items: [{ product: { id: 3 }, count: "1,000" }],
        grand_total: "$1,021.50",
      },
      {
        dutchie_transaction_id: "9",
        total: 1021.5,
        items: [expect.objectContaining({ quantity: 1000, dutchie_product_id: "3" })],
      },
    ],
    [
      "a better time beside a worse one, an unreadable one beside both",
      { saleId: 1, createdAt: "2020-01-01T00:00:00Z", closedAt: AT, completedAt: "0001-01-01T00:00:00" },
      { completed_at: TIME },
    ],
    [
      "a list of lines beside an object of details",
      { id: 1, date: AT, details: { note: "x" }, products: [{ units: 1 }] },
      {
        items: [expect.objectContaining({ quantity: 1 })],
      },
    ],
    [
      "a return of −2",
      { id: 1, date: AT, items: [{ qty: -2, total: "-10" }] },
      { items: [expect.objectContaining({ quantity: -2, total: -10 })] },
    ],
  ])("F68: a row is read without documentation: %s", (_name, row, expected) => {
    expect(unwrap(decodeSale(row))).toMatchObject(expected);
  });

  it("F68: a failure names the missing field and the fields that the row has", () => {
    expect(decodeSale({ id: 1, when: AT, total: 5 })).toMatchObject({
      reason: "the transaction has no readable time",
      keys: "id, when, total",
    });
    expect(decodeSale({ id: 1, date: AT, items: [{ howMany: 2, productId: 3 }] })).toMatchObject({
      reason: "line 1 has no readable quantity",
      keys: "howMany, productId",
    });
    const crowded = decodeProduct(
      Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`${n}${"k".repeat(99)}`, n])),
    );
    if (crowded.ok) throw new Error("it has no id");
    expect(crowded.keys?.length).toBeLessThan(600);
  });

  it("F68: a local time in an unknown zone is not read", () => {
    expect(decodeSale({ id: 1, transactionDateLocalTime: "2026-01-01T10:00:00" })).toMatchObject({ ok: false });
  });

  it.each([
    ["Blue Dream 3.5g |", "Blue Dream 3.5g"],
    ["A | B |  |", "A | B"],
    ["|", null],
    [`${"x".repeat(1_990)}${" |".repeat(50_000)}`, "x".repeat(1_990)],
  ])("stray bars at the end of a name are removed: %#", (written, shown) => {
    expect(unwrap(decodeProduct({ id: 1, name: written })).product_name).toBe(shown);
  });
});
