import { describe, expect, it } from "vitest";
import { mapPackage, mapProduct, mapRoom, mapSale } from "../../../../src/domain/records/mapping.ts";
import type {
  DutchiePackage,
  DutchieProduct,
  DutchieSale,
  DutchieSaleLine,
} from "../../../../src/domain/records/model.ts";
import { DEFAULT_SETTINGS } from "../../../../src/domain/settings.ts";
import { T0 } from "../build.ts";

const PRODUCT: Required<Omit<DutchieProduct, "unreadable" | "labels_only">> = {
  dutchie_product_id: "1",
  dutchie_location_id: "11",
  sku: "SKU-1",
  upc: "0123",
  product_name: "Blue Dream 3.5g",
  brand: "Kiva",
  category: "Flower",
  master_category: "Cannabis",
  subcategory: "DEFAULT",
  strain_type: "Hybrid",
  thc: { value: 21.5, unit: "percent" },
  cbd: { value: 0.4, unit: "percent" },
  unit_grams: 3.5,
  price: 30.00001,
  rec_price: 31,
  med_price: 28,
  unit_cost: 12.00001,
  is_active: true,
  modified_at: T0,
};

describe("the guide's mapping of a product", () => {
  it("a product has ReUp's name for each field", () => {
    expect(mapProduct(PRODUCT)).toEqual({
      dutchie_product_id: "1",
      content: {
        sku: "SKU-1",
        upc: "0123",
        product_name: "Blue Dream 3.5g",
        brand: "Kiva",
        category: "Flower",
        subcategory: "Hybrid",
        thc_percentage: 21.5,
        thc_mg: null,
        cbd_percentage: 0.4,
        cbd_mg: null,
        unit_price: 30,
        unit_cost: 12,
        status: "active",
      },
      statement: {
        category: "Flower",
        master_category: "Cannabis",
        subcategory: "DEFAULT",
        unit_grams: 3.5,
        thc: { value: 21.5, unit: "percent" },
        cbd: { value: 0.4, unit: "percent" },
        price: 30.00001,
        rec_price: 31,
        med_price: 28,
      },
      modified_at: T0,
    });
  });

  it("an absent key of a product makes no statement", () => {
    expect(mapProduct({ dutchie_product_id: "1", modified_at: null }).content).toEqual({});
  });

  it.each<[keyof DutchieProduct, string[]]>([
    ["sku", ["sku"]],
    ["upc", ["upc"]],
    ["brand", ["brand"]],
    ["category", ["category"]],
    ["strain_type", ["subcategory"]],
    ["thc", ["thc_percentage", "thc_mg"]],
    ["cbd", ["cbd_percentage", "cbd_mg"]],
    ["price", ["unit_price"]],
  ])("null says that there is no %s, and nothing else", (key, columns) => {
    const row: DutchieProduct = { dutchie_product_id: "1", modified_at: null, [key]: null };
    expect(mapProduct(row).content).toEqual(Object.fromEntries(columns.map((column) => [column, null])));
  });

  it.each([
    ["its SKU", { sku: "SKU-1" }, "SKU-1"],
    ["its id where it has no SKU either", {}, "#1"],
  ])("a product without a name is shown by %s", (_, over, shown) => {
    const row: DutchieProduct = { dutchie_product_id: "1", product_name: null, modified_at: null, ...over };
    expect(mapProduct(row).content.product_name).toBe(shown);
  });

  it("a product that is not active is inactive", () => {
    expect(mapProduct({ ...PRODUCT, is_active: false }).content.status).toBe("inactive");
  });
});

const PACKAGE: DutchiePackage = {
  dutchie_inventory_id: "10",
  dutchie_product_id: "1",
  sku: "SKU-1",
  product_name: "Blue Dream 3.5g",
  brand: "Kiva",
  category: "Flower",
  strain_type: "Hybrid",
  package_id: "PKG-10",
  quantity: 7,
  allocated: 2,
  unit_cost: 12.340000000001,
  unit_price: 30,
  rooms: [
    { room_name: "Sales Floor ", quantity: 3 },
    { room_name: "Vault", quantity: 4 },
  ],
  scope: "package",
  modified_at: T0,
};

describe("the guide's mapping of inventory", () => {
  it("inventory has ReUp's name for each field, and a cell for each room", () => {
    expect(mapPackage(PACKAGE, { ...DEFAULT_SETTINGS, room_types: { "sales floor": "secret_menu" } })).toEqual({
      dutchie_inventory_id: "10",
      content: { dutchie_product_id: "1", sku: "SKU-1", package_id: "PKG-10", unit_cost: 12.34, unit_price: 30 },
      stated: { price: 30, allocated: 2 },
      minus_allocated: false,
      quantity: 7,
      cells: [
        { room_name: "Sales Floor", room_type: "secret_menu", quantity: 3 },
        { room_name: "Vault", room_type: "vault", quantity: 4 },
      ],
      scope: "package",
      hint: {
        dutchie_product_id: "1",
        product_name: "Blue Dream 3.5g",
        sku: "SKU-1",
        upc: null,
        brand: "Kiva",
        category: "Flower",
        subcategory: "Hybrid",
      },
      modified_at: T0,
    });
  });

  it("an absent key of inventory makes no statement, and null says that there is none", () => {
    const bare: DutchiePackage = {
      dutchie_inventory_id: "10",
      quantity: 1,
      rooms: null,
      scope: "package",
      modified_at: null,
    };
    expect(mapPackage(bare, DEFAULT_SETTINGS).content).toEqual({});
    expect(mapPackage({ ...bare, unit_cost: null, sku: null }, DEFAULT_SETTINGS).content).toEqual({
      unit_cost: null,
      sku: null,
    });
  });

  const UNSAID = { dutchie_product_id: null, sku: "N/A", product_name: null };
  it("a row without product fields has no hint, and a row without a room has no cells", () => {
    const mapped = mapPackage({ ...PACKAGE, ...UNSAID, rooms: null }, DEFAULT_SETTINGS);
    expect(mapped.hint).toBeNull();
    expect(mapped.cells).toBeNull();
    expect(mapped.quantity).toBe(7);
  });

  it("the same room listed twice is one cell with both counts", () => {
    const rooms = [
      { room_name: "Vault", quantity: 0.1 },
      { room_name: "VAULT ", quantity: 0.2 },
    ];
    expect(mapPackage({ ...PACKAGE, quantity: 0.3, rooms }, DEFAULT_SETTINGS).cells).toEqual([
      { room_name: "Vault", room_type: "vault", quantity: 0.3 },
    ]);
  });

  it("the allocation is passed on, and whether the store subtracts it", () => {
    expect(mapPackage(PACKAGE, DEFAULT_SETTINGS)).toMatchObject({ minus_allocated: false, stated: { allocated: 2 } });
    expect(mapPackage(PACKAGE, { room_types: {}, quantity_basis: "available_minus_allocated" })).toMatchObject({
      minus_allocated: true,
      stated: { price: 30, allocated: 2 },
      quantity: 7,
    });
  });
});

