import type { IncomingEvent } from "../../contract/location.ts";
import { type WebhookMessage, webhookMessage } from "../../contract/messages.ts";
import { MAX_CALL_BYTES } from "../../domain/bounds.ts";
import { retryDelayS } from "../../domain/limits/retries.ts";
import type { DutchiePackage, DutchieProduct, DutchieSale } from "../../domain/records/model.ts";
import { whyForeign } from "../../domain/snapshots/own-rows.ts";
import { combinePackageRows } from "../../domain/snapshots/package-rows.ts";
import { Repeats } from "../../domain/snapshots/repeats.ts";
import { PROFILES } from "../../dutchie/profiles/index.ts";
import { decodeEvent, parseEvent } from "../../dutchie/webhook/event.ts";
import { keep } from "../../dutchie/webhook/keep.ts";
import { parseConfig } from "../../env.ts";
import { locationStub } from "../../location/stub.ts";
import { inTime } from "../../platform/alone.ts";
import { log, logEvents } from "../../platform/log.ts";
import { writePoint } from "../../platform/points.ts";
import { openPepper } from "../../security/pepper.ts";
import { connectedStores } from "../connected-store.ts";
import { type Mapping, mapRows } from "../reading/map.ts";
import { ownOf } from "../reading/own-chunks.ts";
import { logBatch } from "./log-batch.ts";
import { putOffUnread } from "./put-off-unread.ts";

interface Entry {
  message: Message;
  body: WebhookMessage;
}

/** The WEBHOOKS queue: verified events, grouped by store. Acknowledges or retries each message and never throws. */
export async function consumeWebhooks(batch: MessageBatch, env: Env): Promise<void> {
  const began = Date.now();
  let retried = 0;
  const stores = new Map<string, Entry[]>();
  for (const message of batch.messages) {
    const parsed = webhookMessage.safeParse(message.body);
    if (!parsed.success) {
      putOffUnread(message, batch.queue);
      retried += 1;
      continue;
    }
    const { location_id } = parsed.data;
    const entries = stores.get(location_id);
    if (entries === undefined) stores.set(location_id, [{ message, body: parsed.data }]);
    else entries.push({ message, body: parsed.data });
  }
  for (const [location_id, entries] of stores) {
    const events = entries.map(({ message, body: { event_id, request_id } }) => ({
      event_id,
      request_id,
      attempt: message.attempts,
    }));
    logEvents("webhook_accepted", { location_id, queue: batch.queue }, events);
  }
  const storeOf = connectedStores(env, [...stores.keys()]);
  const each = await Promise.all(
    [...stores].map(([location_id, entries]) => applyToStore(env, { location_id, entries, storeOf })),
  );
  logBatch(
    batch,
    began,
    each.reduce((sum, some) => sum + some, retried),
  );
}

/**
 * How long the Location of one store may take, ms, all calls together. What is left is retried later, so that the other
 * stores of the batch do not wait.
 */
const PATIENCE_MS = 10_000;

/** The store whose events are applied, and since when. */
interface About {
  env: Env;
  location_id: string;
  began: number;
}

/** How many of them come again. */
async function applyToStore(
  env: Env,
  given: { location_id: string; entries: Entry[]; storeOf: ReturnType<typeof connectedStores> },
): Promise<number> {
  const { location_id, entries, storeOf } = given;
  let retried = 0;
  const about = { env, location_id, began: Date.now() };
  let left = entries;
  try {
    left = oldestFirst(entries);
    const location = await storeOf(location_id);
    if (location === null) {
      for (const { message } of entries) message.ack();
      return 0;
    }
    const pepper = await openPepper(parseConfig(env).credential_keys, location);
    const { row_per_room } = PROFILES[location.profile];
    const mapping = { settings: location.settings, pepper, own: location.dutchie_location_id, row_per_room };
    for (const group of callsOf([...left], mapping)) {
      const within_ms = about.began + PATIENCE_MS - Date.now();
      if (within_ms <= 0) throw new Error("the store's earlier events were not applied in time");
      left.splice(0, group.length);
      retried += await call(about, group, within_ms);
    }
  } catch (error) {
    retried += retryAll(about, left, error);
  }
  return retried;
}

const oldestFirst = (entries: readonly Entry[]): Entry[] =>
  entries
    .map((entry) => ({ entry, at: timesOf(entry.body).occurred_at }))
    .sort((a, b) => a.at - b.at)
    .map(({ entry }) => entry);

