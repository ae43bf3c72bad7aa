import { MAX_NAMED_STORES, MAX_SUBSCRIPTIONS } from "../../domain/bounds.ts";
import { TOLD_EVENTS } from "../../domain/feed/change-messages.ts";
import { problem, time, z } from "./common.ts";

const subscription_id = z.string().max(100).openapi({ example: "sub_5f0c2a9d1b3e4f60" });
const event = z.enum(TOLD_EVENTS);
const location_ids = z
  .array(z.string().min(1).max(200))
  .min(1, "must name at least one store; null means all")
  .max(MAX_NAMED_STORES)
  .nullable();

const failure = z.object({
  location_id: z.string(),
  sequence: z.number().openapi({
    description: "Everything up to here was accepted: a receiver that lost something reads the feed after it",
  }),
  waiting: z.number().openapi({ description: "Changes that wait, as of the last attempt; 10000: that many or more" }),
  attempts: z.number(),
  since: time,
  next_attempt_at: time.nullable().openapi({ description: "null: parked" }),
  parked_at: time.nullable().openapi({ description: "Since when nothing is tried any more: replay it" }),
  error: problem,
});

export const subscription = z
  .object({
    subscription_id,
    url: z
      .string()
      .openapi({ description: "A part of the address, as a hint", example: "https://reup.example.com/…chie" }),
    secret_hint: z.string(),
    events: z.array(event),
    location_ids,
    enabled: z.boolean(),
    created_at: time,
    state: z.enum(["ok", "failing", "parked", "disabled"]).openapi({
      description: "parked: of at least one store nothing is sent any more",
    }),
    failing_stores: z.number(),
    parked_stores: z.number(),
    waiting: z.number().openapi({ description: "Changes that wait at stores that fail, as of their last attempts" }),
    failing_since: time.nullable(),
    last_error: problem.nullable(),
    failures: z.array(failure).openapi({ description: "The first 20 stores whose changes are not accepted" }),
  })
  .openapi("Subscription");
export type SubscriptionJson = z.infer<typeof subscription>;

const subscriptionInput = z.strictObject({
  subscription_id: subscription_id
    .optional()
    .openapi({ description: "The id of an existing subscription; left out for a new one" }),
  url: z.string().trim().min(1).max(2_000).openapi({
    description: "An https address. It is shown as a hint only. To keep it, send the hint with the subscription_id",
    example: "https://reup.example.com/hooks/dutchie",
  }),
  events: z.array(event).min(1, "must name at least one event").max(TOLD_EVENTS.length),
  location_ids: location_ids.optional().openapi({ description: "null or left out: all stores" }),
  enabled: z.boolean(),
  // A list that was read, changed and sent back.
  ...subscription.omit({ subscription_id: true, url: true, events: true, location_ids: true, enabled: true }).partial()
    .shape,
  secret: z.null("is made here and shown once: leave it out").optional(),
});
export type SubscriptionInput = z.infer<typeof subscriptionInput>;

export const subscriptionsInput = z
  .array(subscriptionInput)
  .max(MAX_SUBSCRIPTIONS, `must have at most ${MAX_SUBSCRIPTIONS} subscriptions`);

export const savedSubscription = subscription
  .extend({
    secret: z
      .string()
      .nullable()
      .openapi({ description: "The secret of a new address, which is shown only here; null: it stays" }),
  })
  .openapi("SavedSubscription");
export type SavedSubscriptionJson = z.infer<typeof savedSubscription>;

export const subscriptionPath = z.object({ subscription_id });

export const replayInput = z.strictObject({
  location_id: z.string().min(1).max(200),
  after: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable().optional().openapi({
    description: "Send again what comes after this sequence; null or left out: go on where it stopped",
  }),
});
