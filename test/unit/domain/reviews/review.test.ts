import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchIndex } from "../../../../src/domain/identity/match.ts";
import { chooseFields, mergedFields } from "../../../../src/domain/identity/merge.ts";
import type { Settings } from "../../../../src/domain/records/model.ts";
import { dutchieSide, override } from "../../../../src/domain/records/overrides.ts";
import type { ProductRow } from "../../../../src/domain/records/records.ts";
import { planProducts, tombstoneProduct } from "../../../../src/domain/resolve/products.ts";
import { asDecided, asUndone, decideSku, type ReviewRow } from "../../../../src/domain/reviews/review.ts";
import { byKey, incomingProduct, MINUTE, NOW, ORIGIN, only, product, snapshot, T0 } from "../build.ts";

const ANN = { by: "ann", reason: null };

interface State {
  rows: ProductRow[];
  review: ReviewRow | undefined;
}

/** As the Location does it: decide, write. */
function applyRule({ rows, review }: State, rule: Settings["duplicate_sku"] = "auto", now = NOW): State {
  const settled = decideSku({ sku: "SKU-1", products: rows, rule, review, now });
  return { rows: settled.rows, review: settled.review ?? review };
}

function sync(state: State, content: Parameters<typeof incomingProduct>[0], id: string, minutes = 1): State {
  const plan = planProducts({
    incoming: [incomingProduct(content, T0 + minutes * MINUTE, id)],
    stored: byKey(state.rows, (row) => row.dutchie_product_id ?? ""),
    match: matchIndex([]),
    read: snapshot(0),
    floor: 0,
    now: NOW,
    origin: ORIGIN,
    keep: [],
  });
  const written = new Map(plan.rows.map((row) => [row.product_id, row]));
  return applyRule({ ...state, rows: state.rows.map((row) => written.get(row.product_id) ?? row) });
}

function review(state: State): ReviewRow {
  if (state.review === undefined) throw new Error("a review was expected");
  return state.review;
}

function merge(state: State, into: string, asked = {}): State {
  const candidates = review(state).candidates.flatMap((id) => state.rows.find((row) => row.product_id === id) ?? []);
  const choice = chooseFields(candidates, into, asked);
  if ("issue" in choice) throw new Error(choice.issue.message);
  const resolution = { fields: choice.fields, link: null };
  return applyRule({ ...state, review: asDecided(review(state), { action: "merge", into, resolution }, ANN, NOW) });
}

const keep = (state: State): State =>
  applyRule({
    ...state,
    review: asDecided(review(state), { action: "keep_both", into: null, resolution: null }, ANN, NOW),
  });

function undo(state: State): State {
  const before = asUndone(review(state), ANN, NOW);
  if (before === null) throw new Error("nothing to undo");
  return applyRule({ ...state, review: before });
}

const merged = ({ rows }: State) => Object.fromEntries(rows.map((row) => [row.product_id, row.merged_into]));
const row = (state: State, id: string): ProductRow => only(state.rows.filter(({ product_id }) => product_id === id));

const ONE = product({ dutchie_product_id: "1", unit_price: null, upc: "1" });
const TWO = product({ dutchie_product_id: "2", brand: "Wyld", unit_price: 20 });
const DIFFERING: State = applyRule({ rows: [ONE, TWO], review: undefined });
const AGREEING: State = applyRule({ rows: [ONE, { ...TWO, brand: "kiva" }], review: undefined });

