import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LINES } from "../../../../simulator/world/names.ts";
import { categoryOf, strainTypeOf } from "../../../../src/domain/vocabulary/category.ts";
import { CATEGORIES, isSubcategoryOf } from "../../../../src/domain/vocabulary/reup.ts";
import { wordKey } from "../../../../src/domain/vocabulary/words.ts";
import { CATEGORY_FIELD_WORDS, STRAIN_FIELD_WORDS } from "./field-words.ts";

const shown = ({ category, subcategory }: ReturnType<typeof categoryOf>) =>
  category === null ? "none" : subcategory === null ? category : `${category}/${subcategory}`;

describe("Dutchie's category words", () => {
  it("are at least 300, each once", () => {
    const words = CATEGORY_FIELD_WORDS.map(([word]) => word);
    expect(new Set(words).size).toBeGreaterThan(300);
  });

  it.each(CATEGORY_FIELD_WORDS)("%s → %s", (word, to) => {
    expect(shown(categoryOf({ category: word }, {}))).toBe(to);
  });

  it.each(STRAIN_FIELD_WORDS)("strain type %s → %s", (word, to) => {
    expect(strainTypeOf(word) ?? "none").toBe(to);
  });
});

describe("category and subcategory of a product", () => {
  it.each([
    ["the strain type is flower's subcategory", { category: "Flower", strain_type: "Indica-Hybrid" }, "flower/hybrid"],
    ["also before the category's", { category: "Indica Flower", strain_type: "Sativa" }, "flower/sativa"],
    ["of pre-rolls too", { category: "Pre-Rolls", strain_type: "Indica" }, "flower/indica"],
    ["a strain type that ReUp has not tells nothing", { category: "Flower", strain_type: "CBD" }, "flower"],
    [
      "the name tells the subcategory",
      { category: "Concentrate", product_name: "Papaya Live Resin 1g" },
      "concentrates/live_resin",
    ],
    [
      "the source before the texture",
      { category: "Concentrate", product_name: "Live Rosin Badder" },
      "concentrates/rosin",
    ],
    [
      "Dutchie's subcategory before the name",
      { category: "Edibles", subcategory: "CHOCOLATES", product_name: "Gummy Bears" },
      "edibles/chocolates",
    ],
    ["a flavour in a name is no drink", { category: "Edibles", product_name: "Orange Soda Mints" }, "edibles"],
    ["nor a chocolate", { category: "Edibles", product_name: "Chocolate Chip Cookies" }, "edibles"],
    ["nor is a strain a wax", { category: "Concentrates", product_name: "Cake Batter Diamonds" }, "concentrates"],
    ["else the strain type", { category: "Tinctures", strain_type: "Sativa" }, "edibles/sativa"],
    ["but not before ReUp's own", { category: "Vape Cartridges", strain_type: "Sativa" }, "vapes/cartridges"],
    ["two subcategories tell none", { category: "Gummies & Chocolates", strain_type: "Indica" }, "edibles/indica"],
    [
      "the master category, if the category says nothing",
      { category: "Staff Picks", master_category: "Concentrate" },
      "concentrates",
    ],
    [
      "the category before the master category",
      { category: "Vape Cartridges", master_category: "Concentrates" },
      "vapes/cartridges",
    ],
    [
      "Dutchie's subcategory, if neither says anything",
      { category: "CBD", master_category: null, subcategory: "GUMMIES" },
      "edibles/gummies",
    ],
    ["the name of a strain is no category", { category: "Specials", product_name: "Ice Cream Cake 3.5g" }, "none"],
    ["nothing tells nothing", {}, "none"],
    ["blanks are nothing", { category: "  ", master_category: "", subcategory: null }, "none"],
  ])("%s", (_what, product, to) => {
    expect(shown(categoryOf(product, {}))).toBe(to);
  });

  it.each([
    ["default", { category: "Edible" }, {}, "Edible"],
    ["setting", { category: "Edible" }, { edibles: { category: "topicals" } }, "Edible"],
    ["master_category", { category: "Specials ", master_category: "Edible" }, {}, "Specials"],
    ["subcategory", { category: null, subcategory: "GUMMIES" }, {}, "GUMMIES"],
    [null, { category: "Specials" }, {}, "Specials"],
    [null, {}, {}, null],
  ])("tells by which rule: %s", (rule, product, own, word) => {
    expect(categoryOf(product, own)).toMatchObject({ rule, word });
  });
});

