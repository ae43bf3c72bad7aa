import { recordsDb } from "../db/records.ts";
import type { LocationRow } from "../db/schema.ts";
import { causeOf } from "../failures.ts";
import { type Applied, applyRows } from "./apply.ts";
import { reportOverwritten } from "./overwritten.ts";
import type { EventOutcome, IncomingEvent } from "./protocol.ts";
import type { Store } from "./store.ts";

/** What became of each event; `retry`: not applied because something passing failed, deliver it again. */
export interface EventResult {
  event_id: string;
  outcome: EventOutcome | "retry";
}

/**
 * Webhooks, applied through the same resolver as polls. An event's id is taken once per store, and only verified events
 * come here; the ledger keeps each with its outcome. A crash between the two leaves it `pending`, and its redelivery
 * applies it again, which writes nothing new.
 */
export async function receiveEvents(
  store: Store,
  env: Env,
  location: LocationRow,
  events: readonly IncomingEvent[],
  now: () => number,
): Promise<EventResult[]> {
  const results: EventResult[] = [];
  if (events.length > 0) store.heard(now());
  for (const event of [...events].sort((a, b) => a.occurred_at - b.occurred_at)) {
    const known = store.event(event.event_id);
    if (known !== null && known.outcome !== "pending") {
      store.count("duplicate", 1, now());
      results.push({ event_id: event.event_id, outcome: "duplicate" });
      continue;
    }
    if (known === null) {
      store.addEvent({ ...event, body: JSON.stringify(event.body) });
      store.count("received", 1, now());
    }
    try {
      const { outcome, reason } = await applyEvent(env, store, location, event, now());
      const applied_at = outcome === "applied" || outcome === "stale" ? now() : null;
      store.settleEvent(event.event_id, outcome, reason, applied_at);
      store.count(outcome, 1, now());
      // One that is played again says nothing of how long webhooks take.
      if (outcome === "applied" && known?.reason == null) store.addLag(now() - event.received_at, now());
      results.push({ event_id: event.event_id, outcome });
    } catch (error) {
      console.error({
        message: "event not applied, will retry",
        location_id: location.location_id,
        event_id: event.event_id,
        cause: causeOf(error),
      });
      results.push({ event_id: event.event_id, outcome: "retry" });
    }
  }
  return results;
}

type Settled = Exclude<EventOutcome, "pending" | "duplicate">;

async function applyEvent(
  env: Env,
  store: Store,
  location: LocationRow,
  event: IncomingEvent,
  now: number,
): Promise<{ outcome: Settled; reason: string | null }> {
  if (event.rows === null) return { outcome: "ignored", reason: `unknown event type ${event.type}` };
  const { data_types } = location.settings;
  const type = event.rows.resource === "rooms" ? "inventory" : event.rows.resource;
  if (!data_types[type]) return { outcome: "ignored", reason: `the store does not sync ${type}` };
  if (event.rows.rows.length === 0 && event.failures.length === 0) return { outcome: "invalid", reason: "no rows" };
  const applied = await applyRows(
    {
      db: recordsDb(env, location.location_id),
      location_id: location.location_id,
      settings: location.settings,
      pepper_id: location.customer_pepper?.id ?? null,
      read: { kind: "event", occurred_at: event.occurred_at, received_at: event.received_at },
      floors: store.floors(),
      now,
      origin: { cause: "webhook", ref: event.event_id },
      write: true,
      outbox: store.outbox,
    },
    event.rows,
  );
  if (event.rows.resource === "products")
    await reportOverwritten(env, store, location, event.occurred_at, event.rows.rows, now);
  const failures = [...event.failures, ...applied.failures];
  const reason =
    failures.length === 0
      ? null
      : failures.map(({ dutchie_id, reason }) => `${dutchie_id ?? "row"}: ${reason}`).join("; ");
  return { outcome: outcomeOf(applied), reason };
}

/** Applied when any row holds now; stale when all were older than what is known; invalid when none could be used. */
function outcomeOf({ outcomes }: Applied): Settled {
  const used = outcomes.filter((outcome) => outcome !== null);
  if (used.length === 0) return "invalid";
  return used.every((outcome) => outcome === "stale") ? "stale" : "applied";
}
