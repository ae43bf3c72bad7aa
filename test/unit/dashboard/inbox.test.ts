import { describe, expect, it } from "vitest";
import { allPages } from "../../../dashboard/src/data/all-pages.ts";
import { decisionItem, editItem, inboxOf, messageItem } from "../../../dashboard/src/data/inbox-items.ts";
import type { Alert, DeadLetter, Push, Review } from "../../../src/client/index.ts";

const AT = "2026-11-26T12:00:00.000Z";
const alert = (rule: string, given: Partial<Alert> = {}) =>
  ({
    alert_id: rule,
    rule,
    location_id: "a",
    severity: "warning",
    started_at: AT,
    acknowledged_at: null,
    ...given,
  }) as Alert;
const message = (id: string, location_id: string, healed_at: string | null) =>
  messageItem({ dead_letter_id: id, location_id, at: AT, healed_at } as DeadLetter);
const ids = (...given: Parameters<typeof inboxOf>) => inboxOf(...given).map(({ item_id }) => item_id);

describe("an alert is left out only if an item of its store says more", () => {
  it.each([
    ["a message that waits says it", [message("m", "a", null)], "dead_letter", ["m"]],
    ["a message that is healed does not", [message("m", "a", AT)], "dead_letter", ["dead_letter", "m"]],
    ["a message of another store does not", [message("m", "b", null)], "dead_letter", ["dead_letter", "m"]],
    [
      "one that waits says it beside one that is healed",
      [message("m", "a", AT), message("n", "a", null)],
      "dead_letter",
      ["n", "m"],
    ],
    ["an edit says it", [editItem("a", { push_id: "p", created_at: AT } as Push)], "push_parked", ["a:p"]],
    [
      "another decision does not",
      [decisionItem("a", { review_id: "r", kind: "edit_conflict", opened_at: AT, value_at_stake: null } as Review)],
      "held_snapshot",
      ["held_snapshot", "a:r"],
    ],
  ])("%s", (_, items, rule, listed) => {
    expect(ids(items, [alert(rule)])).toEqual(listed);
  });

  it("stock that became zero comes before other alerts as severe, and after stock that waits for a decision", () => {
    const critical = (rule: string, hours: number) =>
      alert(rule, { severity: "critical", started_at: new Date(Date.parse(AT) - hours * 3_600_000).toISOString() });
    const held = { review_id: "r", kind: "held_snapshot", opened_at: AT, value_at_stake: null } as Review;
    const alerts = [critical("sync_failed", 9), critical("stock_ended", 1), alert("mass_change"), critical("stale", 2)];
    expect(ids([decisionItem("a", held)], alerts)).toEqual([
      "a:r",
      "stock_ended",
      "sync_failed",
      "stale",
      "mass_change",
    ]);
  });

  it("an alert that somebody has seen is left out", () => {
    expect(ids([], [alert("stale", { acknowledged_at: AT }), alert("drift")])).toEqual(["drift"]);
  });
});

describe("a list is read to its end", () => {
  const listOf =
    (pages: number) =>
    async ({ cursor = "0" }: { cursor?: string }) => ({
      data: [Number(cursor)],
      next_cursor: Number(cursor) + 1 < pages ? String(Number(cursor) + 1) : null,
    });

  it.each([1, 2, 10])("of %s pages", async (pages) => {
    const read = await allPages(listOf(pages));
    expect(read).toEqual({ data: Array.from({ length: pages }, (_, i) => i), isWhole: true });
  });

  it("but not without end, and then it says so", async () => {
    const read = await allPages(listOf(Number.POSITIVE_INFINITY));
    expect([read.data.length, read.isWhole]).toEqual([10, false]);
  });
});
