import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cohorts, distribution, sameNames, stockFigures } from "../../../../src/domain/insights/figures.ts";

describe("figures of stock", () => {
  it.each([
    ["half sold", { units: 10, on_hand: 10, days: 10 }, { sell_through: 0.5, days_of_stock: 10 }],
    ["sold out", { units: 10, on_hand: 0, days: 10 }, { sell_through: 1, days_of_stock: 0 }],
    ["nothing sold", { units: 0, on_hand: 7, days: 10 }, { sell_through: 0, days_of_stock: null }],
    ["nothing there", { units: 0, on_hand: 0, days: 10 }, { sell_through: null, days_of_stock: null }],
    ["more sold than there was", { units: 5, on_hand: -2, days: 10 }, { sell_through: 1, days_of_stock: 0 }],
    ["more taken back than sold", { units: -1, on_hand: 4, days: 10 }, { sell_through: 0, days_of_stock: null }],
    ["slow", { units: 1, on_hand: 3, days: 30 }, { sell_through: 0.25, days_of_stock: 90 }],
  ])("sell-through and days of stock are right: %s", (_, given, expected) => {
    expect(stockFigures(given)).toEqual(expected);
  });

  it("sell-through is a share, and stock lasts longer when less is sold", () => {
    const amount = fc.integer({ min: 1, max: 10_000 });
    fc.assert(
      fc.property(amount, amount, amount, (units, on_hand, days) => {
        const { sell_through, days_of_stock } = stockFigures({ units, on_hand, days });
        expect(sell_through).toBeGreaterThanOrEqual(0);
        expect(sell_through).toBeLessThanOrEqual(1);
        const slower = stockFigures({ units: units + 1, on_hand, days });
        expect(slower.days_of_stock ?? 0).toBeLessThanOrEqual(days_of_stock ?? 0);
      }),
    );
  });
});

describe("distributions", () => {
  it("a distribution names its buckets by their bounds, leaves the last one open, and rounds to cents", () => {
    expect(
      distribution([0, 25, 50], { count: 3, median: 29.900000000000002, p90: 51.004, buckets: [1, 1, 1] }),
    ).toEqual({
      count: 3,
      median: 29.9,
      p90: 51,
      buckets: [
        { from: 0, to: 25, count: 1 },
        { from: 25, to: 50, count: 1 },
        { from: 50, to: null, count: 1 },
      ],
    });
  });

  it("a distribution without values has no median", () => {
    expect(distribution([1], { count: 0, median: null, p90: null, buckets: [0] })).toEqual({
      count: 0,
      median: null,
      p90: null,
      buckets: [{ from: 1, to: null, count: 0 }],
    });
  });
});

describe("names in insights", () => {
  it("equal names count together under the spelling that most products have", () => {
    const spellings = [
      { name: "Edibles", products: 2 },
      { name: "edible", products: 5 },
      { name: "Pre-Rolls", products: 1 },
      { name: "Pre-Roll", products: 1 },
      { name: "Vape", products: 9 },
    ];
    expect(sameNames("category", spellings)).toEqual([
      { name: "Edibles", shown: "edible" },
      { name: "edible", shown: "edible" },
      { name: "Pre-Rolls", shown: "Pre-Roll" },
      { name: "Pre-Roll", shown: "Pre-Roll" },
      { name: "Vape", shown: "Vape" },
    ]);
  });

  it("brands keep their number", () => {
    const brands = ["Pine", "PINE ", "Pines"].map((name) => ({ name, products: 1 }));
    expect(sameNames("brand", brands).map(({ shown }) => shown)).toEqual(["PINE ", "PINE ", "Pines"]);
  });
});

describe("cohorts of customers", () => {
  it("cohorts form a triangle: each month begins with its own customers, and months without any are 0", () => {
    const counted = [
      { cohort: "2026-09", month: "2026-09", customers: 5 },
      { cohort: "2026-09", month: "2026-11", customers: 2 },
      { cohort: "2026-11", month: "2026-11", customers: 3 },
    ];
    expect(cohorts(["2026-09", "2026-10", "2026-11"], counted)).toEqual([
      { month: "2026-09", customers: 5, active: [5, 0, 2] },
      { month: "2026-10", customers: 0, active: [0, 0] },
      { month: "2026-11", customers: 3, active: [3] },
    ]);
  });
});
