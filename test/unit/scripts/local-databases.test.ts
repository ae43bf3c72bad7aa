import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, it, vi } from "vitest";
import { migrateLocal, queryLocal, withLocal } from "../../../scripts/support/local-databases.ts";

/** How often a statement waited for a busy database. */
const waits = vi.hoisted(() => ({ count: 0 }));
vi.mock("node:timers/promises", async (original) => {
  const timers = await original<typeof import("node:timers/promises")>();
  const counted: typeof timers.setTimeout = (...given) => {
    waits.count += 1;
    return timers.setTimeout(...given);
  };
  return { ...timers, setTimeout: counted };
});

const state = mkdtempSync(join(tmpdir(), "reup-dutchie-databases-"));
afterAll(() => rmSync(state, { recursive: true, force: true }));

const filesOf = (kind: string) =>
  readdirSync(`migrations/${kind}`)
    .filter((name) => name.endsWith(".sql"))
    .sort();
const APPLIED = "select name from d1_migrations order by id";

it("local databases get all migrations in order, and wrangler finds nothing left to apply", async () => {
  await migrateLocal(state);
  await withLocal(state, async (databaseOf) => {
    for (const [binding, kind] of [
      ["DB", "accounts"],
      ["RECORDS_00", "records"],
      ["RECORDS_01", "records"],
    ] as const) {
      const { results } = await (await databaseOf(binding)).prepare(APPLIED).all<{ name: string }>();
      expect(results.map(({ name }) => name)).toEqual(filesOf(kind));
    }
  });
  const list = ["d1", "migrations", "list", "RECORDS_01", "--local", "--persist-to", state];
  const told = execFileSync(process.execPath, ["node_modules/wrangler/bin/wrangler.js", ...list], { encoding: "utf8" });
  expect(told).toContain("No migrations to apply");
});

it("a database gets only what it lacks, and keeps its rows", async () => {
  await withLocal(state, async (databaseOf) => {
    const db = await databaseOf("DB");
    await db.batch([
      db.prepare("drop table settled_items"),
      db.prepare("delete from d1_migrations where name = '0006_settled_items.sql'"),
      db.prepare("create table kept as select 1 as one"),
    ]);
  });
  await migrateLocal(state);
  await withLocal(state, async (databaseOf) => {
    const rows = "select one, (select count(*) from settled_items) as settled from kept";
    const { results } = await (await databaseOf("DB")).prepare(rows).all();
    expect(results).toEqual([{ one: 1, settled: 0 }]);
  });
});

it("a statement waits while another process writes to its database", async () => {
  const files = readdirSync(join(state, "v3/d1"), { recursive: true, encoding: "utf8" });
  const writers = files
    .filter((file) => file.endsWith(".sqlite") && !file.endsWith("metadata.sqlite"))
    .map((file) => new DatabaseSync(join(state, "v3/d1", file)));
  for (const writer of writers) writer.exec("begin immediate");
  const asked = queryLocal(state, "DB", "insert into kept (one) values (2) returning one");
  await Promise.race([asked, vi.waitUntil(() => waits.count > 1, { timeout: 20_000 })]);
  for (const writer of writers) writer.exec("commit");
  expect(await asked).toEqual([{ one: 2 }]);
  expect(waits.count).toBeGreaterThan(1);
});
