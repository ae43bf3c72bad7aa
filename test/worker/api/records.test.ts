import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { bulkUpsert } from "../../../src/db/bulk.ts";
import { recordsDb } from "../../../src/db/databases.ts";
import { changes, inventory, products, rooms, sales } from "../../../src/db/schema/records.ts";
import { writeBatch } from "../../../src/db/write.ts";
import { firstSequence, sequenceKey } from "../../../src/domain/records/sequence.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { searchText } from "../../../src/domain/values/search.ts";
import { call, errorOf, seedStore, token } from "./support.ts";

const T0 = Date.parse("2026-10-01T00:00:00Z");
const version = { source_at: T0, source_rank: 1 as const, content_hash: "h", updated_at: T0 };

let store = "";
let other = "";
let jwt = "";

const product = (location_id: string, id: string, given: Partial<typeof products.$inferInsert> = {}) => {
  const row = { ...unsearched(location_id, id), ...given };
  const { product_name, brand = null, sku, upc = null } = row;
  return { ...row, search: searchText({ product_name, brand, sku, upc }) };
};

const unsearched = (location_id: string, id: string): typeof products.$inferInsert & { sku: string } => ({
  location_id,
  product_id: `prd_${id}`,
  dutchie_product_id: id,
  sku: `SKU-${id}`,
  sku_key: `SKU-${id}`,
  product_name: `Product ${id}`,
  status: "active" as const,
  source: "dutchie" as const,
  ...version,
});

const EDIBLE = { reup_category: "edibles", reup_subcategory: "gummies" } as const;

const stock = (location_id: string, id: string, product_id: string, quantity: number, room = "Vault") => ({
  location_id,
  dutchie_inventory_id: id,
  package_id: `TAG-${id.toUpperCase()}`,
  inventory_id: `inv_${id}_${room}`,
  product_id,
  sku: "SKU",
  quantity,
  room_type: room === "Vault" ? ("vault" as const) : ("sales_floor" as const),
  room_name: room,
  package_at: 0,
  ...version,
});

const sale = (location_id: string, id: string, completed_at: number) => ({
  location_id,
  sale_id: `sal_${id}`,
  dutchie_transaction_id: id,
  completed_at,
  type: "retail",
  total: 10.5,
  is_void: false,
  is_return: false,
  item_count: 2,
  items_hash: "h",
  ...version,
});

const change = (location_id: string, record_id: string, at: number, resource = "products") => ({
  location_id,
  change_id: `${sequenceKey(firstSequence(at))}${record_id}`,
  resource,
  record_id,
  fields: { quantity: [9, 7] as [unknown, unknown] },
  cause: "webhook",
  ref: "evt_1",
  at,
});

