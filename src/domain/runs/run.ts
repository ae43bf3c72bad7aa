import { MAX_FAILURES, MAX_RATE_LIMIT_WAIT_MS, MAX_REASON, MAX_WINDOW_SKEW_MS } from "../bounds.ts";
import type { Verification } from "../records/drift.ts";
import type { Resource, RowFailure, Settings } from "../records/model.ts";
import type { Counts } from "../records/records.ts";
import type { Cursors, FailedRows } from "./cursors.ts";
import { DATA_TYPES, type DataType, failureText, type Part, typeOf } from "./data-type.ts";
import type { DutchieError } from "./failure.ts";
import type { ReadUsage } from "./read-limits.ts";
import { waitMs } from "./wait.ts";

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

interface Phase {
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
interface Stop {
  type: Part;
  verify: boolean;
  error: RunError;
  /** It was rate-limited until then, and the run ended before. */
  until?: number;
}

/** Resources with a long rate limit (429): the run reads the others first. `walls`: hits in a row. Old runs have none. */
type RateLimited = Partial<Record<Resource, { until: number; walls: number; error: RunError }>>;

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
  /** Grows each time a step begins: calls with an earlier attempt's number are refused. */
  attempt: number;
  /** Failed tries of this step in a row. `walls`: rate limit hits (429) in a row, which are not failures. */
  tries: number;
  walls: number;
  revivals: number;
  heartbeat_at: number;
  /** Someone reads the step right now. */
  reading: boolean;
  /** Where the read broke off, if Dutchie answers in pages: it goes on there, with the T of its first page. */
  resume: { page: string; started_at: number; taken?: ReadUsage } | null;
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
  walled?: RateLimited;
  error: RunError | null;
  verification: Verification | null;
  /** Where the next incremental run begins: each finished step moves its own cursor. */
  cursors: Cursors;
}

/** A failure on Dutchie's side, or on our own. */
export type RunError = Omit<DutchieError, "code"> & {
  code: DutchieError["code"] | "STALLED" | "SERVER_ERROR" | "SUPERSEDED";
};

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How much an incremental read repeats, ms: product changes lag by up to an hour, sales by up to five minutes. */
const PRODUCT_OVERLAP_MS = 70 * MINUTE_MS;
const SALES_OVERLAP_MS = 10 * MINUTE_MS;

/** Failed tries of one step until the run gives its data type up, and the first wait between them, ms. */
const MAX_TRIES = 5;
const FIRST_TRY_MS = 1_000;
/** The first wait for a rate limit without a `Retry-After`, ms. */
const FIRST_RATE_LIMIT_WAIT_MS = 5_000;
const MAX_REVIVALS = 3;

/** What a run of this mode reads, in order: rooms → products → inventory → sales → verify. */
export function planSteps(given: {
  mode: RunMode;
  /** Compare everything at the end; a run in mode `verify` does nothing else. */
  verify: boolean;
  settings: Pick<Settings, "data_types" | "sales_history_days">;
  cursors: Cursors;
  now: number;
  sales_window_days: number;
}): Step[] {
  const { mode, settings, cursors, now } = given;
  const { products, inventory, sales } = settings.data_types;
  const whole = (resource: Resource, verify: boolean): Step => ({
    resource,
    verify,
    complete: true,
    from: null,
    to: null,
  });
  const history = now - settings.sales_history_days * DAY_MS;
  const salesFrom = (incremental: boolean) =>
    // `sales_history_days` bounds the first import only: after an outage of any length, all sales since then are read.
    incremental && cursors.sales !== null ? cursors.sales - SALES_OVERLAP_MS : history;
  const steps: Step[] = [];
  if (mode !== "verify") {
    const incremental = mode === "incremental";
    if (inventory) steps.push(whole("rooms", false));
    if (products && incremental && cursors.products !== null) {
      const from = cursors.products - PRODUCT_OVERLAP_MS;
      steps.push({ resource: "products", verify: false, complete: false, from, to: null });
    } else if (products) steps.push(whole("products", false));
    if (inventory) steps.push(whole("inventory", false));
    if (sales) steps.push(...windows(salesFrom(incremental), now, given.sales_window_days, false));
  }
  if (mode === "verify" || given.verify) {
    if (products) steps.push(whole("products", true));
    if (inventory) steps.push(whole("inventory", true));
    if (sales) steps.push(...windows(history, now, given.sales_window_days, true));
  }
  return steps;
}

