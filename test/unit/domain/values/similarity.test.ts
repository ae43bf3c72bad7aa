import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchIndex } from "../../../../src/domain/identity/match.ts";
import { planProvisional } from "../../../../src/domain/identity/provisional.ts";
import type { ProductRow } from "../../../../src/domain/records/records.ts";
import { planProducts } from "../../../../src/domain/resolve/products.ts";
import { SIMILAR, similarity } from "../../../../src/domain/values/similarity.ts";
import { nameParts, sizesConflict } from "../../../../src/domain/values/sizes.ts";
import { byKey, incomingProduct, NOW, ORIGIN, only, ownProduct, snapshot, T0 } from "../build.ts";

describe("the package size in a name", () => {
  it.each<[string, string[], string]>([
    ["Blue Dream 3.5g", ["3500 mg"], "blue dream"],
    ["Blue Dream 3.5 Grams", ["3500 mg"], "blue dream"],
    ["Blue Dream - 1/8 oz", ["3500 mg"], "blue dream"],
    ["Blue Dream Eighth", ["3500 mg"], "blue dream"],
    ["Shake ½ oz", ["14000 mg"], "shake"],
    ["1oz Shake", ["28000 mg"], "shake"],
    ["Gummies 10pk 100mg", ["10 ct", "100 mg"], "gummies"],
    ["Gummies (100 mg) 10-pack", ["10 ct", "100 mg"], "gummies"],
    ["Gummies pack of 10", ["10 ct"], "gummies"],
    ["Pre-Roll 2x0.5g", ["2 ct", "500 mg"], "pre roll"],
    ["Pre-Roll 2 x .5 g", ["2 ct", "500 mg"], "pre roll"],
    ["Pre-Roll 2pk 0.5g", ["2 ct", "500 mg"], "pre roll"],
    ["Cart 1000mg", ["1000 mg"], "cart"],
    ["Tea 355ml", ["355 ml"], "tea"],
    ["Tea 12 fl oz", ["12 fl oz"], "tea"],
    ["Gelato 33", [], "gelato 33"],
    ["OG #4", [], "og 4"],
    ["G6 Jetfuel", [], "g6 jetfuel"],
  ])("the package size is found in the name: %s", (name, sizes, words) => {
    expect(nameParts(name)).toMatchObject({ sizes, words: words.split(" ") });
  });

  it.each<[string, string, boolean]>([
    ["Blue Dream 3.5g", "Blue Dream 7g", true],
    ["Gummies 10pk", "Gummies 20pk", true],
    ["Gummies 10pk", "Gummies 100mg", false],
    ["Blue Dream", "Blue Dream 7g", false],
    ["Blue Dream 1/8oz", "Blue Dream 3.5 g", false],
  ])("%s and %s have different sizes: %s", (a, b, expected) => {
    expect(sizesConflict(nameParts(a).sizes, nameParts(b).sizes)).toBe(expected);
  });
});

