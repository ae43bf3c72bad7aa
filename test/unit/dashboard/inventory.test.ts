import { describe, expect, it } from "vitest";
import { dayOrEmpty, problemOf, spanOf } from "../../../dashboard/src/pages/store/inventory/sales/sale-days.ts";
import { changeOf, toldOf } from "../../../dashboard/src/pages/store/product/ledger/ledger-words.ts";
import { changedOf, typedOf } from "../../../dashboard/src/pages/store/product/product-values.ts";
import { pagesAround } from "../../../dashboard/src/ui/pages-around.ts";

describe("the numbers of a pager", () => {
  it.each([
    [1, 1, [1]],
    [1, 3, [1, 2, 3]],
    [3, 5, [1, 2, 3, 4, 5]],
    [1, 400, [1, 2, -400, 400]],
    [200, 400, [1, -199, 199, 200, 201, -400, 400]],
    [400, 400, [1, -399, 399, 400]],
    // A page that the list does not have (any more).
    [9, 3, [1, 3].flatMap((each) => (each === 3 ? [2, 3] : [each]))],
  ])("on page %i of %i are %j", (page, pages, numbers) => {
    expect(pagesAround(page, pages)).toEqual(numbers);
  });
});

describe("the days of a list of sales", () => {
  it("the last day is in, and days have 23 to 25 hours", () => {
    expect(spanOf({ from: "2026-11-01", to: "2026-11-01" }, "America/Denver")).toEqual({
      from: "2026-11-01T06:00:00.000Z",
      to: "2026-11-02T07:00:00.000Z",
    });
    expect(spanOf({ from: "", to: "" }, "America/Denver")).toEqual({ from: "", to: "" });
    // Whoever types a year is at 2, 20 and 202 first.
    expect(spanOf({ from: "0202-11-01", to: "0020-11-01" }, "America/Denver")).toEqual({ from: "", to: "" });
  });

  it("“Until” before “From” is a problem, the same day is none", () => {
    expect(problemOf({ from: "2026-11-02", to: "2026-11-01" })).toMatch(/Until/);
    expect(problemOf({ from: "2026-11-01", to: "2026-11-01" })).toBeNull();
    expect(problemOf({ from: "", to: "2026-11-01" })).toBeNull();
    expect(problemOf({ from: "2026-11-02", to: "0202-11-01" })).toBeNull();
  });

  it.each(["", "yesterday", "2026-13-01", "2026-1-1"])("%j in the address is no day", (text) => {
    expect(dayOrEmpty(text)).toBe("");
  });
});

describe("a line of the ledger", () => {
  const entry = { reason: "adjusted", change: 12, room_name: "Vault", ref: null } as const;

  it.each([
    [-3, "−3"],
    [12, "+12"],
    [0, "0"],
    [-0.5, "−0.5"],
  ])("%d is shown as %s", (change, shown) => {
    expect(changeOf(change)).toBe(shown);
  });

  it("a sale leads to the sale", () => {
    const ref = { kind: "sale", id: "sal_1", label: "Sale #20021142" } as const;
    expect(toldOf({ ...entry, reason: "sale", change: -3, ref }, "loc_1")).toEqual({
      words: "Sale #20021142",
      href: "/stores/loc_1/inventory/sales?sale=sal_1",
    });
  });

  it("a move names the room on each side", () => {
    expect(toldOf({ ...entry, reason: "moved" }, "loc_1")).toEqual({ words: "Moved to Vault", href: null });
    expect(toldOf({ ...entry, reason: "moved", change: -12 }, "loc_1").words).toBe("Moved out of Vault");
  });

  it("what a webhook told leads to it", () => {
    const ref = { kind: "event", id: "evt_1", label: "Webhook" } as const;
    expect(toldOf({ ...entry, ref }, "loc_1")).toEqual({
      words: "Changed in Dutchie",
      href: "/stores/loc_1/activity/webhooks?webhook=evt_1",
    });
  });
});

describe("the form of a product", () => {
  const values = { product_name: "Blue Dream", unit_price: 35, thc_percentage: null, notes: null };
  const fields = ["product_name", "unit_price", "thc_percentage", "notes"] as const;
  const typed = typedOf(fields, values);

  it("sends what was changed alone", () => {
    expect(changedOf(fields, values, typed)).toEqual({});
    expect(changedOf(fields, values, { ...typed, unit_price: "37.5" })).toEqual({ unit_price: 37.5 });
    expect(changedOf(fields, values, { ...typed, unit_price: "", notes: "Ask Ann" })).toEqual({
      unit_price: null,
      notes: "Ask Ann",
    });
  });
});
