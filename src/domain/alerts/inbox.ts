import { isListedAgain } from "../reviews/decided.ts";
import type { ReviewAction, ReviewKind } from "../reviews/review.ts";
import type { FiringRule } from "./health.ts";

/** What waits for a person, from all places. */
export const INBOX_KINDS = ["alert", "review", "dead_letter", "edit"] as const;
export type InboxKind = (typeof INBOX_KINDS)[number];
/** Items that are gone once they are settled: the decision about them is kept apart. */
export type SettledKind = "dead_letter" | "edit";

/** What can be done with items of the inbox at once; a merge into a chosen product is decided on its own page. */
export const INBOX_ACTIONS = [
  "acknowledge",
  "replay",
  "delete",
  "retry",
  "merge",
  "keep_both",
  "keep_dutchie",
  "keep_reup",
  "confirm",
  "discard",
] as const;
export type InboxAction = (typeof INBOX_ACTIONS)[number];

export interface InboxItem {
  item_id: string;
  kind: InboxKind;
  location_id: string;
  title: string;
  /** What happens as long as nobody does anything. */
  consequence: string;
  /** What can be done. First what takes nothing away: a caller may take the first without asking. */
  actions: InboxAction[];
  /** ms */
  since: number;
  value_at_stake: number | null;
  is_urgent: boolean;
  /** null: it waits. `by` null: it was not recorded. */
  decision: { action: InboxAction; by: string | null; reason: string | null; at: number } | null;
  details: Record<string, string | number | null>;
}

export const itemId = (kind: InboxKind, location_id: string, id: string): string => `${kind}:${location_id}:${id}`;

export interface ItemKey {
  kind: InboxKind;
  location_id: string;
  id: string;
}

/** null: this is no item's id. */
export function readItemId(text: string): ItemKey | null {
  const [kind, location_id = "", ...rest] = text.split(":");
  const known = INBOX_KINDS.find((each) => each === kind);
  const id = rest.join(":");
  return known === undefined || location_id === "" || id === "" ? null : { kind: known, location_id, id };
}

export function alertItem(
  row: FiringRule & {
    alert_id: string;
    location_id: string;
    acknowledged_by: string | null;
    acknowledged_reason: string | null;
  },
): InboxItem {
  const { alert_id, location_id, rule, severity, message, started_at, acknowledged_at: at } = row;
  const seen = { action: "acknowledge", by: row.acknowledged_by, reason: row.acknowledged_reason } as const;
  return withDecision(at === null ? null : { ...seen, at }, {
    item_id: itemId("alert", location_id, alert_id),
    kind: "alert",
    location_id,
    title: message,
    consequence:
      severity === "critical"
        ? "ReUp may show wrong quantities or prices until this is settled."
        : "ReUp goes on; reminders are sent until somebody has seen this.",
    actions: ["acknowledge"],
    since: started_at,
    value_at_stake: null,
    is_urgent: severity === "critical",
    details: { alert_id, rule, severity },
  });
}

/** What was decided, in the place of what would happen. */
const DONE: Partial<Record<InboxAction, string>> = {
  acknowledge: "Somebody has seen it.",
  merge: "They were made one product.",
  keep_both: "They stay separate products.",
  keep_dutchie: "Dutchie's value was kept.",
  keep_reup: "ReUp's value was kept.",
  confirm: "What the list left out was ended.",
  discard: "What the list left out was kept.",
  replay: "ReUp tries it once more.",
  delete: "It was deleted, and is not tried again.",
  retry: "ReUp sends it to Dutchie once more.",
};

/** No person kept it: a later list of Dutchie's has it again. */
const LISTED_AGAIN = "Dutchie lists them again, all or nearly all. Nobody had to decide.";

function withDecision(decision: InboxItem["decision"], item: Omit<InboxItem, "decision">): InboxItem {
  if (decision === null) return { ...item, decision };
  const done = isListedAgain(decision) ? LISTED_AGAIN : DONE[decision.action];
  return { ...item, decision, consequence: done ?? item.consequence, actions: [] };
}

const QUESTIONS: Record<
  ReviewKind,
  { title: (subject: string) => string; consequence: string; actions: ReviewAction[] }
> = {
  duplicate_sku: {
    title: (sku) => `Several products have the SKU ${sku}`,
    consequence: "They stay separate products, each with its own stock.",
    actions: ["keep_both", "merge"],
  },
  ambiguous_match: {
    title: () => "A product of Dutchie's may be one that ReUp has already",
    consequence: "Both are listed until somebody says whether they are one.",
    actions: ["keep_both", "merge"],
  },
  edit_conflict: {
    title: () => "ReUp and Dutchie were edited at the same time",
    consequence: "ReUp's edit is not sent to Dutchie.",
    actions: ["keep_dutchie", "keep_reup"],
  },
  held_snapshot: {
    title: (resource) => `Dutchie's list leaves out many ${resource === "inventory" ? "packages" : "products"}`,
    consequence: "ReUp shows them as before until somebody decides, or until a second list leaves them out, too.",
    actions: ["discard", "confirm"],
  },
};

