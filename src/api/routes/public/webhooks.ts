import { createRoute, z } from "@hono/zod-openapi";
import { locationPath } from "../../../contract/http/common.ts";
import type { WebhookScheme } from "../../../contract/http/locations.ts";
import { fitsMessage, MESSAGE_VERSION, type WebhookMessage } from "../../../contract/messages.ts";
import { whyRefresh } from "../../../domain/events/event-trust.ts";
import { parseEvent } from "../../../dutchie/webhook/event.ts";
import { keep, keepEnvelope } from "../../../dutchie/webhook/keep.ts";
import { log } from "../../../platform/log.ts";
import { ApiError, invalid } from "../../errors.ts";
import { bodyWithinLimits, refuseDepth, textOf, tooLarge } from "../../requests/body-limits.ts";
import type { AppContext } from "../../requests/context.ts";
import { Quota } from "../../requests/quota.ts";
import { errorResponses, json, router } from "../../router.ts";
import { knownStores } from "../../webhooks/isolate-stores.ts";
import type { KnownStore } from "../../webhooks/known-stores.ts";
import { refuseStranger } from "../../webhooks/strangers.ts";
import { eventIdOf, type ReceivedWebhook, verifiedScheme } from "../../webhooks/verify.ts";

const receive = createRoute({
  method: "post",
  path: "/webhooks/dutchie/{location_id}",
  tags: ["Webhooks"],
  summary: "Dutchie sends a store's events here, signed with the store's webhook secret",
  security: [],
  request: {
    params: locationPath,
    // For the document only: the handler reads the raw body, because the signature covers its bytes.
    body: {
      required: true,
      content: {
        "application/json": {
          schema: {
            type: "object",
            required: ["type", "data"],
            properties: {
              type: { type: "string", examples: ["inventory.updated", "product.updated", "sale.completed"] },
              occurred_at: { type: "string", format: "date-time" },
              data: { description: "One row, a list of rows, or {items: [...]}" },
            },
          },
        },
      },
    },
  },
  responses: {
    202: json(
      z.object({ status: z.literal("accepted"), event_id: z.string() }),
      "The event is queued. Under a custom scheme, an event without an id and a time in its signed body is not applied; the store is read instead",
    ),
    ...errorResponses(
      "INVALID_REQUEST",
      "UNAUTHORIZED",
      "PAYLOAD_TOO_LARGE",
      "RATE_LIMITED",
      "SERVER_ERROR",
      "UNAVAILABLE",
    ),
  },
});

export const webhookRoutes = router().openapi(receive, async (c) => {
  const { location_id } = c.req.valid("param");
  const { scheme, webhook, keepsCustomers } = await proved(c, location_id);
  await refuseFlood(c, location_id);

  refuseDepth(webhook.body);
  const parsed = parseBody(webhook.body);
  const event = parseEvent(parsed);
  if (!event.ok) throw invalid([{ path: "", message: event.reason }]);
  const event_id = await eventIdOf(scheme, webhook, event.body_id);
  const { now } = webhook;
  const ids = { v: MESSAGE_VERSION, location_id, request_id: c.var.requestId };
  const refresh_reason = scheme.kind === "standard" ? null : whyRefresh(event, now);
  await enqueue(
    c,
    refresh_reason === null
      ? { ...ids, event_id, received_at: now, body: keep(parsed, { customers: keepsCustomers }) }
      : {
          ...ids,
          event_id: `${event_id}.${secondOf(now)}`,
          received_at: now,
          body: keepEnvelope(parsed),
          refresh_reason,
        },
  );
  return c.json({ status: "accepted" as const, event_id }, 202);
});

/** Keeps events of equal content apart, but only by the second: an event that is sent a thousand times must not fill the ledger. */
const secondOf = (now: number): string => Math.floor(now / 1_000).toString(36);

interface Proved {
  scheme: WebhookScheme;
  webhook: ReceivedWebhook;
  keepsCustomers: boolean;
}

/** The webhook, and the scheme under which its signature is valid. What fails before that counts against the sender's address. */
async function proved(c: AppContext, location_id: string): Promise<Proved> {
  try {
    return await verified(c, location_id);
  } catch (error) {
    if (error instanceof ApiError) await refuseStranger(c);
    throw error;
  }
}

async function verified(c: AppContext, location_id: string): Promise<Proved> {
  const body = await bodyWithinLimits(c.req.raw);
  const { now: clock } = c.var.deps;
  const webhook = { header: (name: string) => c.req.header(name) ?? null, body, now: clock() };
  const stores = knownStores(c.env);
  const known = await reached(stores.find(location_id, clock));
  let proof = await proofOf(known, webhook);
  if (proof === null && known !== null)
    proof = await proofOf(await reached(stores.findAgain(location_id, clock)), webhook);
  // The same answer for an unknown store and a bad signature: nobody can find out which stores exist.
  if (proof === null) throw new ApiError("UNAUTHORIZED", "The signature is missing or does not match.");
  return proof;
}

async function proofOf(store: KnownStore | null, webhook: ReceivedWebhook): Promise<Proved | null> {
  const scheme = store && (await verifiedScheme(store.keys, webhook));
  return scheme && store && { scheme, webhook, keepsCustomers: store.keepsCustomers };
}

/** 503 when the database does not answer: the sender comes again. A refusal would make Dutchie drop the event (F67). */
async function reached(store: Promise<KnownStore | null>): Promise<KnownStore | null> {
  try {
    return await store;
  } catch {
    // It is in the log already.
    throw unavailable("The store could not be looked up. Send the event again.");
  }
}

/** Hardly a store ever sends 600 in a minute. Beyond that the limiter lets in as many again. */
export const storeQuota = new Quota({ own: 600, a_grant: 20 });

/** The store's own quota. Only genuine webhooks get here, so nobody else can use it up. */
async function refuseFlood(c: AppContext, location_id: string): Promise<void> {
  if (!(await storeQuota.lets(c.env.WEBHOOK_LIMIT, location_id, c.var.deps.now())))
    throw new ApiError("RATE_LIMITED", "Too many webhooks. Try again in a minute.", { retry_after_seconds: 60 });
}

function parseBody(body: Uint8Array): unknown {
  const text = textOf(body);
  try {
    return JSON.parse(text);
  } catch {
    throw invalid([{ path: "", message: "The body is not JSON." }]);
  }
}

async function enqueue(c: AppContext, message: WebhookMessage): Promise<void> {
  // Numbers are written again here and may get longer: 1e14 becomes 15 digits.
  if (!fitsMessage(message)) throw tooLarge();
  try {
    await c.env.WEBHOOKS.send(message);
  } catch (error) {
    // The sender gets 503 and sends the event again, so it is not lost.
    const { location_id, event_id, request_id } = message;
    log("webhook_not_queued", { location_id, event_id, request_id, cause: error });
    throw unavailable("The event could not be queued. Send it again.");
  }
}

const unavailable = (message: string) => new ApiError("UNAVAILABLE", message, { retry_after_seconds: 5 });