describe("how similar two names are", () => {
  const alike = (a: string, b: string) => similarity(a.split(" "), b.split(" "));

  it.each<[string, string, boolean]>([
    ["blue dream", "dream blue", true],
    ["strawberry cough", "strawbery cough", true],
    ["wild berry", "wildberry", true],
    ["wild berry", "wild cherry", false],
    ["premium thc pod original blue dream", "premium thc pod original blue cream", false],
    ["blue dream", "blue dream infused", false],
    ["gelato", "gelatti", false],
  ])("%s and %s are one product: %s", (a, b, expected) => {
    expect(alike(a, b) >= SIMILAR).toBe(expected);
  });

  it.each<[string, string, number]>([
    ["blue dream", "blue cream", 6 / 8],
    ["strawberry", "strawbery", 16 / 17],
    ["blue dream", "blue dream infused", 0],
    ["banana", "bana", 6 / 8],
    ["x", "y", 0],
  ])("%s and %s have %d: each pair of letters counts as often as both have it", (a, b, expected) => {
    expect(alike(a, b)).toBeCloseTo(expected, 10);
  });

  it("similarity is the same in both directions, 1 for equal names, and within 0 and 1", () => {
    const words = fc.array(fc.constantFrom("blue", "dream", "cream", "wild", "berry", "og", "x"), { maxLength: 5 });
    fc.assert(
      fc.property(words, words, (a, b) => {
        expect(similarity(a, b)).toBeCloseTo(similarity(b, a));
        expect(similarity(a, a)).toBe(1);
        expect(similarity(a, b)).toBeGreaterThanOrEqual(0);
        expect(similarity(a, b)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("matching by name", () => {
  const own = (id: string, product_name: string, over: Partial<ProductRow> = {}) =>
    ownProduct(id, { brand: "Kiva", product_name, ...over });
  const find = (content: Partial<ProductRow>, ...all: ProductRow[]) => {
    const match = matchIndex(all).find({ brand: "Kiva", ...content });
    return match.kind === "one" ? match.product.product_id : match.kind;
  };

  it.each<[string, Partial<ProductRow>, ProductRow[], string]>([
    ["a typing error", { product_name: "Strawbery Cough 3.5g" }, [own("a", "Strawberry Cough 3.5 g")], "a"],
    ["the brand within the name", { product_name: "Kiva Blue Dream 1/8oz" }, [own("a", "Blue Dream 3.5g")], "a"],
    ["another size", { product_name: "Blue Dream 7g" }, [own("a", "Blue Dream 3.5g")], "none"],
    ["a size that only one states", { product_name: "Blue Dream" }, [own("a", "Blue Dream 3.5g")], "none"],
    ["another number of pieces", { product_name: "Camino 2x0.5g" }, [own("a", "Camino 5x0.5g")], "none"],
    ["another number in the name", { product_name: "Gelato 33" }, [own("a", "Gelato 41")], "none"],
    ["another brand", { product_name: "Blue Dream", brand: "Wyld" }, [own("a", "Blue Dream")], "none"],
    [
      "two that are alike enough",
      { product_name: "Strawberry Cough" },
      [own("a", "Strawbery Cough"), own("b", "Strawberrry Cough")],
      "ambiguous",
    ],
    [
      "an equal name before a similar one",
      { product_name: "Strawberry Cough" },
      [own("a", "Strawbery Cough"), own("b", "STRAWBERRY  cough")],
      "b",
    ],
    [
      "two of one SKU, one of them with the name",
      { product_name: "Blue Dream", sku: "S" },
      [own("a", "Other", { sku: "S" }), own("b", "Blue Dream", { sku: "S" })],
      "b",
    ],
    [
      "two of one SKU",
      { product_name: "New", sku: "S" },
      [own("a", "Other", { sku: "S" }), own("b", "Else", { sku: "S" })],
      "ambiguous",
    ],
    [
      "one of the SKU, in another size",
      { product_name: "Blue Dream 7g", sku: "S" },
      [own("a", "Blue Dream 3.5g", { sku: "S" })],
      "ambiguous",
    ],
  ])("a product of Dutchie's finds the right product of ReUp's own: %s", (_, content, all, expected) => {
    expect(find(content, ...all)).toBe(expected);
    expect(find(content, ...all.toReversed())).toBe(expected);
  });

  it("an ambiguous match states its reason", () => {
    const match = matchIndex([own("a", "Blue Dream 3.5g", { upc: "1" })]).find({
      product_name: "Blue Dream 7g",
      upc: "1",
    });
    expect(match).toMatchObject({
      reason:
        "Ambiguous match: A product of ReUp's own has the same UPC as this product of Dutchie's, but the package sizes differ.",
    });
  });
});

describe("the order of arrival does not decide which product is linked", () => {
  const HINT = {
    dutchie_product_id: "77",
    product_name: null,
    sku: "S",
    upc: null,
    brand: null,
    category: null,
    subcategory: null,
  };
  const CATALOGUE = { sku: "S", upc: "0123", brand: "Kiva", product_name: "Blue Dream 3.5g", unit_price: 30 };
  type Stored = Map<string, ProductRow>;
  const stored = (rows: readonly ProductRow[]): Stored => new Map(rows.map((row) => [row.product_id, row]));
  const known = (products: Stored) =>
    byKey(
      [...products.values()].filter((row) => row.dutchie_product_id !== null),
      (row) => row.dutchie_product_id ?? "",
    );
  const free = (products: Stored) =>
    matchIndex([...products.values()].filter((row) => row.dutchie_product_id === null));

  function hint(products: Stored): Stored {
    const plan = planProvisional({
      hints: [HINT],
      known: known(products),
      alike: [],
      match: free(products),
      now: NOW,
      origin: ORIGIN,
    });
    return stored([...products.values(), ...plan.rows]);
  }

  function catalogue(products: Stored) {
    const incoming = [incomingProduct(CATALOGUE, T0, "77")];
    const plan = planProducts({
      incoming,
      stored: known(products),
      match: free(products),
      read: snapshot(0),
      floor: 0,
      now: NOW,
      origin: ORIGIN,
      keep: [],
    });
    const after = stored([...products.values(), ...plan.released, ...plan.rows]);
    for (const id of plan.removed) after.delete(id);
    return { after, plan };
  }

  const state = (products: Stored) =>
    [...products.values()]
      .map(({ updated_at: _, ...row }) => row)
      .sort((a, b) => (a.product_id < b.product_id ? -1 : 1));

  const upc = ownProduct("upc", { upc: "0123" });
  const sku = ownProduct("sku", { sku: "S" });
  const twin = ownProduct("twin", { sku: "S" });
  const name = ownProduct("name", { brand: "Kiva", product_name: "Blue Dream 1/8 oz" });

  it.each<[string, ProductRow[]]>([
    ["nothing matches", []],
    ["the UPC matches, which a hint does not state", [upc]],
    ["the name matches, which this hint does not state", [name]],
    ["the SKU matches, which both state", [sku]],
    ["the UPC and the SKU belong to two products", [upc, sku]],
    ["two products share the SKU", [sku, twin]],
    ["two products share the SKU, and one has the name", [sku, twin, name]],
  ])("a hint before the catalogue has the same result as the catalogue alone: %s", (_, all) => {
    const first = catalogue(stored(all)).after;
    const { after, plan } = catalogue(hint(stored(all)));
    const comparable = (products: Stored) =>
      state(products).map(({ content_hash: _hash, stated: _stated, ...row }) => row);
    expect(comparable(after)).toEqual(comparable(first));
    for (const { from, to } of plan.relinks) {
      expect(from).not.toBe(to);
      expect(after.has(to)).toBe(true);
    }
    expect(catalogue(after).plan).toMatchObject({ relinks: [], removed: [], released: [], doubts: [] });
  });

  it("a webhook with only the price does not undo a link", () => {
    const linked = hint(stored([sku]));
    const plan = planProducts({
      incoming: [incomingProduct({ unit_price: 1 }, T0, "77")],
      stored: known(linked),
      match: free(linked),
      read: snapshot(0),
      floor: 0,
      now: NOW,
      origin: ORIGIN,
      keep: [],
    });
    expect(only(plan.rows)).toMatchObject({ product_id: "sku", unit_price: 1 });
    expect(plan.relinks).toEqual([]);
  });

  it("an ambiguous match names the product and all candidates, once each", () => {
    const { plan } = catalogue(stored([sku, twin]));
    expect(only(plan.doubts)).toMatchObject({ product: { product_id: "prd_77" } });
    expect(only(plan.doubts).candidates.map(({ product_id }) => product_id)).toEqual(["sku", "twin"]);
  });
});
