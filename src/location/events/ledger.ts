import type { EventJson } from "../../contract/http/records.ts";
import type { ReplayResult } from "../../contract/location.ts";
import { fitsMessage, MESSAGE_VERSION, type SyncMessage, type WebhookMessage } from "../../contract/messages.ts";
import { iso, isoOrNull } from "../../domain/values/iso.ts";
import { keep } from "../../dutchie/webhook/keep.ts";
import { log } from "../../platform/log.ts";
import type { StoreContext } from "../context.ts";
import type { LedgerEvent, Place } from "../storage/events.ts";
import type { Store } from "../storage/store.ts";

/** The store's webhooks of the last 30 days: lists them and plays them again. */

/** Events of one replay message. */
const LEDGER_PAGE = 100;

export function listEvents(
  { events }: Store,
  given: { outcome: string | null; cursor: string | null; limit: number },
): { data: EventJson[]; next_cursor: string | null } {
  const before = given.cursor === null ? null : parseCursor(given.cursor);
  const found = events.list(given.outcome, before, given.limit + 1);
  const page = found.slice(0, given.limit);
  const last = page.at(-1);
  const more = found.length > given.limit && last !== undefined;
  return {
    data: page.map(eventJson),
    next_cursor: more ? `${last.at}.${last.nth}` : null,
  };
}

export function getEvent(store: Store, event_id: string): EventJson | null {
  const event = found(store, event_id);
  return event && eventJson(event);
}

/** Puts an event through the queue again, under its own id. */
export async function replayEvent(context: StoreContext, event_id: string, request_id?: string): Promise<ReplayResult> {
  const event = found(context.store, event_id);
  if (event === null) return { ok: false, reason: "not_found" };
  return (await requeue(context, event, request_id)) ? { ok: true } : { ok: false, reason: "too_large" };
}

/** When a rebuild has read everything: sends all events through the queue again, a page a message. */
export async function replayDue({ env, store, location }: StoreContext): Promise<void> {
  if (store.get("replay_due") === null) return;
  await env.CHORES.send({
    kind: "replay",
    v: MESSAGE_VERSION,
    location_id: location.location_id,
    after: null,
  } satisfies SyncMessage);
  // Removed after sending: a crash in between plays the ledger twice, which changes nothing.
  store.remove("replay_due");
}

/** Plays one page again. Returns where to go on; null: done. */
export async function replayPage(context: StoreContext, after: string | null): Promise<string | null> {
  const events = context.store.events.toReplay(after, LEDGER_PAGE);
  for (const event of events) {
    if (await requeue(context, event)) continue;
    log("event_too_large", { location_id: context.location.location_id, event_id: event.event_id });
  }
  return events.length < LEDGER_PAGE ? null : (events.at(-1)?.event_id ?? null);
}

const found = ({ events }: Store, event_id: string): LedgerEvent | null =>
  events.get(event_id) ?? events.under(event_id);

/**
 * Sends the event first and then marks it pending, so that its own id does not count as a duplicate. If sending fails, the
 * event stays as it was (F80). The message cannot arrive before the mark: this call has the store's turn.
 * False: the event does not fit into a message.
 */
async function requeue(
  { env, store, location, now }: StoreContext,
  { event_id, received_at, refresh_reason, ...event }: LedgerEvent,
  request_id?: string,
): Promise<boolean> {
  const { location_id } = location;
  // Reduced again: an earlier version may have kept more than today's keeps.
  const body = keep(JSON.parse(event.body));
  const reason = refresh_reason === null ? {} : { refresh_reason };
  const message: WebhookMessage = {
    v: MESSAGE_VERSION,
    location_id,
    event_id,
    request_id,
    received_at,
    body,
    ...reason,
  };
  if (!fitsMessage(message)) return false;
  await env.WEBHOOKS.send(message);
  store.events.reopen(event_id, "replayed", now);
  return true;
}

function eventJson(event: Omit<LedgerEvent, "body"> & { body?: string }): EventJson {
  return {
    event_id: event.event_id,
    type: event.type,
    occurred_at: iso(event.occurred_at),
    received_at: iso(event.received_at),
    applied_at: isoOrNull(event.applied_at),
    outcome: event.outcome,
    reason: event.reason,
    ...(event.body === undefined ? {} : { body: JSON.parse(event.body) }),
  };
}

function parseCursor(cursor: string): Place | null {
  const [at, nth] = cursor.split(".").map(Number);
  return Number.isFinite(at) && Number.isFinite(nth) ? { at: at ?? 0, nth: nth ?? 0 } : null;
}