/** The last window ends after our now: if Dutchie's clock is ahead, the newest sales have stamps in our future. */
function windows(from: number, now: number, days: number, verify: boolean): Step[] {
  const steps: Step[] = [];
  for (let start = from; start < now; start += days * DAY_MS) {
    const end = start + days * DAY_MS;
    const to = end < now ? end : now + MAX_WINDOW_SKEW_MS;
    steps.push({ resource: "sales", verify, complete: false, from: start, to });
  }
  return steps;
}

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
    attempt: 0,
    tries: 0,
    walls: 0,
    revivals: 0,
    heartbeat_at: now,
    reading: false,
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
    error: null,
    verification: null,
  };
}

export const isOver = (run: Run): boolean =>
  run.state === "completed" ||
  run.state === "completed_with_errors" ||
  run.state === "failed" ||
  run.state === "cancelled";

/** Whether the step begins where the last poll ended. If Dutchie's clock fell behind since, its window must begin earlier. */
export function continuesLastPoll(run: Run): boolean {
  const [step, before] = [run.steps[run.step], run.steps[run.step - 1]];
  const isFirst = before?.resource !== step?.resource;
  return run.mode === "incremental" && step !== undefined && step.from !== null && isFirst;
}

const phaseOf = (step: Step): Phase["resource"] => (step.verify ? "verify" : step.resource);

function withPhase(run: Run, resource: Phase["resource"], change: (phase: Phase) => Phase): Phase[] {
  return run.phases.map((phase) => (phase.resource === resource ? change(phase) : phase));
}

/** A step begins, or begins again after it was cut off. */
export function beginStep(run: Run, now: number): Run {
  const step = run.steps[run.step];
  const phase = run.phases.find(({ resource }) => step !== undefined && resource === phaseOf(step));
  if (step === undefined || phase === undefined || isOver(run)) return run;
  const begun: Run = {
    ...run,
    state: "running",
    reading: true,
    waiting_until: null,
    attempt: run.attempt + 1,
    heartbeat_at: now,
    phases: withPhase(run, phase.resource, () => ({ ...phase, state: "running" })),
  };
  if (run.resume !== null) return begun;
  const base = run.base ?? {
    processed: phase.processed,
    failed: phase.failed,
    failures: run.failures.length,
    verification: run.verification,
  };
  return {
    ...begun,
    rows_read: 0,
    rows_failed: 0,
    unidentified: 0,
    base,
    failures: run.failures.slice(0, base.failures),
    verification: base.verification,
    // Records that the cut-off attempt created remain; only the counts of rows start again.
    phases: withPhase(begun, phase.resource, (p) => ({ ...p, processed: base.processed, failed: base.failed })),
  };
}

export interface Progress {
  counts: Counts;
  failures: readonly RowFailure[];
}

/** Rows of the step under way were applied. A stale row counts as unchanged: ReUp already knows a newer state. */
export function addProgress(run: Run, { counts, failures }: Progress, now: number): Run {
  const step = run.steps[run.step];
  if (step === undefined) return run;
  const read = counts.created + counts.updated + counts.unchanged + counts.stale + failures.length;
  const phases = withPhase(run, phaseOf(step), (phase) => {
    const processed = phase.processed + read;
    const created = phase.created + counts.created;
    const updated = phase.updated + counts.updated;
    const failed = phase.failed + failures.length;
    const unchanged = Math.max(0, processed - created - updated - failed);
    return { ...phase, processed, created, updated, failed, unchanged, deleted: phase.deleted + counts.deleted };
  });
  return withPercent({
    ...run,
    answered: true,
    heartbeat_at: now,
    rows_read: run.rows_read + read,
    rows_failed: run.rows_failed + failures.length,
    unidentified: run.unidentified + failures.filter(({ dutchie_id }) => dutchie_id === null).length,
    phases,
    failures: [...run.failures, ...failures.slice(0, MAX_FAILURES).map(bounded)].slice(0, MAX_FAILURES),
  });
}

