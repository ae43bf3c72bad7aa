import { describe, expect, it } from "vitest";
import type { InventoryRow, ProductRow } from "../../../../src/domain/records/records.ts";
import { backText, lostText } from "../../../../src/domain/snapshots/loss-text.ts";
import {
  type Loss,
  type LossSubject,
  packageLosses,
  planMass,
  productLosses,
  type Shift,
  subjectsOf,
} from "../../../../src/domain/snapshots/losses.ts";
import { GUARDED } from "../../../../src/domain/snapshots/presence.ts";
import { shiftOf } from "../../../../src/domain/snapshots/shifts.ts";
import { inventoryRow, MINUTE, product, T0 } from "../build.ts";

/** The ids that lost a value, or have it, by subject. */
const idsOf = (losses: readonly Loss[], key: "lost" | "present" = "lost") =>
  Object.fromEntries(losses.filter((loss) => loss[key].length > 0).map((loss) => [loss.subject, loss[key]]));

describe("values that a record loses", () => {
  it.each<[string, Partial<ProductRow>, Partial<ProductRow>, string[]]>([
    ["F49: the price is 0", {}, { unit_price: 0 }, ["products.unit_price"]],
    ["F49: the price is none", {}, { unit_price: null }, ["products.unit_price"]],
    ["F49: the price was 0 before", { unit_price: 0 }, { unit_price: null }, []],
    ["F49: the price is another one", {}, { unit_price: 0.01 }, []],
    ["F49: the cost is none", {}, { unit_cost: null }, ["products.unit_cost"]],
    ["F52: the SKU is N/A", {}, { sku: "N/A" }, ["products.sku"]],
    ["F52: the SKU is zeros", {}, { sku: "0000" }, ["products.sku"]],
    ["F52: the SKU is none", {}, { sku: null }, ["products.sku"]],
    ["F52: the SKU was TBD before", { sku: "TBD" }, { sku: null }, []],
    ["F52: the SKU is another one", {}, { sku: "SKU-2" }, []],
    ["F52: the category is none", {}, { category: null }, ["products.category"]],
    ["F52: the category is a dash", {}, { category: "-" }, ["products.category"]],
    ["F49: the name is the SKU", {}, { product_name: "SKU-1", sku: "SKU-1" }, ["products.product_name"]],
    ["F49: the name is the id", {}, { product_name: "#5", sku: null }, ["products.sku", "products.product_name"]],
    ["F49: the name is another one", {}, { product_name: "#1 OG Kush" }, []],
    ["F49: the brand is none", { brand: "Acme" }, { brand: null }, ["products.brand"]],
    ["F49: the brand was none before", { brand: "N/A" }, { brand: null }, []],
    ["F38: it is inactive", {}, { status: "inactive" }, ["products.status"]],
    ["F38: it is deleted, which absences report", {}, { status: "deleted", unit_price: null }, []],
    ["F38: it was inactive before", { status: "inactive" }, { status: "inactive" }, []],
    ["F49: price and SKU at once", {}, { unit_price: 0, sku: "none" }, ["products.unit_price", "products.sku"]],
  ])("a product's lost values are found: %s", (_, before, after, expected) => {
    const { losses } = productLosses(new Map([["1", product(before)]]), [product({ ...before, ...after })]);
    expect(idsOf(losses)).toEqual(Object.fromEntries(expected.map((subject) => [subject, ["1"]])));
  });

  it("F49: a new product lost nothing, and a product that is not written keeps its values", () => {
    expect(idsOf(productLosses(new Map(), [product({ unit_price: 0 })]).losses)).toEqual({});
    const { losses } = productLosses(new Map([["1", product({ unit_price: 0 })]]), []);
    expect(idsOf(losses)).toEqual({});
    expect(Object.keys(idsOf(losses, "present"))).not.toContain("products.unit_price");
    expect(idsOf(losses, "present")).toMatchObject({ "products.sku": ["1"], "products.status": ["1"] });
  });

  const room = inventoryRow;
  it.each<[string, InventoryRow[], InventoryRow[], string[]]>([
    ["quantity 0", [room("Vault", 5)], [room("Vault", 0)], ["inventory.quantity"]],
    [
      "quantity 0 in both rooms",
      [room("Vault", 5), room("Floor", 1)],
      [room("Vault", 0), room("Floor", 0)],
      ["inventory.quantity"],
    ],
    ["quantity 0 in one of two rooms", [room("Vault", 5), room("Floor", 1)], [room("Vault", 0)], []],
    ["moved to another room", [room("Vault", 5)], [room("Vault", 0), room("Floor", 5)], []],
    ["sold out before", [room("Vault", 0)], [room("Vault", 0)], []],
    ["a smaller quantity", [room("Vault", 5)], [room("Vault", 0.1)], []],
    ["no cost", [room("Vault", 5)], [room("Vault", 5, { unit_cost: null })], ["inventory.unit_cost"]],
    ["cost 0", [room("Vault", 5)], [room("Vault", 5, { unit_cost: 0 })], ["inventory.unit_cost"]],
    ["price 0", [room("Vault", 5)], [room("Vault", 5, { unit_price: 0 })], ["inventory.unit_price"]],
    [
      "price 0 and quantity 0: only the quantity counts",
      [room("Vault", 5)],
      [room("Vault", 0, { unit_price: 0 })],
      ["inventory.quantity"],
    ],
    [
      "price 0 beside a room that it left long ago",
      [room("Vault", 5), room("Floor", 0)],
      [room("Vault", 5, { unit_price: 0 })],
      ["inventory.unit_price"],
    ],
  ])("F38: a package's lost values are found: %s", (_, before, after, expected) => {
    const { losses } = packageLosses(new Map([["10", before]]), after);
    expect(idsOf(losses)).toEqual(Object.fromEntries(expected.map((subject) => [subject, ["10"]])));
  });
});

