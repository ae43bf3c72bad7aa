import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { round4, round4OrNull } from "../../../../src/domain/values/number.ts";
import { normaliseCategory, normaliseText, roomKey } from "../../../../src/domain/values/text.ts";

describe("comparing what people typed", () => {
  it.each([
    ["case", "BLUE Dream", "blue dream"],
    ["accents", "Crème Brûlée", "Creme Brulee"],
    ["trailing and double blanks", "  Blue   Dream ", "Blue Dream"],
    ["punctuation", "Pre-Roll (Indica)", "Pre Roll Indica"],
    ["wide letters", "ＫＩＶＡ", "kiva"],
    ["a non-breaking blank", "Blue\u00a0Dream", "Blue Dream"],
  ])("%s makes no difference", (_, one, other) => {
    expect(normaliseText(one)).toBe(normaliseText(other));
  });

  it.each([
    ["a weight's decimals", "Blue Dream 3.5g", "Blue Dream 35g"],
    ["a percentage", "Gummies 10%", "Gummies 10"],
    ["a letter", "Blue Dream", "Blue Cream"],
    ["a script", "青い夢", "青い"],
  ])("%s makes a difference", (_, one, other) => {
    expect(normaliseText(one)).not.toBe(normaliseText(other));
  });

  it("no name is the same as the empty name", () => {
    expect(normaliseText(null)).toBe("");
    expect(normaliseText(" - ")).toBe("");
  });

  it("normalising twice is the same as normalising once", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(normaliseText(normaliseText(text))).toBe(normaliseText(text));
      }),
    );
  });
});

describe("comparing categories", () => {
  it.each([
    ["Edible", "Edibles"],
    ["Accessory", "Accessories"],
    ["Pre-Roll", "PRE-ROLLS "],
    ["Vape Cartridge", "Vape Cartridges"],
    ["Infused Edible - Gummy", "Infused Edibles / Gummies"],
  ])("%s is the same category as %s", (one, other) => {
    expect(normaliseCategory(one)).toBe(normaliseCategory(other));
  });

  it.each([
    ["Flower", "Edibles"],
    ["CBD", "CBDs Oil"],
    ["Gas", "Ga"],
  ])("%s is another category than %s", (one, other) => {
    expect(normaliseCategory(one)).not.toBe(normaliseCategory(other));
  });
});

describe("rooms by name", () => {
  it("case and trailing blanks make no other room", () => {
    expect(roomKey("Sales Floor ")).toBe(roomKey("sales floor"));
    for (const written of [
      "Cafe\u0301 A",
      "CAF\u00c9  A",
      "\uff23af\u00e9 A",
      "Caf\u00e9\u200b A\ufeff",
      "Caf\u00e9\u00a0A",
    ])
      expect(roomKey(written)).toBe(roomKey("Caf\u00e9 A"));
    expect(roomKey("Cafe A")).not.toBe(roomKey("Caf\u00e9 A"));
    expect(roomKey("Vault 1")).not.toBe(roomKey("Vault 2"));
  });
});

describe("rounding", () => {
  it.each([
    [12.340000000001, 12.34],
    [0.1 + 0.2, 0.3],
    [1.00005, 1.0001],
    [3.33333333, 3.3333],
    [-0.00001, 0],
    [-2.5, -2.5],
    [0, 0],
  ])("%d is stored as %d", (value, kept) => {
    expect(round4(value)).toBe(kept);
  });

  it("numbers are rounded to the nearest ten-thousandth, and rounding again changes nothing", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
        expect(Math.abs(round4(value) - value)).toBeLessThanOrEqual(0.000_051);
        expect(round4(round4(value))).toBe(round4(value));
      }),
    );
  });

  it("null stays null", () => {
    expect(round4OrNull(null)).toBeNull();
    expect(round4OrNull(1.23456)).toBe(1.2346);
  });
});
