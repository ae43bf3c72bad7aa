import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_CURSORS } from "../../../../src/domain/runs/cursors.ts";
import { DATA_TYPES, type DataType, typeOf } from "../../../../src/domain/runs/data-type.ts";
import { planSteps } from "../../../../src/domain/runs/plan-steps.ts";
import { isOver, newRun, type Run, type RunMode, type RunTrigger } from "../../../../src/domain/runs/run.ts";
import { nextPollAt } from "../../../../src/domain/runs/schedule.ts";
import { endRun, failStep } from "../../../../src/domain/runs/step-failures.ts";
import { beginStep, finishStep } from "../../../../src/domain/runs/steps.ts";
import {
  allSuccessAt,
  dueRun,
  newState,
  nextReadAt,
  nextRunAt,
  statesAfter,
  statesAfterSettings,
  type TypeStates,
} from "../../../../src/domain/runs/type-states.ts";
import { DEFAULT_SETTINGS } from "../../../../src/domain/settings.ts";
import { DAY, HOUR, MINUTE, T0 } from "../build.ts";

/** After the run began, ms. */
type DueAt = number | null;

type Broken = Partial<Record<DataType, "UPSTREAM_5XX" | "FORBIDDEN" | "UNAUTHORIZED">>;

/** A run from start to end in which these data types cannot be read. */
function ran(mode: RunMode, types: readonly DataType[], broken: Broken, now: number, trigger: RunTrigger): Run {
  const data_types = { products: false, inventory: false, sales: false, customers: false };
  for (const type of types) data_types[type] = true;
  const settings = { data_types, sales_history_days: 60 };
  const steps = planSteps({ mode, verify: false, settings, cursors: NO_CURSORS, now, sales_window_days: 30 });
  const at = { run_id: "run_1", location_id: "loc_1", heal: false, cursors: NO_CURSORS, now };
  let run = newRun({ ...at, mode, trigger, steps });
  while (!isOver(run)) {
    const step = run.steps[run.step];
    const code = step && broken[typeOf(step.resource)];
    const begun = beginStep(run, now);
    const failure = code && { error: { code, message: `${code}!`, hint: "" }, resume: null };
    run = failure ? failStep(begun, failure, now, 0) : finishStep(begun, now);
  }
  return run;
}

const fresh = (at = T0): TypeStates => Object.fromEntries(DATA_TYPES.map((type) => [type, newState(at)]));

const recorded = (states: TypeStates, run: Run, now = T0) =>
  statesAfter(states, run, { enabled: DATA_TYPES, due_at: nextPollAt("realtime", now, "loc_2"), now });

const synced = (): TypeStates => recorded(fresh(), ran("initial", DATA_TYPES, {}, T0, "manual"));

/** Cron every 15 minutes, with the failures of that time. Returns every run that it started. */
function ticks(
  states: TypeStates,
  given: { from: number; hours: number; full_at?: number; broken: (at: number) => Broken },
) {
  const runs: { at: number; mode: RunMode; types: DataType[] }[] = [];
  let current = states;
  let full_at = given.full_at ?? null;
  for (let at = given.from; at < given.from + given.hours * HOUR; at += 15 * MINUTE) {
    const due = dueRun(current, DATA_TYPES, full_at, at);
    if (due === null) continue;
    const run = ran(due.mode, due.types, given.broken(at), at, "schedule");
    current = statesAfter(current, run, { enabled: DATA_TYPES, due_at: nextPollAt("realtime", at, "loc_2"), now: at });
    runs.push({ at: at - given.from, ...due });
    if (due.mode === "full" && run.state !== "failed") full_at = at + DAY;
  }
  return { runs, states: current };
}

describe("what cron starts", () => {
  it.each<[string, number | null, number | null, "full" | "incremental" | null]>([
    ["nothing before its time", T0 + 1, T0 + 1, null],
    ["a poll at its time", T0, T0 + 1, "incremental"],
    ["the night at its time", T0 + 1, T0, "full"],
    ["the night before a poll", T0 - 1, T0 - HOUR, "full"],
    ["the night of a store without polls", null, T0, "full"],
  ])("cron starts what is due: %s", (_, due_at, next_full_at, mode) => {
    const states = Object.fromEntries(DATA_TYPES.map((type) => [type, { ...newState(0), last_success_at: 1, due_at }]));
    expect(dueRun(states, DATA_TYPES, next_full_at, T0)?.mode ?? null).toBe(mode);
  });

  it("F58: a store is due as soon as it is connected, with an initial sync", () => {
    expect(dueRun(fresh(), DATA_TYPES, T0 + DAY, T0)).toEqual({ mode: "initial", types: [...DATA_TYPES] });
    expect(nextRunAt(fresh(), DATA_TYPES, T0 + DAY)).toBe(T0);
  });

  it.each(["UPSTREAM_5XX", "FORBIDDEN", "UNAUTHORIZED"] as const)(
    "F58: a first sync that fails (%s) is tried again with growing waits, and succeeds once Dutchie answers",
    (code) => {
      const broken = { products: code, inventory: code, sales: code };
      const { runs, states } = ticks(fresh(), {
        from: T0,
        hours: 12,
        broken: (at) => (at < T0 + 9 * HOUR ? broken : {}),
      });
      const initial = runs.filter(({ mode }) => mode === "initial");
      // A minute, doubling to an hour, on cron's quarters: not at each of the 36 ticks, and never less than hourly or so.
      expect(initial.length).toBeGreaterThan(9);
      expect(initial.length).toBeLessThan(16);
      for (const [index, { at }] of runs.entries()) {
        expect(at - (runs[index - 1]?.at ?? 0)).toBeLessThanOrEqual(75 * MINUTE);
      }
      expect(allSuccessAt(states, DATA_TYPES)).not.toBeNull();
      expect(runs.at(-1)?.mode).toBe("incremental");
    },
  );
});

