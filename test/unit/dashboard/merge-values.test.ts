import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Choices, giverOf } from "../../../dashboard/src/pages/inbox/detail/merge-values.ts";
import type { CandidateProduct } from "../../../dashboard/src/pages/inbox/item-words.ts";
import type { Review } from "../../../src/client/index.ts";
import { chooseFields } from "../../../src/domain/identity/merge.ts";
import type { ProductRow } from "../../../src/domain/records/records.ts";

const product = (product_id: string, brand: string | null) => ({ product_id, brand }) as CandidateProduct;
const preview = (product_id: string, from: string) =>
  ({ product_id, fields: { brand: { value: "A", from } } }) as unknown as Review["preview"];
const giver = (products: CandidateProduct[], more: { choices?: Choices; preview?: Review["preview"] } = {}) =>
  giverOf("brand", "a", { choices: {}, preview: null, products, ...more });

describe("the value of a merged product is shown as it will be stored", () => {
  it.each([
    ["the survivor's own", [product("a", "A"), product("b", "B")], {}, "a"],
    ["of the first that has one, if the survivor has none", [product("b", "B"), product("a", null)], {}, "b"],
    ["not of one without a value", [product("a", null), product("b", null), product("c", "C")], {}, "c"],
    ["of none: the survivor's", [product("a", null), product("b", null)], {}, "a"],
    ["as chosen", [product("a", "A"), product("b", "B")], { choices: { brand: "b" } }, "b"],
    ["as chosen, though it is empty", [product("b", "B"), product("a", null)], { choices: { brand: "a" } }, "a"],
    ["as previewed for this survivor", [product("a", "A"), product("b", "B")], { preview: preview("a", "b") }, "b"],
    ["not as previewed for another", [product("a", "A"), product("b", "B")], { preview: preview("b", "b") }, "a"],
  ])("%s", (_, products, more, expected) => {
    expect(giver(products, more)).toBe(expected);
  });

  it("and the API takes the same one when nobody chooses", () => {
    const brands = fc.array(fc.constantFrom(null, "A", "B"), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(brands, fc.nat(), (values, at) => {
        const rows = values.map((brand, i) => ({ product_id: `p${i}`, brand, overrides: null }) as ProductRow);
        const into = `p${at % rows.length}`;
        const given = { choices: {}, preview: null, products: rows as unknown as CandidateProduct[] };
        const decided = chooseFields(rows, into, {});
        const filled = "fields" in decided ? decided.fields.brand?.from : undefined;
        expect(giverOf("brand", into, given)).toBe(filled ?? into);
      }),
    );
  });
});
