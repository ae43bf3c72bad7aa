import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  contentBeforeMatch,
  linkProducts,
  matchedLink,
  planLink,
  planUnlink,
  unlinkProducts,
} from "../../../../src/domain/identity/link.ts";
import { matchIndex } from "../../../../src/domain/identity/match.ts";
import type { FieldChanges } from "../../../../src/domain/records/change.ts";
import type { ProductRow } from "../../../../src/domain/records/records.ts";
import { planProducts, tombstoneProduct } from "../../../../src/domain/resolve/products.ts";
import { asDecided, asUndone, matchReview } from "../../../../src/domain/reviews/review.ts";
import { byKey, incomingProduct, MINUTE, NOW, ORIGIN, ownProduct, product, snapshot, T0 } from "../build.ts";

const own = ownProduct("own", { sku: "SKU-1", category: "Mine", unit_price: 5, upc: "9" });
const dutchie = product({ dutchie_product_id: "77", category: null, unit_price: 30, content_hash: "h" });

/** As a complete catalogue states it. */
function listed(row: ProductRow, content: Parameters<typeof incomingProduct>[0], minutes: number, free: ProductRow[]) {
  const plan = planProducts({
    incoming: [incomingProduct(content, T0 + minutes * MINUTE, "77")],
    stored: byKey([row], ({ dutchie_product_id }) => dutchie_product_id ?? ""),
    match: matchIndex(free),
    read: snapshot(minutes),
    floor: 0,
    now: NOW,
    origin: ORIGIN,
    keep: [],
  });
  return { row: plan.rows[0] ?? row, ...plan };
}

describe("a person links a product of ReUp's own", () => {
  it("a linked product gets the fields that Dutchie states and keeps the others", () => {
    expect(linkProducts(own, dutchie, NOW)).toMatchObject({
      product_id: "own",
      dutchie_product_id: "77",
      source: "reup",
      category: "Mine",
      unit_price: 30,
      upc: "9",
      source_at: dutchie.source_at,
    });
  });

  it("a linked product keeps what Dutchie stated beside the fields, for rows that state only a part", () => {
    const stated = { price: 30, rec_price: 28 } as unknown as NonNullable<ProductRow["stated"]>;
    expect(linkProducts(own, { ...dutchie, stated }, NOW).stated).toEqual(stated);
  });

  it("a product is as before when its link is undone", () => {
    const linked = linkProducts(own, dutchie, NOW);
    const back = unlinkProducts({ own, dutchie, linked }, linked, NOW);
    expect(back).toEqual({ own: { ...own, updated_at: NOW }, dutchie: { ...dutchie, updated_at: NOW } });
  });

  it("a product whose link is undone keeps what Dutchie stated since, and ReUp's its remark", () => {
    const linked = linkProducts(own, dutchie, NOW);
    const later = { ...linked, unit_price: 31, notes: "Top shelf", source_at: T0 + 1, content_hash: "later" };
    const back = unlinkProducts({ own, dutchie, linked }, later, NOW);
    expect(back.dutchie).toMatchObject({ unit_price: 31, category: null, upc: null, notes: null, source_at: T0 + 1 });
    expect(back.own).toMatchObject({ unit_price: 5, dutchie_product_id: null, notes: "Top shelf", source_at: 0 });
  });

  it("a link that a match made is undone with ReUp's product as it was, as long as that is known", () => {
    const unsettled = { stated: { unit_price: T0 }, hint: { ...NO, sku: "S" }, own: { ...own } };
    const linked = { ...linkProducts(own, dutchie, NOW), unsettled };
    const back = unlinkProducts(matchedLink(linked, null), linked, NOW);
    expect(back.own).toMatchObject({ product_id: "own", dutchie_product_id: null, unit_price: 5, category: "Mine" });
    expect(back.dutchie).toMatchObject({
      product_id: "prd_77",
      dutchie_product_id: "77",
      source: "dutchie",
      unit_price: 30,
      category: null,
      unsettled: null,
    });
  });

  it.each<[string, FieldChanges[], Partial<ProductRow> | null]>([
    [
      "the link alone",
      [{ dutchie_product_id: [null, "77"], unit_price: [5, 30], category: ["Mine", null] }],
      { unit_price: 5, category: "Mine", sku: "SKU-1" },
    ],
    [
      "what changed after it, seen or hidden by an edit",
      [
        { unit_price: [31, 32], "dutchie.upc": ["9", "8"] },
        { sku: ["OLD", "SKU-1"] },
        { dutchie_product_id: [null, "77"], unit_price: [5, 31] },
        { unit_price: [4, 5] },
      ],
      { unit_price: 5, sku: "OLD", upc: "9" },
    ],
    ["a link to another product only", [{ dutchie_product_id: [null, "78"] }], null],
    ["nothing of the link any more", [{ unit_price: [5, 30] }], null],
    ["a text that it cut", [{ dutchie_product_id: [null, "77"], product_name: [`${"x".repeat(499)}…`, "Blue"] }], null],
  ])("what ReUp's product was before a match is read from the log, which has %s", (_, changes, before) => {
    const found = contentBeforeMatch(linkProducts(own, dutchie, NOW), changes);
    if (before === null) expect(found).toBeNull();
    else expect(found).toMatchObject({ ...before, dutchie_product_id: null });
  });

  it("where it is not known, both keep the values; a product that Dutchie deleted leaves ReUp's inactive", () => {
    const linked = tombstoneProduct(linkProducts(own, dutchie, NOW), T0 + 5, NOW);
    const back = unlinkProducts(matchedLink(linked, null), linked, NOW);
    expect(back.own).toMatchObject({ unit_price: 30, status: "inactive", dutchie_product_id: null, source_at: 0 });
    expect(back.dutchie).toMatchObject({ unit_price: 30, status: "deleted", source_at: T0 + 5 });
  });

  it("no order of full syncs, tombstones and new listings undoes a link, nor makes one that a person undid", () => {
    const step = fc.oneof(
      fc.record({ unit_price: fc.constantFrom(1, 2, 3), upc: fc.constantFrom("9", "8", null) }),
      fc.constant("gone" as const),
      fc.constant({}),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), fc.boolean(), (steps, isLinked) => {
        const linked = linkProducts(own, dutchie, NOW);
        const apart = unlinkProducts({ own, dutchie, linked }, linked, NOW);
        const start = isLinked ? linked : { ...apart.dutchie, unsettled: null };
        let row: ProductRow = start;
        for (const [i, each] of steps.entries()) {
          if (each === "gone") row = tombstoneProduct(row, T0 + (i + 1) * MINUTE, NOW);
          else {
            const after = listed(row, { sku: "SKU-1", upc: "9", ...each }, i + 1, isLinked ? [] : [apart.own]);
            expect(after).toMatchObject({ relinks: [], removed: [], released: [], doubts: [] });
            row = after.row;
          }
          expect(row).toMatchObject({ product_id: start.product_id, dutchie_product_id: "77" });
        }
      }),
    );
  });
});

