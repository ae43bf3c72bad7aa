import type { Settings } from "../records/model.ts";
import { type DataType, enabledTypes, failureText } from "../runs/data-type.ts";
import type { HourOutcome } from "../runs/hour-cells.ts";
import type { RunError } from "../runs/run.ts";
import { earliest, type FailingPart, failingParts, type TypeState } from "../runs/type-states.ts";
import { type AlertFacts, type AlertRule, isAboutShelf, staleAlerts, staleAt } from "./rules.ts";

/** How a store fares, the best first; `disconnected` and `never_synced` are no grades. */
export const HEALTHS = ["healthy", "needs_decision", "stale", "failing", "never_synced", "disconnected"] as const;
export type Health = (typeof HEALTHS)[number];

export const ACTIVITIES = ["idle", "syncing", "waiting"] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** What a person can do about a problem. */
export const ACTIONS = ["enter_key", "review", "run_sync", "wait", "contact_dutchie"] as const;
type Action = (typeof ACTIONS)[number];

type TypeStanding = Pick<TypeState, "since" | "last_success_at" | "error" | "rooms_error">;
export type Failure = Pick<RunError, "code" | "message" | "hint"> & { at: number };

/** What the Location knows of its store, stored with the store's row, so that lists need not ask the Location. Times in ms. */
export interface Standing {
  /** The data types that are on. */
  types: Partial<Record<DataType, TypeStanding>>;
  /** The last run failed as a whole; null: it did not, or was cancelled. */
  failed: Failure | null;
  /** The run under way. `waiting_until`: it waits, because of `error`. */
  run: { started_at: number; waiting_until: number | null; error: Pick<Failure, "code" | "message"> | null } | null;
  /** `correctable`: what a verification that corrects would change; absent: not counted yet. */
  accuracy: { value: number; checked_at: number; healed: number; correctable?: number } | null;
  unmapped: number;
  /** The hours in which a sync ended. Absent: not stored yet. Health does not depend on it. */
  hours?: HourOutcome[];
}

export interface FiringRule {
  rule: AlertRule;
  severity: "warning" | "critical";
  message: string;
  started_at: number;
  acknowledged_at: number | null;
}

export interface HealthFacts {
  settings: AlertFacts["settings"] & Pick<Settings, "data_types">;
  is_connected: boolean;
  standing: Standing;
  /** The alerts that fire. */
  alerts: readonly FiringRule[];
  /** null: unknown, because the database of the records does not answer. */
  reviews: { open: number; since: number | null } | null;
  now: number;
}

export interface Problem {
  code: string;
  message: string;
  action: Action;
  /** ms; null: not known. */
  since: number | null;
}

/**
 * A run never hides what is wrong: a failure counts until a read succeeds, whether or not a retry is under way. `activity`
 * says what goes on beside it. The same function serves the status of one store and the list of all.
 */
export function healthOf(facts: HealthFacts): { health: Health; activity: Activity; problem: Problem | null } {
  if (!facts.is_connected) return { health: "disconnected", activity: "idle", problem: null };
  // Its data grow old, and no read can fail or succeed any more: nothing else would say so.
  if (enabledTypes(facts.settings).length === 0)
    return { health: "needs_decision", activity: activityOf(facts), problem: NOTHING_SYNCED };
  const { health, problem } = judged(facts);
  return { health, activity: activityOf(facts), problem: problem ?? waiting(facts) };
}

const NOTHING_SYNCED: Problem = {
  code: "NOTHING_SYNCED",
  message:
    "Nothing of this store is synced: products, packages and sales are all switched off. Switch on in its settings what ReUp is to read, or disconnect the store.",
  action: "review",
  since: null,
};

function judged(facts: HealthFacts): { health: Health; problem: Problem | null } {
  const failing = failingProblem(facts);
  if (failing !== null) return { health: "failing", problem: failing };
  const stale = staleProblem(facts);
  const types = statesOf(facts);
  if (types.length > 0 && types.every(({ last_success_at }) => last_success_at === null)) {
    return { health: "never_synced", problem: stale };
  }
  if (stale !== null) return { health: "stale", problem: stale };
  const decision = decisionProblem(facts);
  return { health: decision === null ? "healthy" : "needs_decision", problem: decision };
}

/** A wait that is over is no wait, though the message that ends it may still be on its way. */
function activityOf({ standing: { run }, now }: HealthFacts): Activity {
  if (run === null) return "idle";
  return (run.waiting_until ?? 0) > now ? "waiting" : "syncing";
}

const statesOf = ({ standing, settings }: HealthFacts): ({ type: DataType } & TypeStanding)[] =>
  enabledTypes(settings).flatMap((type) => {
    const state = standing.types[type];
    return state === undefined ? [] : [{ type, ...state }];
  });

