import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DuplicateDecision, planDuplicates } from "../../../../src/domain/identity/duplicates.ts";
import type { ProductRow } from "../../../../src/domain/records/records.ts";
import { ownProduct, product } from "../build.ts";

const dutchie = (dutchie_product_id: string, over: Partial<ProductRow> = {}) =>
  product({ dutchie_product_id, ...over });
const merged = (plan: ReturnType<typeof planDuplicates>) => Object.fromEntries(plan.merged_into);

describe("products of one SKU", () => {
  it("a single product is no duplicate", () => {
    expect(planDuplicates([dutchie("1")], "auto", null)).toMatchObject({ candidates: [] });
  });

  it.each<[string, Partial<ProductRow>]>([
    ["equal", {}],
    ["different in case and blanks", { brand: "KIVA ", product_name: " blue dream  3.5G" }],
    ["different in the category's number", { category: "Flowers" }],
    [
      "different in what makes no product",
      { unit_price: 1, thc_percentage: null, subcategory: "Indica", status: "inactive" },
    ],
  ])("products that agree (%s) are merged, and the lowest Dutchie id survives", (_, over) => {
    const plan = planDuplicates([dutchie("10", over), dutchie("9")], "auto", null);
    expect(merged(plan)).toEqual({ prd_9: null, prd_10: "prd_9" });
    expect(plan.candidates).toEqual([]);
  });

  it.each<[string, Partial<ProductRow>, string]>([
    ["brand", { brand: "Wyld" }, "brand"],
    ["name", { product_name: "Blue Dream 7g" }, "name"],
    ["category", { category: "Edibles" }, "category"],
    ["brand and category", { brand: null, category: null }, "brand, category"],
  ])("a person decides about products that differ in %s, and sees the reason", (_, over, named) => {
    const plan = planDuplicates([dutchie("2", over), dutchie("1")], "auto", null);
    expect(merged(plan)).toEqual({ prd_1: null, prd_2: null });
    expect(plan.candidates).toEqual(["prd_1", "prd_2"]);
    expect(plan.reason).toBe(`2 products have this SKU but differ in ${named}`);
  });

  it.each(["keep_both", "merge"] as const)(
    "a decision (%s) holds when one of the products is linked to one of ReUp's own, and when the link is undone",
    (action) => {
      const [one, two] = [dutchie("1"), dutchie("2", { brand: "Wyld" })];
      const { facts_hash } = planDuplicates([one, two], "auto", null);
      const decision: DuplicateDecision = { facts_hash, action, into: "prd_1", fields: {} };
      const linked = ownProduct("own", { ...one, product_id: "own", source: "reup" });
      const into = action === "merge" ? "own" : null;
      const plan = planDuplicates([linked, two], "merge", decision);
      expect([plan.by, merged(plan)]).toEqual(["person", { own: null, prd_2: into }]);
      expect(planDuplicates([one, two], "merge", decision).by).toBe("person");
    },
  );

  it("products that agree are merged, and a person decides about the remaining ones", () => {
    const other = { brand: "Wyld" };
    const plan = planDuplicates([dutchie("4", other), dutchie("3"), dutchie("2", other), dutchie("1")], "auto", null);
    expect(merged(plan)).toEqual({ prd_1: null, prd_2: null, prd_3: "prd_1", prd_4: "prd_2" });
    expect(plan.candidates).toEqual(["prd_1", "prd_2"]);
  });

  it("the order of arrival does not change the plan", () => {
    const group = fc
      .uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 2, maxLength: 6 })
      .chain((numbers) =>
        fc.tuple(
          ...numbers.map((id) => fc.constantFrom("Kiva", "Wyld").map((brand) => dutchie(String(id), { brand }))),
        ),
      );
    const arbitrary = group.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(all, { minLength: all.length }),
        fc.constantFrom("auto", "merge", "review"),
      ),
    );
    fc.assert(
      fc.property(arbitrary, ([all, shuffled, rule]) => {
        const [one, other] = [planDuplicates(all, rule, null), planDuplicates(shuffled, rule, null)];
        expect(merged(other)).toEqual(merged(one));
        expect({ ...other, merged_into: null }).toEqual({ ...one, merged_into: null });
        const ids = all.map((row) => Number(row.dutchie_product_id));
        expect(one.merged_into.get(`prd_${Math.min(...ids)}`)).toBeNull();
        // A survivor is not merged into another product, so there are no chains.
        for (const into of one.merged_into.values()) if (into !== null) expect(one.merged_into.get(into)).toBeNull();
      }),
    );
  });

  it("products whose ids are not numbers have the same survivor in any order", () => {
    const all = ["b7", "a9", "c1"].map((id) => dutchie(id));
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: 3 }), (order) => {
        expect(merged(planDuplicates(order, "auto", null))).toEqual({
          prd_a9: null,
          prd_b7: "prd_a9",
          prd_c1: "prd_a9",
        });
      }),
    );
  });

  it("the rule `merge` also merges products that differ", () => {
    const plan = planDuplicates([dutchie("2", { brand: "Wyld" }), dutchie("1")], "merge", null);
    expect(merged(plan)).toEqual({ prd_1: null, prd_2: "prd_1" });
    expect(plan.candidates).toEqual([]);
  });

  it("the rule `review` also asks about products that agree", () => {
    const plan = planDuplicates([dutchie("2"), dutchie("1")], "review", null);
    expect(merged(plan)).toEqual({ prd_1: null, prd_2: null });
    expect(plan.candidates).toEqual(["prd_1", "prd_2"]);
    expect(plan.reason).toContain("2 products have this SKU");
  });

  it.each<[string, ProductRow]>([
    ["a deleted product", dutchie("2", { status: "deleted" })],
    ["a provisional product", dutchie("2", { status: "provisional" })],
    ["a product of ReUp's own", ownProduct("own", { sku: "SKU-1" })],
  ])("%s is no duplicate, and its merge ends", (_, other) => {
    const plan = planDuplicates([dutchie("1"), { ...other, merged_into: "prd_1" }], "merge", null);
    expect([...plan.merged_into.values()]).toEqual([null, null]);
    expect(plan.candidates).toEqual([]);
  });

  it("when the survivor is deleted, the next one survives", () => {
    const all = [dutchie("1", { status: "deleted" }), dutchie("2"), dutchie("3")];
    expect(merged(planDuplicates(all, "auto", null))).toEqual({ prd_1: null, prd_2: null, prd_3: "prd_2" });
  });
});

