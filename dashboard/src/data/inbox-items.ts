import type { Alert, DeadLetter, Push, Review } from "../../../src/client/index.ts";
import { isAboutShelf } from "../../../src/client/rules.ts";

/** Something that waits for a person, of any store. */
export type InboxItem = { item_id: string; location_id: string; since: string; value_at_stake: number | null } & (
  | { kind: "alert"; alert: Alert }
  | { kind: "decision"; review: Review }
  | { kind: "message"; letter: DeadLetter }
  | { kind: "edit"; push: Push }
);
export const INBOX_KINDS = ["decision", "alert", "message", "edit"] as const;
export type InboxKind = (typeof INBOX_KINDS)[number];

/** The rule whose alert an item replaces: it says more, and has the buttons. A message that is healed says nothing of one that is not. */
function ruleToldBy(item: InboxItem): string | null {
  switch (item.kind) {
    case "decision":
      return item.review.kind === "held_snapshot" ? "held_snapshot" : null;
    case "message":
      return item.letter.healed_at === null ? "dead_letter" : null;
    case "edit":
      return "push_parked";
    case "alert":
      return null;
  }
}

/** All that waits, the worst first: alerts only if nobody has seen them and no item says more. */
export function inboxOf(items: readonly InboxItem[], alerts: readonly Alert[]): InboxItem[] {
  const told = new Set(items.map((item) => `${ruleToldBy(item)} ${item.location_id}`));
  const untold = alerts.filter(
    ({ rule, location_id, acknowledged_at }) => acknowledged_at === null && !told.has(`${rule} ${location_id}`),
  );
  return worstFirst([...items, ...untold.map(alertItem)]);
}

export const decisionItem = (location_id: string, review: Review): InboxItem => ({
  kind: "decision",
  item_id: `${location_id}:${review.review_id}`,
  location_id,
  since: review.opened_at,
  value_at_stake: review.value_at_stake,
  review,
});

export const editItem = (location_id: string, push: Push): InboxItem => ({
  kind: "edit",
  item_id: `${location_id}:${push.push_id}`,
  location_id,
  since: push.created_at,
  value_at_stake: null,
  push,
});

export const messageItem = (letter: DeadLetter): InboxItem => ({
  kind: "message",
  item_id: letter.dead_letter_id,
  location_id: letter.location_id,
  since: letter.at,
  value_at_stake: null,
  letter,
});

const alertItem = (alert: Alert): InboxItem => ({
  kind: "alert",
  item_id: alert.alert_id,
  location_id: alert.location_id,
  since: alert.started_at,
  value_at_stake: null,
  alert,
});

/** Stock that would become zero before all, then what is critical, of it first what has become of stock; what has mended itself comes last. */
function rankOf(item: InboxItem): number {
  switch (item.kind) {
    case "decision":
      return item.review.kind === "held_snapshot" ? 0 : 4;
    case "alert":
      if (item.alert.severity !== "critical") return 3;
      return isAboutShelf(item.alert.rule) ? 1 : 2;
    case "edit":
      return 3;
    case "message":
      return item.letter.healed_at === null ? 3 : 5;
  }
}

function worstFirst(items: readonly InboxItem[]): InboxItem[] {
  const value = ({ value_at_stake }: InboxItem) => value_at_stake ?? 0;
  return [...items].sort(
    (a, b) =>
      rankOf(a) - rankOf(b) ||
      value(b) - value(a) ||
      Date.parse(a.since) - Date.parse(b.since) ||
      (a.item_id < b.item_id ? -1 : 1),
  );
}
