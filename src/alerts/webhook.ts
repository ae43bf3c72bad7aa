import { iso, isoOrNull } from "../domain/values/iso.ts";
import { fromBase64 } from "../security/base64.ts";
import { headline, type Notice } from "./notice.ts";
import type { Ask } from "./post.ts";

/** A notice as Standard Webhooks has it: type, timestamp and data, signed over id, time and body. */
export async function webhookRequest(notice: Notice, target: string, secret: string, now: number): Promise<Ask> {
  const { notice_id, kind, store, url, started_at, resolved_at, ...alert } = notice;
  const data = {
    ...alert,
    location_name: store.name,
    state: kind === "resolved" ? "resolved" : "firing",
    summary: headline(notice),
    started_at: iso(started_at),
    resolved_at: isoOrNull(resolved_at),
    url,
  };
  const body = JSON.stringify({ type: `alert.${kind}`, timestamp: iso(now), data });
  const timestamp = Math.floor(now / 1_000);
  return {
    url: target,
    body,
    headers: {
      "webhook-id": notice_id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": await sign(secret, notice_id, timestamp, body),
    },
  };
}

/** `timestamp` in seconds. The key is the secret's base64, decoded. */
async function sign(secret: string, id: string, timestamp: number, body: string): Promise<string> {
  const raw = fromBase64(secret.replace(/^whsec_/, ""));
  if (raw === null) throw new Error("A channel's secret is not base64");
  const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`${id}.${timestamp}.${body}`));
  return `v1,${btoa(String.fromCharCode(...new Uint8Array(mac)))}`;
}
