import { MAX_WAIT_MS } from "../bounds.ts";
import { dueWithin, untilNow } from "../clock.ts";
import type { Run } from "./run.ts";
import { MAX_POLL_MS } from "./schedule.ts";
import type { TypeState, TypeStates } from "./type-states.ts";

/**
 * Our clock was set back: times that were stored before lie in our future, and nothing would be due, late or silent until the
 * clock is there again. What happened then counts as happened now, and what is due later than it can be is due now.
 */
export function typesBelieved(states: TypeStates, now: number): TypeStates {
  return Object.fromEntries(
    Object.entries(states).map(([type, state]) => [type, state && typeBelieved(state, now)]),
  ) as TypeStates;
}

function typeBelieved(state: TypeState, now: number): TypeState {
  const { since, last_success_at, error, rooms_error, due_at, retry_at } = state;
  const happened = <E extends { at: number; since?: number }>(failed: E): E => ({
    ...failed,
    at: untilNow(failed.at, now),
    ...(failed.since === undefined ? {} : { since: untilNow(failed.since, now) }),
  });
  return {
    ...state,
    since: untilNow(since, now),
    last_success_at: last_success_at === null ? null : untilNow(last_success_at, now),
    error: error && happened(error),
    ...(rooms_error === undefined ? {} : { rooms_error: happened(rooms_error) }),
    due_at: due_at === null ? null : dueWithin(due_at, MAX_POLL_MS, now),
    retry_at: retry_at === null ? null : dueWithin(retry_at, MAX_WAIT_MS, now),
  };
}

/** The same for a run under way. */
export function runBelieved(run: Run, now: number): Run {
  const { started_at, heartbeat_at, waiting_until, rate_limited } = run;
  const limits = Object.entries(rate_limited).map(([resource, limit]) => [
    resource,
    { ...limit, until: dueWithin(limit.until, MAX_WAIT_MS, now) },
  ]);
  return {
    ...run,
    started_at: untilNow(started_at, now),
    heartbeat_at: untilNow(heartbeat_at, now),
    waiting_until: waiting_until === null ? null : dueWithin(waiting_until, MAX_WAIT_MS, now),
    rate_limited: Object.fromEntries(limits),
  };
}