describe("values that a record changes beyond belief", () => {
  /** The subjects of which the record's value is far from what it was. */
  const farOf = (shifts: readonly Shift[]) =>
    shifts.flatMap(({ subject, values }) => (values.some(({ far }) => far) ? [subject] : []));

  it.each<[string, Partial<ProductRow>, Partial<ProductRow>, string[]]>([
    ["F49: dollars become cents", { unit_price: 12.5 }, { unit_price: 1_250 }, ["products.unit_price.scale"]],
    ["F49: cents become dollars", { unit_price: 1_250 }, { unit_price: 12.5 }, ["products.unit_price.scale"]],
    ["F49: the cost, by a thousand", { unit_cost: 4 }, { unit_cost: 4_000 }, ["products.unit_cost.scale"]],
    ["F49: a clearance at half the price", { unit_price: 40 }, { unit_price: 20 }, []],
    ["F49: the price is lost, which is told as such", { unit_price: 40 }, { unit_price: 0 }, []],
    ["F49: the price is there for the first time", { unit_price: null }, { unit_price: 40 }, []],
    ["F49: a price of a tenth, rounded", { unit_price: 12.49 }, { unit_price: 1.25 }, ["products.unit_price.scale"]],
    ["F49: a clearance at a fifth of the price", { unit_price: 40 }, { unit_price: 8 }, []],
    [
      "F49: price and cost are exchanged",
      { unit_price: 30, unit_cost: 12 },
      { unit_price: 12, unit_cost: 30 },
      ["products.exchange"],
    ],
    [
      "F49: they are exchanged, and rounded",
      { unit_price: 30.49, unit_cost: 12.25 },
      { unit_price: 12, unit_cost: 30 },
      ["products.exchange"],
    ],
    ["F49: below cost", { unit_price: 30, unit_cost: 12 }, { unit_price: 11 }, []],
    ["F49: the cost rose above the price", { unit_price: 30, unit_cost: 29 }, { unit_cost: 31 }, []],
    ["F49: price and cost rose alike", { unit_price: 30, unit_cost: 12 }, { unit_price: 45, unit_cost: 18 }, []],
    ["F49: both are another", { unit_price: 30, unit_cost: 12 }, { unit_price: 28, unit_cost: 14 }, []],
    ["F49: mg/g for percent", { thc_percentage: 21.5 }, { thc_percentage: 2.15 }, ["products.potency.scale"]],
    [
      "F49: milligrams for percent",
      { thc_percentage: 21.5 },
      { thc_percentage: null, thc_mg: 21.5 },
      ["products.potency.scale"],
    ],
    ["F49: a new harvest", { thc_percentage: 16 }, { thc_percentage: 27 }, []],
    ["F49: milligrams beside the percent, for the first time", { thc_percentage: 21.5 }, { thc_mg: 752.5 }, []],
    ["F49: no potency, which is told as such", { thc_percentage: 21.5 }, { thc_percentage: null }, []],
    [
      "F49: a name that has nothing of the earlier one",
      { product_name: "Blue Dream 3.5g" },
      { product_name: "Sour Gummies 3.5g" },
      ["products.product_name.other"],
    ],
    ["F49: a name with a brand", { product_name: "Blue Dream" }, { product_name: "Kiva | Blue Dream | 3.5 g" }, []],
    ["F49: a name in place of the SKU", { product_name: "SKU-1", sku: "SKU-1" }, { product_name: "Blue Dream" }, []],
    ["F49: the name that the catalogue states first", { status: "provisional" }, { product_name: "Sour Gummies" }, []],
    ["F52: another SKU, which nobody had", { sku: "SKU-1" }, { sku: "SKU-2" }, []],
    ["F49: another category", { category: "Flower" }, { category: "Edibles" }, ["products.category.other"]],
    ["F49: a category in other words", { category: "Edible" }, { category: "Edibles & Gummies" }, []],
    [
      "F49: a category that ReUp does not know",
      { category: "Flower" },
      { category: "Zzz" },
      ["products.category.other"],
    ],
  ])("a product's changes of scale are found: %s", (_, before, after, expected) => {
    const { shifts } = productLosses(new Map([["1", product(before)]]), [product({ ...before, ...after })]);
    expect(farOf(shifts)).toEqual(expected);
  });

  it.each<[string, "product_name" | "sku", (n: number) => string]>([
    ["F49: names", "product_name", (n) => `Blue Dream ${n} g`],
    ["F52: SKUs", "sku", (n) => `SKU-${n}`],
  ])("%s one row too low are found, though they are alike; exchanged back, they are as before", (_, field, valueAt) => {
    const rows = (shift: number) =>
      [...Array(5).keys()].map((n) =>
        product({ dutchie_product_id: `${n}`, sku: `S${n}`, [field]: valueAt((n + shift) % 5) }),
      );
    const stored = new Map(rows(0).map((row) => [row.dutchie_product_id ?? "", row]));
    const shift = productLosses(stored, rows(1)).shifts.find(({ subject }) => subject === `products.${field}.other`);
    expect(shift?.values.map(({ id, far }) => [id, far])).toEqual([0, 1, 2, 3, 4].map((n) => [`${n}`, true]));
    for (const { was, is } of shift?.values ?? []) {
      const { isBack } = shiftOf(`products.${field}.other`);
      expect([isBack(was, was), isBack(was, is)]).toEqual([true, false]);
    }
  });

  const room = inventoryRow;
  it.each<[string, InventoryRow[], InventoryRow[], string[]]>([
    ["F49: into quarantine", [room("Vault", 5)], [room("Vault", 0), room("Quarantine", 5)], ["inventory.quarantine"]],
    [
      "F49: out of quarantine",
      [room("Quarantine", 5)],
      [room("Quarantine", 0), room("Vault", 5)],
      ["inventory.quarantine"],
    ],
    [
      "F49: into quarantine, while the room that it left is not emptied yet",
      [room("Vault", 5)],
      [room("Quarantine", 5)],
      ["inventory.quarantine"],
    ],
    [
      "F49: most of it into quarantine",
      [room("Vault", 5)],
      [room("Vault", 1), room("Quarantine", 4)],
      ["inventory.quarantine"],
    ],
    ["F49: a sample into quarantine", [room("Vault", 5)], [room("Vault", 4), room("Quarantine", 1)], []],
    ["F49: to the sales floor", [room("Vault", 5)], [room("Vault", 0), room("Floor", 5)], ["inventory.room_type"]],
    ["F49: to a room of no kind", [room("Floor", 5)], [room("Floor", 0), room("Zzz", 5)], ["inventory.room_type"]],
    ["F49: from a room of no kind", [room("Zzz", 5)], [room("Zzz", 0), room("Floor", 5)], []],
    ["F49: to another vault", [room("Vault", 5)], [room("Vault", 0), room("Safe", 5)], []],
    ["F49: what is left after a sale", [room("Vault", 5), room("Floor", 6)], [room("Floor", 2)], []],
    [
      "F49: price and cost are exchanged",
      [room("Vault", 5, { unit_price: 30, unit_cost: 5 })],
      [room("Vault", 5, { unit_price: 5, unit_cost: 30 })],
      ["inventory.exchange"],
    ],
    ["F49: grams become milligrams", [room("Vault", 3.5)], [room("Vault", 3_500)], ["inventory.quantity.scale"]],
    ["F49: grams become ounces", [room("Vault", 280)], [room("Vault", 9.8767)], ["inventory.quantity.scale"]],
    ["F49: a busy day", [room("Vault", 19)], [room("Vault", 1)], []],
    [
      "F49: another room, the same total",
      [room("Vault", 40), room("Safe", 1)],
      [room("Vault", 1), room("Safe", 40)],
      [],
    ],
    ["F49: sold out, which is told as such", [room("Vault", 40)], [room("Vault", 0)], []],
    ["F49: less than nothing, which is told as such", [room("Vault", 40)], [room("Vault", -40)], []],
    [
      "F49: another product",
      [room("Vault", 5, { dutchie_product_id: "1" })],
      [room("Vault", 5, { dutchie_product_id: "2" })],
      ["inventory.product"],
    ],
    [
      "F49: the price of the package",
      [room("Vault", 5, { unit_price: 10 })],
      [room("Vault", 5, { unit_price: 1_000 })],
      ["inventory.unit_price.scale"],
    ],
  ])("a package's changes of scale and of product are found: %s", (_, before, after, expected) => {
    const { shifts } = packageLosses(new Map([["10", before]]), after);
    expect(farOf(shifts)).toEqual(expected);
  });
});

