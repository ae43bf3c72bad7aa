import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { round2, round4, round6 } from "../../../../src/domain/values/number.ts";

/** A decimal of so many places, and the same without its last digit, rounded by hand: half goes away from zero. */
const decimal = (places: number) =>
  fc.tuple(fc.bigInt({ min: 0n, max: 99_999_999n }), fc.boolean()).map(([digits, isNegative]) => {
    const written = (units: bigint, decimals: number) => {
      const text = units.toString().padStart(decimals + 1, "0");
      return Number(`${isNegative ? "-" : ""}${text.slice(0, -decimals)}.${text.slice(-decimals)}`) + 0;
    };
    return { value: written(digits, places), rounded: written((digits + 5n) / 10n, places - 1) };
  });

describe("rounding", () => {
  it.each([
    ["half a cent whose double lies below", round2, 2.135, 2.14],
    ["the same to pay back", round2, -2.135, -2.14],
    ["a price for grams", round2, 3.5 * 2.35, 8.23],
    ["half a ten-thousandth", round4, 2.00085, 2.0009],
    ["a sum of grams", round6, 0.1 + 0.2, 0.3],
    ["a tail of a sum", round2, round6(4.7 + 5.375), 10.08],
    ["too little to count", round4, 1e-7, 0],
    ["too little to count, below zero", round4, -1e-7, 0],
    ["the largest amount", round6, 1e15, 1e15],
    ["more than there is in the world", round4, 3.2414829678186564e22, 3.2414829678186564e22],
  ])("%s", (_, round, value, expected) => {
    expect(Object.is(round(value), expected)).toBe(true);
  });

  it.each([
    ["cents", round2, 3],
    ["ten-thousandths", round4, 5],
    ["millionths", round6, 7],
  ])("a decimal becomes the one that a person would write: %s", (_, round, places) => {
    fc.assert(
      fc.property(decimal(places), ({ value, rounded }) => {
        expect(round(value)).toBe(rounded);
      }),
      { numRuns: 500 },
    );
  });

  it("rounding again changes nothing, up to the largest amount", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e15, max: 1e15, noNaN: true }), (value) => {
        for (const round of [round2, round4, round6]) expect(round(round(value))).toBe(round(value));
      }),
      { numRuns: 2_000 },
    );
  });
});
