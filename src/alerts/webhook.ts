import { iso, isoOrNull } from "../domain/values/iso.ts";
import { headline, type Notice } from "./notice.ts";
import type { Ask } from "./post.ts";
import { signedHeaders } from "./sign.ts";

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
  return { url: target, body, headers: await signedHeaders(secret, { id: notice_id, body, now }) };
}
