import { readFileSync } from "node:fs";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { expect, it } from "vitest";
import * as accounts from "../../../src/db/schema/accounts.ts";
import * as records from "../../../src/db/schema/records.ts";
import { MAX_RETRIES, retryDelayS } from "../../../src/domain/limits/retries.ts";
import { D1_RETENTION, endsBefore, LOCATION_RETENTION, PENDING_MS } from "../../../src/domain/retention.ts";

const d1 = [...Object.values<unknown>(accounts), ...Object.values<unknown>(records)]
  .filter((value) => value instanceof SQLiteTable)
  .map((table) => getTableConfig(table).name);
const migrations = readFileSync("src/location/storage/migrations.ts", "utf8");
const location = [...migrations.matchAll(/create table (?:if not exists )?(\w+)/g)].map(([, name]) => String(name));

it("F66: every table of D1 and of the Location has a retention, and no other table has one", () => {
  expect(d1.length).toBeGreaterThan(10);
  expect(Object.keys(D1_RETENTION).sort()).toEqual([...d1].sort());
  expect(Object.keys(LOCATION_RETENTION).sort()).toEqual(location.sort());
});

it("F66: a table keeps its rows at least as long as the tables that refer to it", () => {
  // A tombstone outlives every event that could bring its record back.
  expect(D1_RETENTION.inventory.days).toBeGreaterThan(LOCATION_RETENTION.events.days);
  // Sales name products, and insights cover 92 days.
  expect(D1_RETENTION.products.days).toBeGreaterThanOrEqual(D1_RETENTION.sales.days);
  expect(D1_RETENTION.sales.days).toBeGreaterThanOrEqual(2 * 365);
  // Insights look back at days as long as at sales.
  expect(D1_RETENTION.sales_days.days).toBe(D1_RETENTION.sales.days);
  // An event is not given up while a queue still tries it.
  let retries_ms = 0;
  for (let attempt = 1; attempt <= MAX_RETRIES; attempt++) retries_ms += retryDelayS(attempt) * 1_000;
  expect(PENDING_MS).toBeGreaterThan(retries_ms);
  expect(endsBefore(2, 5 * 86_400_000)).toBe(3 * 86_400_000);
});
