import type { IncomingEvent } from "../../contract/location.ts";
import { MAX_EVENT_TRIES } from "../../domain/bounds.ts";
import { isFault, isPassing, OUR_FAULT } from "../../platform/failures.ts";
import { log } from "../../platform/log.ts";
import type { StoreContext } from "../context.ts";
import { reportOverwritten } from "../pushes/overwritten.ts";
import type { Reading } from "../records/applied.ts";
import { applyAlone } from "../records/apply-alone.ts";
import { raiseAlert, resolveAlert } from "../status/alerts.ts";
import { DEAD_LETTER } from "./dead-letters.ts";
import { type End, endOf, endWithoutRows, RETRY } from "./end.ts";
import { requestRefresh } from "./refresh.ts";

/** Applies one event by the same code as polls. What throws fails alone: it is tried again, or given up. */
export async function applyEvent(context: StoreContext, event: IncomingEvent, clock: () => number): Promise<End> {
  try {
    return await applied(context, event, clock);
  } catch (error) {
    if (isHopeless(error, event.attempt ?? 1)) {
      const end = await giveUp({ ...context, now: clock() }, event);
      if (end !== null) log("event_given_up", { ...aboutEvent(context, event), fault: error });
      if (end !== null) return end;
    }
    log("event_not_applied", { ...aboutEvent(context, event), cause: error });
    return RETRY;
  }
}

async function applied(context: StoreContext, event: IncomingEvent, clock: () => number): Promise<End> {
  if (event.isFault) throw new TypeError("the event could not be decoded");
  const { occurred_at, received_at, rows } = event;
  const end = endWithoutRows(context.location, event);
  if (end !== null || rows === null) return end ?? RETRY;
  if (event.refresh_reason !== undefined) {
    await requestRefresh(context, event);
    return { outcome: "applied", reason: event.refresh_reason, applied_at: clock() };
  }
  const reading: Reading = {
    read: { kind: "event", occurred_at, received_at },
    origin: { cause: "webhook", ref: event.event_id },
    write: true,
  };
  const result = await applyAlone(context, reading, rows);
  if (rows.resource === "products") await reportOverwritten(context, { occurred_at, rows: rows.rows });
  return endOf(event, result, clock());
}

/** For the log. */
export const aboutEvent = ({ location }: StoreContext, event: IncomingEvent) => ({
  location_id: location.location_id,
  ...namesOf(event),
});
export const namesOf = ({ event_id, request_id, attempt }: IncomingEvent) => ({ event_id, request_id, attempt });

/** Whether retrying cannot help: a fault of ours fails again, and an unknown one was tried often enough. */
const isHopeless = (error: unknown, attempt: number): boolean =>
  isFault(error) || (attempt >= MAX_EVENT_TRIES && !isPassing(error));

/** The alert that our code failed on an event; it ends with the next sync that read everything. */
const EVENT_FAULT = { rule: DEAD_LETTER, subject: "events" } as const;

/** The event fails by our fault: an alert says so, and the store is read instead. null: even that failed. */
async function giveUp(context: StoreContext, event: IncomingEvent): Promise<End | null> {
  const { store, now } = context;
  try {
    const message =
      "A webhook could not be applied: the fault is on ReUp's side. The store is read from Dutchie instead; if this comes again, report the event's id, which the list of webhooks shows.";
    await raiseAlert(context, { ...EVENT_FAULT, severity: "critical", message });
    store.put("event_fault_at", now);
    await requestRefresh(context, event);
  } catch (error) {
    log("fault_alert_not_raised", { ...aboutEvent(context, event), cause: error });
    return null;
  }
  return { outcome: "invalid", reason: `${OUR_FAULT}. The store was read from Dutchie instead.`, applied_at: null };
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
