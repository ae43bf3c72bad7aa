import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decisionReason } from "../../../../src/contract/http/common.ts";
import { DECISION_REASON, SHORT_TEXT } from "../../../../src/domain/bounds.ts";
import { excessSigns, roomLeft } from "../../../../src/domain/values/text-room.ts";

describe("how much of a text fits", () => {
  it.each([
    ["nothing", "", 1_000, 0],
    ["plain letters", "counted twice", 987, 0],
    ["blanks around it, which are not kept", "  kept \n", 996, 0],
    ["500 accented letters", "é".repeat(500), 0, 0],
    ["501 accented letters", "é".repeat(501), -2, 1],
    ["334 Chinese signs", "数".repeat(334), -2, 1],
    ["251 leaves", "🌿".repeat(251), -4, 1],
    ["1,003 plain letters", "a".repeat(1_003), -3, 3],
  ])("in bytes, %s", (_, text, left, excess) => {
    expect([roomLeft(text, DECISION_REASON), excessSigns(text, DECISION_REASON)]).toEqual([left, excess]);
  });

  it("in characters, as the API counts names", () => {
    expect(roomLeft("数".repeat(200), SHORT_TEXT)).toBe(0);
    expect([roomLeft("🌿".repeat(101), SHORT_TEXT), excessSigns("🌿".repeat(101), SHORT_TEXT)]).toEqual([-2, 1]);
  });

  it("the API takes just the reasons that fit, and what is taken out makes a text fit", () => {
    const long = fc
      .string({ unit: "binary", minLength: 150, maxLength: 1_200 })
      .filter((text) => !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(long, (text) => {
        expect(decisionReason.safeParse(text).success).toBe(roomLeft(text, DECISION_REASON) >= 0);
        const signs = [...text.trim()];
        const rest = signs.slice(0, signs.length - excessSigns(text, DECISION_REASON)).join("");
        expect(roomLeft(rest, DECISION_REASON)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 50 },
    );
  });
});
