import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchIndex } from "../../../../src/domain/identity/match.ts";
import {
  accuracyOf,
  addDrift,
  type Compared,
  correctableOf,
  countDrift,
  type Difference,
  type DriftChunk,
  type DriftExample,
  driftOf,
  emptyVerification,
  isInFlight,
} from "../../../../src/domain/records/drift.ts";
import { type Counts, NO_COUNTS } from "../../../../src/domain/records/records.ts";
import { planInventory } from "../../../../src/domain/resolve/inventory.ts";
import { planProducts } from "../../../../src/domain/resolve/products.ts";
import { planSales } from "../../../../src/domain/resolve/sales.ts";
import {
  byKey,
  DAY,
  incomingPackage,
  incomingProduct,
  incomingSale,
  inventoryRow,
  MINUTE,
  ORIGIN,
  only,
  product,
  saleRow,
  T0,
} from "../build.ts";

/** Read at T0; nothing was read whole before. */
const READ: Compared = { started_at: T0, as_of: T0 - 5 * MINUTE, whole_at: null };

const NONE_FAILED = { rows: 0, known: 0 };

const difference = (over: Partial<Difference> = {}): Difference => ({
  resource: "inventory",
  record_id: "inv_1",
  fields: { quantity: [5, 3] },
  stamped_at: null,
  known_at: T0 - DAY,
  is_missing: false,
  applies: true,
  ...over,
});
const chunk = (over: {
  resource?: DriftChunk["resource"];
  counts?: Partial<Counts>;
  differences?: Difference[];
  failed?: number;
  examples?: DriftExample[];
  value_at_stake?: number;
  healed?: number;
}): DriftChunk => {
  const { counts, differences = [], failed = 0, ...rest } = over;
  const all = { ...NO_COUNTS, ...counts };
  return {
    resource: "inventory",
    examples: [],
    value_at_stake: 0,
    healed: 0,
    ...rest,
    counts: countDrift(all, { rows: failed, known: 0 }, differences, READ),
  };
};
const example = (dutchie_id: string): DriftExample => ({
  resource: "inventory",
  dutchie_id,
  field: "quantity",
  dutchie_value: 1,
  reup_value: 2,
  likely_cause: "missed webhook",
});
const times = (n: number, over: Partial<Difference> = {}) => Array.from({ length: n }, () => difference(over));

describe("the drift report", () => {
  it("F37: a row that differs is a mismatch, whatever its version; an old row that is equal is not", () => {
    const differences = [
      ...times(2),
      ...times(1, { is_missing: true, known_at: null }),
      ...times(3, { applies: false }),
    ];
    const counts = { created: 1, updated: 2, unchanged: 30, stale: 4 };
    expect(countDrift({ ...NO_COUNTS, ...counts }, { rows: 6, known: 4 }, differences, READ)).toEqual({
      dutchie_count: 43,
      reup_count: 40,
      matching: 31,
      mismatching: 11,
      unreadable: 6,
      missing: 1,
      extra: 0,
      in_flight: 0,
    });
    expect(countDrift({ ...NO_COUNTS, deleted: 5 }, NONE_FAILED, [], READ)).toMatchObject({
      reup_count: 5,
      extra: 5,
      in_flight: 0,
    });
  });

  it("F37: a correction takes over what differs; a row that could not be read is no part of that", () => {
    const found = addDrift(emptyVerification(T0), chunk({ counts: { updated: 3 }, differences: times(3), failed: 2 }));
    expect([driftOf(found), correctableOf(found)]).toEqual([5, 3]);
    expect(correctableOf({ ...found, healed: 3 })).toBe(0);
    const unread = addDrift(emptyVerification(T0), chunk({ counts: { unchanged: 9 }, failed: 2 }));
    expect([driftOf(unread), correctableOf(unread)]).toEqual([2, 0]);
  });

  it("each record of either side is counted once", () => {
    const sort = fc.record({
      is_missing: fc.boolean(),
      applies: fc.boolean(),
      stamped_at: fc.constantFrom(null, T0 - DAY, T0 - MINUTE),
    });
    fc.assert(
      fc.property(
        fc.array(sort, { maxLength: 20 }),
        fc.nat(50),
        fc.nat(9),
        fc.boolean(),
        (sorts, equal, failed, recent) => {
          const differences = sorts.map((each) => difference(each));
          const counts = { ...NO_COUNTS, unchanged: equal, updated: differences.length };
          const known = Math.min(failed, 3);
          const of = countDrift(counts, { rows: failed, known }, differences, {
            ...READ,
            whole_at: recent ? T0 - MINUTE : null,
          });
          expect(of.matching).toBe(equal);
          expect(of.matching + of.mismatching + of.missing + of.in_flight).toBe(of.dutchie_count);
          expect(of.reup_count).toBe(equal + known + differences.filter(({ is_missing }) => !is_missing).length);
        },
      ),
    );
  });

  it("chunks of one resource add up with their values and heals; other resources stay separate", () => {
    const report = [
      chunk({ counts: { unchanged: 500 }, value_at_stake: 10, healed: 1 }),
      chunk({ counts: { unchanged: 250, updated: 1 }, differences: times(1), value_at_stake: 2.5, healed: 2 }),
      chunk({ resource: "products", counts: { unchanged: 7 } }),
    ].reduce(addDrift, emptyVerification(T0));
    expect(report.resources.map((each) => [each.resource, each.dutchie_count, each.matching])).toEqual([
      ["inventory", 751, 750],
      ["products", 7, 7],
    ]);
    expect(report).toMatchObject({ checked_at: T0, value_at_stake: 12.5, healed: 3 });
  });

  it("the report keeps the first hundred examples", () => {
    const examples = Array.from({ length: 150 }, (_, index) => example(String(index)));
    const report = addDrift(emptyVerification(T0), chunk({ examples }));
    expect(report.examples).toEqual(examples.slice(0, 100));
    expect(addDrift(report, chunk({ examples: [example("late")] })).examples).toEqual(examples.slice(0, 100));
  });
});

