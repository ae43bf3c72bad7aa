import type { EventOutcome } from "../../contract/http/records.ts";
import type { IncomingEvent } from "../../contract/location.ts";
import { MAX_FAILED_ALONE, MAX_TRIES_TOGETHER } from "../../domain/bounds.ts";
import { addLag, type Lags, percentile } from "../../domain/events/lags.ts";
import { isPassing } from "../../platform/failures.ts";
import { log, logEvents } from "../../platform/log.ts";
import { writePoint } from "../../platform/points.ts";
import type { StoreContext } from "../context.ts";
import type { LedgerEvent } from "../storage/events.ts";
import type { Store } from "../storage/store.ts";
import { aboutEvent, applyEvent, namesOf } from "./alone.ts";
import { type End, isOfUse, RETRY } from "./end.ts";
import { requestRefresh } from "./refresh.ts";
import { applyTogether, countTogether } from "./together.ts";

/** The outcome of each event; `retry`: a passing failure prevented it, deliver the event again. */
export interface EventResult {
  event_id: string;
  outcome: EventOutcome | "retry";
}

interface Received {
  events: readonly IncomingEvent[];
  clock: () => number;
}

/**
 * Applies webhooks by the same rules as polls. Only verified events come here. The ledger stores each event id once, after
 * the event was applied: after a crash in between it is delivered and applied again, which writes nothing new. An event that
 * could not be applied is stored as pending.
 */
export async function receiveEvents(opened: StoreContext, { events, clock }: Received): Promise<EventResult[]> {
  const { store } = opened;
  store.seen.isUndisturbed = false;
  const known = store.events.among(events.map(({ event_id }) => event_id));
  const fresh = new Map<string, IncomingEvent>();
  const repeated: IncomingEvent[] = [];
  for (const event of events) {
    const isPending = (known.get(event.event_id)?.outcome ?? "pending") === "pending";
    if (isPending && !fresh.has(event.event_id)) fresh.set(event.event_id, event);
    else repeated.push(event);
  }
  store.events.applying = [...fresh.keys()].filter((event_id) => !known.has(event_id)).length;
  try {
    const ends = await applyAll(opened, { events: [...fresh.values()], clock });
    const used = events.filter((event) => isOfUse(event, ends.get(event)));
    const heard = used.length > 0 ? used : events;
    store.heard(Math.max(...heard.map(({ received_at }) => received_at)), used.length > 0);
    const batch = record(store, { ends, known, duplicates: repeated.length, now: clock() });
    tellFigures(opened, { ...batch, records: events.length, ms: clock() - opened.now });
    const again = new Map<IncomingEvent, EventResult["outcome"]>();
    for (const event of repeated) again.set(event, await repeat({ ...opened, now: clock() }, event));
    return events.map((event) => ({
      event_id: event.event_id,
      outcome: ends.get(event)?.outcome ?? again.get(event) ?? "retry",
    }));
  } finally {
    store.events.applying = 0;
  }
}

/** Applies events in their order: as many together as possible, and alone what has to be. */
async function applyAll(opened: StoreContext, { events, clock }: Received): Promise<Map<IncomingEvent, End>> {
  const ends = new Map<IncomingEvent, End>();
  // A hundred events last a while. Each part gets its own time: the change log is in the order of its times.
  let now = 0;
  const next = () => {
    now = Math.max(clock(), now + 1);
    return { ...opened, now };
  };
  let most = events.length;
  while (ends.size < events.length) {
    const left = events.slice(ends.size);
    const context = next();
    const count = Math.min(countTogether(context, left), most);
    const some = await applySome(context, { events: left, count, clock, next });
    // What was loaded and not planned is loaded again: if the plan ended early, fewer are tried next.
    most = 2 * (some.length < count ? some.length : most);
    const ended = left.slice(0, some.length).map((event, index) => ({ event, end: some[index] ?? RETRY }));
    for (const { event, end } of ended) ends.set(event, end);
    const { location_id } = context.location;
    logEvents(
      "event_ended",
      { location_id, ms: clock() - context.now },
      ended.map(({ event, end }) => ({ ...namesOf(event), outcome: end.outcome })),
    );
  }
  return ends;
}

interface Part extends Received {
  /** The store, at a time after all that were given before. */
  next: () => StoreContext;
}