describe("a duplicate SKU", () => {
  it("a duplicate SKU that a person must decide about is an open review", () => {
    expect(review(DIFFERING)).toMatchObject({ state: "open", candidates: ["prd_1", "prd_2"], action: null });
  });

  it("a merge by the rule is a resolved review, so that a person can undo it", () => {
    expect(review(AGREEING)).toMatchObject({
      state: "resolved",
      action: "merge",
      into: "prd_1",
      resolved_by: "auto",
      candidates: ["prd_1", "prd_2"],
    });
    expect(merged(AGREEING)).toEqual({ prd_1: null, prd_2: "prd_1" });
  });

  it("deciding twice changes nothing", () => {
    for (const state of [DIFFERING, AGREEING, merge(DIFFERING, "prd_2"), keep(DIFFERING)]) {
      expect(
        decideSku({ sku: "SKU-1", products: state.rows, rule: "auto", review: state.review, now: NOW + 1 }),
      ).toEqual({
        rows: state.rows,
        review: null,
      });
    }
  });

  it("a review ends when one product is gone, and a person's decision applies again when it returns", () => {
    const gone = (state: State) =>
      applyRule({ ...state, rows: [row(state, "prd_1"), tombstoneProduct(row(state, "prd_2"), NOW, NOW)] });
    const back = (state: State) =>
      applyRule({ ...state, rows: [row(state, "prd_1"), { ...row(state, "prd_2"), status: "active" }] });
    expect(review(gone(DIFFERING))).toMatchObject({
      state: "resolved",
      action: null,
      reason: "No longer a duplicate.",
    });
    expect(review(back(gone(DIFFERING)))).toMatchObject({ state: "open" });
    expect(merged(gone(AGREEING))).toEqual({ prd_1: null, prd_2: null });
    expect(merged(back(gone(AGREEING)))).toEqual(merged(AGREEING));
    expect(back(gone(keep(DIFFERING))).review).toEqual(keep(DIFFERING).review);
    expect(merged(back(gone(merge(DIFFERING, "prd_2"))))).toEqual({ prd_1: "prd_2", prd_2: null });
  });
});

describe("a person's decision", () => {
  it("a decision to merge makes the record that the preview showed", () => {
    const candidates = DIFFERING.rows;
    const choice = chooseFields(candidates, "prd_1", { category: { from: "prd_2" }, brand: "Kiva Confections" });
    if ("issue" in choice) throw new Error();
    const preview = mergedFields(row(DIFFERING, "prd_1"), choice.fields);
    expect(preview).toMatchObject({
      sku: { value: "SKU-1", from: "prd_1" },
      upc: { value: "1", from: "prd_1" },
      brand: { value: "Kiva Confections", from: null },
      category: { value: "Flower", from: "prd_2" },
      // Dutchie states no price of the survivor, and nothing is lost.
      unit_price: { value: 20, from: "prd_2" },
    });
    const after = merge(DIFFERING, "prd_1", { category: { from: "prd_2" }, brand: "Kiva Confections" });
    const survivor = row(after, "prd_1");
    for (const [field, { value }] of Object.entries(preview)) expect(survivor).toHaveProperty(field, value);
    expect(merged(after)).toEqual({ prd_1: null, prd_2: "prd_1" });
  });

  it.each<[object, string]>([
    [{ brand: { from: "prd_9" } }, "fields.brand.from"],
    [{ product_name: null }, "fields.product_name"],
    [{ unit_price: "9" }, "fields.unit_price"],
    [{ unit_price: -1 }, "fields.unit_price"],
    [{ brand: 5 }, "fields.brand"],
  ])("a decision with the fields %j is refused", (asked, path) => {
    expect(chooseFields(DIFFERING.rows, "prd_1", asked)).toMatchObject({ issue: { path } });
  });

  it("a decision stays valid across syncs: chosen fields stay, the others follow Dutchie", () => {
    const before = merge(DIFFERING, "prd_1", { category: "Chocolate" });
    const after = sync(before, { category: "Flower", subcategory: "Indica", thc_percentage: 9 }, "1");
    expect(row(after, "prd_1")).toMatchObject({ category: "Chocolate", subcategory: "Indica", thc_percentage: 9 });
    expect(merged(after)).toEqual(merged(before));
    expect(after.review).toEqual(before.review);
  });

  it("a chosen field fills in only what Dutchie does not state", () => {
    const before = merge(DIFFERING, "prd_1");
    expect(row(before, "prd_1").unit_price).toBe(20);
    const synced = sync(before, { unit_price: 31 }, "1");
    expect(row(synced, "prd_1").unit_price).toBe(31);
    expect(row(sync(synced, { unit_price: null }, "1", 2), "prd_1").unit_price).toBe(20);
  });

  it("a chosen field hides no change of Dutchie's: the log has it under another name", () => {
    const before = merge(DIFFERING, "prd_1", { category: "Chocolate" });
    const plan = planProducts({
      incoming: [incomingProduct({ category: "Edible", thc_percentage: 1 }, T0 + MINUTE)],
      stored: byKey(before.rows, (each) => each.dutchie_product_id ?? ""),
      match: matchIndex([]),
      read: snapshot(0),
      floor: 0,
      now: NOW,
      origin: ORIGIN,
      keep: [],
    });
    expect(only(plan.changes).fields).toEqual({ "dutchie.category": ["Flower", "Edible"], thc_percentage: [21.5, 1] });
    expect(only(plan.rows).category).toBe("Chocolate");
  });

  it.each(["auto", "merge", "review"] as const)("a decision is not asked about again under the rule %s", (rule) => {
    for (const state of [merge(DIFFERING, "prd_2", { brand: "X" }), keep(DIFFERING)]) {
      expect(applyRule(state, rule)).toEqual(state);
    }
  });

  it("a decision is asked about again when the facts change, and its chosen fields end", () => {
    const before = merge(DIFFERING, "prd_1", { category: "Chocolate", product_name: "Bar" });
    const after = sync(before, { product_name: "Another" }, "1");
    expect(review(after)).toMatchObject({ state: "open", action: null, resolution: null });
    expect(row(after, "prd_1")).toMatchObject({ category: "Flower", product_name: "Another", overrides: null });
    expect(merged(after)).toEqual({ prd_1: null, prd_2: null });
    expect(review(sync(keep(DIFFERING), { brand: "Other" }, "2"))).toMatchObject({ state: "open" });
  });

  it("to undo an automatic merge is to keep both, and this stays so", () => {
    const apart = undo(AGREEING);
    expect(review(apart)).toMatchObject({ state: "resolved", action: "keep_both", resolved_by: "ann" });
    expect(merged(apart)).toEqual({ prd_1: null, prd_2: null });
    expect(merged(sync(apart, { thc_percentage: 1 }, "1"))).toEqual({ prd_1: null, prd_2: null });
    const again = undo(apart);
    expect(merged(again)).toEqual(merged(AGREEING));
    expect(review(again)).toMatchObject({ action: "merge", resolved_by: "auto" });
  });
});