describe("records in flight", () => {
  const just = T0 - 15 * MINUTE;
  it.each<[string, boolean, Partial<Difference>, number | null]>([
    ["F37: a row that Dutchie stamped within S", true, { stamped_at: T0 - 4 * MINUTE }, null],
    ["F37: a row that Dutchie stamped before is wrong", false, { stamped_at: T0 - 6 * MINUTE }, just],
    ["F37: a row that a webhook changed within S", true, { known_at: T0 - MINUTE, stamped_at: T0 - DAY }, null],
    ["F37: a row that a webhook changed, without Dutchie's stamp", true, { known_at: T0 - MINUTE }, null],
    ["F37: a version of ReUp's as old as T − S", false, { known_at: T0 - 5 * MINUTE }, null],
    ["F63: a row without a stamp that the last poll read whole", true, {}, just],
    ["F63: a package that is new since the last poll", true, { is_missing: true, known_at: null }, just],
    ["F63: a row whose last poll is too long ago", false, {}, T0 - 21 * MINUTE],
    ["F63: a row without any poll", false, {}, null],
  ])("a difference counts as in flight only while it may still arrive: %s: %s", (_, expected, over, whole_at) => {
    expect(isInFlight(difference(over), { ...READ, whole_at })).toBe(expected);
  });

  it("F63: an absence since the last poll is in flight; an older one is extra", () => {
    const counts = { ...NO_COUNTS, deleted: 3 };
    expect(countDrift(counts, NONE_FAILED, [], { ...READ, whole_at: just })).toMatchObject({ extra: 0, in_flight: 3 });
    expect(countDrift(counts, NONE_FAILED, [], READ)).toMatchObject({ extra: 3, in_flight: 0 });
  });

  it("F37: a record in flight neither matches nor drifts, and keeps the accuracy below 1", () => {
    const report = addDrift(
      emptyVerification(T0),
      chunk({ counts: { unchanged: 99, updated: 1 }, differences: times(1, { stamped_at: T0 }) }),
    );
    expect([accuracyOf(report), driftOf(report)]).toEqual([0.99, 0]);
    expect(only(report.resources)).toMatchObject({ matching: 99, mismatching: 0, in_flight: 1 });
  });
});

