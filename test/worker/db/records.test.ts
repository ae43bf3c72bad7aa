import { env } from "cloudflare:workers";
import { sql as empty } from "drizzle-orm";
import { getTableConfig, SQLiteAsyncDialect, SQLiteTable } from "drizzle-orm/sqlite-core";
import { describe, expect, it } from "vitest";
import { bulkUpsert } from "../../../src/db/bulk.ts";
import { type RecordsDb, recordsDb } from "../../../src/db/databases.ts";
import {
  loadFreeProducts,
  loadInventory,
  loadProductLinks,
  loadProducts,
  loadProductsById,
  loadProductsBySku,
  loadSales,
} from "../../../src/db/load-records.ts";
import * as accounts from "../../../src/db/schema/accounts.ts";
import * as schema from "../../../src/db/schema/records.ts";
import { writeBatch } from "../../../src/db/write.ts";
import type { InventoryRow } from "../../../src/domain/records/records.ts";

const AT = { location_id: "loc_1", shard: "00" };
const db = recordsDb(env, AT);

const row = (inventory_id: string, quantity: number, source_at: number): InventoryRow & { location_id: string } => ({
  location_id: "loc_1",
  inventory_id,
  dutchie_inventory_id: "1",
  dutchie_product_id: "7",
  product_id: "prd_7",
  sku: "S",
  package_id: null,
  quantity,
  room_type: "vault",
  reserved_quantity: 0,
  room_name: "Vault",
  unit_cost: 1.5,
  unit_price: null,
  package_at: 0,
  source_at,
  source_rank: 1,
  content_hash: `${quantity}`,
  updated_at: source_at,
});

/** How many rows the batch changed, by D1's own count. */
async function written(rows: (InventoryRow & { location_id: string })[]): Promise<number> {
  let changed = 0;
  const counting = {
    prepare: (query: string) => env.RECORDS_00.prepare(query),
    batch: async (statements: D1PreparedStatement[]) => {
      for (const { meta } of await env.RECORDS_00.batch(statements)) changed += meta.changes;
    },
  };
  await writeBatch(
    { $client: counting } as unknown as RecordsDb,
    bulkUpsert(schema.inventory, rows, { newer: Date.now(), before: [] }),
  );
  return changed;
}

describe("a bulk upsert", () => {
  it("a bulk upsert accepts more rows than D1 has parameters, and writes nothing for equal content", async () => {
    const rows = Array.from({ length: 1_200 }, (_, index) => row(`inv_${index}`, index + 1, 1));
    // Each row, and the count of the store's packages with it.
    expect(await written(rows)).toBe(2 * 1_200);
    expect(await written(rows)).toBe(0);
  });

  it("a bulk upsert never writes an older version over a newer one", async () => {
    await written([row("guarded", 5, 10)]);
    expect(await written([row("guarded", 9, 9)])).toBe(0);
    expect(await written([row("guarded", 6, 11)])).toBe(1);
    const stored = (await loadInventory(db, "loc_1", ["1"])).get("1")?.find((each) => each.inventory_id === "guarded");
    expect(stored).toMatchObject({ quantity: 6, source_at: 11, unit_cost: 1.5, unit_price: null });
  });

  it("a bulk upsert is a transaction: a failing statement undoes the others", async () => {
    const good = bulkUpsert(schema.inventory, [row("atomic", 1, 1)], { newer: Date.now(), before: [] });
    const bad = bulkUpsert(
      schema.rooms,
      [{ location_id: "loc_1", room_key: "r", room_name: null, updated_at: 1 } as never],
      "differs",
    );
    await expect(writeBatch(db, [...good, ...bad])).rejects.toThrow(/NOT NULL/);
    const stored = (await loadInventory(db, "loc_1", ["1"])).get("1") ?? [];
    expect(stored.some((each) => each.inventory_id === "atomic")).toBe(false);
  });
});

const tables = [
  ...Object.values(schema).map((table) => [env.RECORDS_01, table] as const),
  ...Object.values(accounts).map((table) => [env.DB, table] as const),
].flatMap(([d1, table]) => (table instanceof SQLiteTable ? [[d1, table] as const] : []));

describe("schema and database agree", () => {
  it.each(tables.map(([d1, table]) => [getTableConfig(table).name, d1, table] as const))(
    "the table %s has the same columns in schema and database",
    async (name, d1, table) => {
      const { columns, primaryKeys } = getTableConfig(table);
      const info = await d1
        .prepare(`select name, type, "notnull" from pragma_table_info('${name}') order by name`)
        .all<{ name: string; type: string; notnull: number }>();
      const declared = columns.map((column) => ({
        name: column.name,
        type: column.getSQLType().toUpperCase(),
        notnull: column.notNull ? 1 : 0,
      }));
      expect(info.results.map((column) => ({ ...column, type: column.type.toUpperCase() }))).toEqual(
        declared.sort((a, b) => (a.name < b.name ? -1 : 1)),
      );
      const created = await d1
        .prepare("select sql from sqlite_master where name = ?")
        .bind(name)
        .first<{ sql: string }>();
      // A TEXT key in a rowid table costs one more written row for its index; drizzle-kit cannot say it.
      expect(created?.sql).toMatch(/WITHOUT ROWID$/);
      expect(primaryKeys.length + columns.filter((column) => column.primary).length).toBe(1);
    },
  );
});

const MANY = Array.from({ length: 30 }, (_, n) => String(1_000 + 2 * n));

