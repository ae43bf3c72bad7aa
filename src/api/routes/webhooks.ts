import { createRoute, z } from "@hono/zod-openapi";
import { findLocation } from "../../db/locations.ts";
import { accountsDb } from "../../db/records.ts";
import { parseEvent } from "../../dutchie/webhook-event.ts";
import { causeOf } from "../../failures.ts";
import type { WebhookMessage } from "../../pipeline/messages.ts";
import { bodyWithinLimits, refuseDepth, tooLarge } from "../body-limits.ts";
import type { AppContext } from "../context.ts";
import { ApiError, invalid } from "../errors.ts";
import { errorResponses, json, router } from "../router.ts";
import { locationPath } from "../schemas/common.ts";
import { eventIdOf, verifiedScheme } from "../webhook-verify.ts";

const receive = createRoute({
  method: "post",
  path: "/webhooks/dutchie/{location_id}",
  tags: ["Webhooks"],
  summary: "For Dutchie: an event of a store, signed with the store's webhook secret",
  request: {
    params: locationPath,
    // For the document only: the body is read raw, since the signature is over its bytes.
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
    202: json(z.object({ status: z.literal("accepted"), event_id: z.string() }), "It is queued"),
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

/** The body is written anew for the queue, and may grow (1e20 becomes 21 digits); its message holds 128 KB in all. */
const MAX_MESSAGE_BYTES = 127_000;

export const webhookRoutes = router().openapi(receive, async (c) => {
  const { location_id } = c.req.valid("param");
  await refuseFlood(c, location_id);
  const body = await bodyWithinLimits(c.req.raw);

  const webhook = { header: (name: string) => c.req.header(name) ?? null, body, now: c.var.deps.now() };
  const row = await findLocation(accountsDb(c.env), location_id);
  const connected = row !== null && row.deleted_at === null;
  const scheme = connected ? await verifiedScheme(c.var.config, row, webhook) : null;
  // One answer for an unknown store and a bad signature: the address alone tells nobody anything.
  if (scheme === null) throw new ApiError("UNAUTHORIZED", "The signature is missing or does not match.");

  refuseDepth(body);
  const parsed = parseBody(body);
  const event = parseEvent(parsed);
  if (!event.ok) throw invalid([{ path: "", message: event.reason }]);
  const event_id = await eventIdOf(scheme, webhook, event.body_id);
  await enqueue(c, { location_id, event_id, received_at: webhook.now, body: parsed });
  return c.json({ status: "accepted" as const, event_id }, 202);
});

async function refuseFlood(c: AppContext, location_id: string): Promise<void> {
  const { success } = await c.env.WEBHOOK_LIMIT.limit({ key: location_id });
  if (!success) throw new ApiError("RATE_LIMITED", "Too many webhooks.", { retry_after_seconds: 60 });
}

function parseBody(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body));
  } catch {
    throw invalid([{ path: "", message: "The body is not JSON." }]);
  }
}

async function enqueue(c: AppContext, message: WebhookMessage): Promise<void> {
  if (new TextEncoder().encode(JSON.stringify(message)).byteLength > MAX_MESSAGE_BYTES) throw tooLarge();
  try {
    await c.env.WEBHOOKS.send(message);
  } catch (error) {
    // Not accepted, so not lost: the sender comes again.
    console.error({ request_id: c.var.requestId, route: "webhooks", name: "queue", cause: causeOf(error) });
    throw new ApiError("UNAVAILABLE", "The event could not be queued; send it again.", { retry_after_seconds: 5 });
  }
}
