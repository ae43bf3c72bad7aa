import type { EventOutcome } from "../../contract/http/records.ts";
import type { IncomingEvent } from "../../contract/location.ts";
import { MAX_EVENT_TRIES } from "../../domain/bounds.ts";
import { reasonOf, timeReason } from "../../domain/events/event-reason.ts";
import { isFault, isPassing, OUR_FAULT } from "../../platform/failures.ts";
import { log } from "../../platform/log.ts";
import type { StoreContext } from "../context.ts";
import { reportOverwritten } from "../pushes/overwritten.ts";
import type { Applied, Reading } from "../records/applied.ts";
import { applyAlone } from "../records/apply-alone.ts";
import { raiseAlert, resolveAlert } from "../status/alerts.ts";
import { DEAD_LETTER } from "./dead-letters.ts";
import { requestRefresh } from "./refresh.ts";

/** The outcome of each event; `retry`: a passing failure prevented it, deliver the event again. */
export interface EventResult {
  event_id: string;
  outcome: EventOutcome | "retry";
}

/**
 * Applies webhooks by the same code as polls. Only verified events come here. The ledger stores each event id once, with
 * the event's outcome. After a crash in between, the event is `pending`; its redelivery applies it again, which writes
 * nothing new.
 */
export async function receiveEvents(
  opened: StoreContext,
  { events, clock }: { events: readonly IncomingEvent[]; clock: () => number },
): Promise<EventResult[]> {
  const results: EventResult[] = [];
  for (const event of events) {
    // A hundred events last a while, so each gets its own time.
    const context = { ...opened, now: clock() };
    const outcome = await receiveEvent(context, event, clock);
    log("event_ended", { ...about(context, event), outcome, ms: clock() - context.now });
    results.push({ event_id: event.event_id, outcome });
  }
  return results;
}

async function receiveEvent(
  context: StoreContext,
  event: IncomingEvent,
  clock: () => number,
): Promise<EventResult["outcome"]> {
  const { store, now } = context;
  const { events, hours } = store;
  const { event_id } = event;
  store.heard(event.received_at);
  const known = events.get(event_id);
  if (known !== null && known.outcome !== "pending") {
    // The same content came before, and may be true again.
    if (event.refresh_reason !== undefined) await requestRefresh(context, event);
    hours.count("duplicate", 1, now);
    return "duplicate";
  }
  if (known === null) {
    events.add({ ...event, refresh_reason: event.refresh_reason ?? null, body: JSON.stringify(event.body) });
    hours.count("received", 1, now);
  }
  try {
    const { outcome, reason } = await applyEvent(context, event);
    const done_at = clock();
    events.finish(event_id, outcome, reason, outcome === "applied" || outcome === "stale" ? done_at : null);
    hours.count(outcome, 1, done_at);
    // A replayed event says nothing about how long webhooks take.
    if (outcome === "applied" && known?.reason == null) hours.addLag(done_at - event.received_at, done_at);
    return outcome;
  } catch (error) {
    if (isHopeless(error, event.attempt ?? 1) && (await giveUp({ ...context, now: clock() }, event))) {
      log("event_given_up", { ...about(context, event), fault: error });
      return "invalid";
    }
    log("event_not_applied", { ...about(context, event), cause: error });
    return "retry";
  }
}

const about = ({ location }: StoreContext, { event_id, request_id, attempt }: IncomingEvent) => ({
  location_id: location.location_id,
  event_id,
  request_id,
  attempt,
});

/** Whether retrying cannot help: a fault of ours fails again, and an unknown one was tried often enough. */
const isHopeless = (error: unknown, attempt: number): boolean =>
  isFault(error) || (attempt >= MAX_EVENT_TRIES && !isPassing(error));

/** The alert that our code failed on an event; it ends with the next sync that read everything. */
const EVENT_FAULT = { rule: DEAD_LETTER, subject: "events" } as const;

/** The event fails by our fault: an alert says so, and the store is read instead. False: even that failed. */
async function giveUp(context: StoreContext, event: IncomingEvent): Promise<boolean> {
  const { store, now } = context;
  try {
    const message =
      "A webhook could not be applied: the fault is on ReUp's side. The store is read from Dutchie instead; if this comes again, report the event's id, which the list of webhooks shows.";
    await raiseAlert(context, { ...EVENT_FAULT, severity: "critical", message });
    store.put("event_fault_at", now);
    await requestRefresh(context, event);
  } catch (error) {
    log("fault_alert_not_raised", { ...about(context, event), cause: error });
    return false;
  }
  store.events.finish(event.event_id, "invalid", `${OUR_FAULT}. The store was read from Dutchie instead.`, null);
  store.hours.count("invalid", 1, now);
  return true;
}

/** Ends the alert: a sync that began at `started_at`, after the fault, has read the same data. */
export async function endEventFault(context: StoreContext, started_at: number): Promise<void> {
  const { store } = context;
  const at = store.get("event_fault_at");
  if (at === null || at > started_at) return;
  const message = "A later sync has read the same data from Dutchie: nothing is lost.";
  await resolveAlert(context, EVENT_FAULT, message);
  store.remove("event_fault_at");
}

type Finished = Exclude<EventOutcome, "pending" | "duplicate">;

async function applyEvent(
  context: StoreContext,
  event: IncomingEvent,
): Promise<{ outcome: Finished; reason: string | null }> {
  if (event.isFault) throw new TypeError("the event could not be decoded");
  if (event.rows === null) return { outcome: "ignored", reason: `unknown event type ${event.type}` };
  const { data_types } = context.location.settings;
  const type = event.rows.resource === "rooms" ? "inventory" : event.rows.resource;
  if (!data_types[type]) return { outcome: "ignored", reason: `the store does not sync ${type}` };
  if (event.refresh_reason !== undefined) {
    await requestRefresh(context, event);
    return { outcome: "applied", reason: event.refresh_reason };
  }
  if (event.rows.rows.length === 0 && event.failures.length === 0) return { outcome: "invalid", reason: "no rows" };
  const { occurred_at, received_at, rows } = event;
  const reading: Reading = {
    read: { kind: "event", occurred_at, received_at },
    origin: { cause: "webhook", ref: event.event_id },
    write: true,
  };
  const applied = await applyAlone(context, reading, rows);
  if (rows.resource === "products") await reportOverwritten(context, { occurred_at, rows: rows.rows });
  const modified = rows.rows.map((row) => ("modified_at" in row ? row.modified_at : null));
  const reasons = [
    timeReason([event.claimed_at ?? null, ...modified], received_at),
    reasonOf([...event.failures, ...applied.failures], event.failed),
  ].filter((reason) => reason !== null);
  return { outcome: outcomeOf(applied), reason: reasons.length === 0 ? null : reasons.join("; ") };
}

/** Applied when any row was applied; stale when all were older than what is stored; invalid when none could be used. */
function outcomeOf({ outcomes }: Applied): Finished {
  const used = outcomes.filter((outcome) => outcome !== null);
  if (used.length === 0) return "invalid";
  return used.every((outcome) => outcome === "stale") ? "stale" : "applied";
}