export function reviewItem(row: {
  location_id: string;
  review_id: string;
  kind: ReviewKind;
  subject: string;
  reason: string;
  opened_at: number;
  value_at_stake: number | null;
  held_rows: number | null;
  action: ReviewAction | null;
  resolved_at: number | null;
  resolved_by: string | null;
  resolved_reason: string | null;
}): InboxItem {
  const { location_id, review_id, kind, subject, reason, opened_at, value_at_stake, held_rows } = row;
  const { action, resolved_at: at } = row;
  const { title, consequence, actions } = QUESTIONS[kind];
  const said = { by: row.resolved_by, reason: row.resolved_reason };
  return withDecision(action === null || at === null ? null : { action, ...said, at }, {
    item_id: itemId("review", location_id, review_id),
    kind: "review",
    location_id,
    title: title(subject),
    consequence,
    actions: [...actions],
    since: opened_at,
    value_at_stake,
    is_urgent: kind === "held_snapshot",
    details: { review_id, kind, subject, reason, held_rows },
  });
}

const READ_AGAIN = "The next complete sync reads what it was about, unless the cause is still there.";
const OTHER_MESSAGE = { title: "A message could not be handled", consequence: READ_AGAIN };
/** By the queue that the message was in. */
const MESSAGES: Partial<Record<string, typeof OTHER_MESSAGE>> = {
  webhooks: { title: "A webhook could not be applied", consequence: READ_AGAIN },
  notices: {
    title: "Another system does not get changes",
    consequence: "It may show old values until somebody sends them again.",
  },
};

export function deadLetterItem(row: {
  location_id: string;
  dead_letter_id: string;
  queue: string;
  reason: string;
  at: number;
}): InboxItem {
  const { location_id, dead_letter_id, queue, reason, at } = row;
  return {
    item_id: itemId("dead_letter", location_id, dead_letter_id),
    kind: "dead_letter",
    location_id,
    ...(MESSAGES[queue] ?? OTHER_MESSAGE),
    actions: ["replay", "delete"],
    since: at,
    value_at_stake: null,
    is_urgent: false,
    decision: null,
    details: { dead_letter_id, queue, reason },
  };
}

export function editItem(row: {
  location_id: string;
  push_id: string;
  product_id: string;
  since: number;
  error: string | null;
}): InboxItem {
  const { location_id, push_id, product_id, since, error } = row;
  return {
    item_id: itemId("edit", location_id, push_id),
    kind: "edit",
    location_id,
    title: "An edit did not reach Dutchie",
    consequence: "ReUp shows the edited value, Dutchie's till does not.",
    actions: ["retry"],
    since,
    value_at_stake: null,
    is_urgent: false,
    decision: null,
    details: { push_id, product_id, error },
  };
}

/** A failed message or an edit about which a person has decided. */
export function settledItem(row: {
  location_id: string;
  kind: SettledKind;
  id: string;
  subject: string;
  failure: string | null;
  since: number;
  action: InboxAction;
  settled_at: number;
  settled_by: string;
  settled_reason: string | null;
}): InboxItem {
  const { location_id, kind, id, subject, failure, since, action } = row;
  const decision = { action, by: row.settled_by, reason: row.settled_reason, at: row.settled_at };
  const item =
    kind === "edit"
      ? editItem({ location_id, push_id: id, product_id: subject, since, error: failure })
      : deadLetterItem({ location_id, dead_letter_id: id, queue: subject, reason: failure ?? "", at: since });
  return withDecision(decision, item);
}

/** The latest decision first. */
export const newestDecided = (items: readonly InboxItem[]): InboxItem[] =>
  [...items].sort((a, b) => (b.decision?.at ?? 0) - (a.decision?.at ?? 0) || (a.item_id < b.item_id ? -1 : 1));

/** Alerts that only say that there are such items, which are listed themselves. */
const SAID_BY: Partial<Record<string, (item: InboxItem) => boolean>> = {
  held_snapshot: ({ details }) => details.kind === "held_snapshot",
  dead_letter: ({ kind }) => kind === "dead_letter",
  push_parked: ({ kind }) => kind === "edit",
};

/** The worst first: what is urgent, then what is worth most, then what has waited longest. */
export function inboxOf(items: readonly InboxItem[]): InboxItem[] {
  const isSaid = ({ location_id, details }: InboxItem) => {
    const says = SAID_BY[String(details.rule)];
    return says !== undefined && items.some((other) => other.location_id === location_id && says(other));
  };
  return items
    .filter((item) => item.kind !== "alert" || !isSaid(item))
    .sort(
      (a, b) =>
        Number(b.is_urgent) - Number(a.is_urgent) ||
        (b.value_at_stake ?? 0) - (a.value_at_stake ?? 0) ||
        a.since - b.since ||
        (a.item_id < b.item_id ? -1 : 1),
    );
}
