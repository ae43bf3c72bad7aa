import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flag, id, keyTable, number, reference, statedValues, text } from "../../../../src/dutchie/decode/fields.ts";
import { parseStamp } from "../../../../src/dutchie/decode/stamp.ts";
import { grams, potency } from "../../../../src/dutchie/decode/units.ts";

const utc = (...parts: [number, number, number, number?, number?, number?, number?]) => Date.UTC(...parts);

describe("time stamps", () => {
  test.each([
    ["2026-03-08T02:30:00", utc(2026, 2, 8, 2, 30)],
    ["2026-03-08T02:30:00Z", utc(2026, 2, 8, 2, 30)],
    ["2026-03-08 02:30", utc(2026, 2, 8, 2, 30)],
    ["2026-03-08", utc(2026, 2, 8)],
    ["2026-03-08T02:30:00.1", utc(2026, 2, 8, 2, 30, 0, 100)],
    ["2026-03-08T02:30:00.1234567", utc(2026, 2, 8, 2, 30, 0, 123)],
    ["2026-03-08T02:30:00-05:00", utc(2026, 2, 8, 7, 30)],
    ["2026-03-08T02:30:00+0530", utc(2026, 2, 7, 21, 0)],
    [1_772_937_000, 1_772_937_000_000],
    [1_772_937_000_123, 1_772_937_000_123],
    ["1772937000", 1_772_937_000_000],
  ])("%s is read as UTC unless it states a zone", (stamp, expected) => {
    expect(parseStamp(stamp)).toBe(expected);
  });

  test.each([
    "",
    "yesterday",
    "2026-02-30T00:00:00",
    "2026-13-01",
    "0001-01-01T00:00:00",
    "3/8/2026",
    null,
    {},
    Number.NaN,
    12,
  ])("the stamp %s is unreadable", (stamp) => {
    expect(parseStamp(stamp)).toBeNull();
  });

  test("a stamp is the same millisecond with a Z and without, with a T and with a blank, with and without trailing zeros", () => {
    const years = { min: new Date(utc(2001, 0, 1)), max: new Date(utc(2099, 11, 31)), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(years), (date) => {
        const written = date.toISOString();
        const bare = written.slice(0, -1);
        const short = bare.replace(/\.?0*$/, "");
        const read = [written, bare, bare.replace("T", " "), `${bare}0000`, short, `${short}Z`].map(parseStamp);
        expect(new Set(read)).toEqual(new Set([date.getTime()]));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("numbers", () => {
  test.each([
    [12.5, 12.5],
    ["12.5", 12.5],
    [" 3 ", 3],
    ["1,234.5", 1234.5],
    ["$4.20", 4.2],
    ["-2", -2],
    ["", null],
    [null, null],
    ["abc", undefined],
    ["1,2", undefined],
    ["0,500", undefined],
    ["-0,500", undefined],
    ["00,500", undefined],
    ["1,000", 1000],
    ["100,000.25", 100_000.25],
    ["0x10", undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [true, undefined],
    [undefined, undefined],
  ])("the number %s is read as %s", (value, expected) => {
    expect(number(value)).toBe(expected);
  });
});

describe("texts and ids", () => {
  test.each([
    ["  Main St ", "Main St"],
    ["", null],
    ["  ", null],
    [null, null],
    [42, "42"],
    [{ id: 1, name: "Brand" }, "Brand"],
    [[], undefined],
    ["a\0b", "ab"],
    ["\ud800x", "\ufffdx"],
    ["y".repeat(3_000), "y".repeat(2_000)],
  ])("the text %j is trimmed, and a blank text is null", (value, expected) => {
    expect(text(value)).toBe(expected);
  });

  test('an id is a whole number above 0 or a text that doesn\'t mean "none"', () => {
    expect([7, "7", " 7 ", "inv_9-a"].map(id)).toEqual(["7", "7", "7", "inv_9-a"]);
    // As a spreadsheet writes a whole number: in two spellings one record would be there twice.
    expect(["7.0", " 5001.00 ", "7.5", "0.0", "7.0.0", "007"].map(id)).toEqual([
      "7",
      "5001",
      "7.5",
      null,
      "7.0.0",
      "007",
    ]);
    const uuid = "0b9c6f2e-1d3a-4c5b-8e7f-a1b2c3d4e5f6";
    expect([uuid, uuid.toUpperCase(), ` ${uuid} `].map(id)).toEqual([uuid, uuid, uuid]);
    expect(["aB3", "AB3"].map(id)).toEqual(["aB3", "AB3"]);
    for (const none of [0, -7, "-7", "N/A", "-", "TBD", "000000000000"]) expect(id(none)).toBeNull();
    expect([null, undefined, "", 1.5, 2 ** 60, {}, true].map(id)).toEqual(Array(7).fill(null));
  });

  test("the id 0 refers to nothing", () => {
    expect([0, "0", 5, null, undefined].map(reference)).toEqual([null, null, "5", null, undefined]);
  });

  test("a flag is read in its usual spellings", () => {
    expect([true, "true", 1, "Active"].map(flag)).toEqual([true, true, true, true]);
    expect([false, "FALSE", 0, "discontinued"].map(flag)).toEqual([false, false, false, false]);
    expect([null, undefined, "perhaps", {}].map(flag)).toEqual(Array(4).fill(undefined));
  });
});

describe("potency", () => {
  test.each([
    [24.5, "%", { value: 24.5, unit: "percent" }],
    ["24.5%", undefined, { value: 24.5, unit: "percent" }],
    ["100 mg", "%", { value: 100, unit: "mg" }],
    ["250mg/g", undefined, { value: 250, unit: "mg_per_g" }],
    [24.5, undefined, { value: 24.5, unit: "untold" }],
    [24.5, null, { value: 24.5, unit: "none" }],
    ["18 - 22.5%", undefined, { value: 22.5, unit: "percent" }],
    ["18%-22%", undefined, { value: 22, unit: "percent" }],
    ["24 % THC", undefined, { value: 24, unit: "percent" }],
    [{ formatted: "18%-22%", range: [18, 22], unit: "PERCENTAGE" }, undefined, { value: 22, unit: "percent" }],
    [{ formatted: "100mg", range: [100], unit: "MILLIGRAMS" }, undefined, { value: 100, unit: "mg" }],
    [{ formatted: "100mg", range: [] }, undefined, { value: 100, unit: "mg" }],
    [0, "n.d.", { value: 0, unit: "not_detected" }],
    [null, "ND", null],
    ["ND", undefined, { value: 0, unit: "not_detected" }],
    [{ formatted: "", range: [], unit: "PERCENTAGE" }, undefined, null],
    [null, "%", null],
    ["", "%", null],
    [undefined, "%", undefined],
    ["≤0.3%", undefined, { value: 0.3, unit: "percent" }],
    ["≥ 20", "%", { value: 20, unit: "percent" }],
    ["&lt;0.3 %", undefined, { value: 0.3, unit: "percent" }],
    ["less than 0.3%", undefined, { value: 0.3, unit: "percent" }],
    ["up to 25%", undefined, { value: 25, unit: "percent" }],
    ["approx. 18 - 22 %", undefined, { value: 22, unit: "percent" }],
    ["24．5％", undefined, { value: 24.5, unit: "percent" }],
    ["24.5 % w/w", undefined, { value: 24.5, unit: "percent" }],
    ["24.5 wt%", undefined, { value: 24.5, unit: "percent" }],
    ["THC: 24.5%", undefined, { value: 24.5, unit: "percent" }],
    ["Total CBD 3 mg/g", undefined, { value: 3, unit: "mg_per_g" }],
    ["10 mg each", undefined, { value: 10, unit: "mg" }],
    ["100mg/package", undefined, { value: 100, unit: "mg" }],
    ["100 mg total", "%", { value: 100, unit: "mg" }],
    [10, "mg/unit", { value: 10, unit: "mg" }],
    ["ND", "%", { value: 0, unit: "not_detected" }],
    ["N/D", undefined, { value: 0, unit: "not_detected" }],
    ["<LOQ", undefined, { value: 0, unit: "not_detected" }],
    ["< LOD", "%", { value: 0, unit: "not_detected" }],
    ["below LOQ", undefined, { value: 0, unit: "not_detected" }],
    ["BLQ", undefined, { value: 0, unit: "not_detected" }],
    ["None detected", undefined, { value: 0, unit: "not_detected" }],
    [{ formatted: "≤0.3%", range: [] }, undefined, { value: 0.3, unit: "percent" }],
    [{ formatted: "n/a", range: [] }, undefined, null],
    ["n/a", "%", null],
    ["N/A", undefined, null],
    ["-", "%", null],
    ["TBD", undefined, null],
    ["pending", undefined, null],
    ["Not tested", undefined, null],
    ["NT", "%", null],
    ["%", undefined, null],
    ["mg", "mg", null],
    [5, "n/a", { value: 5, unit: "none" }],
    ["0%", undefined, { value: 0, unit: "percent" }],
    ["0", undefined, { value: 0, unit: "untold" }],
    [5, "mg/ml", null],
    ["5 mg/ml", undefined, null],
    ["5mg per mL", "%", null],
    ["10 mg/serving", undefined, null],
    ["10 mg per piece", undefined, null],
    [["5"], "mg/ml", null],
    ["25% THCA", undefined, undefined],
    ["THC 22% CBD 1%", undefined, undefined],
    ["ND (<0.05%)", undefined, undefined],
    [5, "bananas", undefined],
    ["0,225", "%", undefined],
    ["22,5 %", undefined, undefined],
    ["strong", "%", undefined],
    [-1, "%", undefined],
  ])("the potency %j %j is read as %j", (value, unit, expected) => {
    expect(potency(value, unit)).toEqual(expected);
  });
});

describe("weight in grams", () => {
  test.each([
    [3.5, "g", 3.5],
    ["3.5", "Grams", 3.5],
    ["3.5g", undefined, 3.5],
    [500, "mg", 0.5],
    [1, "oz", 28.349523125],
    [1, "lb", 453.59237],
    [1, "kg", 1000],
    [1, "each", null],
    [1, null, null],
    [1, undefined, undefined],
    [3.5, "Gram(s)", 3.5],
    ["1/8", "oz", undefined],
    ["3,5", "g", undefined],
    ["", "g", null],
    [0, "g", null],
    [null, "g", null],
    [undefined, "g", undefined],
  ])("the weight %j %j is read as %j", (value, unit, expected) => {
    expect(grams(value, unit)).toBe(expected);
  });
});

describe("F71: a row with thousands of spellings is read in linear time", () => {
  // Without a limit of its own: an algorithm that is not linear would need minutes, and the test's time-out ends it.
  /** Thousands of spellings of a name: `_` and `-` are passed over. */
  const spellings = (name: string, count: number) =>
    Array.from({ length: count }, (_, i) => {
      const signs = [...i.toString(2).padStart(18, "0")].map((bit) => (bit === "1" ? "_" : "-")).join("");
      return `${name.slice(0, 1)}${signs}${name.slice(1)}`;
    });

  test.each([
    ["sku", 160_000],
    ["id", 160_000],
    ["price", 80_000],
  ])("F71: a row with the key %s in %i spellings is read in linear time", (name, count) => {
    const table = keyTable({ [name]: ["better", name] });
    const row = Object.fromEntries([
      ...spellings(name, count).map((spelling, i) => [spelling, i]),
      ["better", "first"],
    ]);
    const stated = () => statedValues(row, table)?.values.get(name);
    expect(stated()?.slice(0, 2)).toMatchObject([{ value: "first" }, { value: 0 }]);
    expect(stated()).toHaveLength(count + 1);
  });

  test.each([`<${" ".repeat(98)}!`, `1${".".repeat(98)}!`, `${" 1 -".repeat(24)}!`, `1${" ".repeat(98)}!`])(
    "F71: two hundred thousand potencies %j are read in linear time",
    (label) => {
      for (let i = 0; i < 200_000; i++) if (potency(label, "%") != null) throw new Error("no potency expected");
      expect(potency(label, "%") ?? null).toBeNull();
    },
  );
});
