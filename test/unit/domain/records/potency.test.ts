import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Potency } from "../../../../src/domain/records/model.ts";
import { mapPotency } from "../../../../src/domain/records/potency.ts";

type Unit = Potency["unit"];
type Row = [
  what: string,
  value: number,
  unit: Unit,
  grams: number | null,
  category: string | null,
  percentage: number | null,
  mg: number | null,
];

describe("a potency as ReUp stores it", () => {
  it.each<Row>([
    ["a percentage stays a percentage", 21.5, "percent", 3.5, "Flower", 21.5, null],
    ["a number without a unit is a percentage", 21.5, "none", null, null, 21.5, null],
    ["100 percent is a percentage", 100, "percent", null, null, 100, null],
    ["a small percentage may be true", 0.472, "percent", 1, "Flower", 0.472, null],
    ["zero percent is a statement", 0, "percent", null, null, 0, null],
    ["966 % of an edible are milligrams", 966, "percent", null, "Edibles", null, 966],
    ["966 % of a heavy edible give its percentage too", 966, "percent", 100, "Edibles", 0.966, 966],
    ["966 without a unit are milligrams", 966, "none", null, "Edibles", null, 966],
    ["milligrams need a weight for a percentage", 100, "mg", null, "Edibles", null, 100],
    ["milligrams divided by ten times the grams are the percentage", 100, "mg", 50, "Edibles", 0.2, 100],
    ["more milligrams than the unit weighs give no percentage", 966, "mg", 0.05, "Edibles", null, 966],
    ["a weight of nothing gives no percentage", 100, "mg", 0, "Edibles", null, 100],
    ["74.05 mg of a gram of vape mean percent", 74.05, "mg", 1, "Vape Cartridges", 74.05, null],
    ["22 mg of an eighth mean percent", 22, "mg", 3.5, "Flower", 22, null],
    ["740 mg of a gram of vape are milligrams", 740, "mg", 1, "Vape Cartridges", 74, 740],
    ["60 mg of a quarter gram of vape are milligrams", 60, "mg", 0.25, "Vape Cartridges", 24, 60],
    ["74.05 mg of an edible are milligrams", 74.05, "mg", 10, "Edibles", 0.7405, 74.05],
    ["74.05 mg of an unknown weight stay as labelled", 74.05, "mg", null, "Vape", null, 74.05],
    ["74.05 mg of an unknown category stay as labelled", 74.05, "mg", 1, null, 7.405, 74.05],
    ["mg/g divided by ten are percent", 215, "mg_per_g", null, null, 21.5, null],
    ["mg/g of a known weight gives milligrams", 215, "mg_per_g", 3.5, null, 21.5, 752.5],
    ["more than 1,000 mg/g is no percentage", 1200, "mg_per_g", null, null, null, null],
    ["not detected is 0 %", 0, "not_detected", 1, "Flower", 0, null],
    ["a number with the unit not detected does not count", 12, "not_detected", 1, "Flower", null, null],
    ["a negative potency is none", -1, "percent", 1, "Flower", null, null],
  ])("a potency is stored as ReUp stores it: %s", (_, value, unit, grams, category, percentage, mg) => {
    expect(mapPotency({ value, unit }, grams, category)).toEqual({ percentage, mg });
  });

  it("a potency of null is null", () => {
    expect(mapPotency(null, 3.5, "Flower")).toEqual({ percentage: null, mg: null });
  });

  it("a potency is rounded to four decimals", () => {
    expect(mapPotency({ value: 100, unit: "mg" }, 28.349523125, "Edibles")).toEqual({ percentage: 0.3527, mg: 100 });
    expect(mapPotency({ value: 21.123456, unit: "percent" }, null, null).percentage).toBe(21.1235);
  });

  it("a percentage is always within 0 to 100, and no value is lost", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 5_000, noNaN: true }),
        fc.constantFrom<Unit>("percent", "mg", "none"),
        fc.option(fc.double({ min: 0.01, max: 500, noNaN: true })),
        fc.constantFrom(null, "Flower", "Vape", "Edibles"),
        (value, unit, grams, category) => {
          const { percentage, mg } = mapPotency({ value, unit }, grams, category);
          expect(percentage ?? 0).toBeGreaterThanOrEqual(0);
          expect(percentage ?? 0).toBeLessThanOrEqual(100);
          expect(mg ?? 0).toBeGreaterThanOrEqual(0);
          // The label's number is kept in the one column or the other.
          expect([percentage, mg].some((kept) => kept !== null && Math.abs(kept - value) < 0.0001)).toBe(true);
        },
      ),
    );
  });
});
