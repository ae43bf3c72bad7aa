import { z } from "zod";
import { MAX_MESSAGE_BYTES } from "../domain/bounds.ts";

/** Bodies of queue messages. Consumers parse them, because an older deployment may have sent them. */

/**
 * A verified webhook. `body` is what the decoder reads (`dutchie/webhook/keep.ts`), never larger than the original (100 KB), so
 * that the message stays under 128 KB. `look`: why the rows are not applied and the store is read instead.
 */
export const webhookMessage = z.object({
  location_id: z.string(),
  event_id: z.string(),
  received_at: z.number(),
  body: z.unknown(),
  look: z.string().optional(),
});
export type WebhookMessage = z.infer<typeof webhookMessage>;

export const syncMessage = z.discriminatedUnion("kind", [
  /** Read one step of a run. */
  z.object({ kind: z.literal("step"), location_id: z.string(), run_id: z.string(), step: z.number().int() }),
  /** Apply the events of the ledger again, oldest first, one page per message (rebuild). */
  z.object({ kind: z.literal("replay"), location_id: z.string(), after: z.string().nullable() }),
  /** Read the store soon: an event says that something changed, but not what. */
  z.object({ kind: z.literal("look"), location_id: z.string(), second: z.boolean() }),
  /** Send the due edits of the store's outbox to Dutchie. */
  z.object({ kind: z.literal("push"), location_id: z.string() }),
  /** Delete the pseudonyms of a store that has switched customers off, a bounded number per message. */
  z.object({ kind: z.literal("forget_customers"), location_id: z.string() }),
  /** Delete what is past its retention in a store, a bounded number per message. */
  z.object({ kind: z.literal("sweep"), location_id: z.string() }),
  /** Delete a disconnected store's records, a bounded number per message. */
  z.object({ kind: z.literal("purge"), location_id: z.string() }),
]);
export type SyncMessage = z.infer<typeof syncMessage>;

/** One notice for one channel. Each channel has its own message, so that one that fails neither delays nor repeats another. */
export const alertMessage = z.object({
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