it.each([
  ["all of them", MANY, MANY],
  ["every second of what is stored", MANY.filter((_, n) => n % 2 === 0), MANY],
  ["a few of much more, and some that are not stored", [...MANY.slice(0, 10), "0", "zz", ...MANY.slice(20)], MANY],
  [
    "ids far apart, between which much else is stored",
    [...MANY.slice(0, 15), "9", "99", "1000a", "1001", "x\u{10000}"],
    MANY,
  ],
  ["an id that SQLite sorts otherwise", [...MANY, "\u{ff5e}", "\u{10000}"], [...MANY, "\u{ff5e}", "\u{10000}"]],
])("the same packages are loaded as a range and one by one: %s", async (_, ids, stored) => {
  const id = `loc_${crypto.randomUUID()}`;
  const between = Array.from({ length: 200 }, (_, n) => `1000b${n}`);
  const packages = [...stored, ...between];
  const rows = packages.map((dutchie_inventory_id) => ({
    ...row(`inv_${dutchie_inventory_id}`, 1, 1),
    location_id: id,
    dutchie_inventory_id,
  }));
  await writeBatch(recordsDb(env, AT), bulkUpsert(schema.inventory, rows, "differs"));
  const loaded = await loadInventory(recordsDb(env, AT), id, ids);
  expect([...loaded.keys()].sort()).toEqual(packages.filter((each) => ids.includes(each)).sort());
});

describe("records are found by their key", () => {
  const seen: string[] = [];
  const RECORDS_00 = {
    prepare: (query: string) => {
      seen.push(query);
      return env.RECORDS_00.prepare(query);
    },
  };
  const spied = recordsDb({ ...env, RECORDS_00 } as unknown as Env, AT);
  it.each([
    [
      "products by Dutchie id",
      () => loadProducts(spied, "loc_1", ["1"]),
      /products_dutchie \(location_id=\? AND dutchie_product_id=\?/,
    ],
    ["products by id", () => loadProductsById(spied, "loc_1", ["1"]), /PRIMARY KEY \(location_id=\? AND product_id=\?/],
    [
      "products by SKU",
      () => loadProductsBySku(spied, "loc_1", ["1"], 2),
      /products_sku \(location_id=\? AND sku_key=\?/,
    ],
    [
      "own products",
      () => loadFreeProducts(spied, "loc_1"),
      /products_dutchie \(location_id=\? AND dutchie_product_id=\?/,
    ],
    [
      "inventory by package",
      () => loadInventory(spied, "loc_1", ["1"]),
      /PRIMARY KEY \(location_id=\? AND dutchie_inventory_id=\?/,
    ],
    ["sales", () => loadSales(spied, "loc_1", ["1"]), /PRIMARY KEY \(location_id=\? AND sale_id=\?/],
    [
      "products in the order of Dutchie's ids",
      () => loadProducts(spied, "loc_1", MANY),
      /products_dutchie \(location_id=\? AND dutchie_product_id>\? AND dutchie_product_id<\?/,
    ],
    [
      "packages in their order",
      () => loadInventory(spied, "loc_1", MANY),
      /PRIMARY KEY \(location_id=\? AND dutchie_inventory_id>\? AND dutchie_inventory_id<\?/,
    ],
    [
      "sales in their order",
      () => loadSales(spied, "loc_1", MANY),
      /PRIMARY KEY \(location_id=\? AND sale_id>\? AND sale_id<\?/,
    ],
  ])("an index finds %s", async (_name, load, plan) => {
    seen.length = 0;
    await load();
    const query = seen[0] ?? "";
    const values = Array.from({ length: query.split("?").length - 1 }, () => "[]");
    const { results } = await env.RECORDS_00.prepare(`explain query plan ${query}`)
      .bind(...values)
      .all<{ detail: string }>();
    const details = results.map(({ detail }) => detail);
    expect(details.join("\n")).toMatch(plan);
    expect(
      details.filter((detail) => /^(SCAN|SEARCH) (products|inventory|sales|p)\b/.test(detail) && !/AND/.test(detail)),
    ).toEqual([]);
  });
});

it("what product an id means is read from indexes, and products that the catalogue has not stated from one of their own", async () => {
  const seen: string[] = [];
  const RECORDS_00 = {
    prepare: (query: string) => {
      seen.push(query);
      return env.RECORDS_00.prepare(query);
    },
    batch: (statements: D1PreparedStatement[]) => env.RECORDS_00.batch(statements),
  };
  await loadProductLinks(recordsDb({ ...env, RECORDS_00 } as unknown as Env, AT), "loc_1", ["1"], 5);
  const plans = await Promise.all(
    seen.map(async (query, n) => {
      const values = n === 0 ? ["loc_1", 5] : ["loc_1", '["1"]'];
      const explained = env.RECORDS_00.prepare(`explain query plan ${query}`).bind(...values);
      const { results } = await explained.all<{ detail: string }>();
      return results.map(({ detail }) => detail).filter((detail) => detail.includes("products"));
    }),
  );
  expect(plans).toEqual([
    ["SEARCH products USING INDEX products_unsettled (location_id=?)"],
    ["SEARCH products USING COVERING INDEX products_dutchie (location_id=? AND dutchie_product_id=?)"],
  ]);
});

it("the rows of an upsert are taken apart once each: SQLite does not merge the select that does it into the insert", async () => {
  const [statement] = bulkUpsert(schema.inventory, [row("inv_plan", 1, 1)], "differs");
  const { sql, params } = new SQLiteAsyncDialect().sqlToQuery(statement ?? empty``);
  const planOf = async (text: string) => {
    const explained = env.RECORDS_00.prepare(`explain query plan ${text}`).bind(...params);
    return (await explained.all<{ detail: string }>()).results.map(({ detail }) => detail).join("\n");
  };
  expect(await planOf(sql)).toMatch(/CO-ROUTINE|MATERIALIZE/);
  // What it looks like when it is merged.
  expect(await planOf(sql.replace("limit -1", ""))).not.toMatch(/CO-ROUTINE|MATERIALIZE/);
});