describe("the store's names for rooms", () => {
  it.each([
    ["as written", "Room 12", "vault"],
    ["in another case", "ROOM 12", "vault"],
    ["with trailing blanks", "Room 12  ", "vault"],
    ["in no setting: by its words", " Quarantine ", "quarantine"],
    ["in no setting, and says nothing", "Room 13", null],
  ])("a room has the right type if its name is %s", (_, room_name, type) => {
    const row = { ...PACKAGE, rooms: [{ room_name, quantity: 7 }] };
    expect(mapPackage(row, { ...DEFAULT_SETTINGS, room_types: { "Room 12 ": "vault" } }).cells?.[0]?.room_type).toBe(
      type,
    );
  });

  it("inventory maps a room like the list of rooms does", () => {
    expect(mapRoom({ dutchie_room_id: "7", room_name: "Vault " }, { room_types: { vault: "secret_menu" } })).toEqual({
      room_key: "vault",
      content: { dutchie_room_id: "7", room_name: "Vault", flags: null, room_type: "secret_menu" },
    });
  });
});

const LINE: DutchieSaleLine = {
  line_id: "1",
  dutchie_product_id: "1",
  dutchie_inventory_id: "10",
  package_id: "PKG-10",
  sku: "SKU-1",
  upc: null,
  product_name: "Blue Dream 3.5g",
  quantity: 2,
  unit_price: 30.00004,
  unit_cost: null,
  discount: 1,
  total: 59,
  is_returned: false,
};
const SALE: DutchieSale = {
  dutchie_transaction_id: "900",
  completed_at: T0,
  type: "retail",
  modified_at: T0,
};

describe("the mapping of a sale", () => {
  it("absent keys and absent lines of a sale make no statement", () => {
    expect(mapSale(SALE, null)).toEqual({
      dutchie_transaction_id: "900",
      content: { completed_at: T0, type: "retail" },
      items: null,
      hints: [],
      meant: {},
      modified_at: T0,
    });
  });

  it("a sale has its amounts, its void or return flag, and what it returns", () => {
    const row: DutchieSale = {
      ...SALE,
      subtotal: 59.000001,
      discount: 1,
      tax: null,
      total: 59,
      is_void: true,
      is_return: true,
      return_of: "899",
      items: [],
    };
    expect(mapSale(row, null).content).toEqual({
      completed_at: T0,
      type: "retail",
      subtotal: 59,
      discount: 1,
      tax: null,
      total: 59,
      is_void: true,
      is_return: true,
      return_of: "899",
      item_count: 0,
    });
  });

  it("a sale counts its lines, rounds them, and hints at each product once", () => {
    const items = [
      LINE,
      { ...LINE, line_id: "2", product_name: "Another" },
      { ...LINE, line_id: "3", dutchie_product_id: null },
    ];
    const mapped = mapSale({ ...SALE, items }, null);
    expect(mapped.content.item_count).toBe(3);
    expect(mapped.items?.map((item) => [item.line_id, item.unit_price])).toEqual([
      ["1", 30],
      ["2", 30],
      ["3", 30],
    ]);
    const said = { product_name: "Blue Dream 3.5g", sku: "SKU-1", upc: null };
    const unsaid = { brand: null, category: null, subcategory: null };
    expect(mapped.hints).toEqual([
      { dutchie_product_id: "1", ...said, ...unsaid },
      { dutchie_product_id: null, ...said, ...unsaid },
    ]);
    expect(Object.keys(mapped.meant)).toEqual(["3"]);
  });

  it("a sale has a pseudonym of its customer, or nothing if the store keeps no customers", () => {
    const pepper = { id: "pep_01", secret: new Uint8Array(32) };
    const row = { ...SALE, dutchie_customer_id: "700123" };
    expect(mapSale(row, pepper).customer_key).toMatch(/^pep_01\.[\w-]{16}$/);
    expect(mapSale({ ...SALE, dutchie_customer_id: null }, pepper).customer_key).toBeNull();
    expect(mapSale(SALE, pepper)).not.toHaveProperty("customer_key");
    expect(mapSale(row, null)).toEqual(mapSale(SALE, null));
    expect(JSON.stringify(mapSale(row, pepper))).not.toContain("700123");
  });
});