type Group = { message: Message; event: IncomingEvent }[];

/**
 * Splits the events into calls to the Location, in their order, each bounded in bytes. Events are mapped when their call
 * is made: a hundred full events at once would fill an isolate (F77).
 */
function* callsOf(entries: readonly Entry[], mapping: EventMapping): Generator<Group> {
  let group: Group = [];
  let bytes = 0;
  for (const { message, body } of entries) {
    const event = incoming(body, mapping, message.attempts);
    const size = new TextEncoder().encode(JSON.stringify(event)).byteLength;
    if (group.length > 0 && bytes + size > MAX_CALL_BYTES) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push({ message, event });
    bytes += size;
  }
  if (group.length > 0) yield group;
}

async function call(about: About, group: Group, within_ms: number): Promise<number> {
  try {
    const stub = locationStub(about.env, about.location_id);
    const results = await inTime(stub.receive(group.map(({ event }) => event)), within_ms);
    const retried = new Set(results.filter(({ outcome }) => outcome === "retry").map(({ event_id }) => event_id));
    for (const { message, event } of group) {
      if (retried.has(event.event_id)) retryLater(message);
      else message.ack();
    }
    return retried.size;
  } catch (error) {
    return retryAll(about, group, error);
  }
}

/** The store's Location has no figures of events that it did not end. */
function retryAll(about: About, entries: readonly { message: Message }[], error: unknown): number {
  const { env, location_id, began } = about;
  const [count, ms] = [entries.length, Date.now() - began];
  log("webhooks_not_applied", { location_id, outcome: "retry", count, ms, cause: error });
  writePoint(env, { kind: "events", location_id, outcome: "retry", ms, records: count, retried: count });
  for (const { message } of entries) retryLater(message);
  return count;
}

const retryLater = (message: Message) => message.retry({ delaySeconds: retryDelayS(message.attempts) });

/** An event without a time happened when it was received; no event happened later than that. */
function timesOf({ body, received_at }: WebhookMessage): Pick<IncomingEvent, "occurred_at" | "claimed_at"> {
  const parsed = parseEvent(body);
  const at = (parsed.ok ? parsed.occurred_at : null) ?? received_at;
  return at > received_at ? { occurred_at: received_at, claimed_at: at } : { occurred_at: at };
}

function incoming(message: WebhookMessage, mapping: EventMapping, attempt: number): IncomingEvent {
  const { event_id, request_id, received_at, refresh_reason } = message;
  const parsed = parseEvent(message.body);
  const base = {
    event_id,
    ...(request_id === undefined ? {} : { request_id }),
    type: parsed.ok ? parsed.type : "unknown",
    ...timesOf(message),
    received_at,
    attempt,
    ...(refresh_reason === undefined ? {} : { refresh_reason }),
    rows: null,
    failures: [],
    body: keep(message.body),
  };
  if (!parsed.ok) return base;
  try {
    return { ...base, ...rowsOf(decodeEvent(parsed), parsed.location, mapping) };
  } catch (error) {
    log("event_not_decoded", { location_id: message.location_id, event_id, request_id, fault: error });
    return { ...base, isFault: true };
  }
}

/** `own`: Dutchie's id of the store. `row_per_room`: its Dutchie lists a package in several rows. */
interface EventMapping extends Mapping {
  own: string | null;
  row_per_room: boolean;
}

type Rows = Pick<IncomingEvent, "rows" | "failures" | "failed">;

function rowsOf(given: ReturnType<typeof decodeEvent>, stated: string | null, mapping: EventMapping): Rows {
  if (given === null) return { rows: null, failures: [] };
  const foreign = whyForeign(stated, mapping.own);
  if (foreign !== null) {
    const { resource } = given;
    return { rows: { resource, rows: [] }, failures: [{ resource, dutchie_id: null, reason: foreign }] };
  }
  const decoded = ownOf(given.resource, given, mapping.own);
  const { more } = decoded;
  const combined =
    decoded.resource === "inventory"
      ? combinePackageRows(decoded.rows, { whole: false, failed: new Set(), row_per_room: mapping.row_per_room })
      : decoded.rows;
  // An event that contradicts itself is listed as failed, as an answer is.
  const { rows, failures } = new Repeats().sift<DutchiePackage | DutchieProduct | DutchieSale>(combined);
  const once = { rows, failures: [...decoded.failures, ...failures] } as typeof decoded;
  return { ...mapRows(decoded.resource, once, mapping), failed: more };
}