/** The oldest last success of the data types, ms; null: one of them was never read, or none is on. */
export function freshSince(facts: Pick<HealthFacts, "standing" | "settings">): number | null {
  const times = enabledTypes(facts.settings).map((type) => facts.standing.types[type]?.last_success_at ?? null);
  return times.includes(null) ? null : earliest(times);
}

function failingProblem(facts: HealthFacts): Problem | null {
  const types = statesOf(facts);
  const failing = types.flatMap((state) => failingParts(state.type, state));
  const [first] = failing;
  if (first === undefined) {
    const { failed } = facts.standing;
    return failed && problemOf(failed, failed.message, failed.at);
  }
  const fine = types.filter(({ type }) => failing.every((part) => part.type !== type)).map(({ type }) => type);
  const words = failureText(
    failing.map(({ type, error: { message } }) => ({ type, message })),
    fine,
  );
  return problemOf(first.error, words ?? first.error.message, earliest(failing.map(failingSince)));
}

const failingSince = ({ error: { since, at } }: FailingPart): number => since ?? at;

function problemOf({ code, hint }: Pick<Failure, "code" | "hint">, message: string, since: number | null): Problem {
  const said = message.endsWith(".") ? message : `${message}.`;
  return { code, message: hint === "" ? said : `${said} ${hint}`, action: ACTION_OF[code], since };
}

const ACTION_OF: Record<Failure["code"], Action> = {
  UNAUTHORIZED: "enter_key",
  WRONG_LOCATION: "enter_key",
  // The key lacks a role, or a firewall keeps us out: only Dutchie's support can change either.
  FORBIDDEN: "contact_dutchie",
  NOT_DUTCHIE: "contact_dutchie",
  BAD_RESPONSE: "contact_dutchie",
  TOO_LARGE: "contact_dutchie",
  TLS: "contact_dutchie",
  ENOTFOUND: "contact_dutchie",
  NOT_WRITABLE: "contact_dutchie",
  REJECTED: "review",
  ECONNREFUSED: "wait",
  TIMEOUT: "wait",
  RATE_LIMITED: "wait",
  UPSTREAM_5XX: "wait",
  STALLED: "run_sync",
  SERVER_ERROR: "run_sync",
  SUPERSEDED: "wait",
};

function staleProblem(facts: HealthFacts): Problem | null {
  const { settings, now } = facts;
  const types = statesOf(facts);
  const [first] = staleAlerts({ types, settings, now, run: facts.standing.run });
  if (first === undefined) return null;
  const since = earliest(types.map((type) => staleAt(type, settings)).filter((at) => at < now));
  return { code: "STALE", message: first.message, action: "run_sync", since };
}

/** What waits for a person: the worst alert that nobody has seen, or the open reviews. */
function decisionProblem({ alerts, reviews, standing }: HealthFacts): Problem | null {
  const open = alerts.flatMap(({ rule, severity, message, started_at, acknowledged_at }) => {
    // To correct helps nothing where the rows could not be read: somebody has to look at them.
    const isForPerson = rule === "drift" && standing.accuracy?.correctable === 0;
    const action = acknowledged_at !== null ? null : isForPerson ? "review" : DECISION_OF[rule];
    const grade = (severity === "critical" ? CRITICAL : WARNING) + (isAboutShelf(rule) ? 0 : 1);
    return action === null
      ? []
      : [{ grade, problem: { code: rule.toUpperCase(), message, action, since: started_at } }];
  });
  const worst = open.sort((a, b) => a.grade - b.grade || a.problem.since - b.problem.since)[0];
  if (worst !== undefined && (worst.grade < WARNING || reviews === null || reviews.open === 0)) return worst.problem;
  if (reviews === null || reviews.open === 0) return null;
  const message =
    reviews.open === 1 ? "One question waits for a decision." : `${reviews.open} questions wait for a decision.`;
  return { code: "OPEN_REVIEWS", message, action: "review", since: reviews.since };
}

/** Grades of alerts, the worst first. Between them: what is not about the shelf. */
const CRITICAL = 0;
const WARNING = 2;

/** What to do about an alert; null: the alert repeats what `failing`, `stale` or `activity` say. */
const DECISION_OF: Record<AlertRule, Action | null> = {
  sync_failed: null,
  stale: null,
  long_duration: null,
  high_error_rate: "contact_dutchie",
  webhooks_silent: "review",
  drift: "run_sync",
  clock_wrong: "contact_dutchie",
  held_snapshot: "review",
  dead_letter: "review",
  push_parked: "review",
  stock_ended: "review",
  mass_change: "review",
  rows_without_id: "contact_dutchie",
  receiver_failing: "review",
};

/** Nothing is wrong, but the run under way waits for Dutchie. */
function waiting(facts: HealthFacts): Problem | null {
  const { run } = facts.standing;
  if (run === null || run.error === null || activityOf(facts) !== "waiting") return null;
  return { code: run.error.code, message: `${run.error.message}.`, action: "wait", since: run.started_at };
}
