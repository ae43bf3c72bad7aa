import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_QUOTE } from "../../../../src/domain/bounds.ts";
import { decidePush, overwritten, readAnswer, renditions } from "../../../../src/domain/pushes/push.ts";
import { isRendition, renditionText } from "../../../../src/domain/pushes/rendition.ts";
import type { PushField } from "../../../../src/domain/records/model.ts";
import { product } from "../build.ts";

const NAME = "Papa & Barkley Releaf Café Gummies 100mg";

describe("Dutchie's rendition of a value", () => {
  it.each<[string, PushField, string | number | null, string | number | null]>([
    ["a price rounded", "unit_price", 12.345, 12.35],
    ["a price cut to its cents", "unit_price", 12.345, 12.34],
    ["a price of three decimals", "unit_price", 12.34567, 12.346],
    ["a price as text", "unit_price", 24.5, "24.50"],
    ["a price that is cleared", "unit_price", null, 0],
    ["a cost rounded", "unit_cost", 7.005, 7.01],
    ["a cost beyond a float's digits", "unit_cost", 1.005, 1],
    ["a percentage rounded", "thc_percentage", 21.456, 21.5],
    ["a percentage without decimals", "cbd_percentage", 0.62, 1],
    ["a name trimmed", "product_name", "  Blue Dream ", "Blue Dream"],
    ["a name in capitals", "product_name", "Blue Dream", "BLUE DREAM"],
    ["a name cut", "product_name", NAME, NAME.slice(0, 20)],
    ["a name cut and in capitals", "product_name", NAME, NAME.slice(0, 15).toUpperCase()],
    ["a name escaped", "product_name", NAME, NAME.replace("&", "&amp;")],
    ["a name without accents", "product_name", NAME, NAME.replace("é", "e")],
    ["a name without its emoji", "product_name", "Gummies 🍓", "Gummies ??"],
    ["a brand with another apostrophe", "brand", "Willie’s", "Willie's"],
    ["nothing for nothing", "brand", null, ""],
    ["a category in another case", "category", "Pre-Rolls", "PRE-ROLLS"],
    ["a category from a list", "category", "Infused Edibles", "Edible"],
    ["a strain type from a list", "subcategory", "Indica dominant Hybrid", "Indica-Hybrid"],
  ])("F69: %s is Dutchie's rendition of our value", (_, field, wrote, stored) => {
    expect(isRendition(field, wrote, stored)).toBe(true);
  });

  it.each<[string, PushField, string | number | null, string | number | null]>([
    ["another price", "unit_price", 12.345, 12.36],
    ["a price that lost its cents", "unit_price", 12.345, 12],
    ["a price that is a dollar off", "unit_price", 30, 31],
    ["a price against none", "unit_price", null, 20],
    ["a price that is no number", "unit_price", 30, "ask"],
    ["a cost of a cent more", "unit_cost", 7.01, 7.02],
    ["another percentage", "thc_percentage", 21.4, 22],
    ["a longer name", "product_name", "Blue Dream", "Blue Dream 3.5g"],
    ["a name of three letters", "product_name", "Blue Dream", "Blu"],
    ["a name against none", "product_name", "Blue Dream", ""],
    ["another brand", "brand", "Kiva", "Wana"],
    ["another strain type", "subcategory", "Indica", "Sativa"],
    ["no strain type", "subcategory", "Indica", ""],
    ["words from nowhere", "category", "大麻", "花"],
  ])("F69: %s is somebody's edit", (_, field, wrote, stored) => {
    expect(isRendition(field, wrote, stored)).toBe(false);
  });

  it("F69: a number rounded to any digits is the same number; a number that differs by a cent more is another", () => {
    const price = fc.double({ min: 0, max: 100_000, noNaN: true });
    fc.assert(
      fc.property(price, fc.integer({ min: 2, max: 4 }), (wrote, places) => {
        const stored = Number(wrote.toFixed(places));
        expect(isRendition("unit_price", wrote, stored)).toBe(true);
        expect(isRendition("unit_price", wrote, Number((stored + 0.02).toFixed(2)))).toBe(false);
      }),
    );
  });

  it("F69: the rendition is described in words, and a long text is quoted up to its limit", () => {
    const price = { field: "unit_price", wrote: 12.345, kept: 12.35 } as const;
    expect(renditionText([price])).toBe("Dutchie kept 12.35 for 12.345 (unit_price).");
    const long = "x".repeat(2_000);
    expect(renditionText([{ field: "product_name", wrote: long, kept: null }]).length).toBeLessThan(MAX_QUOTE + 100);
  });
});

