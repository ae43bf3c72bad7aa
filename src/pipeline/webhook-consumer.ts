import { inTime } from "../alone.ts";
import type { LocationRow } from "../db/schema.ts";
import { oneStatementEach } from "../domain/one-answer.ts";
import { retryDelayS } from "../domain/retries.ts";
import { redact } from "../dutchie/redact.ts";
import { decodeEvent, parseEvent } from "../dutchie/webhook-event.ts";
import { parseConfig } from "../env.ts";
import { causeOf } from "../failures.ts";
import type { EventResult } from "../location/events.ts";
import type { IncomingEvent } from "../location/protocol.ts";
import { locationStub } from "../location/stub.ts";
import { openPepper } from "../security/pepper.ts";
import { type Mapping, mapRows } from "./map.ts";
import { type WebhookMessage, webhookMessage } from "./messages.ts";
import { connectedStore } from "./store.ts";

/** The WEBHOOKS queue: verified events, grouped by store. Acknowledges or retries each message and never throws. */
export async function consumeWebhooks(batch: MessageBatch, env: Env): Promise<void> {
  const stores = new Map<string, { message: Message; body: WebhookMessage }[]>();
  for (const message of batch.messages) {
    const parsed = webhookMessage.safeParse(message.body);
    if (!parsed.success) {
      console.error({ message: "webhook message not understood", queue: batch.queue, id: message.id });
      message.retry();
      continue;
    }
    const { location_id } = parsed.data;
    stores.set(location_id, [...(stores.get(location_id) ?? []), { message, body: parsed.data }]);
  }
  await Promise.all([...stores].map(([location_id, entries]) => applyToStore(env, location_id, entries)));
}

/** A store whose Location is busy for longer is left to its retries: the batch's other stores are acknowledged with it, ms. */
const PATIENCE_MS = 10_000;

async function applyToStore(
  env: Env,
  location_id: string,
  entries: { message: Message; body: WebhookMessage }[],
): Promise<void> {
  try {
    const location = await connectedStore(env, location_id);
    const results = location === null ? [] : await inTime(receive(env, location, entries), PATIENCE_MS);
    const retried = new Set(results.filter(({ outcome }) => outcome === "retry").map(({ event_id }) => event_id));
    for (const { message, body } of entries) {
      if (retried.has(body.event_id)) retryLater(message);
      else message.ack();
    }
  } catch (error) {
    console.error({
      message: "webhooks not applied, will retry",
      location_id,
      events: entries.length,
      cause: causeOf(error),
    });
    for (const { message } of entries) retryLater(message);
  }
}

async function receive(env: Env, location: LocationRow, entries: { body: WebhookMessage }[]): Promise<EventResult[]> {
  const mapping = {
    settings: location.settings,
    pepper: await openPepper(parseConfig(env).credential_keys, location),
  };
  return locationStub(env, location.location_id).receive(entries.map(({ body }) => incoming(body, mapping)));
}

const retryLater = (message: Message) => message.retry({ delaySeconds: retryDelayS(message.attempts) });

function incoming({ event_id, received_at, body }: WebhookMessage, mapping: Mapping): IncomingEvent {
  const parsed = parseEvent(body);
  if (!parsed.ok) {
    return {
      event_id,
      type: "unknown",
      occurred_at: received_at,
      received_at,
      rows: null,
      failures: [],
      body: redact(body),
    };
  }
  return {
    event_id,
    type: parsed.type,
    // An event without a time of its own is as old as its receipt, and none is younger.
    occurred_at: Math.min(parsed.occurred_at ?? received_at, received_at),
    received_at,
    ...rowsOf(decodeEvent(parsed), mapping),
    body: redact(body),
  };
}

function rowsOf(decoded: ReturnType<typeof decodeEvent>, mapping: Mapping): Pick<IncomingEvent, "rows" | "failures"> {
  if (decoded === null) return { rows: null, failures: [] };
  if (decoded.resource !== "inventory") return mapRows(decoded.resource, decoded, mapping);
  const rows = oneStatementEach(decoded.rows, { whole: false, failed: new Set() });
  return mapRows(decoded.resource, { ...decoded, rows }, mapping);
}
