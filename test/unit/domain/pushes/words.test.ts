import { describe, expect, it } from "vitest";
import { inDutchiesWords, isWorded, type WordedEdit } from "../../../../src/domain/pushes/words.ts";
import { product } from "../build.ts";

const USED = {
  categories: [
    { word: "Edibles", products: 9 },
    { word: "Edible", products: 7 },
    { word: "Gummies", products: 3 },
    { word: "Vape Cartridges", products: 2 },
    { word: "Topical", products: 1 },
  ],
  strain_types: [
    { word: "Hybrid", products: 9 },
    { word: "Indica-Hybrid", products: 8 },
    { word: "Sativa", products: 3 },
    { word: "CBD", products: 1 },
  ],
};
const row = product({ category: "Flower", subcategory: "Hybrid" });
const worded = (edit: WordedEdit, own = {}) => inDutchiesWords(row, edit, USED, own);

describe("an edit goes out in the words of the store's Dutchie", () => {
  it.each<[what: string, edit: WordedEdit, out: object]>([
    ["ReUp's category that one word means", { category: "topicals" }, { category: "Topical" }],
    ["with its subcategory", { category: "edibles", subcategory: "gummies" }, { category: "Gummies" }],
    ["a word of Dutchie's", { dutchie_category: "Edibles" }, { category: "Edibles" }],
    ["also as the category", { category: "Vape Cartridges" }, { category: "Vape Cartridges" }],
    ["in another spelling", { dutchie_category: " vape-cartridge" }, { category: "Vape Cartridges" }],
    ["ReUp's strain type", { subcategory: "sativa" }, { subcategory: "Sativa" }],
    ["Dutchie's strain type", { strain_type: "Indica-Hybrid" }, { subcategory: "Indica-Hybrid" }],
    ["also as the subcategory", { subcategory: "CBD" }, { subcategory: "CBD" }],
    ["what it already means changes nothing", { category: "flower", subcategory: "hybrid" }, {}],
    ["none", { dutchie_category: null, strain_type: null }, { category: null, subcategory: null }],
    ["beside other fields", { brand: "Kiva", category: "topicals" }, { brand: "Kiva", category: "Topical" }],
    ["both", { category: "topicals", subcategory: "sativa" }, { category: "Topical", subcategory: "Sativa" }],
  ])("%s", (_what, edit, out) => {
    expect(isWorded(edit)).toBe(true);
    expect(worded(edit)).toEqual({ ok: true, edit: out });
  });

  it.each<[what: string, edit: WordedEdit, field: string, choices: string[]]>([
    ["several words mean it", { category: "edibles" }, "dutchie_category", ["Edibles", "Edible", "Gummies"]],
    ["no word means it", { category: "accessories" }, "dutchie_category", USED.categories.map(({ word }) => word)],
    ["a new word", { dutchie_category: "Ediblez" }, "dutchie_category", USED.categories.map(({ word }) => word)],
    ["two spellings are meant", { dutchie_category: "EDIBLE" }, "dutchie_category", ["Edibles", "Edible"]],
    ["a strain type of several words", { subcategory: "hybrid", category: "topicals" }, "", []],
    [
      "no word means the strain type",
      { subcategory: "indica" },
      "strain_type",
      USED.strain_types.map(({ word }) => word),
    ],
    ["a new strain type", { strain_type: "Autoflower" }, "strain_type", USED.strain_types.map(({ word }) => word)],
    ["__proto__", { dutchie_category: "__proto__" }, "dutchie_category", USED.categories.map(({ word }) => word)],
  ])("a person chooses where %s", (_what, edit, field, choices) => {
    const answer = worded(edit);
    if (field === "") return expect(answer).toEqual({ ok: true, edit: { category: "Topical" } });
    expect(answer).toMatchObject({
      ok: false,
      refusals: [{ field, choices: choices.map((word) => expect.objectContaining({ word })) }],
    });
    if (!answer.ok) expect(answer.refusals[0]?.reason).toContain(`“${choices[0]}”`);
  });

  it("the store's own map says what its words mean", () => {
    expect(worded({ category: "accessories" }, { topical: { category: "accessories" } })).toEqual({
      ok: true,
      edit: { category: "Topical" },
    });
  });

  it("an edit of other fields is no matter of words", () => {
    expect(isWorded({ brand: "Kiva", unit_price: 3 })).toBe(false);
  });
});