const NO = { sku: null, upc: null, product_name: null, brand: null, category: null, subcategory: null };

describe("what a person's wish for a link comes to", () => {
  const linked = linkProducts(own, dutchie, NOW);
  const nameless = product({ product_id: "prd_x1", dutchie_product_id: null });

  it.each<[string, ProductRow, ProductRow, string]>([
    ["the two", own, dutchie, "link"],
    ["what is linked already", linked, linked, "as_is"],
    [
      "what a match linked, but may still change",
      { ...linked, unsettled: { stated: {}, hint: NO, own } },
      linked,
      "settle",
    ],
    ["a product of Dutchie's with itself", dutchie, dutchie, "as_is"],
    ["a product that is linked to another one", linked, product({ dutchie_product_id: "78" }), "refuse"],
    ["one that another product is linked to", ownProduct("other"), linked, "refuse"],
    ["two products of Dutchie's", product({ dutchie_product_id: "78" }), dutchie, "refuse"],
    ["a product that only rows without an id name", nameless, dutchie, "refuse"],
    ["a product that Dutchie no longer lists", own, { ...dutchie, status: "deleted" }, "refuse"],
    ["a product that was merged away", own, { ...dutchie, merged_into: "prd_1" }, "refuse"],
    ["a deleted product", { ...own, status: "deleted" }, dutchie, "refuse"],
  ])("to link %s", (_, one, other, kind) => {
    const row = kind === "settle" ? one : other;
    expect(planLink(one, row)).toMatchObject({ kind });
  });

  it.each<[string, ProductRow, string]>([
    ["a linked product", linked, "unlink"],
    ["a product that is not linked", own, "as_is"],
    ["a product of Dutchie's own", dutchie, "refuse"],
    ["a product that only rows without an id name", nameless, "refuse"],
  ])("to unlink %s", (_, one, kind) => {
    expect(planUnlink(one)).toMatchObject({ kind });
  });

  it("a product that only rows without an id name is refused with what to do in Dutchie", () => {
    const message = expect.stringMatching(/"[^"]+" only in packages or sales without a product id.*SKU or UPC/);
    expect([planLink(nameless, dutchie), planUnlink(nameless)]).toMatchObject([{ message }, { message }]);
  });

  it("undoing a link that nobody asked about keeps the two apart; undoing an answer asks again", () => {
    const who = { by: "ann", reason: "the label says so" };
    const asked = matchReview(["prd_77", "own"], "why", NOW);
    const made = (isUnasked: boolean) => {
      const resolution = { fields: {}, link: { own, dutchie, linked, isUnasked } };
      return asDecided(asked, { action: "merge", into: "own", resolution }, who, NOW);
    };
    expect(made(true)).toMatchObject({ resolved_by: "ann", resolved_reason: "the label says so" });
    const ben = { by: "ben", reason: null };
    expect(asUndone(made(true), ben, NOW)).toMatchObject({
      state: "resolved",
      action: "keep_both",
      resolved_by: "ben",
    });
    expect(asUndone(made(false), ben, NOW)).toMatchObject({ state: "open", action: null, resolved_reason: null });
  });
});
