import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { dataModel, MEASURED } from "../../bench/data-model/document.ts";
import type { Measured } from "../../bench/data-model/measure.ts";
import { D1_RETENTION, LOCATION_RETENTION } from "../../src/domain/retention.ts";

const page = readFileSync("docs/data-model.md", "utf8");
const measured = JSON.parse(readFileSync(MEASURED, "utf8")) as Measured;

it("F66: docs/data-model.md is as schema and retentions are (`npm run docs:data` writes it)", () => {
  expect(page).toBe(dataModel(measured));
});

it("F66: docs/data-model.md has the columns that later migrations added to a Location's tables", () => {
  const migrations = readFileSync("src/location/storage/migrations.ts", "utf8");
  const added = [...migrations.matchAll(/alter table (\w+) add column (\w+)/g)];
  expect(added.length).toBeGreaterThan(0);
  for (const [, table, column] of added)
    expect(page.split(`### ${table}\n`)[1]?.split("\n### ")[0]).toContain(`\`${column}\``);
});

it("F66: docs/data-model.md has every table with its columns and its retention", () => {
  for (const [table, { row, days }] of Object.entries({ ...D1_RETENTION, ...LOCATION_RETENTION })) {
    const part = page.split(`### ${table}\n`)[1]?.split("\n### ")[0] ?? "";
    expect(part, table).toContain(days === null ? "Kept: " : `After ${days.toLocaleString("en-US")} days`);
    if (table !== "counts") expect(part, table).toContain(`A row is ${row}`);
    expect(part.match(/^\| `\w+`\??/gm)?.length, table).toBeGreaterThan(0);
  }
});
