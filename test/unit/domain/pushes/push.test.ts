import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  afterFailure,
  asTried,
  coalesce,
  contradicts,
  decidePush,
  overwritten,
  type PushError,
  type PushFields,
} from "../../../../src/domain/pushes/push.ts";
import { PUSH_FIELDS, type PushField } from "../../../../src/domain/records/model.ts";
import type { FieldValue } from "../../../../src/domain/records/overrides.ts";
import type { ProductStatement, StatedProduct } from "../../../../src/domain/records/stated.ts";
import { product } from "../build.ts";

const NOW = 1_000_000;
const priced = (unit_price: number) => product({ unit_price });

describe("an edit and Dutchie's present value", () => {
  const edit = { unit_price: { value: 33, base: 30 } };

  it.each([
    ["Dutchie's value did not change", 30, {}, { kind: "send", fields: edit }],
    ["Dutchie has the same value already", 33, {}, { kind: "done" }],
    [
      "Dutchie changed it as well",
      28,
      {},
      { kind: "conflict", conflicts: [{ field: "unit_price", base: 30, dutchie_value: 28, reup_value: 33 }] },
    ],
    [
      "Dutchie changed it as well, and ReUp decides on the field",
      28,
      { unit_price: "reup" },
      { kind: "send", fields: edit },
    ],
    ["Dutchie changed it as well, and ReUp decides on another field", 28, { brand: "reup" }, { kind: "conflict" }],
  ] as const)("an edit is compared with Dutchie's present value: %s", (_, dutchie, authority, expected) => {
    expect(decidePush(edit, priced(dutchie), authority)).toMatchObject(expected);
  });

  it("if one of two fields is done, only the other is sent", () => {
    const both = { ...edit, brand: { value: "Wana", base: "Kiva" } };
    expect(decidePush(both, product({ unit_price: 33, brand: "Kiva" }), {})).toEqual({
      kind: "send",
      fields: { brand: both.brand },
    });
  });

  it("an edit waits as a whole while one of its fields is in conflict", () => {
    const both = { ...edit, brand: { value: "Wana", base: "Kiva" } };
    const verdict = decidePush(both, product({ unit_price: 28, brand: "Kiva" }), {});
    expect(verdict).toMatchObject({ kind: "conflict", conflicts: [{ field: "unit_price" }] });
  });
});

it("F07: what was sent before may be in Dutchie, also in its own rendition, and is nobody's edit", () => {
  const first = { unit_price: { value: 12.345, base: 30 } };
  const tried = asTried(first, first);
  const later = coalesce(tried, { unit_price: { value: 35, base: 30 }, brand: { value: "Wana", base: "Kiva" } });
  expect(later).toEqual({
    unit_price: { value: 35, base: 30, tried: [12.345] },
    brand: { value: "Wana", base: "Kiva" },
  });
  for (const price of [30, 12.345, 12.35]) {
    expect(decidePush(later, product({ unit_price: price, brand: "Kiva" }), {})).toMatchObject({ kind: "send" });
  }
  expect(decidePush(later, product({ unit_price: 12.4, brand: "Kiva" }), {})).toMatchObject({ kind: "conflict" });
});

it("F07: however often an edit is changed and sent, only the last values that were sent are kept", () => {
  let edit: PushFields = { unit_price: { value: 1, base: 30 } };
  for (let value = 1; value <= 50; value++) {
    edit = coalesce(edit, { unit_price: { value, base: 30 } });
    edit = asTried(asTried(edit, edit), edit);
  }
  expect(edit.unit_price).toEqual({ value: 50, base: 30, tried: [41, 42, 43, 44, 45, 46, 47, 48, 49, 50] });
});

it("unsent edits of one field become one: the last value with the base of the first", () => {
  const first = { unit_price: { value: 33, base: 30 } };
  const second = { unit_price: { value: 35, base: 30 }, brand: { value: "Wana", base: "Kiva" } };
  expect(coalesce(first, second)).toEqual({
    unit_price: { value: 35, base: 30 },
    brand: { value: "Wana", base: "Kiva" },
  });
});

