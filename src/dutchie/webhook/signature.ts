/** Verifies webhooks over their raw bytes, in constant time (`crypto.subtle.verify`). Anything unclear is refused. */

/** Verifies what was signed with one secret; the secret cannot be read from it. */
export type SignatureKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

export type Verified = { ok: true } | { ok: false; reason: string };

/** Standard Webhooks: how far a timestamp may be from our clock, either way. */
const TOLERANCE_MS = 300_000;
const MAX_SIGNATURES = 16;

export interface StandardWebhook {
  /** The headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, as sent. */
  id: string | null;
  timestamp: string | null;
  signature: string | null;
  rawBody: Uint8Array;
  /** Of `whsec_<base64>` secrets; two while one replaces the other. */
  keys: readonly SignatureKey[];
  now_ms: number;
}

/**
 * HMAC-SHA256 over `id.timestamp.body`. The timestamp must be digits only: the reference library also accepts
 * `1614265330abc`.
 */
export async function verifyStandardWebhook(webhook: StandardWebhook): Promise<Verified> {
  const { id, timestamp, signature, rawBody, keys, now_ms } = webhook;
  if (!id || !timestamp || !signature) return refuse("a webhook header is missing");
  if (!/^\d{1,13}$/.test(timestamp)) return refuse("the timestamp is not a number of seconds");
  if (Math.abs(now_ms - Number(timestamp) * 1000) > TOLERANCE_MS)
    return refuse("the timestamp is more than five minutes from our clock");

  // Versions other than v1 (v1a is asymmetric) are ignored, as the standard says.
  const candidates = signature
    .split(" ")
    .filter((each) => each.startsWith("v1,"))
    .slice(0, MAX_SIGNATURES)
    .flatMap((each) => fromBase64(each.slice(3)) ?? []);
  if (candidates.length === 0) return refuse("there is no v1 signature");

  const signed = concat(new TextEncoder().encode(`${id}.${timestamp}.`), rawBody);
  return (await anyMatches(keys, candidates, signed)) ? { ok: true } : refuse("the signature does not match");
}

export interface HmacWebhook {
  /** The header's value, prefix included. */
  signature: string | null;
  rawBody: Uint8Array;
  keys: readonly SignatureKey[];
  encoding: "hex" | "base64";
  /** The text before the signature, such as `sha256=`; absent: none. */
  prefix?: string;
}

/** A custom scheme: HMAC-SHA256 over the raw body, in one header. It has no time, so only the event id reveals a replay. */
export async function verifyHmac(webhook: HmacWebhook): Promise<Verified> {
  const { rawBody, keys, encoding, prefix = "" } = webhook;
  const value = webhook.signature?.trim() ?? "";
  if (value === "") return refuse("the signature header is missing");
  if (!value.startsWith(prefix)) return refuse("the signature lacks its prefix");
  const given = encoding === "hex" ? fromHex(value.slice(prefix.length)) : fromBase64(value.slice(prefix.length));
  if (given === null) return refuse(`the signature is not ${encoding}`);
  return (await anyMatches(keys, [given], rawBody)) ? { ok: true } : refuse("the signature does not match");
}

/**
 * The key that verifies what was signed with a secret: under the standard scheme its base64, under a custom one its text in
 * UTF-8, as senders do it. null: the secret is unreadable, or empty: an empty key would let anyone sign.
 */
export async function signatureKey(kind: "standard" | "hmac", secret: string): Promise<SignatureKey | null> {
  const bytes = kind === "hmac" ? new TextEncoder().encode(secret) : fromBase64(secret.replace(/^whsec_/, ""));
  if (bytes === null || bytes.length === 0) return null;
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
}

/** A new secret: 24 random bytes, within the 24 to 64 that Standard Webhooks asks for. */
export function generateSecret(): string {
  return `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24))))}`;
}

/** Tries all pairs, even after a match: the time must not reveal which secret matched. */
async function anyMatches(
  keys: readonly SignatureKey[],
  signatures: readonly Uint8Array[],
  data: Uint8Array,
): Promise<boolean> {
  let found = false;
  for (const key of keys) {
    for (const signature of signatures) {
      if (await crypto.subtle.verify("HMAC", key, signature, data)) found = true;
    }
  }
  return found;
}

function refuse(reason: string): Verified {
  return { ok: false, reason };
}

function fromBase64(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length > 1_024) return null;
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}

function fromHex(text: string): Uint8Array | null {
  if (!/^([0-9a-f]{2}){1,512}$/i.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function concat(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