describe("a person's decision on duplicates", () => {
  const GROUP = [dutchie("1"), dutchie("2", { brand: "Wyld" })];
  const decided = (action: DuplicateDecision["action"], into: string | null): DuplicateDecision => ({
    facts_hash: planDuplicates(GROUP, "auto", null).facts_hash,
    action,
    into,
    fields: {},
  });

  it.each(["auto", "merge", "review"] as const)(
    "a decision to keep both stays valid under the rule `%s`, and nobody is asked again",
    (rule) => {
      const plan = planDuplicates(GROUP, rule, decided("keep_both", null));
      expect(merged(plan)).toEqual({ prd_1: null, prd_2: null });
      expect(plan.candidates).toEqual([]);
    },
  );

  it("a decision to merge merges into the chosen product", () => {
    const plan = planDuplicates(GROUP, "auto", decided("merge", "prd_2"));
    expect(merged(plan)).toEqual({ prd_1: "prd_2", prd_2: null });
    expect(plan.candidates).toEqual([]);
  });

  it("a decision stays valid while other fields change", () => {
    const repriced = GROUP.map((row) => ({ ...row, unit_price: 99, brand: row.brand?.toUpperCase() ?? null }));
    expect(planDuplicates(repriced, "auto", decided("keep_both", null)).candidates).toEqual([]);
  });

  it.each<[string, ProductRow[]]>([
    ["a name changes", [dutchie("1", { product_name: "Other" }), dutchie("2", { brand: "Wyld" })]],
    ["a third product comes", [...GROUP, dutchie("3", { brand: "Other" })]],
    ["another product replaces one of them", [dutchie("1"), dutchie("3", { brand: "Wyld" })]],
  ])("a person is asked again when %s", (_, now) => {
    expect(planDuplicates(now, "auto", decided("keep_both", null)).candidates.length).toBeGreaterThan(1);
  });
});

describe("F52: a SKU that too many products share", () => {
  const many = (count: number, over: Partial<ProductRow> = {}) =>
    Array.from({ length: count }, (_, at) => dutchie(String(at + 1), over));

  it.each([
    [199, "auto", 198],
    [199, "merge", 198],
    [200, "auto", 0],
    [250, "auto", 0],
    [250, "merge", 0],
    [250, "review", 0],
  ] as const)("F52: of %i products of one SKU the rule %s merges %i", (count, rule, away) => {
    const plan = planDuplicates(many(count, { sku: "A1" }), rule, null);
    expect([...plan.merged_into.values()].filter((into) => into !== null)).toHaveLength(away);
    expect(plan.candidates).toHaveLength(away === 0 ? 20 : 0);
    if (away === 0) expect(plan.reason).toMatch(/^200 or more products have the SKU A1: it identifies none of them\./);
  });

  it.each([199, 250])("F52: %i products have the same plan in any order, however many of them are loaded", (count) => {
    const all = many(count);
    const whole = planDuplicates(all, "auto", null);
    const shuffled = fc.shuffledSubarray(all, { minLength: count });
    fc.assert(
      fc.property(shuffled, (order) => {
        const { merged_into, ...plan } = planDuplicates(order, "auto", null);
        expect(Object.fromEntries(merged_into)).toEqual(merged(whole));
        expect(plan).toEqual({ ...whole, merged_into: undefined });
      }),
      { numRuns: 20 },
    );
  });

  it("F52: the question stays the same when more products come, and has at most 2,000 bytes", () => {
    const of = (count: number) => ({ ...planDuplicates(many(count), "auto", null), merged_into: null });
    const first = [...many(200)].sort((a, b) => (a.product_id < b.product_id ? -1 : 1));
    const more = Array.from({ length: 5_000 }, (_, at) => dutchie(`x${at}`));
    const after = { ...planDuplicates([...more, ...first], "auto", null), merged_into: null };
    expect(after).toEqual(of(200));
    expect(JSON.stringify(after).length).toBeLessThan(2_000);
  });

  it("F52: a person can keep them apart for good, and nobody can merge them", () => {
    const { facts_hash } = planDuplicates(many(250), "auto", null);
    const decided = { facts_hash, into: "prd_1", fields: {} };
    const kept = planDuplicates(many(300), "auto", { ...decided, action: "keep_both" });
    expect([kept.by, kept.candidates]).toEqual(["person", []]);
    const forced = planDuplicates(many(250), "auto", { ...decided, action: "merge" });
    expect([forced.by, forced.survivor, forced.candidates.length]).toEqual([null, null, 20]);
  });

  it("F52: deleted products open no review", () => {
    const gone = many(250, { status: "deleted" });
    expect(planDuplicates([...gone, dutchie("900")], "merge", null).candidates).toEqual([]);
  });
});
