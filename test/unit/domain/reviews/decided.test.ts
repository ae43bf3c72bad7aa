import { describe, expect, it } from "vitest";
import { isListedAgain, whyFinal } from "../../../../src/domain/reviews/decided.ts";
import { AUTO, REVIEW_ACTIONS } from "../../../../src/domain/reviews/review.ts";
import { SNAPSHOT } from "../../../../src/domain/snapshots/absence-text.ts";

const BY = ["ann", AUTO, SNAPSHOT, null];

describe("which decisions can be undone", () => {
  it.each(["duplicate_sku", "ambiguous_match"] as const)("every one about products (%s)", (kind) => {
    for (const action of ["merge", "keep_both"]) {
      for (const by of BY) expect(whyFinal({ kind, action, by })).toBeNull();
    }
  });

  it("that missing packages are there, if a person said so", () => {
    const kept = (by: string | null) => whyFinal({ kind: "held_snapshot", action: "discard", by });
    expect(kept("ann")).toBeNull();
    expect(kept(null)).toBeNull();
    expect(kept(SNAPSHOT)).toMatch(/nobody decided/);
  });

  it.each(["ann", SNAPSHOT])("not that they are gone, whoever said so (%s)", (by) => {
    expect(whyFinal({ kind: "held_snapshot", action: "confirm", by })).toMatch(/in Dutchie/);
  });

  it.each(["keep_dutchie", "keep_reup"])("not which side of an edit holds (%s)", (action) => {
    expect(whyFinal({ kind: "edit_conflict", action, by: "ann" })).toMatch(/edit the product again/);
  });
});

it("only a later list that has everything again is told as such", () => {
  const told = REVIEW_ACTIONS.flatMap((action) => BY.map((by) => ({ action, by }))).filter(isListedAgain);
  expect(told).toEqual([{ action: "discard", by: SNAPSHOT }]);
});