describe("a mass of lost values", () => {
  const plan = (over: Partial<Parameters<typeof planMass>[0]>) =>
    planMass({ lost: 0, fresh: over.lost ?? 0, had: 50, share: 0.2, notified: null, now: T0, ...over });
  const before = { lost: 43, had: 50, at: T0 - MINUTE };

  it.each([
    ["F49: 43 of 50", 43, 50, true],
    ["F49: all of a store with ten", 10, 10, true],
    ["F49: all of a store with nine", 9, 9, false],
    ["F49: 11 of 50, more than a fifth", 11, 50, true],
    ["F49: 10 of 50, a fifth", 10, 50, false],
    ["F38: 90 of 179 packages", 90, 179, true],
    ["F38: a day's sales of a large store", 300, 5_000, false],
    ["F52: nothing of nothing", 0, 0, false],
  ])("only a mass of lost values raises an alert: %s", (_, lost, had, isTold) => {
    expect(plan({ lost, had }).kind).toBe(isTold ? "raise" : "none");
  });

  it.each([
    ["F49: all are back", 0, 0, { kind: "over" }],
    ["F49: all but nine are back", 9, 0, { kind: "over" }],
    [
      "F49: 30 are left: a new text, but no new alert",
      30,
      0,
      { kind: "raise", again: false, mass: { lost: 30, at: before.at } },
    ],
    ["F49: a few more", 45, 2, { kind: "raise", again: false, mass: { lost: 45, at: before.at } }],
    ["F49: another mass is a new alert", 70, 27, { kind: "raise", again: true, mass: { lost: 70, at: T0 } }],
    ["F49: as many as before, but other records", 43, 20, { kind: "raise", again: true, mass: { lost: 43, at: T0 } }],
  ])("an alert on a mass follows what is still lost: %s", (_, lost, fresh, expected) => {
    expect(plan({ lost, fresh, had: 80, notified: before })).toMatchObject(expected);
  });

  it("F49: where only most records are a mass, half of them are none", () => {
    const kinds = [25, 26].map((lost) => plan({ lost, had: 50, share: 0.5 }).kind);
    expect(kinds).toEqual(["none", "raise"]);
  });

  it("F49: in a large store the alert stays although less than a fifth is still lost", () => {
    expect(plan({ lost: 195, fresh: 0, had: 1_000, notified: { lost: 400, had: 1_000, at: T0 } }).kind).toBe("raise");
  });
});