beforeAll(async () => {
  // Both in one database.
  store = (await seedStore({ shard: "01" })).row.location_id;
  other = (await seedStore({ shard: "01", retailer_id: "ret_2" })).row.location_id;
  jwt = await token({ role: "viewer" });
  const db = recordsDb(env, { location_id: store, shard: "01" });
  await db.insert(products).values([
    product(store, "1", {
      brand: "Kiva",
      category: "Edible",
      subcategory: "Indica",
      ...EDIBLE,
      unit_price: 20,
      stated: { unit_grams: 3.5 },
    }),
    product(store, "2", {
      upc: "812345678905",
      upc_key: "00812345678905",
      product_name: "100% Pure_Oil",
      status: "inactive",
      source_at: 0,
    }),
    product(store, "3", { merged_into: "prd_1" }),
  ]);
  await db
    .insert(products)
    .values([product(store, "4", { product_name: '=HYPERLINK("x"), "best"' }), product(other, "9")]);
  await db
    .insert(inventory)
    .values([
      { ...stock(store, "a", "prd_1", 0.1), last_change: change(store, "inv_a_Vault", T0 + 1).change_id },
      stock(store, "b", "prd_1", 0.2, "Front"),
      { ...stock(store, "c", "prd_3", 5), last_change: change(store, "inv_c_Vault", T0 + 2).change_id },
      stock(other, "z", "prd_9", 1),
    ]);
  const room = { location_id: store, updated_at: T0 };
  await db.insert(rooms).values([
    { ...room, room_key: "101", dutchie_room_id: "101", room_name: "Vault", room_type: "vault" },
    { ...room, room_key: "name:front", room_name: "Front", room_type: "sales_floor" },
    { ...room, location_id: other, room_key: "101", room_name: "Elsewhere" },
  ]);
  const line = {
    product_id: "prd_1",
    dutchie_product_id: null,
    quantity: 1,
    unit_price: null,
    unit_cost: null,
    discount: null,
    total: null,
    is_returned: false,
  };
  const lines = [
    { ...line, line_id: "1", unit_price: 5.25, total: 5.25 },
    { ...line, line_id: "2" },
  ];
  await db
    .insert(sales)
    .values([{ ...sale(store, "s1", T0), lines }, sale(store, "s2", T0 + 1000), sale(store, "s3", T0 + 1000)]);
  await db.insert(sales).values(sale(other, "s9", T0));
  await db
    .insert(changes)
    .values([
      change(store, "prd_1", T0),
      change(store, "inv_a_Vault", T0 + 1, "inventory"),
      change(store, "inv_c_Vault", T0 + 2, "inventory"),
      change(store, "prd_2", T0 + 3),
      change(other, "prd_1", T0 + 4),
    ]);
});

const get = async (path: string, headers: Record<string, string> = {}) =>
  call("GET", `/v1/locations/${store}/${path}`, { token: jwt, headers });

interface Page {
  data: Record<string, unknown>[];
  next_cursor: string | null;
}
const page = async (path: string) => (await get(path)).json<Page>();
const ids = async (path: string, key: string) => (await page(path)).data.map((row) => row[key]);

