import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { expect, vi } from "vitest";
import type { SavedAlertChannel } from "../../../src/client/index.ts";
import type { ChannelInput } from "../../../src/contract/http/alert-channels.ts";
import type { AlertMessage } from "../../../src/contract/messages.ts";
import { accountsDb } from "../../../src/db/databases.ts";
import { type AlertChannelRow, alertChannels, emailConsents } from "../../../src/db/schema/accounts.ts";
import { signatureKey, verifyStandardWebhook } from "../../../src/dutchie/webhook/signature.ts";
import worker from "../../../src/index.ts";
import { call, token } from "../api/support.ts";

export const ALERTS = "reup-dutchie-alerts-development";

/** The ALERTS queue in the test's hands: messages wait here until the test delivers them. */
export function takenQueue(): { bindings: Env; queue: AlertMessage[] } {
  const queue: AlertMessage[] = [];
  const sendBatch = async (messages: { body: AlertMessage }[]) => void queue.push(...messages.map(({ body }) => body));
  return { bindings: { ...env, ALERTS: { sendBatch } } as unknown as Env, queue };
}

export type Outcome = "ack" | { retry: number };

let ids = 0;

/** One batch through the Worker's queue handler: what became of each message; a retry with its delay in seconds. `sent_at`: ms. */
export async function consume(
  messages: AlertMessage[],
  given: Env = env,
  attempts = 1,
  { sent_at = Date.now() } = {},
): Promise<Outcome[]> {
  const sent = messages.map((body) => ({ id: `msg_${ids++}`, timestamp: new Date(sent_at), attempts, body }));
  const batch = createMessageBatch(ALERTS, sent);
  // The result says that a message is retried, but not when.
  const retries = batch.messages.map((message) => vi.spyOn(message, "retry"));
  await worker.queue(batch, given);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
  return sent.map(({ id }, index) => {
    if (explicitAcks.includes(id)) return "ack";
    if (!retryMessages.some(({ msgId }) => msgId === id)) throw new Error("Neither acknowledged nor retried");
    return { retry: retries[index]?.mock.lastCall?.[0]?.delaySeconds ?? 0 };
  });
}

export interface Received {
  url: string;
  headers: Headers;
  body: string;
  redirect: string | undefined;
}

/** The outside world: each host answers as the test says, and all requests are kept. */
export function receivers(answers: Record<string, () => Response | Promise<Response>>): Received[] {
  const received: Received[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    received.push({ url, headers: new Headers(init.headers), body: String(init.body), redirect: init.redirect });
    const answer = answers[new URL(url).host];
    if (answer === undefined) throw new Error(`Nobody answers at ${url}`);
    return answer();
  });
  return received;
}

/** Says where the retailer's alerts go, as an admin does. */
export async function saveChannels(retailer_id: string, channels: ChannelInput[]): Promise<SavedAlertChannel[]> {
  const response = await call("PUT", "/v1/alert-channels", { token: await token({ retailer_id }), body: channels });
  expect(response.status).toBe(200);
  return response.json();
}

/** The recipient has said yes. */
export async function consented(retailer_id: string, address: string): Promise<void> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(address));
  const address_hash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  await accountsDb(env)
    .insert(emailConsents)
    .values({ retailer_id, address_hash, asked: [], confirmed_at: 1 })
    .onConflictDoUpdate({
      target: [emailConsents.retailer_id, emailConsents.address_hash],
      set: { confirmed_at: 1 },
    });
}

export async function channelRow(channel_id: string): Promise<AlertChannelRow> {
  const [row] = await accountsDb(env).select().from(alertChannels).where(eq(alertChannels.channel_id, channel_id));
  if (row === undefined) throw new Error("The channel is gone");
  return row;
}

export async function isSignedWith(secret: string | null | undefined, { headers, body }: Received): Promise<boolean> {
  const key = await signatureKey("standard", secret ?? "");
  const verified = await verifyStandardWebhook({
    id: headers.get("webhook-id"),
    timestamp: headers.get("webhook-timestamp"),
    signature: headers.get("webhook-signature"),
    rawBody: new TextEncoder().encode(body),
    keys: key === null ? [] : [key],
    now_ms: Date.now(),
  });
  return verified.ok;
}
