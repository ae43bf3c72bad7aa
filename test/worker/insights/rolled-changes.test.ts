import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { Random } from "../../../simulator/random.ts";
import { recordsDb } from "../../../src/db/databases.ts";
import { salesInsights } from "../../../src/db/insights/sales.ts";
import { loadSales } from "../../../src/db/load-records.ts";
import { rollUpSales } from "../../../src/db/roll-up.ts";
import { salesUpsert } from "../../../src/db/statements.ts";
import { writeBatch } from "../../../src/db/write.ts";
import { insightsWindow } from "../../../src/domain/insights/window.ts";
import type { SaleItem } from "../../../src/domain/records/model.ts";
import type { SaleRow, SaleWithItems } from "../../../src/domain/records/records.ts";
import { startOfDay } from "../../../src/domain/values/zone.ts";
import { relinkStatements } from "../../../src/location/records/links.ts";
import { saleLine, saleRow } from "../../unit/domain/build.ts";
import { seedStore } from "../api/support.ts";
import { write } from "../databases.ts";

const NOW = Date.parse("2026-11-20T15:00:00Z");
const ZONE = "America/Los_Angeles";
/** Six days around the end of daylight saving time a year ago. */
const DAYS = ["2025-10-31", "2025-11-01", "2025-11-02", "2025-11-03", "2025-11-04", "2025-11-05"];
const HOUR = 3_600_000;

/** Two stores with the same sales: one rolls its days up, the other, the oracle, keeps all lines. */
async function twins() {
  const [rolled, oracle] = await Promise.all([0, 1].map(async () => (await seedStore({ time_zone: ZONE })).row));
  if (rolled === undefined || oracle === undefined) throw new Error("two stores");
  for (const { location_id } of [rolled, oracle])
    for (const id of ["prd_a", "prd_b", "prd_c"])
      await write(
        `insert into products (location_id, product_id, product_name, status, source, source_at, source_rank, content_hash, updated_at)
         values (?, ?, ?, 'active', 'dutchie', 1, 1, '', 1)`,
        location_id,
        id,
        id,
      );
  let version = 0;
  const put = async (given: readonly { sale: SaleRow; items: SaleItem[] | null }[], times = 1) => {
    version += 1;
    const rows: SaleWithItems[] = given.map(({ sale, items }) => ({ sale: { ...sale, source_at: version }, items }));
    for (const row of [rolled, oracle]) {
      const db = recordsDb(env, row);
      const before = await loadSales(
        db,
        row.location_id,
        rows.map(({ sale }) => sale.sale_id),
      );
      const statements = salesUpsert(row, rows, { newer: NOW, before: before.values() });
      for (let time = 0; time < times; time++) await writeBatch(db, statements);
    }
  };
  const roll = (day: string) => rollUpSales(recordsDb(env, rolled), rolled, startOfDay(day, ZONE));
  const relink = async (from: string, to: string) => {
    for (const row of [rolled, oracle])
      await writeBatch(
        recordsDb(env, row),
        relinkStatements(row.location_id, [{ from, to }], { cause: "merge", ref: null, at: 1 }),
      );
  };
  const figures = async () => {
    const window = insightsWindow({ from: "2025-10-20", to: "2025-11-20" }, ZONE, NOW);
    if (!window.ok) throw new Error(window.message);
    const [mine, truth] = await Promise.all(
      [rolled, oracle].map((row) => salesInsights(recordsDb(env, row), row.location_id, window.window)),
    );
    return { mine, truth };
  };
  return { put, roll, relink, figures };
}

const saleOf = (id: string, over: Partial<SaleRow> = {}): SaleRow =>
  saleRow({
    sale_id: id,
    dutchie_transaction_id: id,
    completed_at: startOfDay("2025-11-01", ZONE) + 12 * HOUR,
    total: null,
    ...over,
  });

const lineOf = (line_id: string, over: Partial<SaleItem> = {}): SaleItem => ({
  ...saleLine(line_id),
  product_id: "prd_a",
  quantity: 2,
  unit_price: 10,
  unit_cost: 4,
  discount: null,
  total: null,
  ...over,
});