describe("products in the API", () => {
  it("a product has the quantity of its packages and of products merged into it, without rounding errors", async () => {
    const { data } = await page("products");
    expect(data.map((row) => [row.product_id, row.quantity])).toEqual([
      ["prd_1", 5.3],
      ["prd_2", 0],
      ["prd_4", 0],
    ]);
    expect(data[0]).toEqual({
      id: "prd_1",
      name: "Product 1",
      active: true,
      weight: 3.5,
      weight_unit: "g",
      variants: [
        {
          id: "prd_1",
          name: "Product 1",
          sku: "SKU-1",
          weight: 3.5,
          weight_unit: "g",
          price: 20,
          wholesale_price: null,
        },
      ],
      description: null,
      images: [],
      test_results: null,
      product_id: "prd_1",
      dutchie_product_id: "1",
      sku: "SKU-1",
      upc: null,
      product_name: "Product 1",
      brand: "Kiva",
      category: "edibles",
      subcategory: "gummies",
      dutchie_category: "Edible",
      strain_type: "Indica",
      thc_percentage: null,
      cbd_percentage: null,
      thc_mg: null,
      cbd_mg: null,
      unit_price: 20,
      unit_cost: null,
      notes: null,
      pending: [],
      quantity: 5.3,
      status: "active",
      merged_into: null,
      source: "dutchie",
      source_updated_at: "2026-10-01T00:00:00.000Z",
      updated_at: "2026-10-01T00:00:00.000Z",
    });
    expect(data[1]?.source_updated_at).toBeNull();
  });

  it("merged products are hidden unless asked for, and show their own quantity", async () => {
    const { data } = await page("products?include_merged=true");
    expect(data.find((row) => row.product_id === "prd_3")).toMatchObject({ merged_into: "prd_1", quantity: 5 });
  });

  it.each([
    ["q=kiva", ["prd_1"]],
    ["q=100%25", ["prd_2"]],
    ["q=e_o", ["prd_2"]],
    ["q=sku-2", ["prd_2"]],
    [`q=${"long ".repeat(30)}`, []],
    ["q=k", ["prd_1", "prd_2", "prd_4"]],
    ["q=%25", ["prd_2"]],
    ["q=_", ["prd_2"]],
    ["q=0812345678905", ["prd_2"]],
    ["q=8-12345-67890-5", ["prd_2"]],
    ["q=K%C3%8DVA", ["prd_1"]],
    ["q=kiva%20sku-1", []],
    ["q=prd_1", []],
    ["q=%20%20", ["prd_1", "prd_2", "prd_4"]],
    ["sku=SKU-2", ["prd_2"]],
    ["category=edibles", ["prd_1"]],
    ["category=Edible", ["prd_1"]],
    ["category=flower", []],
    ["status=inactive", ["prd_2"]],
    ["status=active&sku=SKU-2", []],
    ["brand=KIVA", ["prd_1"]],
    ["brand=Kiv", []],
    ["active=true", ["prd_1", "prd_4"]],
    ["active=false", ["prd_2"]],
    ["search=1%20kiva%20PRODUCT", ["prd_1"]],
    ["search=kiva%20oil", []],
    ["search=0812345678905", ["prd_2"]],
    ["search=tag-c", ["prd_1"]],
    ["search=pure%20sku-2", ["prd_2"]],
    ["search=best%204", ["prd_4"]],
    ["search=%20%20", ["prd_1", "prd_2", "prd_4"]],
    [`search=${"w ".repeat(90)}`, []],
    ["room_type=sales_floor", ["prd_1"]],
    ["room_type=quarantine", []],
    ["low_stock=true", ["prd_1"]],
    ["low_stock=true&search=pure", []],
  ])("products are filtered by %s", async (query, expected) => {
    expect(await ids(`products?${query}`, "product_id")).toEqual(expected);
  });

  it("a product is read with all its packages", async () => {
    const one = await (await get("products/prd_1")).json<{ quantity: number; inventory: { inventory_id: string }[] }>();
    expect(one.quantity).toBe(5.3);
    expect(one.inventory.map((row) => row.inventory_id)).toEqual(["inv_a_Vault", "inv_b_Front", "inv_c_Vault"]);
    expect((await get("products/prd_9")).status).toBe(404);
  });

  it("a product has a history: its changes and those of its packages, newest first", async () => {
    const { data } = await page("products/prd_1/changes");
    expect(data.map((row) => row.record_id)).toEqual(["inv_c_Vault", "inv_a_Vault", "prd_1"]);
    expect(data[0]).toMatchObject({ fields: { quantity: { before: 9, after: 7 } }, cause: "webhook", ref: "evt_1" });
    const first = await page("products/prd_1/changes?limit=1");
    expect(await ids(`products/prd_1/changes?limit=1&cursor=${first.next_cursor}`, "record_id")).toEqual([
      "inv_a_Vault",
    ]);
  });
});

it("a text that only the last of many products has is found, and a page of one that all have ends where it should", async () => {
  const { location_id } = (await seedStore({ shard: "01" })).row;
  const many = Array.from({ length: 2_100 }, (_, i) =>
    product(location_id, String(i).padStart(4, "0"), { product_name: i % 700 === 699 ? "Rare" : "Common" }),
  );
  const db = recordsDb(env, { location_id, shard: "01" });
  await writeBatch(db, bulkUpsert(products, many, "differs"));
  const list = async (query: string) => {
    const path = `/v1/locations/${location_id}/products?${query}`;
    return (await call("GET", path, { token: jwt })).json<{
      data: { product_id: string }[];
      next_cursor: string | null;
      pagination?: { total: number };
    }>();
  };
  const found = async (query: string) => (await list(query)).data.map(({ product_id }) => product_id);
  expect(await found("q=rare")).toEqual(["prd_0699", "prd_1399", "prd_2099"]);
  expect(await found("q=rare&sku=SKU-2099")).toEqual(["prd_2099"]);
  const first = await list("q=rare&limit=2");
  expect(first.data.map(({ product_id }) => product_id)).toEqual(["prd_0699", "prd_1399"]);
  expect(await found(`q=rare&limit=2&cursor=${first.next_cursor}`)).toEqual(["prd_2099"]);
  expect(await found("q=rare&page=2&limit=2")).toEqual(["prd_2099"]);
  expect((await list("q=rare&page=1&limit=2")).pagination).toMatchObject({ total: 3 });
  expect((await list("q=RARE&page=1&limit=2&status=inactive")).pagination).toMatchObject({ total: 0 });
  expect((await list("q=m&page=1&limit=2")).pagination).toMatchObject({ total: 2_097 });
  expect(await found("q=comm&page=1048&limit=2")).toEqual(["prd_2096", "prd_2097"]);
  expect(await found("q=comm&sort=-product_name&page=1049&limit=2")).toEqual(["prd_2098"]);
});

