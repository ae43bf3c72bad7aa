import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rangesOf } from "../../../src/db/id-ranges.ts";

describe("the ranges in which ids lie closely", () => {
  it.each([
    ["ids next to each other", ["sal_12", "sal_10", "sal_11"], [["sal_10", "sal_12"]]],
    [
      "an old one apart",
      ["1000", "5000", "5002", "5003", "5004"],
      [
        ["1000", "1000"],
        ["5000", "5004"],
      ],
    ],
    ["numbers of several lengths", ["9", "10", "11"], [["10", "9"]]],
    ["texts", ["b", "a", "c1"], [["a", "c1"]]],
    ["one", ["7"], [["7", "7"]]],
    ["no number in one of them", ["1", "2", "x"], [["1", "x"]]],
  ])("%s", (_, ids, ranges) => expect(rangesOf(ids)).toEqual(ranges));

  it.each([
    ["not ASCII", ["1", "é"]],
    ["empty", ["1", ""]],
  ])("there are none: %s", (_, ids) => {
    expect(rangesOf(ids)).toBeNull();
  });

  it("each id is in a range, and no range overlaps another", () => {
    const id = fc.oneof(
      fc.nat().map(String),
      fc.string({ minLength: 1 }),
      fc.nat(999).map((n) => `sal_${n + 1000}`),
    );
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 1 }), (ids) => {
        const ranges = rangesOf(ids) ?? [];
        for (const each of ids) expect(ranges.filter(([first, last]) => first <= each && each <= last)).toHaveLength(1);
      }),
    );
  });
});