describe("the text of the alert", () => {
  const mass = { lost: 43, had: 50, at: Date.UTC(2026, 10, 26, 9, 12) };

  it("F49: the text says how many records, of how many, when, and what to do", () => {
    expect(lostText("products.unit_price", mass)).toBe(
      "43 of 50 products lost their price in the hour before 2026-11-26 09:12 UTC: the price is 0 or missing now. Check that " +
        "this is right; if it is not, correct it in Dutchie and start a full sync. Mark this alert as seen to end it.",
    );
  });

  it("F49: the text says that the alert is over, and how many values are not back", () => {
    const all = "The products of the alert of 2026-11-26 09:12 UTC have a price again.";
    expect(backText("products.unit_price", mass, 0)).toBe(all);
    expect(backText("products.unit_price", mass, 1)).toBe(`${all} 1 of them does not: check it in Dutchie.`);
    expect(backText("products.unit_price", mass, 9)).toBe(`${all} 9 of them do not: check them in Dutchie.`);
  });

  const subjects: LossSubject[] = [...subjectsOf("products"), ...subjectsOf("inventory")];
  it.each(subjects)("F38, F49, F52: %s has a text of its own, which ends with what to do", (subject) => {
    expect(lostText(subject, mass)).toMatch(
      /^43 of 50 (products|packages) .+ in the hour before .+ UTC: .+ now.*\. Check that/,
    );
  });

  it("F38: each guarded value has a subject", () => {
    const guarded = Object.entries(GUARDED).flatMap(([resource, values]) =>
      values.map((value) => `${resource}.${value}`),
    );
    expect(subjects).toEqual(expect.arrayContaining(guarded));
    expect(new Set(subjects).size).toBe(subjects.length);
  });
});
