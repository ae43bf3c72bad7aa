import { env } from "cloudflare:workers";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { recordsDb } from "../../../src/db/databases.ts";
import { loadSales } from "../../../src/db/load-records.ts";
import { rolledUntil, rollUpSales } from "../../../src/db/roll-up.ts";
import { salesUpsert } from "../../../src/db/statements.ts";
import { writeBatch } from "../../../src/db/write.ts";
import { MIN_DETAIL_DAYS } from "../../../src/domain/bounds.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { startOfDay } from "../../../src/domain/values/zone.ts";
import { parseConfig } from "../../../src/env.ts";
import { relinkStatements } from "../../../src/location/records/links.ts";
import { sweep } from "../../../src/pipeline/chores/sweep.ts";
import { newPepper } from "../../../src/security/pepper.ts";
import { call, errorOf, seedStore, token } from "../api/support.ts";
import { rows, write } from "../databases.ts";
import { failingOnce, Rig } from "../faults/support.ts";

/** Daylight saving time ended on 1 November: one of the rolled days has 25 hours. */
const NOW = Date.parse("2026-11-20T15:00:00Z");
const ZONE = "America/Los_Angeles";
const BORDER = "2026-11-05";

beforeAll(() => void vi.setSystemTime(NOW));
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("sales that are rolled up into days", () => {
  let rig: Rig;
  const ask = async (path: string) => {
    // Computed anew.
    await write("delete from insights where location_id = ?", rig.id);
    return call("GET", `/v1/locations/${rig.id}${path}`, { token: await token({ role: "viewer" }) });
  };
  const json = async (path: string) => (await ask(path)).json<Record<string, unknown>>();
  const windows = ["from=2026-10-20&to=2026-11-19", "from=2026-10-31&to=2026-11-02", "from=2026-11-05&to=2026-11-06"];
  const insights = async () => {
    const answers = await Promise.all(windows.map((window) => json(`/insights/sales?${window}&limit=50`)));
    return answers.map(({ computed_at: _, ...answer }) => answer);
  };
  const days = () => rows("select * from sales_days where location_id = ? order by day, product_id", rig.id);
  const roll = () => rollUpSales(recordsDb(rig.env, rig.row), { location_id: rig.id, time_zone: ZONE }, BORDER_MS);
  const BORDER_MS = startOfDay(BORDER, ZONE);

  beforeAll(async () => {
    const location_id = "loc_rolled";
    const data_types = { ...DEFAULT_SETTINGS.data_types, customers: true };
    rig = await Rig.open(
      { size: 60, seed: 5, salesDays: 40, salesPerDay: 12, timeZone: ZONE },
      {
        location_id,
        time_zone: ZONE,
        settings: { ...DEFAULT_SETTINGS, data_types, sales_history_days: 50 },
        customer_pepper: await newPepper(parseConfig(env).credential_keys, location_id),
      },
    );
    await rig.start("initial");
    await rig.drain();
    rig.dutchie.act({ count: 20, kind: "return" });
    rig.dutchie.act({ count: 10, kind: "void" });
    await rig.start("full");
    await rig.drain();
  });

  it("sales that first arrive when their days are rolled up count in these days, once", async () => {
    const before = await insights();
    const [from, border] = [startOfDay("2026-10-20", ZONE), startOfDay("2026-10-24", ZONE)];
    const picked = await rows<{ id: string }>(
      `select sale_id as id from sales where location_id = ? and completed_at >= ? and completed_at < ?
         and json_array_length(lines) > 0 order by is_void, is_return, completed_at limit 9`,
      rig.id,
      from,
      border,
    );
    const db = recordsDb(rig.env, rig.row);
    const late = await loadSales(
      db,
      rig.id,
      picked.map(({ id }) => id),
    );
    for (const { sale_id } of late.values())
      await write("delete from sales where location_id = ? and sale_id = ?", rig.id, sale_id);
    expect(late.size).toBe(9);
    expect(await rollUpSales(db, { location_id: rig.id, time_zone: ZONE }, border)).toBe(false);
    expect(await insights()).not.toEqual(before);
    const given = [...late.values()].map(({ lines, ...sale }) => ({ sale, items: lines }));
    const later = NOW + MIN_DETAIL_DAYS * 86_400_000;
    for (const _ of ["arrives", "is written again, because the connection was lost"]) {
      await writeBatch(db, salesUpsert(rig.row, given, { newer: later, before: [] }));
      expect(await insights()).toEqual(before);
    }
    await writeBatch(db, salesUpsert(rig.row, given, { newer: later, before: late.values() }));
    expect(await insights()).toEqual(before);
    const kept = await rows(
      "select 1 from sales where location_id = ? and completed_at < ? and lines is not null",
      rig.id,
      border,
    );
    expect(kept).toEqual([]);
  });

  it("the sales insights are the same before and after, over the border too, whatever fails on the way", async () => {
    const before = await insights();
    const totals = before.map(({ totals }) => (totals as { units: number }).units);
    expect(Math.min(...totals)).toBeGreaterThan(5);
    const lines = await rows("select 1 from sales s join json_each(s.lines) where s.location_id = ?", rig.id);
    for (const [at, day] of [
      ["before commit", "2026-10-25"],
      ["after commit", "2026-10-28"],
    ] as const) {
      const broken = failingOnce(rig.env, { at, nth: 2, message: "Network connection lost." });
      const db = recordsDb(broken.env, rig.row);
      await rollUpSales(db, { location_id: rig.id, time_zone: ZONE }, startOfDay(day, ZONE));
      expect(broken.reached()).toBe(true);
      expect(await insights()).toEqual(before);
    }
    while (await roll()) expect(await rolledUntil(recordsDb(env, rig.row), rig.id)).toBeLessThan(BORDER_MS);
    expect(await rolledUntil(recordsDb(env, rig.row), rig.id)).toBe(BORDER_MS);
    expect(await insights()).toEqual(before);
    const left = await rows("select 1 from sales s join json_each(s.lines) where s.location_id = ?", rig.id);
    expect(left.length).toBeLessThan(lines.length * 0.7);
    expect((await days()).length).toBeGreaterThan(50);
    const sums = await days();
    expect(await roll()).toBe(false);
    expect(await days()).toEqual(sums);
  });

  it("an old sale that is read again, or changes, counts once; it shows its figures without its lines", async () => {
    const before = await insights();
    const sums = await days();
    const [old] = await rows<{ sale_id: string; dutchie_transaction_id: string }>(
      "select sale_id, dutchie_transaction_id from sales where location_id = ? and type = 'retail' and not is_void order by completed_at limit 1",
      rig.id,
    );
    await write(
      "update sales set content_hash = 'other', source_at = 0 where location_id = ? and sale_id = ?",
      rig.id,
      old?.sale_id,
    );
    await rig.start("full");
    await rig.drain();
    const [read] = await rows<{ content_hash: string }>(
      "select content_hash from sales where location_id = ? and sale_id = ?",
      rig.id,
      old?.sale_id,
    );
    expect(read?.content_hash).not.toBe("other");
    expect(await rows("select lines from sales where location_id = ? and sale_id = ?", rig.id, old?.sale_id)).toEqual([
      { lines: null },
    ]);
    expect(await days()).toEqual(sums);
    expect(await insights()).toEqual(before);
    const shown = await json(`/sales/${old?.sale_id}`);
    expect(shown).toMatchObject({ items: [], item_count: expect.any(Number), total: expect.any(Number) });
  });

  it("insights of customers begin at the border, and say so", async () => {
    const refused = await ask("/insights/customers?from=2026-11-04&to=2026-11-10");
    expect([refused.status, (await errorOf(refused)).message]).toEqual([400, expect.stringContaining(BORDER)]);
    const after = await json(`/insights/customers?from=${BORDER}&to=2026-11-10`);
    expect(after).toMatchObject({ visits: { known: expect.any(Number) } });
  });

  it("what a replaced product sold moves with it, also where both sold on one day", async () => {
    const [first, second] = await rows<{ product_id: string }>(
      "select product_id, count(*) as n from sales_days where location_id = ? and product_id <> '' group by 1 order by n desc limit 2",
      rig.id,
    );
    if (first === undefined || second === undefined) throw new Error("two products");
    const sum = async () => {
      const [row] = await rows<{ quantity: number; revenue: number; lines: number }>(
        "select sum(quantity) as quantity, sum(revenue) as revenue, sum(line_count) as lines from sales_days where location_id = ?",
        rig.id,
      );
      return {
        ...row,
        revenue: Math.round((row?.revenue ?? 0) * 100),
        quantity: Math.round((row?.quantity ?? 0) * 1_000),
      };
    };
    const before = await sum();
    const relinks = [{ from: first.product_id, to: second.product_id }];
    const { $client } = recordsDb(env, rig.row);
    const statements = relinkStatements(rig.id, relinks, { cause: "merge", ref: null, at: 1 }).map((statement) => {
      const { sql, params } = new SQLiteAsyncDialect().sqlToQuery(statement);
      return $client.prepare(sql).bind(...params);
    });
    for (const _ of [1, 2]) await $client.batch(statements);
    expect(await sum()).toEqual(before);
    const left = "select 1 from sales_days where location_id = ? and product_id = ?";
    expect(await rows(left, rig.id, first.product_id)).toEqual([]);
  });
});

