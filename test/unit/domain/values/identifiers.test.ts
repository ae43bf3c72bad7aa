import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planDuplicates } from "../../../../src/domain/identity/duplicates.ts";
import { matchIndex } from "../../../../src/domain/identity/match.ts";
import type { ProductRow } from "../../../../src/domain/records/records.ts";
import { decideSku } from "../../../../src/domain/reviews/review.ts";
import { decodeEntities } from "../../../../src/domain/values/entities.ts";
import { categoryKey, isNone, nameKey, skuKey, upcKey } from "../../../../src/domain/values/identifiers.ts";
import { text } from "../../../../src/dutchie/decode/fields.ts";
import { NOW, ownProduct, product } from "../build.ts";

describe('values that mean "none"', () => {
  const NONE = [
    ...["N/A", "n/a", "NA", "#N/A", " n.a. ", "none", "NONE", "null", "NULL", "nil", "undefined", "-", "--", "—", "."],
    ...[
      "...",
      "?",
      "*",
      "0",
      "00",
      "0000000000000",
      "0-00-0",
      "\ufffd",
      "TBD",
      "tba",
      "T.B.D.",
      "unknown",
      "No SKU",
      "no-upc",
    ],
    ...["xxx", "XX", "test", "\u00a0", "\u200b", "N\u2215A", "Ｎ／Ａ", "&nbsp;", "Not Applicable", ""],
  ];

  it.each(NONE)("F52: %j identifies nothing", (value) => {
    expect(isNone(value)).toBe(true);
    expect([skuKey(value), upcKey(value), nameKey(value)]).toEqual([null, null, null]);
    expect(matchIndex([ownProduct("own", { sku: value, upc: value })]).find({ sku: value, upc: value })).toEqual({
      kind: "none",
    });
    const brands = [ownProduct("own", { brand: value, product_name: "Blue Dream" })];
    expect(matchIndex(brands).find({ brand: value, product_name: "Blue Dream" })).toEqual({ kind: "none" });
  });

  it.each(["10", "X1", "NA-1", "0-1", "TEST-1", "NONE-7", "🍓", "青", "100", "xo", "Null Set 1g"])(
    "F52: %j is an ordinary value",
    (value) => {
      expect(skuKey(value)).not.toBeNull();
      expect(nameKey(value)).not.toBeNull();
    },
  );

  it("F52: a value that is longer than any id has no key, because two cut ids could be equal", () => {
    expect(skuKey("A".repeat(201))).toBeNull();
    expect(upcKey("1".repeat(2_000))).toBeNull();
  });
});

describe("one value in several spellings", () => {
  it.each([
    ["812345678905", "0812345678905"],
    ["812345678905", "8-12345-67890-5"],
    ["812345678905", " 8 12345 67890 5 "],
    ["812345678905", "00812345678905"],
    ["812345678905", "8\u201112345\u201167890\u20115"],
    ["012345678905", "12345678905"],
    ["０１２３４５６７８９０５", "012345678905"],
  ])("F54: UPC %s is the same as %s", (one, other) => {
    expect(upcKey(one)).toBe(upcKey(other));
  });

  it("F54: a case of items has its own UPC", () => {
    expect(upcKey("10812345678902")).not.toBe(upcKey("812345678905"));
  });

  it.each([
    ["BD-EIGHTH", "bd-eighth"],
    ["BD-EIGHTH", "BD–EIGHTH"],
    ["BD-EIGHTH", "BD‑Eighth "],
    ["BD EIGHTH", "BD\u00a0EIGHTH"],
    ["BD-EIGHTH", "ＢＤ－ＥＩＧＨＴＨ"],
    ["BD-EIGHTH", "BD-EIGHTH\u200b"],
    ["CAFÉ-1", "cafe\u0301-1"],
    ["A&B-1", "A&amp;B-1"],
  ])("F54: SKU %j is the same as %j", (one, other) => {
    expect(skuKey(one)).toBe(skuKey(other));
  });

  it.each([
    ["BD-EIGHTH", "BD EIGHTH"],
    ["BD-1", "BD-01"],
    ["BD.1", "BD1"],
  ])("F54: SKU %j is another than %j", (one, other) => {
    expect(skuKey(one)).not.toBe(skuKey(other));
  });

  it("F54: the key of a key is the same key", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), (value) => {
        const key = skuKey(value);
        if (key !== null) expect(skuKey(key)).toBe(key);
        const name = nameKey(value);
        if (name !== null) expect(nameKey(name)).toBe(name);
      }),
      { examples: [["ŉ"], ["ß"], ["ẞ"], ["ǰ"], ["İ"], ["ﬁ"]] },
    );
  });

  it.each([
    ["Papa &amp; Barkley", "Papa & Barkley"],
    ["Papa &amp;amp; Barkley", "Papa &amp; Barkley"],
    ["Joe&#39;s &quot;Best&quot;", `Joe's "Best"`],
    ["Caf&eacute; &#x1F353;", "Café 🍓"],
    ["AT&T; R&D &unknown; &#0; &#xD800;", "AT&T; R&D &unknown; &#0; &#xD800;"],
  ])("F54: %s is shown as %s, decoded once", (sent, shown) => {
    expect(text(sent)).toBe(shown);
  });

  it("F54: an escaped name has the same key, however often it was escaped", () => {
    const spelled = ["Papa & Barkley", "Papa &amp; Barkley", "Papa &amp;amp; Barkley", "PAPA &#38; BARKLEY"];
    expect(new Set(spelled.map(nameKey)).size).toBe(1);
  });

  // Quadratic work would take longer than a test may.
  it.each(["&".repeat(1_000_000), `&${"a".repeat(1_000_000)}`])(
    "F54: a megabyte of ampersands is decoded at once",
    (sent) => {
      expect(decodeEntities(sent)).toBe(sent);
    },
  );
});

