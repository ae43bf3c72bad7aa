import { MAX_PAGE_WAIT_MS, MAX_RATE_LIMIT_WAIT_MS } from "../bounds.ts";
import { waitMs } from "../limits/wait.ts";
import { withPercent } from "./progress.ts";
import { isOver, type Phase, type RateLimited, type Run, type RunError, type Step, type Stop } from "./run.ts";
import { phaseOf, toNextStep, waitForRateLimit, waiting, withPhase } from "./steps.ts";

/** Failed tries of one step until the run gives its data type up, and the first wait between them, ms. */
const MAX_TRIES = 5;
const FIRST_TRY_MS = 1_000;

/** The first wait for a rate limit without a `Retry-After`, ms. */
const FIRST_RATE_LIMIT_WAIT_MS = 5_000;

const MAX_REVIVALS = 3;

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
  // A read that got further is a new try: only failures in a row count. One that began anew has to pass its earlier end.
  const { reached = 0 } = cut;
  const pages = resume?.before?.pages;
  const advanced = pages === undefined ? resume !== null && resume.page !== cut.resume?.page : pages > reached;
  const run: Run = {
    ...cut,
    reading: false,
    resume,
    reached: Math.max(reached, pages ?? 0),
    answered: cut.answered || !isNoAnswer(error),
    ...(advanced ? { tries: 0, rate_limit_hits: 0 } : {}),
  };
  if (error.code === "RATE_LIMITED") {
    const asked_ms = error.retry_after_ms ?? null;
    const wait = waitMs({ asked_ms, first_ms: FIRST_RATE_LIMIT_WAIT_MS, repeats: run.rate_limit_hits, random });
    const limited = waiting({ ...run, rate_limit_hits: run.rate_limit_hits + 1, error }, now + wait, now);
    const isWithPages = resume !== null && wait * limited.rate_limit_hits <= MAX_PAGE_WAIT_MS;
    return wait > MAX_RATE_LIMIT_WAIT_MS && !isWithPages
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
function readOthersFirst(run: Run, limit: { until: number; error: RunError; advanced: boolean }, now: number): Run {
  const step = run.steps[run.step];
  if (step === undefined) return run;
  const { until, error } = limit;
  const rate_limited: RateLimited = {
    ...run.rate_limited,
    [step.resource]: { until, rate_limit_hits: run.rate_limit_hits, error },
  };
  const isStopped = ({ resource }: Step) => run.stops.some(({ type }) => type === resource);
  const rest = run.steps.slice(run.step);
  const left = rest.filter((each) => !isStopped(each));
  const isFree = (each: Step) => rate_limited[each.resource] === undefined;
  const untilOf = (each: Step) => rate_limited[each.resource]?.until ?? 0;
  // Resources without a rate limit come first, in their order.
  const ordered = left.toSorted((a, b) => untilOf(a) - untilOf(b));
  const first = ordered[0];
  if (first === undefined || first.resource === step.resource || (limit.advanced && !isFree(first))) {
    return { ...run, rate_limited };
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
    rate_limited,
    steps: [...run.steps.slice(0, run.step), ...ordered, ...rest.filter(isStopped)],
    state: "running",
    waiting_until: null,
    tries: 0,
    rate_limit_hits: 0,
    revivals: 0,
    resume: null,
    reached: 0,
    rows_read: 0,
    base: null,
    error: null,
  };
  return waitForRateLimit(withPercent(moved), now);
}

/** Ends a run that only waits for long rate limits, so that another run can read what is due; null: it does not only wait. */
export function endIfOnlyWaiting(run: Run, now: number): Run | null {
  const step = run.steps[run.step];
  const { waiting_until, rate_limited } = run;
  if (run.state !== "waiting" || waiting_until === null || !step || rate_limited[step.resource] === undefined)
    return null;
  const left = run.steps.slice(run.step).filter(({ resource }) => !run.stops.some(({ type }) => type === resource));
  const stops = [...new Set(left.map(({ resource }) => resource))].flatMap((type): Stop[] => {
    const limit = rate_limited[type];
    const verify = left.every((each) => each.resource !== type || each.verify);
    return limit === undefined ? [] : [{ type, verify, error: limit.error, until: limit.until }];
  });
  const phases = left.reduce((all, each) => {
    const limit = rate_limited[each.resource];
    return limit === undefined ? all : withError({ ...run, phases: all }, each, limit.error);
  }, run.phases);
  const ended = toNextStep({ ...run, phases, stops: [...run.stops, ...stops] }, now);
  if (!isOver(ended)) return null;
  // A rate limit never fails a run.
  return ended.state === "failed" ? { ...ended, state: "cancelled" } : ended;
}

const withError = (run: Run, step: Step, error: RunError): Phase[] =>
  withPhase(run, phaseOf(step), (phase) => ({ ...phase, error: phase.error ?? plainError(error) }));

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
  // Nobody reads: its message got lost, or was never sent. It is sent once more, which does not count as a revival.
  if (!run.reading) return { ...run, heartbeat_at: now };
  if (run.revivals >= MAX_REVIVALS) {
    const message = `The sync stopped answering ${MAX_REVIVALS + 1} times at ${run.steps[run.step]?.resource ?? "its end"}`;
    const hint = "Start it again; if it stalls again, report the run id.";
    return stopType(run, { code: "STALLED", message, hint }, now);
  }
  return { ...run, revivals: run.revivals + 1, heartbeat_at: now, reading: false };
}