describe("the store's own map", () => {
  const own = {
    "Staff Picks": { category: "flower" },
    "Gummies (sale)": { category: "edibles", subcategory: "gummies" },
    Wrong: { category: "groceries" },
    Odd: { category: "flower", subcategory: "gummies" },
    Vape: { category: "accessories", subcategory: null },
  };

  it.each([
    ["staff pick ", "flower"],
    ["STAFF-PICKS", "flower"],
    ["gummies sale", "edibles/gummies"],
    ["Wrong", "none"],
    ["Odd", "flower"],
    ["Vapes", "accessories"],
  ])("%s → %s", (category, to) => {
    expect(shown(categoryOf({ category }, own))).toBe(to);
  });

  it("a picture alone is a word that a person can map, and signs that mean none are not", () => {
    expect(categoryOf({ category: " 🌿" }, {})).toMatchObject({ category: null, word: "🌿", rule: null });
    const own = { "🌿\ufe0f": { category: "flower" } };
    expect(categoryOf({ category: "🌿 " }, own)).toMatchObject({ category: "flower", rule: "setting" });
    expect(categoryOf({ category: "🍪" }, own)).toMatchObject({ category: null, word: "🍪" });
    for (const none of ["-", "—", "...", " ", "•"]) expect(categoryOf({ category: none }, own).word).toBeNull();
  });

  it("leaves the subcategory to the other words where it names none", () => {
    expect(shown(categoryOf({ category: "Staff Picks", strain_type: "Sativa" }, own))).toBe("flower/sativa");
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "takes %s for a word like any other",
    (category) => {
      expect(shown(categoryOf({ category }, {}))).toBe("none");
      const hostile = Object.fromEntries([[category, { category: "vapes" }]]);
      expect(categoryOf({ category }, hostile)).toMatchObject({ category: "vapes", rule: "setting" });
      expect(shown(categoryOf({ category: "other" }, hostile))).toBe("none");
    },
  );
});

describe("whatever Dutchie writes", () => {
  const known = fc.constantFrom(...CATEGORY_FIELD_WORDS.map(([word]) => word));
  const anything = fc.option(fc.oneof(fc.string({ maxLength: 400 }), known), { nil: null });

  it("ends in ReUp's enumerations or null", () => {
    fc.assert(
      fc.property(
        anything,
        anything,
        anything,
        anything,
        anything,
        (category, master_category, subcategory, strain_type, product_name) => {
          const found = categoryOf({ category, master_category, subcategory, strain_type, product_name }, {});
          if (found.category === null) expect(found).toMatchObject({ subcategory: null, rule: null });
          else {
            expect(CATEGORIES).toContain(found.category);
            if (found.subcategory !== null) expect(isSubcategoryOf(found.category, found.subcategory)).toBe(true);
          }
        },
      ),
    );
  });

  it.each<[what: string, changed: (word: string) => string, which?: RegExp]>([
    ["upper case", (word) => word.toUpperCase()],
    ["lower case", (word) => word.toLowerCase()],
    ["blanks around and between", (word) => `\u00a0 ${word.replaceAll(" ", " \t ")}  `],
    ["underscores for blanks", (word) => word.replaceAll(" ", "_")],
    ["one escaped character", (word) => word.replaceAll("&", "&amp;amp;")],
    ["the plural of its last word", (word) => `${word.trim()}s`, /[a-rt-wz]$/i],
    ["another order of its words", (word) => word.trim().split(/ +/).reverse().join(" "), /^(?!.*\band\b)[\w ]+$/],
  ])("means the same in %s", (_what, changed, which = /(?:)/) => {
    const different = CATEGORY_FIELD_WORDS.filter(([word]) => which.test(word.trim())).filter(
      ([word, to]) => shown(categoryOf({ category: changed(word) }, {})) !== to,
    );
    expect(different).toEqual([]);
  });

  it("a megabyte is read up to the bound", () => {
    const all = (text: string) =>
      categoryOf(
        { category: text, master_category: text, subcategory: text, strain_type: text, product_name: text },
        {},
      );
    for (const text of ["Flower ".repeat(150_000), "&".repeat(1_000_000), " ".repeat(1_000_000), "a".repeat(1_000_000)])
      expect(all(text)).toEqual(all(text.slice(0, 10_000)));
    expect(shown(categoryOf({ category: `Flower${" ".repeat(1_000_000)}Edible` }, {}))).toBe("flower");
  });
});

it("reads plain letters the short way as all others", () => {
  const text = fc.string({ unit: "grapheme-ascii", maxLength: 100 }).map((each) => each.replaceAll("&", "+"));
  fc.assert(
    fc.property(text, (each) => {
      expect(wordKey(each)).toBe(wordKey(`${each} \u200b`));
    }),
  );
});

describe("the simulated store", () => {
  it("has no category that is not mapped, however it is typed", () => {
    const drifted = (typed: string) => (/s$/.test(typed.trim()) ? typed.trim().slice(0, -1) : `${typed.trim()}s `);
    const categories = LINES.flatMap(({ categories, master }) => [
      { category: null, master_category: master },
      ...categories.flatMap((typed) => [{ category: typed }, { category: drifted(typed) }]),
    ]);
    expect(categories.filter((words) => categoryOf(words, {}).category === null)).toEqual([]);
  });
});
