import type { WebhookScheme } from "../../contract/http/locations.ts";
import { MAX_ID } from "../../domain/bounds.ts";
import { toHex } from "../../domain/values/hex.ts";
import { verifyHmac, verifyStandardWebhook } from "../../dutchie/webhook/signature.ts";
import type { StoreKey } from "./known-stores.ts";
import { stillWorks } from "./secrets.ts";

export interface ReceivedWebhook {
  header(name: string): string | null;
  body: Uint8Array<ArrayBuffer>;
  now: number;
}

/** The scheme under which one of the keys verifies the signature; null: none does. */
export async function verifiedScheme(
  keys: readonly StoreKey[],
  webhook: ReceivedWebhook,
): Promise<WebhookScheme | null> {
  const live = keys.filter(({ until }) => stillWorks(until, webhook.now));
  // Keys of one scheme are tried together.
  for (const group of Map.groupBy(live, ({ scheme }) => JSON.stringify(scheme)).values()) {
    const scheme = group[0]?.scheme;
    if (scheme !== undefined && (await verifies(scheme, group, webhook))) return scheme;
  }
  return null;
}

async function verifies(scheme: WebhookScheme, group: readonly StoreKey[], { header, body, now }: ReceivedWebhook) {
  const keys = group.map(({ key }) => key);
  if (scheme.kind === "hmac") {
    const { encoding, prefix } = scheme;
    const verified = await verifyHmac({ signature: header(scheme.header), rawBody: body, keys, encoding, prefix });
    return verified.ok;
  }
  const verified = await verifyStandardWebhook({
    id: header("webhook-id"),
    timestamp: header("webhook-timestamp"),
    signature: header("webhook-signature"),
    rawBody: body,
    keys,
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
