import { createHmac } from "node:crypto";

/**
 * How a sender of webhooks proves itself. `standard`: Standard Webhooks. `hex:<header>` and `base64:<header>`: the HMAC-SHA256
 * of the body in a header, as many point-of-sale systems do. `none`: no signature.
 */
export type Signing = "none" | "standard" | `${"hex" | "base64"}:${string}`;

export function parseSigning(text: string): Signing {
  if (text === "none" || text === "standard" || /^(hex|base64):[\w-]+$/.test(text)) return text as Signing;
  throw new Error(`"${text}" is no signing scheme: none, standard, hex:<header> or base64:<header>`);
}

export function signedHeaders(
  signing: Signing,
  secret: string,
  webhook: { id: string; body: string; at: number },
): Record<string, string> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (signing === "none") return headers;
  if (signing === "standard") {
    const timestamp = String(Math.floor(webhook.at / 1_000));
    const key = secret.startsWith("whsec_")
      ? Buffer.from(secret.slice("whsec_".length), "base64")
      : Buffer.from(secret);
    const mac = createHmac("sha256", key).update(`${webhook.id}.${timestamp}.${webhook.body}`).digest("base64");
    return {
      ...headers,
      "webhook-id": webhook.id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${mac}`,
    };
  }
  const [encoding, header = ""] = signing.split(":");
  const mac = createHmac("sha256", secret)
    .update(webhook.body)
    .digest(encoding === "hex" ? "hex" : "base64");
  return { ...headers, [header]: mac };
}