const bounded = (failure: RowFailure): RowFailure => ({
  ...failure,
  reason: failure.reason.slice(0, MAX_REASON).toWellFormed(),
});

/** The rows of the step under way that failed. */
export function failedRows({ failures, base, rows_failed }: Run): FailedRows {
  const listed = failures.slice(base?.failures ?? 0);
  const ids = listed.map(({ dutchie_id }) => dutchie_id);
  return rows_failed > listed.length ? [...ids, null] : ids;
}

/** The step under way is done; after the last one the run is over. */
export function finishStep(run: Run, now: number): Run {
  return run.steps[run.step] === undefined ? run : withPercent(toNextStep({ ...run, answered: true }, now));
}

/** Goes to the next step of a data type that has not failed; without one the run is over. */
function toNextStep(run: Run, now: number): Run {
  const isLeft = (step: Step, index: number) =>
    index > run.step && !run.stops.some(({ type }) => type === step.resource);
  const next = run.steps.findIndex(isLeft);
  const left = new Set(run.steps.filter(isLeft).map(phaseOf));
  const { [run.steps[run.step]?.resource ?? "rooms"]: _, ...walled } = run.walled ?? {};
  const advanced: Run = {
    ...run,
    walled,
    step: next === -1 ? run.steps.length : next,
    state: "running",
    waiting_until: null,
    tries: 0,
    walls: 0,
    revivals: 0,
    heartbeat_at: now,
    reading: false,
    resume: null,
    rows_read: 0,
    base: null,
    error: null,
    phases: run.phases.map((phase): Phase => {
      const isUnderWay = phase.state === "running" || phase.state === "waiting";
      if (phase.error && !left.has(phase.resource)) return { ...phase, state: "failed" };
      if (!isUnderWay) return phase;
      return left.has(phase.resource)
        ? { ...phase, state: phase.resource in walled ? "waiting" : "running" }
        : { ...phase, state: "completed", total: phase.processed };
    }),
  };
  return next === -1 ? conclude(advanced, now) : waitForRateLimit(advanced, now);
}

/** The next step waits if its resource is still rate-limited. */
function waitForRateLimit(run: Run, now: number): Run {
  const step = run.steps[run.step];
  const wall = step && run.walled?.[step.resource];
  if (wall === undefined) return run;
  const { until, walls, error } = wall;
  return until > now ? waiting({ ...run, walls, error }, until, now) : { ...run, walls };
}

/** The end of a run that went through all its steps. */
function conclude(run: Run, now: number): Run {
  const done = completedTypes(run);
  const hasErrors = run.stops.length > 0 || run.phases.some((phase) => phase.failed > 0);
  const state = done.length === 0 ? "failed" : hasErrors ? "completed_with_errors" : "completed";
  return { ...run, state, error: stopsError(run, done), finished_at: now };
}

const REBUILD_WAITS = "The rebuild continues by itself: webhooks are applied again once everything has been read.";

function stopsError(run: Run, done: DataType[]): RunError | null {
  const [first] = run.stops;
  if (first === undefined) return null;
  const read = run.stops.filter(({ verify }) => !verify || run.mode === "verify");
  const isWhole = read.some(({ type }) => type === "inventory");
  const failed = read
    // If packages failed, their rooms are not mentioned as well.
    .filter(({ type }) => type !== "rooms" || !isWhole)
    .map(({ type, error }) => ({ type, message: error.message }));
  const { code, hint, message } = first.error;
  const words = failureText(failed, run.mode === "verify" ? [] : done) ?? `The verification broke off: ${message}`;
  const isMissing = run.trigger === "replay" && typesOf(run).some((type) => !done.includes(type));
  return { code, hint, message: isMissing ? `${words} ${REBUILD_WAITS}` : words };
}

