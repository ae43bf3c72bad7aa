import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diff } from "../../../../src/domain/records/decide.ts";
import type { InventoryContent } from "../../../../src/domain/records/model.ts";
import { firstSequence, sequenceKey } from "../../../../src/domain/records/sequence.ts";
import { endOfDay, stockAt } from "../../../../src/domain/records/stock-at.ts";

const HOUR = 3_600_000;
const T0 = Date.parse("2026-10-01T00:00:00Z");

const content = (over: Partial<InventoryContent> = {}): InventoryContent => ({
  dutchie_product_id: "1",
  product_id: "prd_1",
  sku: null,
  package_id: "TAG",
  quantity: 5,
  reserved_quantity: 0,
  room_type: "vault",
  room_name: "Vault",
  unit_cost: null,
  unit_price: 10,
  ...over,
});

/** A package's life: what it became, and when. The first state was logged, or came with an import. */
const life = fc.record({
  imported: fc.boolean(),
  states: fc
    .array(
      fc.record({
        after: fc.integer({ min: 0, max: 48 }),
        state: fc.record({
          quantity: fc.integer({ min: 0, max: 9 }),
          reserved_quantity: fc.integer({ min: 0, max: 2 }),
          room_type: fc.constantFrom("vault" as const, "sales_floor" as const, null),
          product_id: fc.constantFrom("prd_1", "prd_2", null),
        }),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map((each) => {
      let at = T0;
      return each.map(({ after, state }) => {
        at += after * HOUR;
        return { at, content: content(state) };
      });
    }),
});

describe("stock at an earlier time", () => {
  it("is what a copy of that time says, for any history and any time", () => {
    fc.assert(
      fc.property(life, fc.integer({ min: -10, max: 600 }), ({ imported, states }, hours) => {
        const at = T0 + hours * HOUR;
        const changes = states.flatMap(({ at: when, content: after }, index) => {
          if (index === 0 && imported) return [];
          const fields = diff(states[index - 1]?.content, after);
          const change_id = `${sequenceKey(firstSequence(when))}${String(index).padStart(4, "0")}`;
          return Object.keys(fields).length === 0 ? [] : [{ change_id, fields, at: when }];
        });
        const last = states.at(-1);
        if (last === undefined) throw new Error("no state");
        const later = changes.filter((change) => change.at >= at).reverse();
        const began_at = imported ? (states[0]?.at ?? null) : null;
        const oracle = states.filter((state) => state.at < at).at(-1)?.content ?? null;
        expect(stockAt({ ...last.content, began_at }, later, at)).toEqual(oracle);
      }),
    );
  });
});

describe("the end of a local day", () => {
  const LA = "America/Los_Angeles";
  const now = Date.parse("2026-12-01T12:00:00Z");
  it.each<[string, string, string, string]>([
    ["a summer's day", LA, "2026-07-01", "2026-07-02T07:00:00.000Z"],
    ["the day of 23 hours", LA, "2026-03-08", "2026-03-09T07:00:00.000Z"],
    ["the day of 25 hours", LA, "2026-11-01", "2026-11-02T08:00:00.000Z"],
    ["a day whose end has no midnight", "Africa/Cairo", "2026-04-23", "2026-04-23T22:00:00.000Z"],
    ["far in the east", "Pacific/Auckland", "2026-09-27", "2026-09-27T11:00:00.000Z"],
    ["today, which is not over", LA, "2026-12-01", "2026-12-02T08:00:00.000Z"],
  ])("%s", (_, time_zone, day, end) => {
    const found = endOfDay(day, { time_zone, since: 0, now });
    expect(found.ok && new Date(found.at).toISOString()).toBe(end);
  });

  it.each<[string, string, string]>([
    ["tomorrow", "2026-12-02", "future"],
    ["the day before the store was connected", "2026-09-29", "too_early"],
    ["a day long ago", "0001-01-01", "too_early"],
  ])("%s has none", (_, day, reason) => {
    expect(endOfDay(day, { time_zone: LA, since: T0, now })).toEqual({ ok: false, reason });
  });
});
