import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { recordsDb } from "../../../src/db/databases.ts";
import { customerInsights } from "../../../src/db/insights/customers.ts";
import { salesInsights } from "../../../src/db/insights/sales.ts";
import { subjectsOf } from "../../../src/db/queries/change-subjects.ts";
import { changesOfProduct, listChanges } from "../../../src/db/queries/list-changes.ts";
import { listCategories, listRooms } from "../../../src/db/queries/list-choices.ts";
import { inventoryOfProduct, listInventory } from "../../../src/db/queries/list-inventory.ts";
import { listQuantities, soldBetween } from "../../../src/db/queries/list-ledger.ts";
import { countProducts, findProduct, listProducts } from "../../../src/db/queries/list-products.ts";
import { listSales } from "../../../src/db/queries/list-sales.ts";
import { listStockAt } from "../../../src/db/queries/stock-at.ts";
import { type InsightsWindow, insightsWindow } from "../../../src/domain/insights/window.ts";
import { envWith } from "./support.ts";

/**
 * D1 bills and times rows read. Lists may read a page of a store, never the whole store once a row: what SQLite does
 * without statistics unless the index is named.
 */
const seen: string[] = [];
const spying = envWith({
  RECORDS_00: {
    prepare: (query: string) => {
      seen.push(query);
      return env.RECORDS_00.prepare(query);
    },
    batch: (statements: D1PreparedStatement[]) => env.RECORDS_00.batch(statements),
  },
});
const db = recordsDb(spying, { location_id: "loc_1", shard: "00" });
const page = { after: null, limit: 101 };
/** A search reads the texts in the index, not the rows. */
const TEXTS = "SEARCH p USING COVERING INDEX products_sku (location_id=?)";
const CHANGED = [{ resource: "inventory", record_id: "inv_1_01234567" }];

async function planOf(run: () => Promise<unknown>): Promise<string[]> {
  seen.length = 0;
  await run();
  return (await Promise.all(seen.slice().map(explain))).flat();
}

async function explain(query: string): Promise<string[]> {
  const nothing = Array.from({ length: query.split("?").length - 1 }, () => null);
  const plan = await env.RECORDS_00.prepare(`explain query plan ${query}`)
    .bind(...nothing)
    .all<{ detail: string }>();
  return plan.results.map(({ detail }) => detail);
}

it.each([
  ["products", () => listProducts(db, "loc_1", { include_merged: false }, page), ["inventory_product"]],
  ["a SKU", () => listProducts(db, "loc_1", { include_merged: false, sku: "S" }, page), ["products_sku"]],
  [
    "what has a text",
    () => listProducts(db, "loc_1", { include_merged: false, q: "a" }, page),
    // The first products up to a bound, before the texts of all.
    ["SEARCH products USING PRIMARY KEY (location_id=? AND product_id<?)", TEXTS],
  ],
  [
    "how many have a text",
    () => countProducts(db, "loc_1", { include_merged: false, own: false, q: "a" }),
    ["SEARCH products USING COVERING INDEX products_sku (location_id=?)"],
  ],
  ["what has words", () => listProducts(db, "loc_1", { include_merged: false, search: "a" }, page), [TEXTS]],
  ["a product", () => findProduct(db, "loc_1", "prd_1"), ["inventory_product"]],
  ["its packages", () => inventoryOfProduct(db, "loc_1", "prd_1"), ["inventory_product"]],
  ["its packages in a list", () => listInventory(db, "loc_1", { product_id: "p" }, page), ["inventory_product"]],
  [
    "its changes",
    () => changesOfProduct(db, "loc_1", "prd_1", page),
    ["changes_record", "inventory_product", "products_merged"],
  ],
  ["a record's changes", () => listChanges(db, "loc_1", { record_id: "r" }, page), ["changes_record"]],
  ["a product's ledger", () => listQuantities(db, "loc_1", [], page), ["(location_id=? AND dutchie_inventory_id=?"]],
  ["what explains it", () => soldBetween(db, "loc_1", "prd_1", { from: 1, to: 2 }), ["sales_completed"]],
  ["the stock of a day", () => listStockAt(db, "loc_1", 1, page), ["(location_id=? AND dutchie_inventory_id=?"]],
  ["what changed", () => subjectsOf(db, "loc_1", CHANGED), ["(location_id=? AND dutchie_inventory_id=?"]],
  ["sales of a day", () => listSales(db, "loc_1", { from: 1, to: 2 }, page), ["sales_completed"]],
] as const)("reading %s uses its index", async (_, run, indexes) => {
  const plan = (await planOf(run)).join("\n");
  for (const index of indexes) expect(plan).toContain(index);
  // By the store alone: its whole log.
  expect(plan).not.toMatch(/SEARCH (c|changes) .*\(location_id=\?\)/);
  expect(plan).not.toMatch(/SCAN (?!root|merged|history|\(?\w*subquery|json_each|[ei] VIRTUAL)/);
});

it.each([
  ["rooms", () => listRooms(db, "loc_1")],
  ["categories", () => listCategories(db, "loc_1")],
] as const)("%s are read once, of one store", async (_, run) => {
  const steps = (await planOf(run)).filter((step) => /^(SEARCH|SCAN)/.test(step));
  expect(steps).toHaveLength(1);
  expect(steps[0]).toMatch(/SEARCH .*PRIMARY KEY \(location_id=\?\)/);
});

it.each([
  ["products", () => listProducts(db, "loc_1", { include_merged: false }, { ...page, after: "a" })],
  ["inventory", () => listInventory(db, "loc_1", {}, { ...page, after: ["a", "b"] })],
  ["changes", () => listChanges(db, "loc_1", {}, { ...page, after: "a" })],
  ["sales", () => listSales(db, "loc_1", {}, { ...page, after: [1, "a"] })],
] as const)("a page of %s is read in the order of its key, without sorting", async (_, run) => {
  expect((await planOf(run)).join("\n")).not.toContain("USE TEMP B-TREE FOR ORDER BY");
});

const asked = insightsWindow({}, "America/Denver", Date.now());
it.each([
  ["sales", (window: InsightsWindow) => salesInsights(db, "loc_1", window), 2],
  [
    "customers",
    (window: InsightsWindow) => customerInsights(db, { location_id: "loc_1", pepper_id: "pep_01" }, window),
    6,
  ],
] as const)("insights of %s read the sales of a window by time, once", async (_, run, many) => {
  if (!asked.ok) throw new Error(asked.message);
  seen.length = 0;
  await run(asked.window);
  const queries = [...seen];
  expect(queries).toHaveLength(many);
  for (const query of queries) {
    const plan = (await explain(query)).join("\n");
    if (!query.includes('"sales" s')) continue;
    expect(plan).toMatch(
      /SEARCH s USING INDEX sales_completed \(location_id=\? AND completed_at>\? AND completed_at<\?\)/,
    );
    // By two parts of its key at least: the store's alone would be all that the store has. The catalogue (`own`) and the
    // stock (`package`) are read whole, once; sales never. `i`, the lines, are in the sale's row.
    expect(plan).not.toMatch(/(SCAN|SEARCH) (s|p|r)\b(?!.*AND)/);
    expect(plan).not.toMatch(/SCAN (?!i )\w+ LEFT-JOIN/);
  }
});