const CHANGES: [string, { sale: SaleRow; items: SaleItem[] | null }][] = [
  ["is voided", { sale: saleOf("x", { is_void: true }), items: [lineOf("1"), lineOf("2", { product_id: "prd_b" })] }],
  ["is voided without its lines", { sale: saleOf("x", { is_void: true }), items: null }],
  ["loses a line to a return", { sale: saleOf("x"), items: [lineOf("1", { is_returned: true }), lineOf("2")] }],
  ["has another quantity and price", { sale: saleOf("x"), items: [lineOf("1", { quantity: 0.3, total: 1.15 })] }],
  ["turns out to be a transfer", { sale: saleOf("x", { type: "transfer" }), items: null }],
  [
    "was made on another day",
    { sale: saleOf("x", { completed_at: startOfDay("2025-11-03", ZONE) + HOUR }), items: null },
  ],
  [
    "was made after the border, where its product sold, too",
    { sale: saleOf("x", { completed_at: startOfDay("2025-11-05", ZONE) + HOUR }), items: [lineOf("1")] },
  ],
];

it.each(CHANGES)("a sale of a rolled-up day that %s counts as it is now", async (_, changed) => {
  const { put, roll, figures } = await twins();
  await put([
    { sale: saleOf("x"), items: [lineOf("1"), lineOf("2", { product_id: "prd_b" })] },
    { sale: saleOf("y"), items: [lineOf("1", { product_id: "prd_c" })] },
    { sale: saleOf("z", { completed_at: startOfDay("2025-11-05", ZONE) }), items: [lineOf("1")] },
  ]);
  await roll("2025-11-04");
  const { mine, truth } = await figures();
  expect(mine).toEqual(truth);
  await put([changed], 2);
  const after = await figures();
  expect(after.truth).not.toEqual(truth);
  expect(after.mine).toEqual(after.truth);
  await put([{ sale: saleOf("x"), items: null }]);
  const back = await figures();
  expect(back.mine).toEqual(back.truth);
});

it("a coupon's line is no unit that was sold, and its money counts, before its day is rolled up and after", async () => {
  const { put, roll, figures } = await twins();
  const coupon = lineOf("2", { product_id: "prd_b", quantity: 3, unit_price: -1, unit_cost: null, is_coupon: true });
  await put([{ sale: saleOf("x"), items: [lineOf("1"), coupon] }]);
  const expected = { sales: 1, units: 2, revenue: 17, products_sold: 1 };
  expect((await figures()).mine?.totals).toMatchObject(expected);
  expect((await figures()).mine?.top.map(({ product_id, units }) => [product_id, units])).toEqual([["prd_a", 2]]);
  await roll("2025-11-04");
  const { mine, truth } = await figures();
  expect(mine?.totals).toMatchObject(expected);
  expect(mine).toEqual(truth);
});

it("whatever changes, arrives late, is merged or written twice, the days are those of a store that keeps all lines", async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const draw = new Random(seed);
    const { put, roll, relink, figures } = await twins();
    let rolled = 0;
    const trail: string[] = [];
    for (let step = 0; step < 25; step++) {
      const kind = draw.int(0, 9);
      if (kind <= 2 && rolled < DAYS.length) {
        rolled += 1;
        trail.push(`roll ${DAYS[rolled - 1]}`);
        await roll(DAYS[rolled - 1] ?? "");
      } else if (kind === 3) {
        trail.push("relink");
        await relink(draw.pick(["prd_a", "prd_b"]), "prd_c");
      } else {
        const given = Array.from({ length: draw.int(1, 3) }, (_, at) => {
          const sale = saleOf(`s${draw.int(0, 2) * 3 + at}`, {
            completed_at: startOfDay(draw.pick(DAYS), ZONE) + draw.int(0, 22) * HOUR,
            type: draw.pick(["retail", "retail", "retail", "transfer"]),
            is_void: draw.int(0, 4) === 0,
            is_return: draw.int(0, 6) === 0,
          });
          const items = Array.from({ length: draw.int(0, 3) }, (_, line) =>
            lineOf(`${line}`, {
              product_id: draw.pick(["prd_a", "prd_b", "prd_c", null]),
              quantity: draw.pick([1, 2, 3.5, 0.1, 0.2]),
              total: draw.pick([null, 12.34, 0.1]),
              discount: draw.pick([null, 0.7]),
              is_returned: draw.int(0, 3) === 0,
              is_coupon: draw.int(0, 4) === 0,
            }),
          );
          return { sale, items: draw.int(0, 3) === 0 ? null : items };
        });
        trail.push(JSON.stringify(given));
        await put(given, draw.int(1, 2));
      }
      const { mine, truth } = await figures();
      expect(mine, `seed ${seed}\n${trail.join("\n")}`).toEqual(truth);
    }
  }
});
