import { z } from "zod";
import { syncMessage, webhookMessage } from "../../contract/messages.ts";
import { MAX_ID } from "../../domain/bounds.ts";
import { keep } from "../../dutchie/webhook/keep.ts";

/**
 * What is kept of a message that exhausted its retries: a webhook without customers, a step as it is, and of what nobody
 * understands the store that it names.
 */
export function keptMessage(body: unknown): unknown {
  const webhook = webhookMessage.safeParse(body);
  if (webhook.success) return { ...webhook.data, body: keep(webhook.data.body) };
  const sync = syncMessage.safeParse(body);
  if (sync.success) return sync.data;
  return named.safeParse(body).data ?? null;
}

const named = z.object({ location_id: z.string().max(MAX_ID) });
