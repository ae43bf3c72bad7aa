import fc from "fast-check";
import { expect, it } from "vitest";
import { mappedWords } from "../../../../src/domain/snapshots/mapped-words.ts";

const NOTHING_SET = { room_types: {}, categories: {} };
const words = (
  category: string | null,
  master_category: string | null,
  products: number,
  subcategory: string | null = null,
) => ({
  category,
  master_category,
  subcategory,
  products,
  value: products * 10,
});

it("a word that is a category of one product and the master category of another is listed once", () => {
  const listed = mappedWords(
    [],
    { rooms: [], words: [words("Flower", null, 5), words(null, "Flower", 2)] },
    NOTHING_SET,
  );
  expect(listed).toMatchObject([{ word: "Flower", category: "flower", count: 7, value: 70, rule: "default" }]);
});

it("no two lines of the list are alike, and each product counts once", () => {
  const word = fc.constantFrom(null, "Flower", " flower", "Accessories", "Vapes", "Something new");
  const stock = fc.array(fc.tuple(word, word, fc.integer({ min: 1, max: 9 }), word), { maxLength: 12 });
  fc.assert(
    fc.property(stock, (rows) => {
      const listed = mappedWords([], { rooms: [], words: rows.map((row) => words(...row)) }, NOTHING_SET);
      const lines = listed.map(({ kind, word, category, subcategory }) =>
        JSON.stringify([kind, word, category, subcategory]),
      );
      expect(new Set(lines).size).toBe(lines.length);
      expect(listed.reduce((sum, { count }) => sum + count, 0)).toBe(
        rows.reduce((sum, [, , products]) => sum + products, 0),
      );
    }),
  );
});