it("products that a build without the search column adds or renames are found", async () => {
  const { location_id } = (await seedStore({ shard: "01" })).row;
  const db = recordsDb(env, { location_id, shard: "01" });
  await db.insert(products).values([unsearched(location_id, "1"), product(location_id, "2")]);
  const found = async (q: string) =>
    (
      await (
        await call("GET", `/v1/locations/${location_id}/products?q=${q}`, { token: jwt })
      ).json<{
        data: { product_id: string }[];
      }>()
    ).data.map(({ product_id }) => product_id);
  expect(await found("PRODUCT")).toEqual(["prd_1", "prd_2"]);
  await db
    .update(products)
    .set({ product_name: "Renamed", brand: "Kiva" })
    .where(eq(products.location_id, location_id));
  expect(await found("renamed")).toEqual(["prd_1", "prd_2"]);
  expect(await found("kiva")).toEqual(["prd_1", "prd_2"]);
  expect(await found("product")).toEqual([]);
});

describe("inventory, sales and changes in the API", () => {
  it.each([
    ["inventory", "inventory_id", ["inv_a_Vault", "inv_b_Front", "inv_c_Vault"]],
    // With those of a product merged into it, as its quantity has them.
    ["inventory?product_id=prd_1", "inventory_id", ["inv_a_Vault", "inv_b_Front", "inv_c_Vault"]],
    ["inventory?room_type=sales_floor", "inventory_id", ["inv_b_Front"]],
    ["inventory?sku=none", "inventory_id", []],
    ["inventory?category=edibles", "inventory_id", ["inv_a_Vault", "inv_b_Front", "inv_c_Vault"]],
    ["inventory?brand=kiva&room_type=vault", "inventory_id", ["inv_a_Vault", "inv_c_Vault"]],
    ["inventory?search=TAG-B", "inventory_id", ["inv_b_Front"]],
    ["inventory?search=kiva%20tag-a", "inventory_id", ["inv_a_Vault"]],
    ["inventory?search=c", "inventory_id", ["inv_a_Vault", "inv_b_Front", "inv_c_Vault"]],
    ["inventory?active=false", "inventory_id", []],
    ["sales", "sale_id", ["sal_s3", "sal_s2", "sal_s1"]],
    ["sales?from=2026-10-01T00:00:01Z", "sale_id", ["sal_s3", "sal_s2"]],
    ["sales?to=2026-10-01T02:00:01%2B02:00", "sale_id", ["sal_s1"]],
    ["sales?from=2026-10-02", "sale_id", []],
    ["changes", "record_id", ["prd_2", "inv_c_Vault", "inv_a_Vault", "prd_1"]],
    ["changes?resource=products", "record_id", ["prd_2", "prd_1"]],
    ["changes?record_id=prd_1", "record_id", ["prd_1"]],
    ["changes?since=2026-10-01T00:00:00.002Z", "record_id", ["prd_2", "inv_c_Vault"]],
  ])("%s lists the right records", async (path, key, expected) => {
    expect(await ids(path, key)).toEqual(expected);
  });

  it("a change says which product, or which package of it, changed; what is gone has none", async () => {
    const { row } = await seedStore({ shard: "01" });
    const db = recordsDb(env, row);
    const of = row.location_id;
    await db.insert(products).values(product(of, "1"));
    const inventory_id = "inv_77_01234567";
    await db.insert(inventory).values({ ...stock(of, "77", "prd_1", 4), inventory_id, package_id: "PKG-77" });
    const about = [change(of, "prd_1", T0), change(of, inventory_id, T0 + 1, "inventory"), change(of, "prd_7", T0 + 2)];
    await db.insert(changes).values(about);
    const response = await call("GET", `/v1/locations/${of}/changes`, { token: jwt });
    const { data } = await response.json<Page>();
    const named = { product_id: "prd_1", product_name: "Product 1" };
    expect(data.map(({ subject }) => subject)).toEqual([
      null,
      { ...named, package_id: "PKG-77", room_name: "Vault" },
      { ...named, package_id: null, room_name: null },
    ]);
  });

  it("a sale has its lines", async () => {
    const one = await (await get("sales/sal_s1")).json<{ items: unknown[] }>();
    expect(one.items).toHaveLength(2);
    expect(one.items[0]).toMatchObject({ product_id: "prd_1", quantity: 1, unit_price: 5.25 });
    expect((await page("sales")).data[2]).toEqual(one);
    expect((await get("sales/sal_s9")).status).toBe(404);
  });
});