/** Whether the run read sales from more than a day before its start. */
export const readsEarlierDays = (run: Run): boolean =>
  run.steps.some(
    ({ resource, verify, from }, index) =>
      index < run.step && resource === "sales" && !verify && (from ?? 0) < run.started_at - DAY_MS,
  );

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

/** Errors of the key: it can read no data type, so the run ends. Any other error stops only its data type. */
const OF_THE_KEY: ReadonlySet<string> = new Set(["UNAUTHORIZED", "WRONG_LOCATION"]);

/** Dutchie was not reached: its host is away, or a firewall refuses this endpoint. */
const isUnreached = ({ code, firewall }: RunError): boolean =>
  firewall === true || code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "TLS";

/** The error does not show that Dutchie's host is reachable: no answer came, or the fault is ours. */
const isNoAnswer = (error: RunError): boolean =>
  isUnreached(error) || ["TIMEOUT", "STALLED", "SERVER_ERROR", "SUPERSEDED"].includes(error.code);

/**
 * Errors that are not tried again within the run: somebody must act first, or a try uses up a read's limits. All others may
 * pass, however final they look, because the connection has worked once. A 429 never ends anything (rule 8).
 */
const FINAL: ReadonlySet<string> = new Set(["UNAUTHORIZED", "FORBIDDEN", "WRONG_LOCATION", "TOO_LARGE"]);

/** Why a step's read failed, and where to go on; `resume` null: from the beginning. */
export interface StepFailure {
  error: RunError;
  resume: Run["resume"];
}

/**
 * The step's read failed: wait and repeat it, skip the rest of its data type, or end the run. `random` in [0, 1) keeps
 * stores with the same failure from coming back at the same moment.
 */
export function failStep(cut: Run, failure: StepFailure, now: number, random: number): Run {
  const { error, resume } = failure;
  if (isOver(cut)) return cut;
  // A read that reached another page is a new try: only failures in a row count.
  const advanced = resume !== null && resume.page !== cut.resume?.page;
  const run: Run = {
    ...cut,
    reading: false,
    resume,
    answered: cut.answered || !isNoAnswer(error),
    ...(advanced ? { tries: 0, walls: 0 } : {}),
  };
  if (error.code === "RATE_LIMITED") {
    const asked_ms = error.retry_after_ms ?? null;
    const wait = waitMs({ asked_ms, first_ms: FIRST_RATE_LIMIT_WAIT_MS, repeats: run.walls, random });
    const limited = waiting({ ...run, walls: run.walls + 1, error }, now + wait, now);
    return wait > MAX_RATE_LIMIT_WAIT_MS
      ? readOthersFirst(limited, { until: now + wait, error, advanced }, now)
      : limited;
  }
  const tries = run.tries + 1;
  // If the whole host is away, one try per data type is enough.
  const isAway = !run.answered && run.stops.some((stop) => isUnreached(stop.error));
  const mayPass = error.firewall === true || !FINAL.has(error.code);
  if (tries < (isAway ? 1 : MAX_TRIES) && mayPass) {
    const wait = waitMs({ asked_ms: null, first_ms: FIRST_TRY_MS, repeats: tries, random });
    return waiting({ ...run, tries, error }, now + wait, now);
  }
  if (OF_THE_KEY.has(error.code)) return endRun({ ...run, tries }, "failed", error, now);
  return stopType(run, error, now);
}

/** The data type of the step under way, or the rooms, cannot be read: the run goes on with the others. */
function stopType(run: Run, error: RunError, now: number): Run {
  const step = run.steps[run.step];
  if (step === undefined) return run;
  const stop = { type: step.resource, verify: step.verify, error };
  return withPercent(toNextStep({ ...run, phases: withError(run, step, error), stops: [...run.stops, stop] }, now));
}

