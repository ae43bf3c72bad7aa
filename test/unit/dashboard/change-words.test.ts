import { describe, expect, it } from "vitest";
import { toldOf } from "../../../dashboard/src/pages/store/activity/changes/change-words.ts";

const told = (fields: Record<string, [unknown, unknown]>) =>
  toldOf({
    fields: Object.fromEntries(Object.entries(fields).map(([name, [before, after]]) => [name, { before, after }])),
  });

describe("a change in words", () => {
  it("names what people look for, and leaves ids to the details", () => {
    const { isNew, fields } = told({ quantity: [12, 9], content_hash: ["a", "b"], unit_price: [30, 32.5] });
    expect(isNew).toBe(false);
    expect(fields.map(({ name, before, after }) => `${name}: ${before} → ${after}`)).toEqual([
      "Quantity: 12 → 9",
      "Price: $30.00 → $32.50",
    ]);
  });

  it("tells what is new from what had no value for one field", () => {
    expect(told({ quantity: [null, 4], room_name: [null, "Vault"], sku: [null, "A"] }).isNew).toBe(true);
    expect(told({ brand: [null, "Acme"] }).isNew).toBe(false);
    expect(told({ brand: [null, "Acme"] }).fields).toEqual([
      { field: "brand", name: "Brand", before: "none", after: "Acme" },
    ]);
  });

  it("says nothing of a change of ids alone", () => {
    expect(told({ dutchie_product_id: ["1", "2"] })).toEqual({ isNew: false, joined: null, fields: [] });
    expect(told({ merged_into: [null, "prd_2"] }).joined).toBe("joined");
    expect(told({ merged_into: ["prd_2", null] }).joined).toBe("apart");
  });
});
