import { z } from "zod";
import { MAX_LOGGED_ID, MAX_MESSAGE_BYTES } from "../domain/bounds.ts";

/**
 * Bodies of queue messages. Consumers parse them, because another build may have sent them: the one before a deployment, or the
 * one that a rollback took back. A build reads the messages of its own version and of the one before, and leaves newer ones alone.
 * Whatever an older build must not act on, or would misread, is a new version.
 */
export const MESSAGE_VERSION = 1;

/** Absent: 0, from before messages had one. */
export const version = z.number().int().min(0).max(MESSAGE_VERSION).default(0);

/** Whether a newer build sent the message: this one must neither handle it nor lose it. */
export const isOfNewerBuild = (body: unknown): boolean => newer.safeParse(body).success;
const newer = z.object({ v: z.number().int().gt(MESSAGE_VERSION) });

/** The store of a message and, for the log, the `x-request-id` that caused it. An invalid id is left out. */
const ids = {
  v: version,
  location_id: z.string(),
  request_id: z.string().max(MAX_LOGGED_ID).optional().catch(undefined),
};

/**
 * A verified webhook. `body` is what the decoder reads (`dutchie/webhook/keep.ts`), never larger than the original (100 KB), so
 * that the message stays under 128 KB. `refresh_reason`: why the rows are not applied and the store is read instead.
 */
export const webhookMessage = z.object({
  ...ids,
  event_id: z.string(),
  /** ms; a time beyond what a date can be would break each list with the event. */
  received_at: z.number().min(0).max(8.64e15),
  body: z.unknown(),
  refresh_reason: z.string().optional(),
});
export type WebhookMessage = z.infer<typeof webhookMessage>;

export const syncMessage = z.discriminatedUnion("kind", [
  /** Start what is due in a store at cron's time, or now if that is later; the store decides by its own state. */
  z.object({ kind: z.literal("start"), ...ids, at: z.number() }),
  /** Read one step of a run. */
  z.object({ kind: z.literal("step"), ...ids, run_id: z.string(), step: z.number().int() }),
  /** Apply the events of the ledger again, oldest first, one page per message (rebuild). */
  z.object({ kind: z.literal("replay"), ...ids, after: z.string().nullable() }),
  /** Read the store soon: an event says that something changed, but not what. */
  z.object({ kind: z.literal("refresh"), ...ids, second: z.boolean() }),
  /** Send the due edits of the store's outbox to Dutchie. */
  z.object({ kind: z.literal("push"), ...ids }),
  /** Delete the pseudonyms of a store that has switched customers off, a bounded number per message. */
  z.object({ kind: z.literal("forget_customers"), ...ids }),
  /** Delete what is past its retention in a store, a bounded number per message. */
  z.object({ kind: z.literal("sweep"), ...ids }),
  /** Move a store's records to another database, a bounded number of steps per message. */
  z.object({ kind: z.literal("move"), ...ids }),
  /** Let a retailer's stores take over who is told of their changes, a bounded number per message. */
  z.object({
    kind: z.literal("follow_subscriptions"),
    v: version,
    retailer_id: z.string(),
    after: z.string().nullable(),
  }),
  /** Delete a disconnected store's records, a bounded number per message. */
  z.object({ kind: z.literal("purge"), ...ids }),
  /** Seal the secrets of stores, of channels, or of subscriptions, with the newest key, a bounded number per message. */
  z.object({
    kind: z.literal("reseal"),
    v: version,
    what: z.enum(["stores", "channels", "subscriptions"]),
    after: z.string().nullable(),
  }),
]);
export type SyncMessage = z.infer<typeof syncMessage>;

/** One notice for one channel. Each channel has its own message, so that one that fails neither delays nor repeats another. */
export const alertMessage = z.object({
  v: version,
  channel_id: z.string(),
  notice: z.object({
    /** The id of the notice, not of the message: a receiver that gets it twice can see that. */
    notice_id: z.string(),
    kind: z.enum(["fired", "repeated", "resolved"]),
    alert_id: z.string(),
    location_id: z.string(),
    rule: z.string(),
    severity: z.enum(["warning", "critical"]),
    message: z.string(),
    started_at: z.number(),
    resolved_at: z.number().nullable(),
  }),
});
export type AlertMessage = z.infer<typeof alertMessage>;

/** Whether the message is small enough for a queue. */
export const fitsMessage = (message: object): boolean =>
  new TextEncoder().encode(JSON.stringify(message)).byteLength <= MAX_MESSAGE_BYTES;