/**
 * A resource with a long rate limit goes behind the others, and starts again when its turn comes. If all are rate-limited,
 * the one whose limit ends first goes first, unless this one has just read another page: it would lose its pages.
 */
function readOthersFirst(run: Run, wall: { until: number; error: RunError; advanced: boolean }, now: number): Run {
  const step = run.steps[run.step];
  if (step === undefined) return run;
  const { until, error } = wall;
  const walled: RateLimited = { ...run.walled, [step.resource]: { until, walls: run.walls, error } };
  const isStopped = ({ resource }: Step) => run.stops.some(({ type }) => type === resource);
  const rest = run.steps.slice(run.step);
  const left = rest.filter((each) => !isStopped(each));
  const isFree = (each: Step) => walled[each.resource] === undefined;
  const untilOf = (each: Step) => walled[each.resource]?.until ?? 0;
  // Resources without a rate limit come first, in their order.
  const ordered = left.toSorted((a, b) => untilOf(a) - untilOf(b));
  const first = ordered[0];
  if (first === undefined || first.resource === step.resource || (wall.advanced && !isFree(first))) {
    return { ...run, walled };
  }
  const { base } = run;
  const taken: Partial<Run> =
    base === null ? {} : { failures: run.failures.slice(0, base.failures), verification: base.verification };
  const phases = withPhase(run, phaseOf(step), (phase) =>
    base === null ? phase : { ...phase, processed: base.processed, failed: base.failed },
  );
  const moved: Run = {
    ...run,
    ...taken,
    phases,
    walled,
    steps: [...run.steps.slice(0, run.step), ...ordered, ...rest.filter(isStopped)],
    state: "running",
    waiting_until: null,
    tries: 0,
    walls: 0,
    revivals: 0,
    resume: null,
    rows_read: 0,
    base: null,
    error: null,
  };
  return waitForRateLimit(withPercent(moved), now);
}

/** Ends a run that only waits for long rate limits, so that another run can read what is due; null: it does more than wait. */
export function endIfOnlyWaiting(run: Run, now: number): Run | null {
  const step = run.steps[run.step];
  const { waiting_until, walled = {} } = run;
  if (run.state !== "waiting" || waiting_until === null || !step || walled[step.resource] === undefined) return null;
  const left = run.steps.slice(run.step).filter(({ resource }) => !run.stops.some(({ type }) => type === resource));
  const stops = [...new Set(left.map(({ resource }) => resource))].flatMap((type): Stop[] => {
    const wall = walled[type];
    const verify = left.every((each) => each.resource !== type || each.verify);
    return wall === undefined ? [] : [{ type, verify, error: wall.error, until: wall.until }];
  });
  const phases = left.reduce((all, each) => {
    const wall = walled[each.resource];
    return wall === undefined ? all : withError({ ...run, phases: all }, each, wall.error);
  }, run.phases);
  const ended = toNextStep({ ...run, phases, stops: [...run.stops, ...stops] }, now);
  if (!isOver(ended)) return null;
  // A rate limit never fails a run.
  return ended.state === "failed" ? { ...ended, state: "cancelled" } : ended;
}

/** Until when a data type was rate-limited when the run ended because of it; null: it was not. */
export const rateLimitedUntil = (run: Run, type: DataType): number | null =>
  run.stops.find((stop) => stop.type === type)?.until ?? null;

const withError = (run: Run, step: Step, error: RunError): Phase[] =>
  withPhase(run, phaseOf(step), (phase) => ({ ...phase, error: phase.error ?? plainError(error) }));

function waiting(run: Run, until: number, now: number): Run {
  const step = run.steps[run.step];
  return {
    ...run,
    state: "waiting",
    waiting_until: until,
    heartbeat_at: now,
    phases:
      step === undefined ? run.phases : withPhase(run, phaseOf(step), (phase) => ({ ...phase, state: "waiting" })),
  };
}

