import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { CustomerInsights, Product, SalesInsights } from "../../../src/client/index.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { parseConfig } from "../../../src/env.ts";
import { newPepper } from "../../../src/security/pepper.ts";
import { type Asked, customersTruth, salesTruth } from "../../support/insights-truth.ts";
import { call, errorOf, token } from "../api/support.ts";
import { Rig } from "../faults/support.ts";

/** Every figure against an independent computation over the simulated store's own truth, under both profiles. */
const NOW = Date.parse("2026-11-20T15:00:00Z");

interface Case {
  profile: "pos" | "guide";
  time_zone: string;
  windows: { from: string; to: string }[];
}

const CASES: Case[] = [
  {
    profile: "pos",
    time_zone: "America/Los_Angeles",
    // The second begins and ends around the end of daylight saving time, 1 November; the third is one long day.
    windows: [
      { from: "2026-10-21", to: "2026-11-19" },
      { from: "2026-10-31", to: "2026-11-02" },
      { from: "2026-11-01", to: "2026-11-01" },
      { from: "2026-08-21", to: "2026-11-20" },
    ],
  },
  {
    profile: "guide",
    // Half a day ahead of UTC; its daylight saving time began on 27 September.
    time_zone: "Pacific/Auckland",
    windows: [
      { from: "2026-09-20", to: "2026-10-10" },
      { from: "2026-09-27", to: "2026-09-27" },
    ],
  },
];

beforeAll(() => void vi.setSystemTime(NOW));
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe.each(CASES)("a store in $time_zone under the profile $profile", ({ profile, time_zone, windows }) => {
  let rig: Rig;
  let productOf: Asked["productOf"];

  const ask = async <T>(path: string): Promise<T> => {
    const response = await call("GET", `/v1/locations/${rig.id}${path}`, { token: await token({ role: "viewer" }) });
    expect(response.status).toBe(200);
    return response.json<T>();
  };

  beforeAll(async () => {
    const location_id = `loc_insights_${profile}`;
    rig = await Rig.open(
      { size: 60, seed: 5, salesDays: 70, salesPerDay: 12, profiles: [profile], timeZone: time_zone },
      {
        location_id,
        profile,
        time_zone,
        settings: {
          ...DEFAULT_SETTINGS,
          data_types: { ...DEFAULT_SETTINGS.data_types, customers: true },
          sales_history_days: 80,
        },
        customer_pepper: await newPepper(parseConfig(env).credential_keys, location_id),
      },
    );
    await rig.start("initial");
    await rig.drain();
    rig.dutchie.act({ count: 30, kind: "return" });
    rig.dutchie.act({ count: 10, kind: "void" });
    await rig.start("full");
    await rig.drain();
    const products: Product[] = (await ask<{ data: Product[] }>("/products?include_merged=true&limit=500")).data;
    const byId = new Map(products.map((product) => [product.product_id, product]));
    const byDutchie = new Map(products.map((product) => [product.dutchie_product_id, product]));
    productOf = (id) => {
      const own = byDutchie.get(id);
      const found = own?.merged_into == null ? own : byId.get(own.merged_into);
      if (found === undefined) throw new Error(`Product ${id} is not in ReUp.`);
      return found;
    };
    expect(products.some(({ merged_into }) => merged_into !== null)).toBe(true);
  });

  it("the store has the cases that make counting difficult", () => {
    const sales = rig.dutchie.oracle().sales ?? [];
    const customers = sales.filter(({ type }) => type === "retail").map((sale) => sale.dutchie_customer_id);
    expect(customers).toContain(null);
    expect(new Set(customers).size).toBeLessThan(customers.length * 0.8);
    expect(new Set(sales.map(({ type }) => type))).toEqual(new Set(["retail", "transfer", "wholesaleorder"]));
    expect(sales.filter(({ is_void }) => is_void).length).toBeGreaterThan(10);
    expect(sales.filter(({ is_return }) => is_return).length).toBeGreaterThan(10);
    // Signs of returns are not to be relied on.
    const returned = sales.filter(({ is_return }) => is_return).map(({ total }) => Math.sign(total));
    expect(new Set(returned)).toEqual(new Set([1, -1]));
  });

  it.each(windows)("sales from $from to $to equal an independent count", async ({ from, to }) => {
    const answer = await ask<SalesInsights>(`/insights/sales?from=${from}&to=${to}&limit=50`);
    const truth = salesTruth(rig.dutchie.oracle(), { from, to, time_zone, productOf });
    expect(truth.totals.sales).toBeGreaterThan(3);
    const { totals, days, top, slow } = answer;
    const figures = ({
      product_id,
      units,
      revenue,
      on_hand,
      sell_through,
      days_of_stock,
    }: SalesInsights["slow"][0]) => ({
      product_id,
      units,
      revenue,
      on_hand,
      sell_through,
      days_of_stock,
    });
    expect({
      totals,
      days,
      top: top.map((product) => ({ ...figures(product), days: product.days })),
      slow: slow.map(figures),
    }).toEqual(truth);
    expect(answer).toMatchObject({ from, to, time_zone });
  });

  it.each(windows)("customers from $from to $to equal an independent count", async ({ from, to }) => {
    const answer = await ask<CustomerInsights>(`/insights/customers?from=${from}&to=${to}`);
    const truth = customersTruth(rig.dutchie.oracle(), { from, to, time_zone, productOf });
    expect(truth.customers.total).toBeGreaterThan(2);
    const { from: _, to: __, time_zone: ___, computed_at: ____, ...figures } = answer;
    expect(figures).toEqual(truth);
  });

  it.each([
    ["from=2026-11-10&to=2026-11-09", "from"],
    ["to=2026-11-30", "to"],
    ["from=2026-01-01", "from"],
    ["from=yesterday", "from"],
  ])("an impossible window (%s) is 400 and the error names the parameter", async (query, path) => {
    for (const kind of ["sales", "customers"]) {
      const jwt = await token({ role: "viewer" });
      const response = await call("GET", `/v1/locations/${rig.id}/insights/${kind}?${query}`, { token: jwt });
      expect(response.status).toBe(400);
      expect((await errorOf(response)).details.issues).toEqual([expect.objectContaining({ path })]);
    }
  });
});
