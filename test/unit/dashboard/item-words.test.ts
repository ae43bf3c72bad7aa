import { describe, expect, it } from "vitest";
import { decisionItem, messageItem } from "../../../dashboard/src/data/inbox-items.ts";
import { messageWordsOf, titleOfRule, wordsOf } from "../../../dashboard/src/pages/inbox/item-words.ts";
import { texts } from "../../../dashboard/src/texts.ts";
import type { DeadLetter, Review } from "../../../src/client/index.ts";
import { ALERT_RULES } from "../../../src/domain/alerts/rules.ts";
import { titleOf } from "../../../src/domain/alerts/titles.ts";
import { heldText, unidentifiedText } from "../../../src/domain/snapshots/absence-text.ts";

const letter = (queue: string, healed_at: string | null = null) => ({ queue, healed_at }) as DeadLetter;

describe("a failed message is told by where it was going", () => {
  it.each([
    ["webhooks", "A message of Dutchie's failed"],
    ["sync", "A task of ReUp's failed"],
    ["notices", "Another system does not get changes"],
    ["of a newer build", "A task of ReUp's failed"],
  ])("%s", (queue, title) => {
    expect(wordsOf(messageItem(letter(queue))).title).toBe(title);
  });

  it("no sync reads what a receiver did not get", () => {
    const { means, healed, deleteAbout } = messageWordsOf(letter("notices"));
    expect(`${means} ${healed} ${deleteAbout}`).not.toMatch(/sync|Dutchie/);
    expect(wordsOf(messageItem(letter("notices", "2026-11-26T12:00:00.000Z"))).consequence).toBe(healed);
  });
});

it.each([
  ["a long one", "W".repeat(500), `${"W".repeat(119)}… was edited in Dutchie and in ReUp`],
  ["one that turns what follows", "\u202eKush", "\u2068\u202eKush\u2069 was edited in Dutchie and in ReUp"],
  ["an Arabic one", "قنب (12)", "\u2068قنب (12)\u2069 was edited in Dutchie and in ReUp"],
  ["markup", "<b>Kush</b> 🌿", "<b>Kush</b> 🌿 was edited in Dutchie and in ReUp"],
])("a title says what happened, whatever the product's name: %s", (_, product_name, title) => {
  const candidates = [{ product_id: "prd_1", product_name }];
  const review = { kind: "edit_conflict", subject: "", candidates, review_id: "rev_1" } as unknown as Review;
  expect(wordsOf(decisionItem("loc_1", review)).title).toBe(title);
});

it.each(ALERT_RULES)("people read words, not the rule %s", (rule) => {
  expect(titleOf(rule)).toMatch(/^[A-Za-z' ]+$/);
  expect(titleOfRule(rule)).not.toBe("An alert fires");
});

it("an alert says what to do as the pages say it", () => {
  const { inbox, activity } = texts;
  const held = { absent: 12, live: 50, value: 0, isEmpty: false, kept: 0, recent: 0 };
  expect(inbox.zero(12)).toBe("Set 12 packages to zero");
  expect(heldText({ resource: "inventory", ...held })).toContain("If they are gone, set them to zero.");
  expect(inbox.inactive(12)).toBe("Mark 12 products as gone");
  expect(heldText({ resource: "products", ...held })).toContain("If they are gone, mark them as gone.");
  expect(inbox.keepHeld("packages")).toBe("Keep the packages");
  expect(unidentifiedText("inventory", 2, 0)).toContain(`“${activity.syncs.unreadable}”`);
});
