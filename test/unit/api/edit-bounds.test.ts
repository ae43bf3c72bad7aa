import { expect, it } from "vitest";
import { productPatch } from "../../../src/contract/http/records.ts";
import { LARGEST_MONEY, LARGEST_POTENCY } from "../../../src/domain/bounds.ts";
import { decodeProduct } from "../../../src/dutchie/decode/decode.ts";

/** Else an edit that ReUp has accepted and Dutchie has taken would never be seen there. */
it.each([
  ["unit_price", LARGEST_MONEY, { price: LARGEST_MONEY }, { price: LARGEST_MONEY }],
  ["unit_cost", LARGEST_MONEY, { unitCost: LARGEST_MONEY }, { unit_cost: LARGEST_MONEY }],
  ["thc_mg", LARGEST_POTENCY, { thcContent: LARGEST_POTENCY, thcContentUnit: "mg" }, { thc: { unit: "mg" } }],
  ["cbd_mg", LARGEST_POTENCY, { cbdContent: LARGEST_POTENCY, cbdContentUnit: "mg" }, { cbd: { unit: "mg" } }],
])("an edit of %s is no larger than what is read from Dutchie", (field, largest, row, read) => {
  expect(productPatch.safeParse({ [field]: largest }).success).toBe(true);
  expect(productPatch.safeParse({ [field]: largest * 1.01 }).success).toBe(false);
  expect(decodeProduct({ productId: 1, ...row })).toMatchObject({ ok: true, row: read });
});
