import type { WebhookTarget } from "../options.ts";

/** Signs with the Web Crypto API alone, so that the simulator also runs without Node. */
export async function signStandard(secret: string, id: string, timestamp: number, body: string): Promise<string> {
  const mac = await hmac(secretBytes(secret), `${id}.${timestamp}.${body}`);
  return `v1,${base64(mac)}`;
}

export async function webhookHeaders(target: WebhookTarget, id: string, timestamp: number, body: string) {
  const headers: Record<string, string> = { "content-type": "application/json", "user-agent": "Dutchie-Webhooks/1.0" };
  const scheme = target.scheme ?? "standard";
  if (scheme === "standard") {
    headers["webhook-id"] = id;
    headers["webhook-timestamp"] = String(timestamp);
    headers["webhook-signature"] = await signStandard(target.secret, id, timestamp, body);
    return headers;
  }
  // A custom scheme uses the secret as plain text.
  const mac = await hmac(new Uint8Array(new TextEncoder().encode(target.secret)), body);
  headers[scheme.header] = `${scheme.prefix ?? ""}${scheme.encoding === "hex" ? hex(mac) : base64(mac)}`;
  return headers;
}

/** `whsec_…` carries the key in base64; any other secret is its own bytes. */
function secretBytes(secret: string): Uint8Array<ArrayBuffer> {
  if (!secret.startsWith("whsec_")) return new Uint8Array(new TextEncoder().encode(secret));
  return new Uint8Array(Array.from(atob(secret.slice("whsec_".length)), (char) => char.charCodeAt(0)));
}

async function hmac(key: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array> {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, new TextEncoder().encode(text)));
}

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
