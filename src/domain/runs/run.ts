import type { ReadBefore, ReadUsage } from "../limits/read-limits.ts";
import type { Verification } from "../records/drift.ts";
import type { Resource, RowFailure } from "../records/model.ts";
import { contentHash } from "../records/version.ts";
import type { Cursors } from "./cursors.ts";
import { DATA_TYPES, type DataType, type Part, typeOf } from "./data-type.ts";
import type { DutchieError } from "./failure.ts";

/**
 * A run, from start to end, as pure transitions over one document. A run is a list of steps. A step is one read of Dutchie
 * (a whole snapshot, or one window of sales). A step that is cut off is repeated as a whole; a repeat writes nothing.
 */
export const RUN_MODES = ["initial", "incremental", "full", "verify"] as const;

export type RunMode = (typeof RUN_MODES)[number];

export const RUN_TRIGGERS = ["schedule", "manual", "webhook", "replay"] as const;

export type RunTrigger = (typeof RUN_TRIGGERS)[number];

export const RUN_STATES = [
  "queued",
  "running",
  "waiting",
  "completed",
  "completed_with_errors",
  "failed",
  "cancelled",
] as const;

export type RunState = (typeof RUN_STATES)[number];

export interface Step {
  resource: Resource;
  /** Only compare; the run's `heal` decides whether it also writes. */
  verify: boolean;
  /** The read asks for everything: absence counts and the floor rises. */
  complete: boolean;
  /** Last-modified window, ms on Dutchie's clock; null: open. */
  from: number | null;
  to: number | null;
}

export const PHASE_STATES = ["pending", "running", "waiting", "completed", "failed"] as const;

export interface Phase {
  resource: Resource | "verify";
  state: (typeof PHASE_STATES)[number];
  processed: number;
  total: number | null;
  created: number;
  updated: number;
  unchanged: number;
  deleted: number;
  failed: number;
  /** Why it could not be read to the end. */
  error: Pick<RunError, "code" | "message" | "hint"> | null;
}

/** A data type, or the rooms, that could not be read or compared: the run skips its remaining steps. */
export interface Stop {
  type: Part;
  verify: boolean;
  error: RunError;
  /** It was rate-limited until then, and the run ended before. */
  until?: number;
}

/** Resources with a long rate limit (429): the run reads the others first. `rate_limit_hits`: rate limit hits in a row. */
export type RateLimited = Partial<Record<Resource, { until: number; rate_limit_hits: number; error: RunError }>>;

export interface Run {
  run_id: string;
  location_id: string;
  mode: RunMode;
  trigger: RunTrigger;
  /** The `x-request-id` of the API call or webhook that started it, for the log; absent: the schedule did. */
  request_id?: string | undefined;
  heal: boolean;
  state: RunState;
  started_at: number;
  finished_at: number | null;
  waiting_until: number | null;
  steps: Step[];
  /** Index of the step under way; `steps.length` at the end. */
  step: number;
  /** Grows each time a step begins: calls with the number of an earlier attempt, or of another run's, are refused. */
  attempt: number;
  /** Failed tries of this step in a row. `rate_limit_hits`: rate limit hits (429) in a row, which are not failures. */
  tries: number;
  rate_limit_hits: number;
  revivals: number;
  heartbeat_at: number;
  /** Someone reads the step right now. */
  reading: boolean;
  /** A message for the step waits in a queue. */
  queued: boolean;
  /** Where the read broke off, if Dutchie answers in pages: it goes on there, with the T of its first page. */
  resume: { page: string; started_at: number; before?: ReadBefore; taken?: ReadUsage } | null;
  /** The most pages that any read of this step has finished. Absent: none, or an older build began the run. */
  reached?: number;
  /** Rows of the read under way. */
  rows_read: number;
  /** The highest percentage so far: a repeated step starts to count again, but the progress bar does not go back. */
  percent: number;
  /** Those of them that could not be read. */
  rows_failed: number;
  /** Those without a readable id: each may be a record that seems absent. */
  unidentified: number;
  /** The counts when the step first began: a repeated step counts from here, not on top of its cut-off attempt. */
  base: { processed: number; failed: number; failures: number; verification: Verification | null } | null;
  phases: Phase[];
  failures: RowFailure[];
  stops: Stop[];
  /** Dutchie has answered in this run, even with an error, so its host is reachable. */
  answered: boolean;
  rate_limited: RateLimited;
  error: RunError | null;
  verification: Verification | null;
  /** Where the next incremental run begins: each finished step moves its own cursor. */
  cursors: Cursors;
}

/** A failure on Dutchie's side, or on our own. */
export type RunError = Omit<DutchieError, "code"> & {
  code: DutchieError["code"] | "STALLED" | "SERVER_ERROR" | "SUPERSEDED";
};

