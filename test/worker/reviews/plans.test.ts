import { env } from "cloudflare:workers";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";
import { expect, it } from "vitest";
import { recordsDb } from "../../../src/db/databases.ts";
import { candidatesOf, type ListedReview } from "../../../src/db/queries/list-reviews.ts";
import { relinkStatements } from "../../../src/location/records/links.ts";
import { envWith } from "../api/support.ts";

const plan = async (query: string) => {
  const nothing = Array.from({ length: query.split("?").length - 1 }, () => null);
  const { results } = await env.RECORDS_00.prepare(`explain query plan ${query}`)
    .bind(...nothing)
    .all<{ detail: string }>();
  return results.map(({ detail }) => detail).join("\n");
};

it("products of reviews and their packages are found by index, without reading a whole store", async () => {
  const seen: string[] = [];
  const prepare = (query: string) => {
    seen.push(query);
    return env.RECORDS_00.prepare(query);
  };
  const RECORDS_00 = { prepare };
  const review = { kind: "duplicate_sku", candidates: ["prd_1"] } as unknown as ListedReview;
  await candidatesOf(recordsDb(envWith({ RECORDS_00 }), { location_id: "loc_1", shard: "00" }), "loc_1", [review]);
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
