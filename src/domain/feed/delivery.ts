import { MAX_WAIT_MS } from "../bounds.ts";
import { dueWithin, isImpossible, untilNow } from "../clock.ts";
import { waitMs } from "../limits/wait.ts";
import { firstSequence } from "../records/sequence.ts";

/**
 * What one receiver got of one store's changes: everything up to `sequence`, in order. Times in ms. Changes that follow are sent in
 * windows, one at a time. A window keeps its end until it is delivered, so whatever is sent twice is sent with the same numbers.
 */
export interface Delivery {
  sequence: number;
  /** The end of the window under way; null: none is. */
  upto: number | null;
  /** Attempts of this window that failed. */
  failures: number;
  failing_since: number | null;
  /** When something is to be done; null: nothing waits, or it is parked. */
  next_at: number | null;
  /** When the queue was asked to do it; null: not yet. */
  asked_at: number | null;
  /** Since when nothing is tried any more. */
  parked_at: number | null;
  /** How often a person had it go on from an earlier number. */
  replays: number;
}

/** What one attempt sends: the changes with numbers after `after`, up to `upto`, after so many replays. */
export interface Window {
  after: number;
  upto: number;
  replays: number;
}

/** Changes of so long are sent together, ms. The timer adds up to a second. */
const COALESCE_MS = 1_000;
/** How long one attempt has, ms, all its requests and reads together. Then another consumer may take over. */
export const LEASE_MS = 60_000;
/** How long a receiver may fail before its changes are parked, ms. */
const TRIED_MS = 24 * 3_600_000;
/** How long it may fail before an alert fires, ms: a deployment of the receiver takes minutes. */
const QUIET_MS = 15 * 60_000;
/** The first wait after a failure, ms; each further one is twice as long, up to an hour: some thirty attempts in a day. */
const FIRST_WAIT_MS = 5_000;
/** How far before its beginning a subscription starts, ms: a change that was being written then has an earlier number. */
const OVERLAP_MS = 5 * 60_000;

/** A new receiver: what changes from now on. */
export const newDelivery = (subscribed_at: number, now: number): Delivery => ({
  sequence: firstSequence(subscribed_at - OVERLAP_MS),
  upto: null,
  failures: 0,
  failing_since: null,
  next_at: now + COALESCE_MS,
  asked_at: null,
  parked_at: null,
  replays: 0,
});

/** Something is about to change. One that waits, or is being sent, will find it. */
export const afterChange = (delivery: Delivery, now: number): Delivery =>
  delivery.parked_at !== null || delivery.next_at !== null
    ? delivery
    : { ...delivery, next_at: now + COALESCE_MS, asked_at: null };

/** Whether a consumer may take it now. */
export const isDue = ({ next_at }: Delivery, now: number): boolean => next_at !== null && next_at <= now;

/**
 * A consumer takes the window that ends at `upto`; nothing to send: null. Nobody else may take it while the lease lasts. If the
 * consumer dies, the next one sends the same window.
 */
export function afterClaim(delivery: Delivery, upto: number | null, now: number): Delivery {
  if (upto === null) return { ...delivery, upto: null, next_at: null, asked_at: null };
  return { ...delivery, upto, next_at: now + LEASE_MS, asked_at: null };
}

/**
 * Whether the window is still the one under way: it was not overtaken or parked, nor sent before a replay, which may come to a window
 * with the same numbers.
 */
const isUnderWay = ({ sequence, upto, parked_at, replays }: Delivery, window: Window): boolean =>
  window.after === sequence && window.upto === upto && window.replays === replays && parked_at === null;

/** The window needs nothing (more): the next claim looks for what follows. */
export function afterDelivered(delivery: Delivery, window: Window, now: number): Delivery {
  if (!isUnderWay(delivery, window)) return delivery;
  const { upto: sequence } = window;
  return { ...delivery, sequence, upto: null, failures: 0, failing_since: null, next_at: now, asked_at: null };
}

/** The window was not accepted. `asked_ms`: how long the receiver asks us to wait. */
export function afterFailure(
  delivery: Delivery,
  window: Window,
  given: { asked_ms: number | null; now: number },
): Delivery {
  if (!isUnderWay(delivery, window)) return delivery;
  const { asked_ms, now } = given;
  const failing_since = delivery.failing_since ?? now;
  const failures = delivery.failures + 1;
  const failed = { ...delivery, failures, failing_since, asked_at: null };
  if (now - failing_since >= TRIED_MS) return { ...failed, next_at: null, parked_at: now };
  const grown = waitMs({ asked_ms: null, first_ms: FIRST_WAIT_MS, repeats: failures - 1, random: 1 });
  return { ...failed, next_at: now + Math.min(MAX_WAIT_MS, Math.max(grown, asked_ms ?? 0)) };
}

/** A person lets it go on: from where it is, or from an earlier number. */
export const resumed = (delivery: Delivery, after: number | null, now: number): Delivery => ({
  ...delivery,
  ...(after === null ? {} : { sequence: after, upto: null, replays: delivery.replays + 1 }),
  failures: 0,
  failing_since: null,
  next_at: now,
  asked_at: null,
  parked_at: null,
});

/** After our clock was set back: what failed since then fails since now, and what is due later than it can be is due now. */
export const deliveryBelieved = (delivery: Delivery, now: number): Delivery => {
  const { failing_since, next_at, asked_at } = delivery;
  return {
    ...delivery,
    failing_since: failing_since === null ? null : untilNow(failing_since, now),
    next_at: next_at === null ? null : dueWithin(next_at, MAX_WAIT_MS, now),
    // Whether a message still waits is unknown: a second one finds nothing to claim.
    asked_at: asked_at === null || isImpossible(asked_at, now) ? null : asked_at,
  };
};

/** Whether people are told that the receiver fails. */
export const isAlarming = ({ failing_since, parked_at }: Delivery, now: number): boolean =>
  parked_at !== null || (failing_since !== null && now - failing_since >= QUIET_MS);

/** When the queue is to be asked, ms; null: there is nothing to ask for. A message may wait for `queued_ms` before it counts as lost. */
export const askAt = ({ next_at, asked_at }: Delivery, queued_ms: number): number | null =>
  next_at === null ? null : asked_at === null ? next_at : Math.max(next_at, asked_at + queued_ms);