export function newRun(given: {
  run_id: string;
  location_id: string;
  mode: RunMode;
  trigger: RunTrigger;
  request_id?: string | undefined;
  heal: boolean;
  steps: Step[];
  cursors: Cursors;
  now: number;
}): Run {
  const { now, ...rest } = given;
  const resources = [...new Set(given.steps.map((step) => (step.verify ? "verify" : step.resource)))];
  return {
    ...rest,
    state: "queued",
    started_at: now,
    finished_at: null,
    waiting_until: null,
    step: 0,
    attempt: firstAttempt(given.run_id),
    tries: 0,
    rate_limit_hits: 0,
    revivals: 0,
    heartbeat_at: now,
    reading: false,
    queued: false,
    resume: null,
    rows_read: 0,
    rows_failed: 0,
    unidentified: 0,
    percent: 0,
    base: null,
    phases: resources.map((resource) => ({
      resource,
      state: "pending",
      processed: 0,
      total: null,
      created: 0,
      updated: 0,
      unchanged: 0,
      deleted: 0,
      failed: 0,
      error: null,
    })),
    failures: [],
    stops: [],
    answered: false,
    rate_limited: {},
    error: null,
    verification: null,
  };
}

/** Each run counts from a number of its own: a late reader of a run before it would else end a step that it has not read. */
const firstAttempt = (run_id: string): number => Number.parseInt(contentHash([run_id]).slice(0, CHANCE), 16);

export const isOver = (run: Run): boolean =>
  run.state === "completed" ||
  run.state === "completed_with_errors" ||
  run.state === "failed" ||
  run.state === "cancelled";

/** Only a poll: it begins and ends within seconds, and nobody has asked for it. */
export const isPoll = ({ mode, trigger }: Pick<Run, "mode" | "trigger">): boolean =>
  mode === "incremental" && trigger !== "manual";

/**
 * When a run without a sign of life counts as stalled, ms. A reader shows more often that it is alive. A message may wait
 * longer, and as long as it waits, a second one would only lengthen the queue.
 */
export const stalledAt = (
  { queued, heartbeat_at, waiting_until }: Run,
  { watchdog_ms, queued_ms }: { watchdog_ms: number; queued_ms: number },
): number => Math.max(heartbeat_at, waiting_until ?? 0) + (queued ? queued_ms : watchdog_ms);

export const typesOf = (run: Run): DataType[] =>
  DATA_TYPES.filter((type) => run.steps.some(({ resource }) => typeOf(resource) === type));

/** Why the run could not read this data type, or the rooms; null: it could, or did not get to it. */
export const stopOf = (run: Run, type: Part): RunError | null =>
  run.stops.find((stop) => stop.type === type && (!stop.verify || run.mode === "verify"))?.error ?? null;

/** The data types that this run has read completely, or compared completely in a verification. Rooms do not count. */
export function completedTypes(run: Run): DataType[] {
  const own = (step: Step) => run.mode === "verify" || !step.verify;
  return typesOf(run).filter(
    (type) =>
      stopOf(run, type) === null &&
      !run.steps.some((step, index) => index >= run.step && own(step) && step.resource === type),
  );
}

/** Whether each of these data types was compared completely: only such a comparison is valid for the whole store. */
export const hasCompared = (run: Run, types: readonly DataType[]): boolean =>
  types.every((type) => {
    const steps = run.steps.flatMap((step, index) => (step.verify && step.resource === type ? [index] : []));
    return (
      steps.length > 0 && steps.every((index) => index < run.step) && !run.stops.some((stop) => stop.type === type)
    );
  });

export const DAY_MS = 86_400_000;

/** Whether the run read sales from more than a day before its start. */
export const readsEarlierDays = (run: Run): boolean =>
  run.steps.some(
    ({ resource, verify, from }, index) =>
      index < run.step && resource === "sales" && !verify && (from ?? 0) < run.started_at - DAY_MS,
  );

/** Until when a data type was rate-limited when the run ended because of it; null: it was not. */
export const rateLimitedUntil = (run: Run, type: DataType): number | null =>
  run.stops.find((stop) => stop.type === type)?.until ?? null;

/** The digits of chance at the end of a run's id, and of the number of its first attempt. */
const CHANCE = 8;

/** A run's id begins with its time, so ids sort by it. `random`: hexadecimal digits. */
export const newRunId = (now: number, random: string): string => `${runIdAt(now)}${random.slice(0, CHANCE)}`;

/** Sorts before the ids of the runs that began then or later. */
export const runIdAt = (at: number): string => `run_${at.toString(36)}`;

/** When the run with this id began, ms. */
export const beganAt = (run_id: string): number => Number.parseInt(run_id.slice("run_".length, -CHANCE), 36);