describe("F59: each data type has its own state", () => {
  it("F59: a type that fails keeps its last success, its due time and its error; the others move theirs", () => {
    const before = synced();
    const now = T0 + 20 * MINUTE;
    const states = recorded(before, ran("incremental", DATA_TYPES, { sales: "UPSTREAM_5XX" }, now, "schedule"), now);
    expect(states.products).toMatchObject({ last_success_at: now, error: null, failures: 0, retry_at: null });
    expect(states.sales).toMatchObject({
      last_success_at: T0,
      due_at: before.sales?.due_at,
      error: { code: "UPSTREAM_5XX", at: now },
      failures: 1,
      retry_at: now + MINUTE,
    });
    expect(allSuccessAt(states, DATA_TYPES)).toBe(T0);
  });

  it("F59: an outage of three hours, from before the night, causes one full sync and no additional reads", () => {
    const from = T0 + HOUR;
    const { runs, states } = ticks(synced(), {
      from,
      hours: 6,
      full_at: from + 30 * MINUTE,
      broken: (at) => (at < from + 3 * HOUR ? { sales: "UPSTREAM_5XX" } : {}),
    });
    expect(runs.filter(({ mode }) => mode === "full")).toHaveLength(1);
    const early = runs.filter(({ at }) => at < 3 * HOUR);
    const sales = early.filter(({ types }) => types.includes("sales"));
    expect(sales.length).toBeLessThan(8);
    expect(early.filter(({ types }) => types.includes("products"))).toHaveLength(12);
    // It came back within its wait, and the others never stopped.
    expect(states.sales).toMatchObject({ error: null, failures: 0, owes_full: false });
    expect(runs.filter(({ types }) => types.includes("sales") && types.length === 1).length).toBeLessThan(8);
  });

  it("F59: the next successful read of a type that a full sync could not read is complete", () => {
    const night = recorded(synced(), ran("full", DATA_TYPES, { sales: "UPSTREAM_5XX" }, T0, "schedule"));
    expect([night.products?.owes_full, night.sales?.owes_full]).toEqual([false, true]);
    const still = recorded(night, ran("incremental", ["sales"], { sales: "FORBIDDEN" }, T0, "schedule"));
    expect(still.sales?.owes_full).toBe(true);
    const paid = recorded(still, ran("incremental", ["sales"], {}, T0, "schedule"));
    expect(paid.sales).toMatchObject({ owes_full: false, error: null });
    // A type that waited through the night was left out, and owes it too.
    expect(recorded(synced(), ran("full", ["products", "inventory"], {}, T0, "schedule")).sales?.owes_full).toBe(true);
    // A whole night that failed is repeated as such.
    const down = { products: "UPSTREAM_5XX", inventory: "UPSTREAM_5XX", sales: "UPSTREAM_5XX" } as const;
    expect(recorded(synced(), ran("full", DATA_TYPES, down, T0, "schedule")).sales?.owes_full).toBe(false);
  });

  it("F59: an initial sync whose sales fail is completed later, by sales alone", () => {
    const states = recorded(fresh(), ran("initial", DATA_TYPES, { sales: "FORBIDDEN" }, T0, "schedule"));
    expect(allSuccessAt(states, DATA_TYPES)).toBeNull();
    expect(dueRun(states, DATA_TYPES, T0 + DAY, T0 + MINUTE)).toEqual({ mode: "incremental", types: ["sales"] });
    const done = recorded(states, ran("incremental", ["sales"], {}, T0 + MINUTE, "schedule"), T0 + MINUTE);
    expect(allSuccessAt(done, DATA_TYPES)).toBe(T0);
  });

  it("F15: an error of the connection fails each type that it stopped, and no type that had come", () => {
    const before = synced();
    const now = T0 + 20 * MINUTE;
    const run = ran("incremental", DATA_TYPES, { sales: "UNAUTHORIZED" }, now, "manual");
    expect(run.state).toBe("failed");
    const states = recorded(before, run, now);
    expect(states.inventory).toMatchObject({ last_success_at: now, error: null });
    // A person tries as often as he likes: no wait, and the due time is as it was.
    expect(states.sales).toEqual({
      ...before.sales,
      error: { code: "UNAUTHORIZED", message: "UNAUTHORIZED!", hint: "", at: now, since: now },
    });
    expect(nextReadAt(states.sales ?? newState(0))).toBe(nextReadAt(before.sales ?? newState(0)));
  });

  it("a cancelled run does not change the types that it did not reach", () => {
    const before = synced();
    const data_types = DEFAULT_SETTINGS.data_types;
    const settings = { data_types, sales_history_days: 60 };
    const plan = {
      mode: "full" as const,
      verify: false,
      settings,
      cursors: NO_CURSORS,
      now: T0,
      sales_window_days: 60,
    };
    const at = { run_id: "run_1", location_id: "loc_1", heal: false, cursors: NO_CURSORS, now: T0 };
    let run = newRun({ ...at, mode: "full", trigger: "manual", steps: planSteps(plan) });
    run = finishStep(beginStep(finishStep(beginStep(run, T0), T0), T0), T0);
    const states = recorded(before, endRun(beginStep(run, T0), "cancelled", null, T0), T0 + HOUR);
    expect(states.products?.last_success_at).toBe(T0 + HOUR);
    expect([states.inventory, states.sales]).toEqual([before.inventory, before.sales]);
  });

  it("a verification changes no type's state", () => {
    const before = synced();
    expect(recorded(before, ran("verify", DATA_TYPES, { sales: "FORBIDDEN" }, T0, "manual"))).toBe(before);
  });

  it("saved settings make all types due at once, remove types that are off, and count a new type from now", () => {
    const failed = recorded(synced(), ran("incremental", DATA_TYPES, { sales: "FORBIDDEN" }, T0, "schedule"));
    const states = statesAfterSettings(failed, ["products", "sales"], T0 + HOUR);
    expect(Object.keys(states)).toEqual(["products", "sales"]);
    expect(states.sales).toMatchObject({ due_at: T0 + HOUR, retry_at: null, error: { code: "FORBIDDEN" } });
    const on = statesAfterSettings(states, DATA_TYPES, T0 + 2 * HOUR);
    expect(on.inventory).toEqual(newState(T0 + 2 * HOUR));
  });

  it.each<[string, DueAt, DueAt, DueAt]>([
    ["before it began", -MINUTE, 15 * MINUTE, 15 * MINUTE],
    ["when it began", 0, 15 * MINUTE, 15 * MINUTE],
    ["while it read", MINUTE, 15 * MINUTE, MINUTE],
    ["while it read, of a store without polls", MINUTE, null, MINUTE],
    ["at the next poll", 15 * MINUTE, 15 * MINUTE, 15 * MINUTE],
    ["in a year, before a clock was set back", 365 * DAY, 15 * MINUTE, 15 * MINUTE],
    ["never", null, 15 * MINUTE, 15 * MINUTE],
  ])("F56: a run answers only what was due when it began: due %s", (_, due, next, expected) => {
    const at = (ms: DueAt) => (ms === null ? null : T0 + ms);
    const states = Object.fromEntries(DATA_TYPES.map((type) => [type, { ...newState(T0), due_at: at(due) }]));
    const run = ran("incremental", DATA_TYPES, {}, T0, "schedule");
    const after = statesAfter(states, run, { enabled: DATA_TYPES, due_at: at(next), now: T0 + 2 * MINUTE });
    expect(after.inventory?.due_at).toBe(at(expected));
  });

  it("F59: in any order of failures a success is never undone, and a failed type is due again within about an hour", () => {
    const codes = fc.constantFrom("UPSTREAM_5XX", "FORBIDDEN", "UNAUTHORIZED", undefined);
    const fate = fc.record({ products: codes, inventory: codes, sales: codes, minutes: fc.nat({ max: 90 }) });
    fc.assert(
      fc.property(fc.array(fate, { maxLength: 40 }), (fates) => {
        let states = fresh();
        let now = T0;
        for (const { minutes, ...broken } of fates) {
          now += minutes * MINUTE;
          const due = dueRun(states, DATA_TYPES, null, now);
          if (due === null) continue;
          const before = states;
          states = recorded(before, ran(due.mode, due.types, broken as Broken, now, "schedule"), now);
          for (const type of DATA_TYPES) {
            const [was, is] = [before[type] ?? newState(0), states[type] ?? newState(0)];
            expect(is.last_success_at ?? 0).toBeGreaterThanOrEqual(was.last_success_at ?? 0);
            if (is.error !== null && is.error.at === now) expect(is.due_at).toBe(was.due_at);
            const next = nextReadAt(is);
            expect(next).not.toBeNull();
            expect((next ?? 0) - now).toBeLessThanOrEqual(HOUR);
          }
        }
      }),
    );
  });
});