describe("after a failed write", () => {
  const failed = (code: PushError["code"], retry_after_ms?: number): PushError => ({
    code,
    message: "",
    hint: "",
    ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
  });

  it.each([
    ["a rate limit is no attempt", 3, failed("RATE_LIMITED", 40_000), { attempts: 3, next_at: NOW + 40_000 }],
    ["a rate limit without a time is a minute", 3, failed("RATE_LIMITED"), { attempts: 3, next_at: NOW + 60_000 }],
    ["the first failure waits half a minute", 0, failed("UPSTREAM_5XX"), { attempts: 1, next_at: NOW + 30_000 }],
    ["the second failure waits twice as long", 1, failed("TIMEOUT"), { attempts: 2, next_at: NOW + 60_000 }],
    ["a wait is an hour at most", 8, failed("TIMEOUT"), { attempts: 9, next_at: NOW + 3_600_000 }],
    ["the tenth attempt is the last", 9, failed("TIMEOUT"), { attempts: 10, next_at: null }],
    ["what cannot be written is not tried again", 0, failed("NOT_WRITABLE"), { attempts: 1, next_at: null }],
    ["what Dutchie refuses is not tried again", 0, failed("REJECTED"), { attempts: 1, next_at: null }],
  ])("a failed push is treated by its failure: %s", (_, attempts, error, expected) => {
    expect(afterFailure({ attempts, error: null }, error, NOW)).toMatchObject(expected);
  });
});

describe("an edit in Dutchie that our write overwrote", () => {
  const fields = { product_name: { value: "Ours", base: "Before" } };
  const write = (written: object) => ({ written, fields, known_at: NOW, answered_at: NOW + 100 });
  const earlier = { written: { product_name: "Earlier" }, fields: {}, known_at: NOW - 100, answered_at: NOW };

  it.each([
    [
      "another field of the product that was written as a whole",
      { brand: "Kiva" },
      { brand: "Wana" },
      "brand",
      "Wana",
      "Kiva",
    ],
    ["the same field", { product_name: "Ours" }, { product_name: "Theirs" }, "product_name", "Theirs", "Ours"],
  ])("an overwritten edit of Dutchie's is found: %s", (_, written, stated, field, dutchie_value, reup_value) => {
    const expected = [{ field, dutchie_value, reup_value }];
    expect(overwritten([write(written), earlier], stated, NOW + 1)).toMatchObject(expected);
  });

  it.each([
    ["our own echo", { product_name: "Ours", brand: "Kiva" }, { product_name: "Ours", brand: "Kiva" }, NOW + 1],
    ["the echo of an earlier write", { product_name: "Ours" }, { product_name: "Earlier" }, NOW + 1],
    ["a field that the write did not touch", { unit_price: 33 }, { brand: "Wana" }, NOW + 1],
    ["the field that we edited, as it was before", { product_name: "Ours" }, { product_name: "Before" }, NOW + 1],
    ["the state before the write", { brand: "Kiva" }, { brand: "Wana" }, NOW],
    ["a change after the answer", { brand: "Kiva" }, { brand: "Wana" }, NOW + 101],
  ])("an edit of Dutchie's is not reported as overwritten: %s", (_, written, stated, at) => {
    expect(overwritten([write(written), earlier], stated, at)).toEqual([]);
  });
});

