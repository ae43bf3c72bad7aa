import { z } from "zod";
import { MAX_LOGGED_ID, MAX_MESSAGE_BYTES } from "../domain/bounds.ts";

/** Bodies of the queues' messages, parsed again on arrival: an old deployment may have sent them. */

/** Whose message it is, and for the log the `x-request-id` that it began with; what is none is left out. */
const ids = {
  location_id: z.string(),
  request_id: z.string().max(MAX_LOGGED_ID).optional().catch(undefined),
};

/**
 * A verified webhook. `body` is what the decoder reads of it (`dutchie/webhook/keep.ts`), no larger than it came (100 KB), so that
 * the message stays under 128 KB. `look`: why its rows are not applied and the store is read instead.
 */
export const webhookMessage = z.object({
  ...ids,
  event_id: z.string(),
  received_at: z.number(),
  body: z.unknown(),
  look: z.string().optional(),
});
export type WebhookMessage = z.infer<typeof webhookMessage>;

export const syncMessage = z.discriminatedUnion("kind", [
  /** Read one step of a run. */
  z.object({ kind: z.literal("step"), ...ids, run_id: z.string(), step: z.number().int() }),
  /** Apply the store's ledger again, a page of events a message, oldest first (rebuild). */
  z.object({ kind: z.literal("replay"), ...ids, after: z.string().nullable() }),
  /** Read the store soon: an event came that says no more than that something changed. */
  z.object({ kind: z.literal("look"), ...ids, second: z.boolean() }),
  /** Send to Dutchie what is due in the store's outbox. */
  z.object({ kind: z.literal("push"), ...ids }),
  /** Delete the pseudonyms of a store that no longer keeps customers, a bounded number a message. */
  z.object({ kind: z.literal("forget_customers"), ...ids }),
  /** End what is past its time in a store, a bounded number a message. */
  z.object({ kind: z.literal("sweep"), ...ids }),
  /** Remove a disconnected store's records, a bounded number a message. */
  z.object({ kind: z.literal("purge"), ...ids }),
]);
export type SyncMessage = z.infer<typeof syncMessage>;

/** One notice for one channel, as it stood when it was due: a channel that fails delays and repeats no other. */
export const alertMessage = z.object({
  channel_id: z.string(),
  notice: z.object({
    /** Of the notice, not of the message: whoever gets it twice can tell. */
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

/** A queue takes no message that is larger. */
export const fitsMessage = (message: object): boolean =>
  new TextEncoder().encode(JSON.stringify(message)).byteLength <= MAX_MESSAGE_BYTES;
