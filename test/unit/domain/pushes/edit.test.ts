import { describe, expect, it } from "vitest";
import { type ProductEdit, planEdit } from "../../../../src/domain/pushes/edit.ts";
import type { Settings } from "../../../../src/domain/records/model.ts";
import { override } from "../../../../src/domain/records/overrides.ts";
import type { ProductRow } from "../../../../src/domain/records/records.ts";
import { ownProduct, product } from "../build.ts";

type Rules = Pick<Settings, "direction" | "field_authority">;
const BOTH: Rules = { direction: "bidirectional", field_authority: {} };
const ONE_WAY: Rules = { direction: "dutchie_to_reup", field_authority: {} };

describe("what an edit becomes", () => {
  it.each<[string, ProductRow, ProductEdit, Rules, object]>([
    ["a field of Dutchie's is pushed", product(), { unit_price: 33 }, BOTH, { unit_price: { value: 33, base: 30 } }],
    [
      "four decimals are kept",
      product(),
      { unit_price: 33.123456 },
      BOTH,
      { unit_price: { value: 33.1235, base: 30 } },
    ],
    ["a value that is stored already is no edit", product(), { unit_price: 30, brand: "Kiva" }, BOTH, {}],
    [
      "a pending edit is compared with Dutchie's value, not with itself",
      { ...product(), ...override(product(), { unit_price: { value: 33, fill: false, push: true } }) },
      { unit_price: 35 },
      BOTH,
      { unit_price: { value: 35, base: 30 } },
    ],
    ["notes are ReUp's in any store", product(), { notes: "Top shelf" }, ONE_WAY, {}],
  ])("an edit has the right result: %s", (_, row, edit, rules, push) => {
    expect(planEdit(row, edit, rules)).toMatchObject({ kind: "planned", push });
  });

  it("a product of ReUp's own belongs to ReUp alone", () => {
    const edit = { product_name: "Shirt", sku: "S", unit_price: 5, status: "inactive", notes: "n" } as const;
    expect(planEdit(ownProduct("own"), edit, ONE_WAY)).toEqual({ kind: "planned", own: edit, push: {} });
  });
});

describe("what is refused", () => {
  const merged = { ...product(), ...override(product(), { brand: { value: "Chosen", fill: false } }) };
  const filled = product({ upc: null });

  it.each<[string, ProductRow, ProductEdit, Rules, string]>([
    ["a field of Dutchie's in a one-way store", product(), { unit_price: 33 }, ONE_WAY, "one way"],
    [
      "a field left to Dutchie",
      product(),
      { brand: "W" },
      { ...BOTH, field_authority: { brand: "dutchie" } },
      "settings",
    ],
    ["a quantity", product(), { quantity: 5 }, BOTH, "counted in Dutchie"],
    ["a quantity of ReUp's own product", ownProduct("own"), { quantity: 5 }, BOTH, "counted in Dutchie"],
    ["a SKU", product(), { sku: "OTHER" }, BOTH, "cannot set it"],
    ["a UPC", filled, { upc: "1" }, BOTH, "cannot set it"],
    ["an empty price", product(), { unit_price: null }, BOTH, "cannot be removed"],
    [
      "a price of 0 beside another one",
      product({ stated: { price: 30, rec_price: 20 } }),
      { unit_price: 0 },
      BOTH,
      "see the other",
    ],
    ["a field of a deleted product", product({ status: "deleted" }), { brand: "W" }, BOTH, "deleted"],
    ["a field of a provisional product", product({ status: "provisional" }), { brand: "W" }, BOTH, "provisional"],
    ["a field of a merged product", product({ merged_into: "prd_2" }), { brand: "W" }, BOTH, "prd_2"],
    ["a field that a merge chose", merged, { brand: "W" }, BOTH, "merge"],
    ["percent where the label says milligrams", product({ thc_mg: 100 }), { thc_percentage: 20 }, BOTH, "milligrams"],
  ])("an edit is refused with its reason: %s", (_, row, edit, rules, reason) => {
    const [field] = Object.keys(edit);
    expect(planEdit(row, edit, rules)).toEqual({
      kind: "refused",
      refusals: [{ field, reason: expect.stringContaining(reason) }],
    });
  });

  it("one refused field refuses the whole edit, and the answer names only that field", () => {
    const plan = planEdit(product(), { unit_price: 33, sku: "X", notes: "n" }, BOTH);
    expect(plan).toMatchObject({ kind: "refused", refusals: [{ field: "sku" }] });
  });
});