describe("renditions by each way they come", () => {
  const edit = { unit_price: { value: 12.345, base: 10 } };
  const write = { written: { unit_price: 12.345 }, fields: edit, known_at: 100, answered_at: 200 };

  it("F69: the answer to a write keeps a rendition; the old value or an unrelated one means refused", () => {
    expect(readAnswer(edit, { unit_price: 12.35 })).toEqual({
      kept: [{ field: "unit_price", wrote: 12.345, kept: 12.35 }],
      refused: [],
    });
    expect(readAnswer(edit, { unit_price: 10 })).toEqual({ kept: [], refused: [{ field: "unit_price", value: 10 }] });
    expect(readAnswer(edit, { unit_price: 99 }).refused).toEqual([{ field: "unit_price", value: 99 }]);
    // It had that value already: to the cent, it is ours.
    expect(readAnswer({ unit_price: { value: 12.345, base: 12.35 } }, { unit_price: 12.35 }).refused).toEqual([]);
    // A shorter name that was there before was not cut from ours.
    const longer = { product_name: { value: "Blue Dream 3.5g", base: "Blue Dream" } };
    expect(readAnswer(longer, { product_name: "Blue Dream" }).refused).toHaveLength(1);
    // A translation by Dutchie's own list is recognised because it comes in the answer.
    const category = { category: { value: "Vaporizers", base: "Flower" } };
    expect(readAnswer(category, { category: "Cartridge" }).kept).toHaveLength(1);
    expect(readAnswer(category, { category: "Flower" }).refused).toHaveLength(1);
    expect(readAnswer({ category: { value: "flower", base: "Flower" } }, { category: "Flower" }).refused).toEqual([]);
  });

  it("F69: when a lost answer is read again, the push is done; if the write was never sent, it is sent", () => {
    const now = product({ unit_price: 12.35 });
    expect(decidePush(edit, now, {}, { sent: true, written: [] })).toMatchObject({
      kind: "done",
      kept: [{ kept: 12.35 }],
    });
    expect(decidePush(edit, now, {})).toMatchObject({ kind: "conflict" });
    const recased = { product_name: { value: "BLUE DREAM", base: "Blue Dream" } };
    expect(decidePush(recased, product({ product_name: "Blue Dream" }), {})).toMatchObject({ kind: "send" });
  });

  it("F69: the next edit accepts Dutchie's rendition of the edit before; any other value is a conflict", () => {
    const next = { unit_price: { value: 15, base: 12.345 } };
    const ours = { sent: false, written: [{ unit_price: 12.345 }] };
    expect(decidePush(next, product({ unit_price: 12.35 }), {}, ours)).toMatchObject({ kind: "send" });
    expect(decidePush(next, product({ unit_price: 12.36 }), {}, ours)).toMatchObject({ kind: "conflict" });
    // 12.345 was never ours: somebody typed it, and somebody changed it.
    expect(decidePush(next, product({ unit_price: 12.35 }), {})).toMatchObject({ kind: "conflict" });
  });

  it("F69: a webhook of that moment opens a review for another price, but not for ours rounded to the cent", () => {
    expect(overwritten([write], { unit_price: 12.35 }, 150)).toEqual([]);
    expect(overwritten([write], { unit_price: 12.4 }, 150)).toMatchObject([{ dutchie_value: 12.4 }]);
  });

  it("F69: an absent key makes no statement", () => {
    expect(renditions(edit, {})).toEqual([]);
  });
});