describe("F37: differences that a plan finds", () => {
  const given = {
    read: { kind: "snapshot", as_of: T0 - 5 * MINUTE, complete: true } as const,
    now: T0,
    origin: ORIGIN,
  };

  it("F37: a package is a mismatch if ReUp has a newer, different state", () => {
    const stored = inventoryRow("Vault", 5, { source_at: T0 - MINUTE, package_at: T0 - MINUTE });
    const plan = planInventory({
      ...given,
      incoming: [incomingPackage({ Vault: 3 })],
      stored: new Map([["10", [stored]]]),
      productIds: new Map([["1", "prd_1"]]),
      floor: 0,
    });
    expect([plan.counts.stale, plan.rows]).toEqual([1, []]);
    expect(only(plan.differences)).toMatchObject({
      fields: { quantity: [5, 3] },
      known_at: T0 - MINUTE,
      applies: false,
    });
  });

  it("F37: a package in another room is a mismatch, even by an answer below the floor", () => {
    const stored = inventoryRow("Vault", 5, { source_at: T0 - DAY, package_at: T0 - DAY });
    const plan = planInventory({
      ...given,
      incoming: [incomingPackage({ Back: 5 })],
      stored: new Map([["10", [stored]]]),
      productIds: new Map([["1", "prd_1"]]),
      floor: T0 - MINUTE,
    });
    expect(plan.rows).toEqual([]);
    expect(plan.differences.map(({ fields, is_missing }) => [fields.quantity, is_missing])).toEqual([
      [[null, 5], true],
      [[5, 0], false],
    ]);
  });

  it("F37: a row with an impossible time is a mismatch and never in flight", () => {
    const stored = inventoryRow("Vault", 5, { source_at: T0 + 7 * DAY, package_at: T0 + 7 * DAY });
    const plan = planInventory({
      ...given,
      incoming: [incomingPackage({ Vault: 3 })],
      stored: new Map([["10", [stored]]]),
      productIds: new Map([["1", "prd_1"]]),
      floor: 0,
    });
    expect(isInFlight(only(plan.differences), READ)).toBe(false);
  });

  it("F37: old and missing products, missing sales and sales that are newer in ReUp are counted", () => {
    const stored = new Map([["1", product({ source_at: T0 - MINUTE })]]);
    const incoming = [incomingProduct({ product_name: "Other" }), incomingProduct({ product_name: "New" }, null, "2")];
    const products = planProducts({ ...given, incoming, stored, match: matchIndex([]), floor: 0, keep: [] });
    expect(products.differences.map(({ is_missing, applies }) => [is_missing, applies])).toEqual([
      [false, false],
      [true, true],
    ]);
    const known = saleRow({ total: 20, source_at: T0 - MINUTE, items_hash: "" });
    const sales = planSales({
      ...given,
      incoming: [incomingSale({ items: null, modified_at: T0 - DAY }), incomingSale({ dutchie_transaction_id: "901" })],
      stored: byKey([known], (row) => row.dutchie_transaction_id),
      productIds: new Map(),
      pepper_id: null,
      floor: 0,
    });
    expect(sales.differences.map(({ record_id, is_missing, applies }) => [record_id, is_missing, applies])).toEqual([
      ["sal_900", false, false],
      ["sal_901", true, true],
    ]);
  });

  const at = fc.constantFrom(null, T0 - 2 * DAY, T0 - 30 * MINUTE, T0 - MINUTE, T0 + 7 * DAY);
  const cases = fc.record({
    cause: fc.constantFrom("initial" as const, "poll" as const),
    floor: fc.constantFrom(0, T0 - 10 * MINUTE),
    stored_at: fc.constantFrom(T0 - DAY, T0 - MINUTE, T0 + 7 * DAY),
    isStored: fc.boolean(),
    modified_at: at,
    value: fc.constantFrom(3, 5),
    name: fc.constantFrom("Name", "Other", undefined),
  });

  it("a plan that compares nothing is the same, without the differences", () => {
    fc.assert(
      fc.property(fc.array(cases, { minLength: 1, maxLength: 4 }), (each) => {
        const [first] = each;
        if (first === undefined) return;
        const { cause, floor, stored_at } = first;
        const basis = { ...given, origin: { cause, ref: "run_1" }, floor };
        const [name, idOf] = [(i: number) => `Name ${i}`, (i: number) => String(i + 1)];
        const known = each.flatMap(({ isStored }, i) => (isStored ? [i] : []));
        const products = (compares: boolean) =>
          planProducts({
            ...basis,
            compares,
            incoming: each.map((row, i) =>
              incomingProduct({ product_name: row.name ?? name(i), unit_cost: row.value }, row.modified_at, idOf(i)),
            ),
            stored: new Map(
              known.map((i) => [
                idOf(i),
                product({ product_id: `prd_${idOf(i)}`, dutchie_product_id: idOf(i), source_at: stored_at }),
              ]),
            ),
            match: matchIndex([]),
            keep: [],
          });
        const packages = (compares: boolean) =>
          planInventory({
            ...basis,
            compares,
            incoming: each.map((row) => ({ ...incomingPackage({ Vault: row.value }), modified_at: row.modified_at })),
            stored:
              known.length === 0
                ? new Map()
                : new Map([["10", [inventoryRow("Vault", 5, { source_at: stored_at, package_at: stored_at })]]]),
            productIds: new Map([["1", "prd_1"]]),
          });
        const sales = (compares: boolean) =>
          planSales({
            ...basis,
            compares,
            incoming: each.map((row) => incomingSale({ content: { total: row.value }, modified_at: row.modified_at })),
            stored: byKey(
              known.length === 0 ? [] : [saleRow({ total: 5, source_at: stored_at })],
              (row) => row.dutchie_transaction_id,
            ),
            productIds: new Map(),
            pepper_id: null,
          });
        for (const plan of [products, packages, sales]) {
          expect(plan(false)).toEqual({ ...plan(true), differences: [] });
        }
      }),
    );
  });
});

describe("accuracy", () => {
  it("accuracy is the share of all records that agree", () => {
    const differences = [...times(5), ...times(3, { is_missing: true })];
    const report = [
      chunk({ counts: { unchanged: 90, updated: 5, created: 3 }, differences }),
      chunk({ counts: { deleted: 2 } }),
      chunk({ resource: "products", counts: { unchanged: 100 } }),
    ].reduce(addDrift, emptyVerification(T0));
    expect([accuracyOf(report), driftOf(report)]).toEqual([190 / 200, 10]);
  });

  it("accuracy without any record is 1", () => {
    expect(accuracyOf(emptyVerification(T0))).toBe(1);
  });
});
