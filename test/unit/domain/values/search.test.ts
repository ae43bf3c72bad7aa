import fc from "fast-check";
import { expect, it } from "vitest";
import { searchTerm, searchTerms, searchText } from "../../../../src/domain/values/search.ts";

const product = { product_name: "Crème Brûlée 3.5 g", brand: "PÂTÉ & Sons", sku: "cb–01 ", upc: "012345678905" };
const isFound = (text: string, given: Parameters<typeof searchText>[0] = product) =>
  searchTerms(text).some((term) => searchText(given).includes(term));

it.each([
  "creme",
  "CRÈME",
  "brulee 3.5g",
  "Brûlée  3.5 G",
  "pate & sons",
  "pate &amp; sons",
  "CB-01",
  "012345678905",
  "12345678905",
  "0-12345-67890-5",
  "00012345678905",
  "3",
  "",
])("a product is found by %j", (text) => expect(isFound(text)).toBe(true));

it.each(["creme sons", "3.5gpate", "%", "_", "012345678904", "5 pate"])("it is not found by %j", (text) =>
  expect(isFound(text)).toBe(false),
);

it("a product is found by each part of each of its texts", () => {
  const text = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: "grapheme", maxLength: 20 }));
  fc.assert(
    fc.property(text, text, fc.nat(20), fc.nat(20), (product_name, sku, from, length) => {
      const given = { product_name, brand: null, sku, upc: null };
      for (const each of [product_name, sku]) {
        const part = searchTerm(each).slice(from, from + length);
        expect(searchText(given)).toContain(part.trim());
        expect(isFound(each, given)).toBe(true);
      }
    }),
  );
});