/** What became of the first events, of one at least; `count` of them may be applied together. */
async function applySome(
  context: StoreContext,
  { events, count, clock, next }: Part & { count: number },
): Promise<End[]> {
  const together = events.slice(0, count);
  let ends: End[] = [];
  try {
    if (count > 0) ends = await applyTogether(context, together, clock);
  } catch (error) {
    log("events_not_applied", { location_id: context.location.location_id, count, cause: error });
    // Perhaps one of them makes all fail. Each alone, only that one does.
    const part = { events: together, clock, next };
    return isPassing(error) ? applyOften(part) : applyEach(part);
  }
  if (count > 0 && ends.length === count) return ends;
  // The plan ended before this one. To load it with others again would be for nothing.
  const alone = events.slice(ends.length, ends.length + 1);
  return [...ends, ...(await applyEach({ events: alone, clock, next }))];
}

async function applyEach({ events, clock, next }: Part): Promise<End[]> {
  const ends: End[] = [];
  for (const event of events) ends.push(await applyEvent(next(), event, clock));
  return ends;
}

/**
 * Events that failed together by a failure known to pass. They come again; those that did so often are tried alone, for one
 * of them may be what fails (F72).
 */
async function applyOften({ events, clock, next }: Part): Promise<End[]> {
  const ends: End[] = [];
  let failed = 0;
  for (const event of events) {
    const mayTry = (event.attempt ?? 1) > MAX_TRIES_TOGETHER && failed < MAX_FAILED_ALONE;
    const end = mayTry ? await applyEvent(next(), event, clock) : RETRY;
    if (mayTry) failed = end === RETRY ? failed + 1 : 0;
    ends.push(end);
  }
  return ends;
}

/** Of a content that came before, and may be true again, the store is read again. A failure is this event's alone. */
async function repeat(context: StoreContext, event: IncomingEvent): Promise<"duplicate" | "retry"> {
  try {
    if (event.refresh_reason !== undefined) await requestRefresh(context, event);
  } catch (error) {
    log("event_not_applied", { ...aboutEvent(context, event), cause: error });
    return "retry";
  }
  log("event_ended", { ...aboutEvent(context, event), outcome: "duplicate" });
  return "duplicate";
}

/** What became of a batch: how many events ended how, and after how long those were applied that no replay sent, ms. */
interface Batch {
  counts: Partial<Record<End["outcome"], number>>;
  lags: readonly number[];
}

function tellFigures(
  { env, location: { location_id } }: StoreContext,
  { counts, lags, records, ms }: Batch & { records: number; ms: number },
): void {
  const { applied = 0, invalid = 0, retry = 0 } = counts;
  const all = [lags.reduce(addLag, {} as Lags)];
  const delays = { delay_p50_ms: percentile(all, 0.5), delay_p95_ms: percentile(all, 0.95) };
  const outcome = retry === 0 ? "done" : "retry";
  const figures = { ms, records, failed: invalid, written: applied, retried: retry, ...delays };
  writePoint(env, { kind: "events", location_id, outcome, ...figures });
}

/** Stores in the ledger what became of the events, and counts them: few rows for many events. */
function record(
  store: Store,
  given: {
    ends: ReadonlyMap<IncomingEvent, End>;
    known: ReadonlyMap<string, Pick<LedgerEvent, "reason">>;
    duplicates: number;
    now: number;
  },
): Batch {
  const { ends, known, duplicates, now } = given;
  const counts: Batch["counts"] = {};
  const fresh: LedgerEvent[] = [];
  const lags: number[] = [];
  for (const [event, { outcome, reason, applied_at }] of ends) {
    const before = known.get(event.event_id);
    if (before === undefined) fresh.push(ledgerEvent(event, { outcome, reason, applied_at }));
    else if (outcome !== "retry") store.events.finish(event.event_id, outcome, reason, applied_at);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    // A replayed event says nothing about how long webhooks take.
    if (outcome === "applied" && applied_at !== null && (before?.reason ?? null) === null)
      lags.push(applied_at - event.received_at);
  }
  store.events.add(fresh, now);
  const { retry: _, ...ended } = counts;
  store.hours.countAll({ received: fresh.length, duplicate: duplicates, ...ended }, lags, now);
  return { counts, lags };
}

function ledgerEvent(event: IncomingEvent, { outcome, reason, applied_at }: End): LedgerEvent {
  const { event_id, type, occurred_at, received_at, refresh_reason = null } = event;
  const body = JSON.stringify(event.body);
  const base = { event_id, type, occurred_at, received_at, refresh_reason, body };
  return outcome === "retry"
    ? { ...base, outcome: "pending", reason: null, applied_at: null, pending_at: received_at }
    : { ...base, outcome, reason, applied_at, pending_at: null };
}
