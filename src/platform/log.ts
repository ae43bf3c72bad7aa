import { MAX_LOGGED_EVENTS, MAX_LOGGED_ID } from "../domain/bounds.ts";
import type { Lane } from "../domain/limits/pace.ts";
import type { Resource } from "../domain/records/model.ts";
import type { RunState } from "../domain/runs/run.ts";
import { causeOf, faultOf } from "./failures.ts";

/** The Worker's only log: one JSON object a line, of the events and keys below and nothing else. */

/** Each event that is logged, at its level. `docs/operations.md` says what they mean. */
export const EVENTS = {
  // The edge
  request_failed: "error",
  key_server_silent: "error",
  webhook_not_queued: "error",
  store_not_read: "error",
  secret_not_opened: "error",
  // Queues and cron
  worker_unconfigured: "error",
  message_not_understood: "error",
  message_of_newer_build: "warn",
  message_failed: "error",
  message_ended: "info",
  batch_ended: "info",
  webhook_accepted: "debug",
  webhooks_not_applied: "error",
  event_not_decoded: "error",
  row_not_decoded: "error",
  row_not_mapped: "error",
  step_ended: "info",
  step_failed: "error",
  sign_of_life_not_stored: "warn",
  dead_letter_not_stored: "error",
  dead_letter_dropped: "warn",
  dead_letter_of_no_store: "error",
  store_not_told: "warn",
  tick_ended: "info",
  chore_failed: "error",
  run_not_scheduled: "error",
  secrets_resealed: "info",
  secret_not_resealed: "error",
  failure_not_handled: "error",
  shard_filling: "warn",
  shard_full: "error",
  shard_not_measured: "error",
  shard_not_read: "error",
  // The store's Location
  run_started: "info",
  run_ended: "info",
  event_ended: "info",
  event_not_applied: "error",
  events_not_applied: "error",
  event_not_planned: "error",
  event_given_up: "error",
  fault_alert_not_raised: "error",
  event_too_large: "error",
  row_not_applied: "error",
  settings_not_applied: "error",
  move_failed: "error",
  move_ended: "info",
  lane_changed: "info",
  status_not_sent: "error",
  // Figures
  point_not_written: "warn",
  // Alerts
  notice_not_sent: "error",
  notices_not_sent: "error",
  alert_not_delivered: "warn",
  notices_not_delivered: "warn",
  notices_not_prepared: "error",
  delivery_not_marked: "error",
} as const satisfies Record<string, "debug" | "info" | "warn" | "error">;
type LogEvent = keyof typeof EVENTS;

type Outcome =
  | RunState
  /** Of a message, a batch, a tick. */
  | "done"
  | "later"
  | "retry"
  | "given_up"
  /** Of a step. */
  | "finished"
  | "handed_over"
  | "superseded"
  | "nothing"
  /** Of an event. */
  | "applied"
  | "stale"
  | "duplicate"
  | "invalid"
  | "ignored"
  | "pending";

/** The keys of a line besides its event. */
export interface LogKeys {
  location_id?: string | null | undefined;
  run_id?: string | null | undefined;
  event_id?: string | undefined;
  /** The `x-request-id` of the API call or webhook that it began with. */
  request_id?: string | undefined;
  message_id?: string | undefined;
  alert_id?: string | undefined;
  notice_id?: string | undefined;
  channel_id?: string | undefined;
  subscription_id?: string | undefined;
  queue?: string | undefined;
  /** The method and the pattern of the address, not the address. */
  route?: string | undefined;
  /** Of a message or a chore. */
  kind?: string | undefined;
  resource?: Resource | undefined;
  lane?: Lane | undefined;
  /** A database of records ("00" is RECORDS_00), and its size. */
  shard?: string | undefined;
  bytes?: number | undefined;
  step?: number | undefined;
  attempt?: number | undefined;
  outcome?: Outcome | undefined;
  /** An error's code, as others see it. */
  code?: string | undefined;
  count?: number | undefined;
  retried?: number | undefined;
  remaining?: number | undefined;
  /** How long it took … */
  ms?: number | undefined;
  /** … and how much of that was waiting for Dutchie. */
  waited_ms?: number | undefined;
  /** Webhooks that came together, instead of a line for each. */
  events?: readonly LoggedEvent[] | undefined;
  /** An exception: its innermost message is logged. */
  cause?: unknown;
  /** An exception of our own code: its place in the code is logged, and no message. */
  fault?: unknown;
}

export type LoggedEvent = Pick<LogKeys, "event_id" | "request_id" | "attempt" | "outcome">;

/** A word or an id of ours. Other characters are not shown, so that a line stays one line. */
const name = (value: unknown) =>
  typeof value === "string" ? value.slice(0, MAX_LOGGED_ID).replaceAll(/[^\w.:=+/{}* -]/g, "?") : undefined;
const number = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : undefined);
const thrown = (read: (error: unknown) => string) => (value: unknown) =>
  value === undefined ? undefined : read(value);

const listed = (value: unknown) =>
  Array.isArray(value)
    ? (value as LoggedEvent[]).slice(0, MAX_LOGGED_EVENTS).map(({ event_id, request_id, attempt, outcome }) => ({
        event_id: name(event_id),
        request_id: name(request_id),
        attempt: number(attempt),
        outcome: name(outcome),
      }))
    : undefined;

/** How each key's value is read. Only these keys are written, so that no row and no Error gets into the log. */
const READERS: Record<keyof LogKeys, (value: unknown) => string | number | object[] | undefined> = {
  location_id: name,
  run_id: name,
  event_id: name,
  request_id: name,
  message_id: name,
  alert_id: name,
  notice_id: name,
  channel_id: name,
  subscription_id: name,
  queue: name,
  route: name,
  kind: name,
  resource: name,
  lane: name,
  shard: name,
  bytes: number,
  step: number,
  attempt: number,
  outcome: name,
  code: name,
  count: number,
  retried: number,
  remaining: number,
  ms: number,
  waited_ms: number,
  events: listed,
  cause: thrown(causeOf),
  fault: thrown(faultOf),
};
export const LOG_KEYS = Object.keys(READERS) as (keyof LogKeys)[];

export function log(event: LogEvent, keys: LogKeys): void {
  const read = LOG_KEYS.map((key) => [key, READERS[key](keys[key])]);
  // Without undefined values.
  console[EVENTS[event]](JSON.stringify({ event, ...Object.fromEntries(read) }));
}

/**
 * What happened to webhooks of one store: one line, for each line costs. Of a single one the line has its keys, of several their
 * list.
 */
export function logEvents(event: LogEvent, about: LogKeys, events: readonly LoggedEvent[]): void {
  if (events.length === 1) log(event, { ...about, ...events[0] });
  else if (events.length > 1) log(event, { ...about, count: events.length, events });
}