const text = fc.constantFrom("Kiva", "Wyld", "kiva ", null);
const price = fc.constantFrom(null, 10, 20);
const group = fc
  .uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 2, maxLength: 5 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc
          .record({ brand: text, unit_price: price, upc: fc.constantFrom(null, "1") })
          .map((over) => product({ dutchie_product_id: String(id), ...over })),
      ),
    ),
  );
const asked = fc.record(
  { brand: fc.constantFrom("Chosen", null), unit_price: fc.constantFrom(1, null) },
  { requiredKeys: [] },
);

describe("merges of any group, in any order, with any choice", () => {
  it("a merge that is undone leaves no trace but who undid it", () => {
    fc.assert(
      fc.property(group, asked, fc.nat(), (rows, fields, pick) => {
        const before = applyRule({ rows, review: undefined }, "review");
        const { candidates } = review(before);
        const into = candidates[pick % candidates.length] ?? "";
        const given = { ...before, review: before.review };
        const choice = chooseFields(rows, into, fields);
        if ("issue" in choice) return;
        const decision = { action: "merge", into, resolution: { fields: choice.fields, link: null } } as const;
        const after = applyRule({ ...given, review: asDecided(review(given), decision, ANN, NOW) }, "review");
        for (const each of after.rows) expect(each.merged_into).toBe(each.product_id === into ? null : into);
        const back = asUndone(review(after), ANN, NOW + 1);
        if (back === null) throw new Error();
        const asked = { ...review(before), undone: { ...ANN, at: NOW + 1 } };
        expect(applyRule({ ...after, review: back }, "review", NOW + 1)).toEqual({ ...before, review: asked });
      }),
    );
  });

  it("the order of arrival does not change the result", () => {
    const shuffled = group.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
    );
    fc.assert(
      fc.property(shuffled, fc.constantFrom("auto", "merge", "review"), ([rows, order], rule) => {
        const one = applyRule({ rows, review: undefined }, rule);
        // One by one, with a decision after each.
        let other: State = { rows: [], review: undefined };
        for (const each of order) other = applyRule({ ...other, rows: [...other.rows, each] }, rule);
        const byId = (all: readonly ProductRow[]) => new Map(all.map((each) => [each.product_id, each]));
        expect(byId(other.rows)).toEqual(byId(one.rows));
        expect(other.review).toEqual(one.review);
      }),
    );
  });

  it("an override and Dutchie's value can be separated again", () => {
    fc.assert(
      fc.property(group, asked, ([first, ...others], fields) => {
        if (first === undefined) return;
        const choice = chooseFields([first, ...others], first.product_id, fields);
        if ("fields" in choice) expect(dutchieSide(override(first, choice.fields))).toEqual(first);
      }),
    );
  });
});
