import type { WebhookScheme } from "../../contract/http/locations.ts";
import type { LocationRow } from "../../db/locations.ts";
import { MAX_ID } from "../../domain/bounds.ts";
import { toHex } from "../../domain/values/hex.ts";
import { verifyHmac, verifyStandardWebhook } from "../../dutchie/webhook/signature.ts";
import type { Config } from "../../env.ts";
import { liveSecrets } from "./secrets.ts";

export interface ReceivedWebhook {
  header(name: string): string | null;
  body: Uint8Array<ArrayBuffer>;
  now: number;
}

/** The scheme under which the webhook is genuine; null: it is not. Reads nothing but the row, writes nothing. */
export async function verifiedScheme(
  config: Config,
  row: LocationRow,
  webhook: ReceivedWebhook,
): Promise<WebhookScheme | null> {
  for (const { scheme, secrets } of await liveSecrets(config, row, webhook.now)) {
    if (await verifies(scheme, secrets, webhook)) return scheme;
  }
  return null;
}

async function verifies(scheme: WebhookScheme, secrets: string[], { header, body, now }: ReceivedWebhook) {
  if (scheme.kind === "hmac") {
    const { encoding, prefix } = scheme;
    const verified = await verifyHmac({ signature: header(scheme.header), rawBody: body, secrets, encoding, prefix });
    return verified.ok;
  }
  const verified = await verifyStandardWebhook({
    id: header("webhook-id"),
    timestamp: header("webhook-timestamp"),
    signature: header("webhook-signature"),
    rawBody: body,
    secrets,
    now_ms: now,
  });
  return verified.ok;
}

/**
 * What makes two deliveries one event. Only what the signature covers may say so: the header under the standard scheme,
 * the body under a custom one, or a replay under another header would pass for new. Without either it is the body's hash,
 * under which the sender may ask for it; that makes no two deliveries one (`domain/events/event-trust.ts`).
 */
export async function eventIdOf(
  scheme: WebhookScheme,
  webhook: ReceivedWebhook,
  body_id: string | null,
): Promise<string> {
  const told = scheme.kind === "standard" ? webhook.header("webhook-id") : body_id;
  if (told === null || told === "") return sha256(webhook.body);
  return told.length <= MAX_ID ? told : sha256(new TextEncoder().encode(told));
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return toHex(digest);
}
