import { waitMs } from "../limits/wait.ts";
import type { DataType, Part } from "./data-type.ts";
import { completedTypes, type Run, type RunError, rateLimitedUntil, stopOf, typesOf } from "./run.ts";

/** `at`: of the last failure; `since`: of the first one since the last success. Earlier versions stored no `since`. */
type ReadError = Pick<RunError, "code" | "message" | "hint"> & { at: number; since?: number };

/** The state of one data type of a store. Times in ms. */
export interface TypeState {
  /** Since when it is read: when the store was connected, or the type was switched on. */
  since: number;
  last_success_at: number | null;
  /** Why the last read of it failed; null: it did not. */
  error: ReadError | null;
  /** Only for packages: why the last read of the rooms failed. Absent: it did not. Packages can be read without rooms. */
  rooms_error?: ReadError;
  /** Failed scheduled runs in a row. */
  failures: number;
  /** When it is due by the store's frequency; only a success moves it. null: only at night. */
  due_at: number | null;
  /** After a failed scheduled run: not before this time, even if it is due. */
  retry_at: number | null;
  /** A full run ended without this type: its next read asks for everything. */
  owes_full: boolean;
}
export type TypeStates = Partial<Record<DataType, TypeState>>;

export interface FailingPart {
  type: Part;
  error: ReadError;
}

/** The parts of a data type that could not be read. If packages could not, their rooms are not listed as well. */
export function failingParts(
  type: DataType,
  { error, rooms_error }: Pick<TypeState, "error" | "rooms_error">,
): FailingPart[] {
  if (error !== null) return [{ type, error }];
  return rooms_error === undefined ? [] : [{ type: "rooms", error: rooms_error }];
}

/** Waits between scheduled tries of a data type that fails: a minute, doubling up to an hour. */
const FIRST_RETRY_MS = 60_000;

/** When cron reads the type next, apart from the nightly full run; null: never. */
export const nextReadAt = ({ due_at, retry_at }: TypeState): number | null =>
  due_at === null ? retry_at : Math.max(due_at, retry_at ?? 0);

export interface DueRun {
  mode: "initial" | "full" | "incremental";
  types: DataType[];
}

/** What cron has to start now; null: nothing. A type that waits after a failure is left out until its time has come. */
export function dueRun(
  states: TypeStates,
  enabled: readonly DataType[],
  next_full_at: number | null,
  now: number,
): DueRun | null {
  const known = enabled.flatMap((type) => (states[type] === undefined ? [] : [{ type, state: states[type] }]));
  const ready = known.filter(({ state }) => (state.retry_at ?? 0) <= now);
  const due = ready.filter(({ state }) => (nextReadAt(state) ?? Number.POSITIVE_INFINITY) <= now);
  const isNight = next_full_at !== null && next_full_at <= now;
  const chosen = isNight ? ready : due;
  if (chosen.length === 0) return null;
  const isNew = known.every(({ state }) => state.last_success_at === null);
  return {
    mode: isNew ? "initial" : isNight ? "full" : "incremental",
    types: chosen.map(({ type }) => type),
  };
}

/** When `dueRun` next returns a run, ms; null: never. */
export function nextRunAt(
  states: TypeStates,
  enabled: readonly DataType[],
  next_full_at: number | null,
): number | null {
  const known = enabled.flatMap((type) => states[type] ?? []);
  const reads = known.flatMap((state) => nextReadAt(state) ?? []);
  const nights = next_full_at === null ? [] : known.map(({ retry_at }) => Math.max(next_full_at, retry_at ?? 0));
  return earliest([...reads, ...nights]);
}

export const earliest = (times: readonly (number | null)[]): number | null => {
  const known = times.filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
};

/**
 * The states of the types after a run. A type whose steps all finished has succeeded, however the run ended. A type that
 * failed keeps its last success and its due time. Only failures of scheduled runs make it wait: a person may try at any
 * time.
 */
export function statesAfter(
  states: TypeStates,
  run: Run,
  given: { enabled: readonly DataType[]; due_at: number | null; now: number },
): TypeStates {
  if (run.mode === "verify") return states;
  const { enabled, now } = given;
  const done = new Set(completedTypes(run));
  const tried = new Set(typesOf(run));
  const after: TypeStates = { ...states };
  for (const type of enabled) {
    const before = states[type] ?? newState(now);
    const state = type === "inventory" ? withRooms(before, run, now) : before;
    if (done.has(type)) {
      const fresh = { error: null, failures: 0, retry_at: null, owes_full: false };
      after[type] = { ...state, ...fresh, last_success_at: now, due_at: dueAfter(state, run, given.due_at) };
      continue;
    }
    const owes_full = state.owes_full || (run.mode === "full" && done.size > 0);
    const error = stopOf(run, type) ?? (run.state === "failed" ? run.error : null);
    if (!tried.has(type) || error === null) {
      // Cancelled before its turn, or not part of this run.
      after[type] = { ...state, owes_full: tried.has(type) ? state.owes_full : owes_full };
      continue;
    }
    const isScheduled = run.trigger === "schedule";
    const wait = waitMs({ asked_ms: null, first_ms: FIRST_RETRY_MS, repeats: state.failures, random: 1 });
    after[type] = {
      ...state,
      owes_full,
      error: failedAt(error, state.error, now),
      failures: state.failures + (isScheduled ? 1 : 0),
      retry_at: rateLimitedUntil(run, type) ?? (isScheduled ? now + wait : state.retry_at),
    };
  }
  return after;
}

/** The run answers only what was due when it began: settings that were saved meanwhile made the type due again. */
function dueAfter({ due_at }: TypeState, { started_at }: Run, next: number | null): number | null {
  return due_at !== null && due_at > started_at ? earliest([due_at, next]) : next;
}

/** If the run did not reach the rooms, their state stays as it was. */
function withRooms({ rooms_error, ...state }: TypeState, run: Run, now: number): TypeState {
  const isRead = run.steps.some(({ resource }, index) => resource === "rooms" && index < run.step);
  const stop = stopOf(run, "rooms");
  const error = stop === null ? (isRead ? undefined : rooms_error) : failedAt(stop, rooms_error, now);
  return error === undefined ? state : { ...state, rooms_error: error };
}

const failedAt = ({ code, message, hint }: RunError, before: ReadError | null | undefined, at: number): ReadError => ({
  code,
  message,
  hint,
  at,
  since: before?.since ?? before?.at ?? at,
});

export const newState = (since: number): TypeState => ({
  since,
  last_success_at: null,
  error: null,
  failures: 0,
  due_at: since,
  retry_at: null,
  owes_full: false,
});

/** The settings were saved: types that are on are due at once, even after failures; types that are off are removed. */
export function statesAfterSettings(states: TypeStates, enabled: readonly DataType[], now: number): TypeStates {
  return Object.fromEntries(
    enabled.map((type) => [type, { ...(states[type] ?? newState(now)), due_at: now, retry_at: null }]),
  );
}

/** Up to when all of the store was read successfully; null: a type has never been read. */
export function allSuccessAt(states: TypeStates, enabled: readonly DataType[]): number | null {
  const times = enabled.map((type) => states[type]?.last_success_at ?? null);
  return times.includes(null) ? null : earliest(times);
}