/** One product in a Dutchie that answers at once; what an outbox does with edits of both sides, played as a game. */
describe("edits of both sides, in any order", () => {
  const value = fc.constantFrom<FieldValue>("a", "b", "c", "d");
  const field = fc.constantFrom<PushField>(...PUSH_FIELDS);
  const act = fc.oneof(
    fc.record({ kind: fc.constant("reup" as const), field, value }),
    fc.record({ kind: fc.constant("dutchie" as const), field, value }),
    fc.record({ kind: fc.constant("push" as const), lost: fc.boolean() }),
  );

  it("no change of Dutchie's is overwritten without a question, and every other edit arrives", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
        const start = Object.fromEntries(PUSH_FIELDS.map((name) => [name, "a"])) as Record<PushField, FieldValue>;
        const dutchie = { ...start };
        let waiting: Parameters<typeof coalesce>[0] = {};
        /** Changes of Dutchie's that nobody at ReUp had seen when they edited. */
        const unseen = new Set<PushField>();
        const send = (lost: boolean) => {
          const verdict = decidePush(waiting, dutchie as never, {});
          if (verdict.kind === "conflict") {
            for (const conflict of verdict.conflicts) expect(conflict.dutchie_value).toBe(dutchie[conflict.field]);
            waiting = {};
            unseen.clear();
            return;
          }
          if (verdict.kind === "send") {
            for (const [name, entry] of Object.entries(verdict.fields)) {
              expect(unseen.has(name as PushField) && dutchie[name as PushField] !== entry.base).toBe(false);
              dutchie[name as PushField] = entry.value;
            }
          }
          // A lost answer: the same is sent again, and changes nothing.
          if (!lost) waiting = {};
        };
        for (const each of acts) {
          if (each.kind === "push") send(each.lost);
          else if (each.kind === "dutchie") {
            dutchie[each.field] = each.value;
            if (waiting[each.field] !== undefined) unseen.add(each.field);
          } else waiting = coalesce(waiting, { [each.field]: { value: each.value, base: dutchie[each.field] } });
        }
        const edits = waiting;
        const before = { ...dutchie };
        const verdict = decidePush(edits, dutchie as never, {});
        send(false);
        for (const name of PUSH_FIELDS) {
          const edit = edits[name];
          const arrives = verdict.kind !== "conflict" && edit !== undefined;
          expect(dutchie[name]).toBe(arrives ? edit.value : before[name]);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("a row that will be written back as a whole", () => {
  const known = product({ source_at: 1_000, source_rank: 1, brand: "Kiva", thc_percentage: 20 });
  const all = {
    sku: known.sku,
    upc: known.upc,
    product_name: known.product_name,
    brand: known.brand,
    category: known.category,
    subcategory: known.subcategory,
    thc_percentage: known.thc_percentage,
    cbd_percentage: known.cbd_percentage,
    thc_mg: known.thc_mg,
    cbd_mg: known.cbd_mg,
    unit_price: known.unit_price,
    unit_cost: known.unit_cost,
  };
  const { thc_percentage: _, ...withoutThc } = all;

  it.each([
    ["the row says the same", all, 500, false],
    ["the row leaves out a known value", withoutThc, 500, true],
    ["a newer row leaves out a known value", withoutThc, 2_000, true],
    ["the row differs, and did not change since", { ...all, brand: "KIVA" }, 500, true],
    ["the row differs, and has no time", { ...all, brand: "KIVA" }, null, true],
    ["the row differs, and has the time of the last list", { ...all, brand: "KIVA" }, 1_000, true],
    ["the row changed since", { ...all, brand: "Wana" }, 1_001, false],
  ])(
    "a row that will be written back is compared with the stored product: %s",
    (_name, content, modified_at, expected) => {
      const row = { dutchie_product_id: known.dutchie_product_id ?? "", content, modified_at };
      expect(contradicts(row, known)).toBe(expected);
    },
  );

  it.each<[string, ProductStatement, StatedProduct, number, boolean]>([
    ["the same", { master_category: "Edibles" }, { master_category: "Edibles" }, 500, false],
    ["a doubled master category", { master_category: "EdiblesEdibles" }, { master_category: "Edibles" }, 500, true],
    ["a master category that is gone", { master_category: null }, { master_category: "Edibles" }, 1_000, true],
    ["another master category, later", { master_category: "Pods" }, { master_category: "Edibles" }, 1_001, false],
    ["another weight", { unit_grams: 100 }, { unit_grams: 1 }, 500, true],
    ["another price for patients", { price: 9, med_price: 900 }, { price: 9, med_price: 9 }, 500, true],
    [
      "a price that is gone, where adults pay the same",
      { price: null, rec_price: 9 },
      { price: 9, rec_price: 9 },
      500,
      true,
    ],
    ["another price, where adults pay the old one", { price: 0, rec_price: 9 }, { price: 9, rec_price: 9 }, 500, true],
    ["a price that is gone, later", { price: null, rec_price: 9 }, { price: 9, rec_price: 9 }, 1_001, false],
    ["prices that followed a price of ours", { price: 12, rec_price: 12 }, { price: 12, rec_price: 9 }, 500, false],
    ["a value that was never stated", { master_category: "Edibles" }, {}, 500, false],
    ["a value that is left out", {}, { master_category: "Edibles" }, 500, false],
  ])(
    "a row that will be written back is compared with what Dutchie stated and ReUp does not show: %s",
    (_name, statement, told, modified_at, expected) => {
      const row = { dutchie_product_id: known.dutchie_product_id ?? "", content: all, statement, modified_at };
      expect(contradicts(row, { ...known, stated: told })).toBe(expected);
    },
  );
});