const dutchie = (dutchie_product_id: string, over: Partial<ProductRow> = {}) =>
  product({ dutchie_product_id, ...over });
const settled = (...products: ProductRow[]) =>
  decideSku({ sku: "SKU-1", products, rule: "auto", review: undefined, now: NOW });

const DIFFERENT: [string, string][] = [
  ["Gummies 🍓", "Gummies 🍋"],
  ["Gummies 🍓", "Gummies"],
  ["Sativa +", "Sativa -"],
  ["Tincture 1:10", "Tincture 1 10"],
  ["THC 5%", "THC 5"],
  ["OG #4", "OG 4"],
  ["Pâte", "Pate"],
  ["Gummies ½", "Gummies 1/2"],
  ["Gummies (Sour)", "Gummies Sour"],
  ["Blue Dream 1.5", "Blue Dream 15"],
  ["Gelato™", "Gelato"],
  ["X²", "X2"],
  ["C++", "C"],
  ["1 10", "110"],
];
const ALIKE: [string, string][] = [
  ["Blue Dream 3.5g", " blue  DREAM 3.5 g"],
  ["Joe's Best", "Joe’s best"],
  ["Pre-Roll", "pre–roll"],
  ["Pre-Roll", "Pre\u2011Roll\u00a0"],
  ["“Sour” Gummies", '"sour" gummies'],
  ["ＫＩＶＡ Bar", "Kiva Bar"],
  ["Crème", "Cre\u0300me"],
  ["Oﬃce Blend", "Office Blend"],
  ["Heart ❤", "Heart ❤️"],
  ["Mints…", "mints..."],
];

