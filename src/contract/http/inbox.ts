import { INBOX_ACTIONS, INBOX_KINDS } from "../../domain/alerts/inbox.ts";
import { MAX_INBOX_ITEMS, MAX_RESOLVED_ITEMS } from "../../domain/bounds.ts";
import { decisionReason, errorEnvelope, filterText, pageNumber, pagination, time, timeQuery, z } from "./common.ts";

const inboxItem = z
  .object({
    item_id: z.string(),
    kind: z.enum(INBOX_KINDS),
    location_id: z.string(),
    title: z.string(),
    consequence: z
      .string()
      .openapi({ description: "What happens as long as nobody does anything; of a decided item, what was decided" }),
    action: z.enum(INBOX_ACTIONS).openapi({
      description:
        "The first of `actions`, which never ends stock nor makes products one; of a decided item, the one that was taken",
    }),
    actions: z.array(z.enum(INBOX_ACTIONS)).openapi({ description: "Empty once it is decided" }),
    decision: z
      .object({
        action: z.enum(INBOX_ACTIONS),
        by: z.string().nullable().openapi({ description: "A person's id, `auto` or `snapshot`; null: not recorded" }),
        reason: z.string().nullable().openapi({ description: "Why, in the person's words" }),
        at: time,
      })
      .nullable()
      .openapi({ description: "null: it waits" }),
    since: time,
    value_at_stake: z
      .number()
      .nullable()
      .openapi({ description: "Quantity × price of what it is about, if it is known" }),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).openapi({
      description:
        "Of a held snapshot, `held_rows`: how many packages or products the list leaves out; null until the next sync counted them",
    }),
  })
  .openapi("InboxItem");

export const inbox = z
  .object({
    data: z.array(inboxItem),
    pagination,
    unread_stores: z.array(z.string()).openapi({
      description:
        "Stores whose items are not all here, because a database or the store did not answer, or too many have parked edits",
    }),
    is_cut: z.boolean().openapi({
      description: `There may be more than are listed: of what waits, the oldest ${MAX_INBOX_ITEMS} of a kind are; of what was decided, the latest`,
    }),
  })
  .openapi("Inbox");

export const inboxQuery = pageNumber.extend({
  kind: z.enum(INBOX_KINDS).optional(),
  location_id: filterText,
  state: z.enum(["open", "decided"]).default("open"),
});

export const resolveItems = z.strictObject({
  item_ids: z.array(z.string().min(1).max(500)).min(1).max(MAX_RESOLVED_ITEMS),
  action: z.enum(INBOX_ACTIONS),
  counts: z.record(z.string(), z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)).default({}).openapi({
    description:
      "For `confirm`, which cannot be undone: by `item_id`, how many the person was shown (`details.held_rows`). An item without a count is refused, and one that has another number by now",
  }),
  since: z.record(z.string(), timeQuery).default({}).openapi({
    description:
      "For `acknowledge`: by `item_id`, its `since` that the person was shown. An alert that began anew since is refused",
  }),
  reason: decisionReason,
});

export const resolvedItems = z
  .object({
    data: z.array(
      z.object({
        item_id: z.string(),
        ok: z.boolean(),
        error: errorEnvelope.shape.error.omit({ details: true }).nullable(),
      }),
    ),
  })
  .openapi("ResolvedItems");
