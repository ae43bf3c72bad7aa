import { z } from "zod";
import { isOfNewerBuild, syncMessage, webhookMessage } from "../../contract/messages.ts";
import { tellMessage } from "../../contract/telling.ts";
import { MAX_ID } from "../../domain/bounds.ts";
import { keep } from "../../dutchie/webhook/keep.ts";

/**
 * What is stored of a message whose retries are used up: a webhook without its customers, a step as it is, a message of a newer
 * build as it is, and of one that is not understood only the store that it names.
 */
export function keptMessage(body: unknown): unknown {
  const webhook = webhookMessage.safeParse(body);
  if (webhook.success) return { ...webhook.data, body: keep(webhook.data.body) };
  const sync = syncMessage.safeParse(body);
  if (sync.success) return sync.data;
  const telling = tellMessage.safeParse(body);
  if (telling.success) return telling.data;
  // The build that sent it reads it when it is put back; it has left customers out, as this one does.
  if (isOfNewerBuild(body)) return body;
  return named.safeParse(body).data ?? null;
}

const named = z.object({ location_id: z.string().max(MAX_ID) });