const keyOf = (value: unknown) => (typeof value === "string" ? value.toLowerCase() : Number(value));

describe("lists", () => {
  it.each([
    ["products?include_merged=true", "product_id"],
    ["inventory", "inventory_id"],
    ["inventory?search=tag", "inventory_id"],
    ["sales", "sale_id"],
  ])("numbered pages of %s have each row once, in the order of the cursors, and the total", async (path, key) => {
    const all = await ids(path, key);
    const at = `${path}${path.includes("?") ? "&" : "?"}limit=2`;
    const seen: unknown[] = [];
    for (let number = 1; number <= 3; number++) {
      const one = await page(`${at}&page=${number}`);
      expect(one).toMatchObject({ pagination: { page: number, limit: 2, total: all.length } });
      seen.push(...one.data.map((row) => row[key]));
    }
    expect(seen).toEqual(all);
    const first = await page(`${at}&page=1`);
    expect(await ids(`${at}&cursor=${first.next_cursor}`, key)).toEqual(all.slice(2, 4));
  });

  it.each([
    ["products?include_merged=true", "product_name"],
    ["products?include_merged=true", "unit_price"],
    ["products?include_merged=true", "quantity"],
    ["inventory", "product_name"],
    ["inventory", "quantity"],
    ["sales", "total"],
  ])("numbered pages of %s are sorted by %s both ways, without a value last", async (path, field) => {
    const at = `${path}${path.includes("?") ? "&" : "?"}limit=500&page=1&sort=`;
    const values = async (sort: string) => (await page(at + sort)).data.map((row) => row[field] ?? null);
    const upwards = await values(field);
    const known = upwards.filter((value) => value !== null).map((value) => keyOf(value));
    expect(known.length).toBeGreaterThan(0);
    expect(known).toEqual([...known].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    const none = upwards.filter((value) => value === null);
    expect(upwards.slice(known.length)).toEqual(none);
    const downwards = (await values(`-${field}`)).map((value) => (value === null ? null : keyOf(value)));
    expect(downwards).toEqual([...known.reverse(), ...none]);
    expect(await page(at + field)).toMatchObject({ next_cursor: null });
    expect((await get(`${path}${path.includes("?") ? "&" : "?"}sort=${field}`)).status).toBe(400);
    expect((await get(`${at}sku`)).status).toBe(400);
  });

  it.each(["page=0", "page=x", "page=1.5", "page=-1", "page=99999999999", "page=300&limit=100"])(
    "a page that cannot be read is refused: %s",
    async (query) => {
      expect([query, (await get(`products?${query}`)).status]).toEqual([query, 400]);
    },
  );

  it.each([
    ["products?include_merged=true", "product_id"],
    ["inventory", "inventory_id"],
    ["sales", "sale_id"],
    ["changes", "change_id"],
  ])("lists page through %s one by one, each row once, in the same order", async (path, key) => {
    const all = await ids(path, key);
    const seen: unknown[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const more = `${path.includes("?") ? "&" : "?"}limit=1${cursor === "" ? "" : `&cursor=${cursor}`}`;
      const one: Page = await page(path + more);
      seen.push(...one.data.map((row) => row[key]));
      cursor = one.next_cursor;
    }
    expect(seen).toEqual(all);
  });

  it.each([
    ["of another list", "changes?limit=1", "products"],
    ["of another list with keys alike", "products?limit=1&include_merged=true", "changes"],
    ["of a product's history", "products/prd_1/changes?limit=1", "changes"],
  ])("a cursor %s is refused: its keys would leave out rows without a word", async (_, from, to) => {
    const { next_cursor } = await page(from);
    const response = await get(`${to}?cursor=${next_cursor}`);
    expect(response.status).toBe(400);
    expect((await errorOf(response)).message).toBe(
      "cursor: is not a cursor of this list: leave it out to begin, then use next_cursor",
    );
  });

  it("a cursor of another store's list is refused", async () => {
    const { next_cursor } = await page("products?limit=1");
    const { row } = await seedStore();
    expect(next_cursor).not.toBeNull();
    const path = `/v1/locations/${row.location_id}/products?cursor=${next_cursor}`;
    expect((await call("GET", path, { token: await token() })).status).toBe(400);
  });

  it.each(["products", "inventory", "sales", "changes", "syncs", "events"])(
    "bad paging of %s is refused",
    async (path) => {
      const cursors = ["x", "%00", "e30", "W10", "WzEsMiwzLDRd", "bnVsbA", "W251bGxd", "[]", "a".repeat(3000)];
      const queries = [
        ...cursors.map((cursor) => `cursor=${cursor}`),
        "limit=0",
        "limit=501",
        "limit=x",
        "limit=1&limit=2",
      ];
      for (const query of queries) {
        const response = await get(`${path}?${query}`);
        expect([query, response.status]).toEqual([query, 400]);
        expect((await errorOf(response)).code).toBe("INVALID_REQUEST");
      }
    },
  );
});

describe("rooms and categories in the API", () => {
  it("rooms are listed by name, with their room type, for this store only", async () => {
    expect(await (await get("rooms")).json()).toEqual({
      data: [
        { room_name: "Front", room_type: "sales_floor", dutchie_room_id: null },
        { room_name: "Vault", room_type: "vault", dutchie_room_id: "101" },
      ],
    });
  });

  it("categories are listed largest first, and count the products that the list shows", async () => {
    const db = recordsDb(env, { location_id: store, shard: "01" });
    const flower = { category: "Flower", reup_category: "flower" as const };
    const more = [
      product(store, "f1", flower),
      product(store, "f2", { ...flower, category: "Buds" }),
      product(store, "f3", { ...flower, merged_into: "prd_1" }),
    ];
    await db.insert(products).values(more);
    const { data } = await (await get("categories")).json<{ data: { category: string; products: number }[] }>();
    for (const { product_id } of more) await db.delete(products).where(eq(products.product_id, product_id));
    expect(data).toEqual([
      { category: "flower", products: 2 },
      { category: "edibles", products: 1 },
    ]);
  });
});

it.each([
  ["710 Labs", "710 LABS"],
  ["Élan Vital", "élan vital"],
  ["élan vital", "ÉLAN VITAL"],
  ["Élan Vital", " Élan  vital "],
  ["Papa & Barkley", "papa & barkley"],
  ["Chef’s Élan", "CHEF’S élan"],
])("a filter by brand finds %s as %s, in a list of products and of packages", async (brand, asked) => {
  const { location_id } = (await seedStore({ shard: "01" })).row;
  const db = recordsDb(env, { location_id, shard: "01" });
  await db
    .insert(products)
    .values([product(location_id, "1", { brand }), product(location_id, "2", { brand: "Elan" })]);
  await db.insert(inventory).values([stock(location_id, "a", "prd_1", 1), stock(location_id, "b", "prd_2", 1)]);
  for (const list of ["products", "inventory"]) {
    const path = `/v1/locations/${location_id}/${list}?brand=${encodeURIComponent(asked)}`;
    const { data } = await (await call("GET", path, { token: jwt })).json<{ data: { product_id: string }[] }>();
    expect(data.map(({ product_id }) => product_id)).toEqual(["prd_1"]);
  }
});

it("stock is low by the numbers that people see, not by the tails that binary leaves", async () => {
  const settings = { ...DEFAULT_SETTINGS, low_stock_threshold: 5 };
  const { location_id } = (await seedStore({ shard: "01", settings })).row;
  const db = recordsDb(env, { location_id, shard: "01" });
  // In binary 9.3 − 4.3 is 5.000000000000001.
  const rows = [
    { ...stock(location_id, "a", "prd_1", 9.3), reserved_quantity: 4.3 },
    { ...stock(location_id, "b", "prd_2", 9.3001), reserved_quantity: 4.3 },
  ];
  await db.insert(products).values(["1", "2"].map((id) => product(location_id, id)));
  await db.insert(inventory).values(rows);
  const low = async (list: string) => {
    const answer = await call("GET", `/v1/locations/${location_id}/${list}?low_stock=true`, { token: jwt });
    return (await answer.json<{ data: { product_id: string }[] }>()).data.map(({ product_id }) => product_id);
  };
  expect(await low("products")).toEqual(["prd_1"]);
  expect(await low("inventory")).toEqual(["prd_1"]);
});

describe("Accept: text/csv", () => {
  const csv = async (path: string) => get(path, { accept: "text/csv, */*;q=0.1" });

  it("CSV has all rows of the filter, quotes them, and makes formulas harmless", async () => {
    const response = await csv("products?limit=1");
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(response.headers.get("x-request-id")).toBeTruthy();
    const lines = (await response.text()).split("\r\n");
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^"product_id","dutchie_product_id","sku","upc","product_name",/);
    expect(lines[3]).toContain(`"'=HYPERLINK(""x""), ""best"""`);
  });

  it("CSV exists for inventory and sales, too", async () => {
    expect((await (await csv("inventory?room_type=vault")).text()).split("\r\n")).toHaveLength(4);
    const text = await (await csv("sales")).text();
    expect(text.split("\r\n")[1]).toContain('"sal_s3","s3","2026-10-01T00:00:01.000Z","retail",,,,10.5,false,false,,2');
  });

  it("CSV streams many pages, each row once", async () => {
    const many = (await seedStore({ shard: "01" })).row.location_id;
    const rows = Array.from({ length: 5_000 }, (_, n) => product(many, String(n).padStart(5, "0")));
    const names = Object.keys(rows[0] ?? {});
    const columns = names.map((name) => `value->>'${name}'`).join(", ");
    const insert = `insert into products (${names.join(", ")}) select ${columns} from json_each(?)`;
    await env.RECORDS_01.prepare(insert).bind(JSON.stringify(rows)).run();
    const path = `/v1/locations/${many}/products`;
    const response = await call("GET", path, { token: jwt, headers: { accept: "text/csv" } });
    const seen = (await response.text()).trim().split("\r\n").slice(1);
    expect(new Set(seen.map((line) => line.split(",")[0])).size).toBe(5_000);
    expect(seen).toHaveLength(5_000);
  });
});
