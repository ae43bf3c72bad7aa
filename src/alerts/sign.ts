import { fromBase64 } from "../security/base64.ts";

/** The headers of Standard Webhooks: signed over id, time and body. The key is the secret's base64, decoded. */
export async function signedHeaders(
  secret: string,
  { id, body, now }: { id: string; body: string; now: number },
): Promise<Record<string, string>> {
  const raw = fromBase64(secret.replace(/^whsec_/, ""));
  if (raw === null) throw new Error("A receiver's secret is not base64");
  const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const timestamp = String(Math.floor(now / 1_000));
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`${id}.${timestamp}.${body}`));
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${btoa(String.fromCharCode(...new Uint8Array(mac)))}`,
  };
}
