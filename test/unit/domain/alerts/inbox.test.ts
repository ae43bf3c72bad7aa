import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  alertItem,
  deadLetterItem,
  editItem,
  INBOX_KINDS,
  inboxOf,
  itemId,
  newestDecided,
  readItemId,
  reviewItem,
} from "../../../../src/domain/alerts/inbox.ts";
import { REVIEW_KINDS } from "../../../../src/domain/reviews/review.ts";

const alert = (rule: "drift" | "held_snapshot" | "dead_letter" | "push_parked", over: object = {}) =>
  alertItem({
    alert_id: `alr_${rule}`,
    location_id: "loc_1",
    rule,
    severity: "warning",
    message: rule,
    started_at: 5,
    acknowledged_at: null,
    acknowledged_by: null,
    acknowledged_reason: null,
    ...over,
  });
const review = (kind: (typeof REVIEW_KINDS)[number], over: object = {}) =>
  reviewItem({
    location_id: "loc_1",
    review_id: `rev_${kind}`,
    kind,
    subject: "inventory",
    reason: "because",
    opened_at: 7,
    value_at_stake: null,
    held_rows: null,
    action: null,
    resolved_at: null,
    resolved_by: null,
    resolved_reason: null,
    ...over,
  });
const letter = deadLetterItem({ location_id: "loc_1", dead_letter_id: "dl", queue: "webhooks", reason: "r", at: 1 });
const edit = editItem({ location_id: "loc_1", push_id: "psh", product_id: "p", since: 2, error: null });

describe("the inbox", () => {
  it("lists what is urgent, then what is worth most, then what has waited longest", () => {
    const items = [
      edit,
      review("duplicate_sku", { value_at_stake: 10 }),
      letter,
      review("held_snapshot"),
      alert("drift"),
    ];
    const expected = ["rev_held_snapshot", "rev_duplicate_sku", "dl", "psh", "alr_drift"];
    const ids = inboxOf(items).map(({ item_id }) => item_id.split(":").at(-1));
    expect(ids).toEqual(expected);
  });

  it.each([
    ["held_snapshot", review("held_snapshot")],
    ["dead_letter", letter],
    ["push_parked", edit],
  ] as const)("the alert %s is left out only where the items it speaks of are listed", (rule, item) => {
    expect(inboxOf([alert(rule), item])).toEqual([item]);
    expect(inboxOf([alert(rule)])).toHaveLength(1);
    expect(inboxOf([alert(rule, { location_id: "loc_2" }), item])).toHaveLength(2);
  });

  it("each kind of item says what it is, what follows, and what can be done", () => {
    for (const item of [...REVIEW_KINDS.map((kind) => review(kind)), letter, edit, alert("drift")]) {
      expect(item.title).not.toBe("");
      expect(item.consequence).toMatch(/\.$/);
      expect(item.actions.length).toBeGreaterThan(0);
    }
  });

  it("a caller who takes the first action ends no stock, makes no products one, and deletes nothing", () => {
    for (const item of [...REVIEW_KINDS.map((kind) => review(kind)), letter, edit, alert("drift")]) {
      expect(["confirm", "merge", "delete", "keep_reup"]).not.toContain(item.actions[0]);
    }
    expect(review("held_snapshot", { held_rows: 41 })).toMatchObject({
      actions: ["discard", "confirm"],
      details: { held_rows: 41 },
    });
  });

  it("a decided item says what was decided, by whom, why and when, and nothing can be done", () => {
    const seen = alert("drift", { acknowledged_at: 9, acknowledged_by: "ann", acknowledged_reason: "known" });
    const said = { resolved_at: 11, resolved_by: "ben", resolved_reason: null };
    const decided = REVIEW_KINDS.map((kind) =>
      review(kind, { action: kind === "held_snapshot" ? "confirm" : "keep_both", ...said }),
    );
    for (const item of [seen, ...decided]) {
      expect(item).toMatchObject({ actions: [], consequence: expect.stringMatching(/\.$/) });
    }
    expect(seen.decision).toEqual({ action: "acknowledge", by: "ann", reason: "known", at: 9 });
    expect(decided[0]?.decision).toEqual({ action: "keep_both", by: "ben", reason: null, at: 11 });
    expect(newestDecided([seen, ...decided]).at(-1)).toBe(seen);
  });

  it.each([
    ["discard", "ann", "What the list left out was kept."],
    ["discard", "snapshot", "Dutchie lists them again, all or nearly all. Nobody had to decide."],
    ["confirm", "ann", "What the list left out was ended."],
    ["confirm", "snapshot", "What the list left out was ended."],
  ])("a held list of which the word is %s by %s says what truly became of it", (action, by, consequence) => {
    const decided = review("held_snapshot", { action, resolved_at: 9, resolved_by: by });
    expect(decided).toMatchObject({ consequence, decision: { action, by } });
  });

  it("an item's id leads back to it; another text is no id", () => {
    fc.assert(
      fc.property(fc.constantFrom(...INBOX_KINDS), fc.string({ minLength: 1 }), (kind, id) => {
        expect(readItemId(itemId(kind, "loc_1", id))).toEqual({ kind, location_id: "loc_1", id });
      }),
    );
    for (const text of ["", "alert", "alert:", "alert:loc_1", "alert:loc_1:", "constructor:loc_1:x", "::"]) {
      expect([text, readItemId(text)]).toEqual([text, null]);
    }
  });
});

it.each([
  ["webhooks", "A webhook could not be applied", /sync/],
  ["sync", "A message could not be handled", /sync/],
  ["notices", "Another system does not get changes", /until somebody sends them again/],
])("a dead letter of the queue %s says what it means", (queue, title, consequence) => {
  const item = deadLetterItem({ location_id: "a", dead_letter_id: "d", queue, reason: "r", at: 0 });
  expect(item).toMatchObject({ title, consequence: expect.stringMatching(consequence) });
});
