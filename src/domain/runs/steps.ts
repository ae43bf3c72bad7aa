import { MAX_FAILURES, MAX_MINOR_FAILURES, MAX_REASON } from "../bounds.ts";
import type { RowFailure } from "../records/model.ts";
import type { Counts } from "../records/records.ts";
import type { FailedRows } from "./cursors.ts";
import { type DataType, failureText } from "./data-type.ts";
import { withPercent } from "./progress.ts";
import { completedTypes, isOver, type Phase, type Run, type RunError, type Step, typesOf } from "./run.ts";

/** Whether the step begins where the last poll ended. If Dutchie's clock fell behind since, its window must begin earlier. */
export function continuesLastPoll(run: Run): boolean {
  const [step, before] = [run.steps[run.step], run.steps[run.step - 1]];
  const isFirst = before?.resource !== step?.resource;
  return run.mode === "incremental" && step !== undefined && step.from !== null && isFirst;
}

export const phaseOf = (step: Step): Phase["resource"] => (step.verify ? "verify" : step.resource);

export function withPhase(run: Run, resource: Phase["resource"], change: (phase: Phase) => Phase): Phase[] {
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
    queued: false,
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
  const lost = failures.filter(isLost);
  // A comparison reads again what the run has read: a row that fails again is listed already.
  const listed = step.verify ? run.failures.slice(0, run.base?.failures ?? 0) : [];
  const fresh = failures.filter((each) => !listed.some((known) => isSameFailure(known, each)));
  const read = counts.created + counts.updated + counts.unchanged + counts.stale + lost.length;
  const phases = withPhase(run, phaseOf(step), (phase) => {
    const processed = phase.processed + read;
    const created = phase.created + counts.created;
    const updated = phase.updated + counts.updated;
    const failed = phase.failed + lost.length;
    const unchanged = Math.max(0, processed - created - updated - failed);
    return { ...phase, processed, created, updated, failed, unchanged, deleted: phase.deleted + counts.deleted };
  });
  return withPercent({
    ...run,
    answered: true,
    heartbeat_at: now,
    rows_read: run.rows_read + read,
    rows_failed: run.rows_failed + lost.length,
    unidentified: run.unidentified + lost.filter(({ dutchie_id }) => dutchie_id === null).length,
    phases,
    failures: [
      ...run.failures,
      ...fitting(run.failures, fresh, { holds: isLost, most: MAX_FAILURES }),
      ...fitting(run.failures, fresh, { holds: isMinor, most: MAX_MINOR_FAILURES }),
    ],
  });
}

/** The row was not applied, or a part of it that counts was not. */
export const isLost = ({ is_minor }: RowFailure): boolean => is_minor !== true;
export const isMinor = (failure: RowFailure): boolean => !isLost(failure);

const isSameFailure = (a: RowFailure, b: RowFailure): boolean =>
  a.resource === b.resource && a.dutchie_id === b.dutchie_id && a.reason === bounded(b).reason;

/** Those of one kind that may be listed beside the ones that are. */
function fitting(
  listed: readonly RowFailure[],
  more: readonly RowFailure[],
  { holds, most }: { holds: (failure: RowFailure) => boolean; most: number },
): RowFailure[] {
  const room = Math.max(0, most - listed.filter(holds).length);
  return more.filter(holds).slice(0, room).map(bounded);
}

const bounded = (failure: RowFailure): RowFailure => ({
  ...failure,
  reason: failure.reason.slice(0, MAX_REASON).toWellFormed(),
});

/** The rows of the step under way that failed. */
export function failedRows({ failures, base, rows_failed }: Run): FailedRows {
  const listed = failures.slice(base?.failures ?? 0).filter(isLost);
  const ids = listed.map(({ dutchie_id }) => dutchie_id);
  return rows_failed > listed.length ? [...ids, null] : ids;
}

/** The step under way is done; after the last one the run is over. */
export function finishStep(run: Run, now: number): Run {
  return run.steps[run.step] === undefined ? run : withPercent(toNextStep({ ...run, answered: true }, now));
}

/** Goes to the next step of a data type that has not failed; without one the run is over. */
export function toNextStep(run: Run, now: number): Run {
  const isLeft = (step: Step, index: number) =>
    index > run.step && !run.stops.some(({ type }) => type === step.resource);
  const next = run.steps.findIndex(isLeft);
  const left = new Set(run.steps.filter(isLeft).map(phaseOf));
  const { [run.steps[run.step]?.resource ?? "rooms"]: _, ...rate_limited } = run.rate_limited;
  const advanced: Run = {
    ...run,
    rate_limited,
    step: next === -1 ? run.steps.length : next,
    state: "running",
    waiting_until: null,
    tries: 0,
    rate_limit_hits: 0,
    revivals: 0,
    heartbeat_at: now,
    reading: false,
    resume: null,
    reached: 0,
    rows_read: 0,
    base: null,
    error: null,
    phases: run.phases.map((phase): Phase => {
      const isUnderWay = phase.state === "running" || phase.state === "waiting";
      if (phase.error && !left.has(phase.resource)) return { ...phase, state: "failed" };
      if (!isUnderWay) return phase;
      return left.has(phase.resource)
        ? { ...phase, state: phase.resource in rate_limited ? "waiting" : "running" }
        : { ...phase, state: "completed", total: phase.processed };
    }),
  };
  return next === -1 ? conclude(advanced, now) : waitForRateLimit(advanced, now);
}

/** The next step waits if its resource is still rate-limited. */
export function waitForRateLimit(run: Run, now: number): Run {
  const step = run.steps[run.step];
  const limit = step && run.rate_limited[step.resource];
  if (limit === undefined) return run;
  const { until, rate_limit_hits, error } = limit;
  return until > now ? waiting({ ...run, rate_limit_hits, error }, until, now) : { ...run, rate_limit_hits };
}

export function waiting(run: Run, until: number, now: number): Run {
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