describe("loose comparison decides nothing", () => {
  it.each(DIFFERENT)("F53: a person decides about %j and %j", (one, other) => {
    const plan = planDuplicates(
      [dutchie("1", { product_name: one }), dutchie("2", { product_name: other })],
      "auto",
      null,
    );
    expect([...plan.merged_into.values()]).toEqual([null, null]);
    expect(plan.candidates).toEqual(["prd_1", "prd_2"]);
    expect(plan.reason).toBe("2 products have this SKU but differ in name");
    expect(
      matchIndex([ownProduct("own", { brand: "Kiva", product_name: one })]).find({ brand: "Kiva", product_name: other })
        .kind,
    ).not.toBe("one");
  });

  it.each(ALIKE)("F53: %j and %j agree", (one, other) => {
    const { rows } = settled(dutchie("1", { product_name: one }), dutchie("2", { product_name: other }));
    expect(rows.map(({ merged_into }) => merged_into)).toEqual([null, "prd_1"]);
    const own = ownProduct("own", { brand: "Kiva", product_name: one });
    expect(matchIndex([own]).find({ brand: "Kiva", product_name: other })).toEqual({ kind: "one", product: own });
  });

  it("F53: brands are compared in the same way", () => {
    const plan = planDuplicates([dutchie("1", { brand: "Kiva +" }), dutchie("2", { brand: "Kiva -" })], "auto", null);
    expect(plan.reason).toBe("2 products have this SKU but differ in brand");
  });

  it("F53: a category may be in the singular or the plural", () => {
    expect(categoryKey("Edibles")).toBe(categoryKey("edible"));
    expect(categoryKey("Pre-Rolls")).toBe(categoryKey("PRE–ROLL"));
    expect(categoryKey("Vape +")).not.toBe(categoryKey("Vape -"));
  });

  it("F53: products without a name agree with no other", () => {
    const nameless = [
      dutchie("1", { product_name: "#1" }),
      dutchie("2", { product_name: "SKU-1" }),
      dutchie("3", { product_name: "N/A" }),
    ];
    const plan = planDuplicates(nameless, "auto", null);
    expect(plan.candidates.length).toBe(3);
  });

  it("F53: a person decides about ReUp's own product if its name differs in one sign", () => {
    const own = ownProduct("own", { brand: "Kiva", product_name: "Sativa +" });
    expect(matchIndex([own]).find({ brand: "Kiva", product_name: "Sativa -" })).toMatchObject({
      kind: "ambiguous",
      products: [own],
      reason:
        "Ambiguous match: A product of ReUp's own has the same brand and a similar name as this product of Dutchie's, but they differ in signs or accents.",
    });
  });
});

describe("the survivor of a merge", () => {
  const old = dutchie("1", { status: "inactive", unit_price: 20 });
  const young = dutchie("2", { unit_price: 35 });
  const byId = (rows: readonly ProductRow[]) => Object.fromEntries(rows.map((row) => [row.product_id, row]));

  it("F51: the active product survives at its price, however old the other is", () => {
    const rows = byId(settled(old, young).rows);
    expect(rows.prd_1).toMatchObject({ merged_into: "prd_2", status: "inactive" });
    expect(rows.prd_2).toMatchObject({ merged_into: null, status: "active", unit_price: 35 });
  });

  it("F51: among several active products the oldest survives, and so among none", () => {
    const three = settled(old, dutchie("3"), young).rows;
    expect(byId(three).prd_2?.merged_into).toBeNull();
    const none = settled(old, { ...young, status: "inactive" }).rows;
    expect(byId(none)).toMatchObject({
      prd_1: { merged_into: null, status: "inactive" },
      prd_2: { merged_into: "prd_1" },
    });
  });

  it("F51: when the status changes the survivor is chosen again, and the review names it", () => {
    const first = settled({ ...old, status: "active" }, young);
    expect(first.review?.into).toBe("prd_1");
    const off = first.rows.map((row) => (row.product_id === "prd_1" ? { ...row, status: "inactive" as const } : row));
    const given = { sku: "SKU-1", products: off, rule: "auto", now: NOW } as const;
    const second = decideSku({ ...given, review: first.review ?? undefined });
    expect(byId(second.rows)).toMatchObject({ prd_1: { merged_into: "prd_2" }, prd_2: { merged_into: null } });
    expect(second.review?.into).toBe("prd_2");
    expect(decideSku({ ...given, products: second.rows, review: second.review ?? undefined })).toEqual({
      rows: second.rows,
      review: null,
    });
  });

  it("F51: a person's survivor stays, and is active while any of its products is", () => {
    const { facts_hash } = planDuplicates([old, young], "auto", null);
    const decision = { facts_hash, action: "merge", into: "prd_1", fields: {} } as const;
    expect(planDuplicates([old, young], "auto", decision)).toMatchObject({ survivor: "prd_1", shownActive: ["prd_1"] });
    const review = { ...settled(old, young).review, resolved_by: "ann", action: "merge", into: "prd_1" } as never;
    const merged = decideSku({ sku: "SKU-1", products: [old, young], rule: "auto", review, now: NOW }).rows;
    expect(byId(merged).prd_1).toMatchObject({
      status: "active",
      unit_price: 20,
      overrides: { status: { dutchie: "inactive" } },
    });
    // Both are switched off, so Dutchie's status counts again.
    const off = merged.map((row) => (row.product_id === "prd_2" ? { ...row, status: "inactive" as const } : row));
    const after = decideSku({ sku: "SKU-1", products: off, rule: "auto", review, now: NOW }).rows;
    expect(byId(after).prd_1).toMatchObject({ status: "inactive", overrides: null });
  });
});
