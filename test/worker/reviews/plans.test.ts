import { env } from "cloudflare:workers";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";
import { expect, it } from "vitest";
import { recordsDb } from "../../../src/db/databases.ts";
import { candidatesOf, type ListedReview, missingOf } from "../../../src/db/queries/list-reviews.ts";
import { writeBatch } from "../../../src/db/write.ts";
import type { StoreContext } from "../../../src/location/context.ts";
import { relinkStatements } from "../../../src/location/records/links.ts";
import { endRows } from "../../../src/location/snapshots/end-rows.ts";
import type { StockRow } from "../../../src/location/snapshots/snapshot.ts";
import { envWith } from "../api/support.ts";

const plan = async (query: string) => {
  const nothing = Array.from({ length: query.split("?").length - 1 }, () => null);
  const { results } = await env.RECORDS_00.prepare(`explain query plan ${query}`)
    .bind(...nothing)
    .all<{ detail: string }>();
  return results.map(({ detail }) => detail).join("\n");
};

/** A database that notes what it is asked. */
function noting() {
  const seen: string[] = [];
  const prepare = (query: string) => {
    seen.push(query);
    return env.RECORDS_00.prepare(query);
  };
  const RECORDS_00 = { prepare };
  return { seen, db: recordsDb(envWith({ RECORDS_00 }), { location_id: "loc_1", shard: "00" }) };
}

it("what held lists leave out is found by key, without reading a whole store", async () => {
  const { seen, db } = noting();
  const held = (subject: string, id: string) =>
    ({ kind: "held_snapshot", subject, candidates: [id] }) as unknown as ListedReview;
  await missingOf(db, "loc_1", [held("inventory", "inv_4711_0123abcd"), held("products", "prd_1")]);
  const plans = await Promise.all(seen.map(plan));
  expect(plans.length).toBe(2);
  const packages = plans.find((each) => each.includes("SCAN k"));
  expect(packages).toMatch(
    /SEARCH i USING PRIMARY KEY \(location_id=\? AND dutchie_inventory_id=\? AND inventory_id=\?\)/,
  );
  expect(packages).toMatch(/SEARCH p USING PRIMARY KEY \(location_id=\? AND product_id=\?\)/);
});

it("packages that end are found by key, without reading a whole store", async () => {
  const { seen, db } = noting();
  const context = { db, location: { location_id: "loc_1" }, now: 1 } as unknown as StoreContext;
  const gone = ["inv_4711_0123abcd", "inv_9_0123abcd"].map((id) => ({ id })) as StockRow[];
  const reading = { origin: { cause: "poll", ref: null }, write: false } as const;
  await endRows(context, reading, { resource: "inventory", gone, floor: 1 });
  const plans = await Promise.all(seen.map(plan));
  expect(plans.length).toBeGreaterThan(0);
  for (const each of plans) expect(each).toMatch(/\(location_id=\? AND dutchie_inventory_id[=>]/);
});

it("products of reviews and their packages are found by index, without reading a whole store", async () => {
  const { seen, db } = noting();
  const review = { kind: "duplicate_sku", candidates: ["prd_1"] } as unknown as ListedReview;
  await candidatesOf(db, "loc_1", [review]);
  const plans = await Promise.all(seen.map(plan));
  expect(plans.length).toBe(2);
  expect(plans.join("\n")).toMatch(/products_merged/);
  for (const each of plans) {
    expect(each).toMatch(/inventory_product \(location_id=\? AND product_id=\?/);
    expect(each).not.toMatch(/(SCAN|SEARCH) (products|inventory|m|i)\b(?!.*AND)/);
  }
});

it("packages that move to another product are found by index", async () => {
  const origin = { cause: "merge", ref: null, at: 1 } as const;
  const statements = relinkStatements("loc_1", [{ from: "a", to: "b" }], origin);
  const queries = statements.map((each) => new SQLiteAsyncDialect().sqlToQuery(each).sql);
  const ofPackages = queries.filter((query) => query.includes('"inventory"'));
  expect(ofPackages).toHaveLength(2);
  for (const query of ofPackages) {
    expect(await plan(query)).toMatch(/inventory_product \(location_id=\? AND product_id=\?/);
  }
});

it("lines of sales move to another product; other lines, their order and other stores stay", async () => {
  const lines = '[["1","a","1",1,2,null,0,2,false],["10","c","3",2.5,1,1,0,2.5,true],["2","a","1",1,2,null,0,2,true]]';
  for (const location_id of ["loc_1", "loc_2"])
    await env.RECORDS_00.prepare(
      `insert into sales (location_id, sale_id, dutchie_transaction_id, completed_at, type, is_void, is_return, item_count,
         items_hash, lines, source_at, source_rank, content_hash, updated_at) values (?, 's', 's', 1, 'retail', 0, 0, 3, '', ?, 1, 1, '', 1)`,
    )
      .bind(location_id, lines)
      .run();
  await writeBatch(
    recordsDb(env, { location_id: "loc_1", shard: "00" }),
    relinkStatements("loc_1", [{ from: "a", to: "b" }], { cause: "merge", ref: null, at: 1 }),
  );
  const { results } = await env.RECORDS_00.prepare("select location_id, lines from sales order by 1").all();
  expect(results).toEqual([
    { location_id: "loc_1", lines: lines.replaceAll('"a"', '"b"') },
    { location_id: "loc_2", lines },
  ]);
});
