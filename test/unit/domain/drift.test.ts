import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  accuracyOf,
  addDrift,
  type DriftChunk,
  type DriftExample,
  emptyVerification,
} from "../../../src/domain/drift.ts";
import { NO_COUNTS } from "../../../src/domain/records.ts";
import { only, T0 } from "./build.ts";

const chunk = (
  over: Partial<Omit<DriftChunk, "counts">> & { counts?: Partial<DriftChunk["counts"]> } = {},
): DriftChunk => ({
  resource: "inventory",
  failed: 0,
  examples: [],
  value_at_stake: 0,
  healed: 0,
  ...over,
  counts: { ...NO_COUNTS, ...over.counts },
});
const example = (dutchie_id: string): DriftExample => ({
  resource: "inventory",
  dutchie_id,
  field: "quantity",
  dutchie_value: 1,
  reup_value: 2,
  likely_cause: "missed webhook",
});

describe("the drift report", () => {
  it("counts what both sides have and where they agree", () => {
    const report = addDrift(
      emptyVerification(T0),
      chunk({ counts: { created: 1, updated: 2, unchanged: 30, stale: 4, deleted: 5 }, failed: 6 }),
    );
    expect(only(report.resources)).toEqual({
      resource: "inventory",
      dutchie_count: 43,
      reup_count: 41,
      matching: 34,
      mismatching: 8,
      missing: 1,
      extra: 5,
    });
  });

  it("each record of either side is counted once in it", () => {
    const counts = fc.record({
      created: fc.nat(),
      updated: fc.nat(),
      unchanged: fc.nat(),
      stale: fc.nat(),
      deleted: fc.nat(),
    });
    fc.assert(
      fc.property(counts, fc.nat(), (each, failed) => {
        const of = only(addDrift(emptyVerification(T0), chunk({ counts: each, failed })).resources);
        expect(of.matching + of.mismatching + of.missing).toBe(of.dutchie_count);
        expect(of.matching + of.mismatching + of.extra - failed).toBe(of.reup_count);
      }),
    );
  });

  it("chunks of one resource add up, others stay apart, values and heals too", () => {
    const report = [
      chunk({ counts: { unchanged: 500 }, value_at_stake: 10, healed: 1 }),
      chunk({ counts: { unchanged: 250, updated: 1 }, value_at_stake: 2.5, healed: 2 }),
      chunk({ resource: "products", counts: { unchanged: 7 } }),
    ].reduce(addDrift, emptyVerification(T0));
    expect(report.resources.map((each) => [each.resource, each.dutchie_count, each.matching])).toEqual([
      ["inventory", 751, 750],
      ["products", 7, 7],
    ]);
    expect(report).toMatchObject({ checked_at: T0, value_at_stake: 12.5, healed: 3 });
  });

  it("keeps the first hundred examples", () => {
    const examples = Array.from({ length: 150 }, (_, index) => example(String(index)));
    const report = addDrift(emptyVerification(T0), chunk({ examples }));
    expect(report.examples).toEqual(examples.slice(0, 100));
    expect(addDrift(report, chunk({ examples: [example("late")] })).examples).toEqual(examples.slice(0, 100));
  });
});

describe("accuracy", () => {
  it("is the share of all records that agree", () => {
    const report = [
      chunk({ counts: { unchanged: 90, updated: 5, created: 3, deleted: 2 } }),
      chunk({ resource: "products", counts: { unchanged: 100 } }),
    ].reduce(addDrift, emptyVerification(T0));
    expect(accuracyOf(report)).toBe(190 / 200);
  });

  it("of nothing is 1", () => {
    expect(accuracyOf(emptyVerification(T0))).toBe(1);
  });
});