it("the nightly sweep rolls up lines after 400 days, later where more history is read, and ends days after three years", async () => {
  const DAY = 86_400_000;
  const setting = (days: number) => ({ ...DEFAULT_SETTINGS, sales_history_days: days });
  for (const [settings, gone] of [
    [setting(60), true],
    [setting(500), false],
  ] as const) {
    const { location_id } = (await seedStore({ settings, time_zone: ZONE })).row;
    for (const [sale_id, age] of [
      ["old", 410],
      ["young", 390],
    ] as const) {
      await write(
        `insert into sales (location_id, sale_id, dutchie_transaction_id, completed_at, type, is_void, is_return, item_count,
           items_hash, lines, source_at, source_rank, content_hash, updated_at)
         values (?, ?, ?, ?, 'retail', 0, 0, 1, '', '[["1", "prd_1", null, 2, 10, 4, null, null, false]]', 1, 1, '', 1)`,
        location_id,
        sale_id,
        sale_id,
        NOW - age * DAY,
      );
    }
    await write("insert into sales_days values (?, '2020-01-01', 'prd_1', 1, 1, 0, 0, 1)", location_id);
    expect(await sweep(env, { location_id }, NOW)).toBeNull();
    const lines = await rows(
      "select sale_id from sales where location_id = ? and lines is not null order by 1",
      location_id,
    );
    expect(lines).toEqual(gone ? [{ sale_id: "young" }] : [{ sale_id: "old" }, { sale_id: "young" }]);
    expect(
      await rows(
        "select product_id, quantity, revenue, cost, line_count from sales_days where location_id = ?",
        location_id,
      ),
    ).toEqual(gone ? [{ product_id: "prd_1", quantity: 2, revenue: 20, cost: 8, line_count: 1 }] : []);
    expect(await rows("select sale_id from sales where location_id = ?", location_id)).toHaveLength(2);
  }
});