export function endRun(run: Run, state: "failed" | "cancelled", error: Run["error"], now: number): Run {
  const phases = run.phases.map((phase): Phase => {
    const isUnderWay = phase.state === "running" || phase.state === "waiting";
    return isUnderWay ? { ...phase, state: "failed", error: phase.error ?? plainError(error) } : phase;
  });
  return { ...run, state, error, waiting_until: null, finished_at: now, heartbeat_at: now, reading: false, phases };
}

const plainError = (error: RunError | null): Phase["error"] =>
  error && { code: error.code, message: error.message, hint: error.hint };

/** The heartbeat stopped: begin the step again, or stop its data type after three revivals. */
export function revive(run: Run, now: number): Run {
  if (isOver(run)) return run;
  // Nobody reads: the message waits in the queue. It is sent once more, which does not count as a revival.
  if (!run.reading) return { ...run, heartbeat_at: now };
  if (run.revivals >= MAX_REVIVALS) {
    const message = `The sync stopped answering ${MAX_REVIVALS + 1} times at ${run.steps[run.step]?.resource ?? "its end"}`;
    const hint = "Start it again; if it stalls again, report the run id.";
    return stopType(run, { code: "STALLED", message, hint }, now);
  }
  return { ...run, revivals: run.revivals + 1, heartbeat_at: now, reading: false };
}

export const totals = (run: Run) => {
  const sum = (key: "processed" | "created" | "updated" | "unchanged" | "deleted" | "failed") =>
    run.phases.reduce((total, phase) => total + phase[key], 0);
  return {
    records_processed: sum("processed"),
    created: sum("created"),
    updated: sum("updated"),
    unchanged: sum("unchanged"),
    deleted: sum("deleted"),
    failed: sum("failed"),
  };
};

/** A resource's weight in the progress: roughly the seconds that it takes. Verifying counts half, because it rarely writes. */
const WEIGHT: Record<Resource, number> = { rooms: 1, products: 12, inventory: 18, sales: 40 };

/**
 * 0 to 100. Dutchie does not say how many rows will come, so within a step the progress slows down (half-way at 2,000
 * rows). It never goes back, and is 100 only at the end.
 */
const withPercent = (run: Run): Run => ({ ...run, percent: percentOf(run) });

export function percentOf(run: Run): number {
  if (run.state === "completed" || run.state === "completed_with_errors") return 100;
  const weights = run.steps.map((step) => {
    const siblings = run.steps.filter(
      (other) => other.resource === step.resource && other.verify === step.verify,
    ).length;
    return (WEIGHT[step.resource] / siblings) * (step.verify ? 0.5 : 1);
  });
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const done = weights.slice(0, run.step).reduce((sum, weight) => sum + weight, 0);
  const within = (weights[run.step] ?? 0) * (run.rows_read / (run.rows_read + 2_000));
  return all === 0 ? 0 : Math.max(run.percent, Math.floor(((done + within) / all) * 100));
}

/** Remaining seconds at the pace so far; null: there is no pace yet, or the run is over. */
export function etaSeconds(run: Run, now: number): number | null {
  const percent = percentOf(run);
  if (isOver(run) || percent < 2) return null;
  const pace = ((now - run.started_at) / percent) * (100 - percent);
  return Math.round(Math.max(pace, (run.waiting_until ?? now) - now) / 1000);
}

/** Failed records per processed record (failed ones included); without any record, failed runs per run. */
export function errorRateOf(given: {
  records_processed: number;
  records_failed: number;
  runs: number;
  failed_runs: number;
}): number {
  const { records_processed, records_failed, runs, failed_runs } = given;
  return records_processed > 0 ? records_failed / records_processed : failed_runs / Math.max(1, runs);
}

/** The error rate of one run. */
export function errorRate(run: Run): number {
  const { records_processed, failed } = totals(run);
  const failed_runs = run.state === "failed" ? 1 : 0;
  return errorRateOf({ records_processed, records_failed: failed, runs: 1, failed_runs });
}
