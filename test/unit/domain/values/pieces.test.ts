import fc from "fast-check";
import { expect, it } from "vitest";
import { pieces } from "../../../../src/domain/values/pieces.ts";

it("the pieces of a text are the text, none too long and none cut within a sign", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 2, max: 9 }), (text, most) => {
      const all = [...pieces(text, most)];
      expect(all.join("")).toBe(text);
      for (const piece of all)
        expect([piece.isWellFormed(), piece.length <= most]).toEqual([text.isWellFormed(), true]);
    }),
  );
});
