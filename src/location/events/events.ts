import type { EventOutcome } from "../../contract/http/records.ts";
import type { IncomingEvent } from "../../contract/location.ts";
import { recordsDb } from "../../db/databases.ts";
import type { LocationRow } from "../../db/schema.ts";
import { MAX_EVENT_TRIES } from "../../domain/bounds.ts";
import { reasonOf, timeReason } from "../../domain/events/event-reason.ts";
import { causeOf, faultOf, isFault, isPassing, OUR_FAULT } from "../../platform/failures.ts";
import type { Applied } from "../records/apply.ts";
import { applyAlone } from "../records/apply-alone.ts";
import { reportOverwritten } from "../records/overwritten.ts";
import { raiseAlert, resolveAlert } from "../status/alerts.ts";
import type { Store } from "../storage/store.ts";
import { DEAD_LETTER } from "./dead-letters.ts";
import { askToLook } from "./look.ts";

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
  for (const event of events) {
    store.heard(event.received_at);
    const known = store.event(event.event_id);
    if (known !== null && known.outcome !== "pending") {
      // Its content was seen before, and may be true once more.
      if (event.look !== undefined) await askToLook(env, store, location.location_id, now());
      store.count("duplicate", 1, now());
      results.push({ event_id: event.event_id, outcome: "duplicate" });
      continue;
    }
    if (known === null) {
      store.addEvent({ ...event, look: event.look ?? null, body: JSON.stringify(event.body) });
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
      const about = { location_id: location.location_id, event_id: event.event_id };
      if (isHopeless(error, event.attempt ?? 1) && (await giveUp(env, store, location, event, now()))) {
        console.error({ message: "event given up", ...about, fault: faultOf(error) });
        results.push({ event_id: event.event_id, outcome: "invalid" });
        continue;
      }
      console.error({ message: "event not applied, will retry", ...about, cause: causeOf(error) });
      results.push({ event_id: event.event_id, outcome: "retry" });
    }
  }
  return results;
}

/** A fault of ours fails again as it did; what is not known to pass has had its tries. */
const isHopeless = (error: unknown, attempt: number): boolean =>
  isFault(error) || (attempt >= MAX_EVENT_TRIES && !isPassing(error));

/** The alert that our code failed on an event; it ends with the next sync that read everything. */
const EVENT_FAULT = { rule: DEAD_LETTER, subject: "events" } as const;

/** The event is invalid by our fault: that is told, and the store is read instead. False: not even that could be done now. */
async function giveUp(
  env: Env,
  store: Store,
  location: LocationRow,
  event: IncomingEvent,
  now: number,
): Promise<boolean> {
  try {
    const message =
      "A webhook could not be applied: the fault is on ReUp's side. The store is read from Dutchie instead; if this comes again, report the event's id, which the list of webhooks shows.";
    await raiseAlert(env, location, { ...EVENT_FAULT, severity: "critical", message }, now);
    store.put("event_fault_at", now);
    await askToLook(env, store, location.location_id, now);
  } catch (error) {
    console.error({ message: "fault not told", location_id: location.location_id, cause: causeOf(error) });
    return false;
  }
  store.settleEvent(event.event_id, "invalid", `${OUR_FAULT}. The store was read from Dutchie instead.`, null);
  store.count("invalid", 1, now);
  return true;
}

/** A sync that began at `started_at` has read all that the event could have told. */
export async function endEventFault(
  env: Env,
  store: Store,
  location_id: string,
  started_at: number,
  now: number,
): Promise<void> {
  const at = store.get("event_fault_at");
  if (at === null || at > started_at) return;
  const message = "A later sync has read from Dutchie what the webhook told: nothing is lost.";
  await resolveAlert(env, location_id, EVENT_FAULT, now, message);
  store.remove("event_fault_at");
}

type Settled = Exclude<EventOutcome, "pending" | "duplicate">;

async function applyEvent(
  env: Env,
  store: Store,
  location: LocationRow,
  event: IncomingEvent,
  now: number,
): Promise<{ outcome: Settled; reason: string | null }> {
  if (event.isFault) throw new TypeError("the event could not be decoded");
  if (event.rows === null) return { outcome: "ignored", reason: `unknown event type ${event.type}` };
  const { data_types } = location.settings;
  const type = event.rows.resource === "rooms" ? "inventory" : event.rows.resource;
  if (!data_types[type]) return { outcome: "ignored", reason: `the store does not sync ${type}` };
  if (event.look !== undefined) {
    await askToLook(env, store, location.location_id, now);
    return { outcome: "applied", reason: event.look };
  }
  if (event.rows.rows.length === 0 && event.failures.length === 0) return { outcome: "invalid", reason: "no rows" };
  const applied = await applyAlone(
    {
      db: recordsDb(env, location.location_id),
      location_id: location.location_id,
      settings: location.settings,
      pepper_id: location.customer_pepper?.id ?? null,
      read: { kind: "event", occurred_at: event.occurred_at, received_at: event.received_at },
      floors: store.floors(now),
      now,
      origin: { cause: "webhook", ref: event.event_id },
      write: true,
      outbox: store.outbox,
    },
    event.rows,
  );
  if (event.rows.resource === "products")
    await reportOverwritten(env, store, location, event.occurred_at, event.rows.rows, now);
  const times = [
    event.claimed_at ?? null,
    ...event.rows.rows.map((row) => ("modified_at" in row ? row.modified_at : null)),
  ];
  const reasons = [
    timeReason(times, event.received_at),
    reasonOf([...event.failures, ...applied.failures], event.failed),
  ].filter((reason) => reason !== null);
  return { outcome: outcomeOf(applied), reason: reasons.length === 0 ? null : reasons.join("; ") };
}

/** Applied when any row holds now; stale when all were older than what is known; invalid when none could be used. */
function outcomeOf({ outcomes }: Applied): Settled {
  const used = outcomes.filter((outcome) => outcome !== null);
  if (used.length === 0) return "invalid";
  return used.every((outcome) => outcome === "stale") ? "stale" : "applied";
}
