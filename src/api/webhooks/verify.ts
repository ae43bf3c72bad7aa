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

/** The scheme under which the signature is valid; null: there is none. Reads only the row and writes nothing. */
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
 * The event's id: two deliveries with one id are one event. It comes only from what the signature covers (the header under
 * the standard scheme, the body under a custom one); otherwise a replay with another header would count as new. Without an
 * id it is the body's hash, by which the sender can find the event; equal hashes do not make one event of two deliveries
 * (`domain/events/event-trust.ts`).
 */
export async function eventIdOf(
  scheme: WebhookScheme,
  webhook: ReceivedWebhook,
  body_id: string | null,
): Promise<string> {
  const stated = scheme.kind === "standard" ? webhook.header("webhook-id") : body_id;
  if (stated === null || stated === "") return sha256(webhook.body);
  return stated.length <= MAX_ID ? stated : sha256(new TextEncoder().encode(stated));
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return toHex(digest);
}
