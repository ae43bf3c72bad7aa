import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DutchieError, DutchieErrorCode } from "../../../src/domain/failure.ts";
import type { RowFailure } from "../../../src/domain/model.ts";
import { type Counts, NO_COUNTS } from "../../../src/domain/records.ts";
import {
  addProgress,
  beginStep,
  type Cursors,
  cursorsUnder,
  endRun,
  errorRate,
  etaSeconds,
  failStep,
  finishStep,
  isOver,
  NO_CURSORS,
  newRun,
  percentOf,
  planSteps,
  type Run,
  type RunMode,
  revive,
  totals,
} from "../../../src/domain/run.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { DAY, HOUR, MINUTE, only, T0 } from "./build.ts";

const NEVER = NO_CURSORS;
const READ: Cursors = { products: T0 - HOUR, sales: T0 - HOUR, customers: null };
const ALL = DEFAULT_SETTINGS.data_types;

const steps = (mode: RunMode, over: Partial<Parameters<typeof planSteps>[0]> = {}) =>
  planSteps({
    mode,
    verify: mode === "initial",
    settings: { data_types: ALL, sales_history_days: 60 },
    cursors: READ,
    now: T0,
    sales_window_days: 60,
    ...over,
  });

/** `products*`: everything is asked for; `products?`: compared only. */
const outline = (given: ReturnType<typeof steps>) =>
  given.map((step) => `${step.resource}${step.complete ? "*" : ""}${step.verify ? "?" : ""}`).join(" ");

describe("what a run reads", () => {
  it.each<[RunMode, Cursors, string]>([
    ["initial", NEVER, "rooms* products* inventory* sales products*? inventory*? sales?"],
    ["initial", READ, "rooms* products* inventory* sales products*? inventory*? sales?"],
    ["incremental", READ, "rooms* products inventory* sales"],
    ["incremental", NEVER, "rooms* products* inventory* sales"],
    ["full", READ, "rooms* products* inventory* sales"],
    ["verify", READ, "products*? inventory*? sales?"],
  ])("%s with cursors %o: %s", (mode, cursors, expected) => {
    expect(outline(steps(mode, { cursors }))).toBe(expected);
  });

  it("what the store did not ask for is not read, in any mode and combination", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<RunMode>("initial", "incremental", "full", "verify"),
        fc.record({ products: fc.boolean(), inventory: fc.boolean(), sales: fc.boolean(), customers: fc.boolean() }),
        (mode, data_types) => {
          const read = new Set(
            steps(mode, { settings: { data_types, sales_history_days: 60 } }).map((step) => step.resource),
          );
          expect(read.has("products")).toBe(data_types.products);
          expect(read.has("inventory")).toBe(data_types.inventory);
          expect(read.has("sales")).toBe(data_types.sales);
          expect(read.has("rooms")).toBe(data_types.inventory && mode !== "verify");
        },
      ),
    );
  });

  it("an incremental run reads products again for longer than Dutchie's changes lag", () => {
    const step = steps("incremental").find(({ resource }) => resource === "products");
    expect(step?.from).toBeLessThan((READ.products ?? 0) - HOUR);
    expect(step?.to).toBeNull();
  });

  it("an incremental run reads sales from before its last position, and never from before the history that is kept", () => {
    const from = (cursors: Cursors, sales_history_days: number) =>
      steps("incremental", { cursors, settings: { data_types: ALL, sales_history_days } }).find(
        ({ resource }) => resource === "sales",
      )?.from;
    expect(from(READ, 60)).toBe(T0 - HOUR - 10 * MINUTE);
    expect(from(NEVER, 60)).toBe(T0 - 60 * DAY);
  });

  it.each<[string, string | null, Cursors, Cursors]>([
    ["no customers kept, none before", null, READ, READ],
    ["switched on", "p1", READ, { ...READ, sales: null, customers: "p1" }],
    ["read under it already", "p1", { ...READ, customers: "p1" }, { ...READ, customers: "p1" }],
    ["switched off and on again", "p2", { ...READ, customers: "p1" }, { ...READ, sales: null, customers: "p2" }],
    ["switched off", null, { ...READ, customers: "p1" }, READ],
  ])("customers %s: sales are read again when they do not carry them", (_, pepper_id, read, expected) => {
    expect(cursorsUnder(pepper_id, read)).toEqual(expected);
  });

  it("sales windows cover all from the first moment to the last, without gap or overlap, none longer than allowed", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<RunMode>("initial", "incremental", "full", "verify"),
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 60 }),
        fc.option(fc.integer({ min: 0, max: 400 * DAY })),
        (mode, sales_history_days, sales_window_days, ago) => {
          const planned = steps(mode, {
            cursors: { ...NEVER, sales: ago === null ? null : T0 - ago },
            settings: { data_types: ALL, sales_history_days },
            sales_window_days,
          });
          for (const verify of [false, true]) {
            const windows = planned.filter((step) => step.resource === "sales" && step.verify === verify);
            if (windows.length === 0) continue;
            expect(windows.at(-1)?.to).toBe(T0 + DAY);
            if (mode !== "incremental") expect(windows[0]?.from).toBe(T0 - sales_history_days * DAY);
            for (const [index, window] of windows.entries()) {
              expect(window.to).toBeGreaterThan(window.from ?? T0);
              expect((window.to ?? 0) - (window.from ?? 0)).toBeLessThanOrEqual((sales_window_days + 1) * DAY);
              if (index > 0) expect(window.from).toBe(windows[index - 1]?.to);
            }
          }
        },
      ),
    );
  });
});

const error = (code: DutchieErrorCode, retry_after_ms?: number): DutchieError => ({
  code,
  message: "what was wrong",
  hint: "what to do",
  ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
});

const run = (mode: RunMode = "full", over: Partial<Parameters<typeof planSteps>[0]> = {}): Run =>
  newRun({
    run_id: "run_1",
    location_id: "loc_1",
    mode,
    trigger: "manual",
    heal: false,
    steps: steps(mode, over),
    cursors: NEVER,
    now: T0,
  });

const counts = (over: Partial<Counts>): Counts => ({ ...NO_COUNTS, ...over });
const failures = (count: number): RowFailure[] =>
  Array.from({ length: count }, (_, index) => ({
    resource: "products",
    dutchie_id: String(index),
    reason: "unreadable",
  }));
const phase = (of: Run, resource: string) => only(of.phases.filter((each) => each.resource === resource));

/** Each step begun and finished with a few rows. */
function finishAll(given: Run, perStep: Partial<Counts> = { created: 1 }): Run {
  let current = given;
  while (!isOver(current)) {
    current = finishStep(addProgress(beginStep(current, T0), { counts: counts(perStep), failures: [] }, T0), T0);
  }
  return current;
}

describe("a run from start to end", () => {
  it("is queued with one phase for each resource, verification being one", () => {
    const begun = run("initial");
    expect(begun).toMatchObject({ state: "queued", step: 0, attempt: 0, started_at: T0, finished_at: null });
    expect(begun.phases.map(({ resource, state }) => [resource, state])).toEqual(
      ["rooms", "products", "inventory", "sales", "verify"].map((resource) => [resource, "pending"]),
    );
  });

  it("a step that begins runs, and so does its phase", () => {
    const begun = beginStep(run(), T0 + 1);
    expect(begun).toMatchObject({ state: "running", reading: true, attempt: 1, heartbeat_at: T0 + 1 });
    expect(phase(begun, "rooms").state).toBe("running");
    expect(phase(begun, "products").state).toBe("pending");
  });

  it("a step that is finished gives way to the next, in a clean state", () => {
    const walled = failStep(beginStep(run(), T0), error("RATE_LIMITED"), null, T0, 0);
    const tried = failStep(beginStep(walled, T0), error("TIMEOUT"), null, T0, 0);
    expect(tried).toMatchObject({ tries: 1, walls: 1 });
    const next = finishStep(beginStep(tried, T0), T0 + 5);
    expect(next).toMatchObject({
      state: "running",
      step: 1,
      reading: false,
      tries: 0,
      walls: 0,
      error: null,
      rows_read: 0,
      heartbeat_at: T0 + 5,
    });
    expect(phase(next, "rooms")).toMatchObject({ state: "completed", total: 0 });
  });

  it("after the last step it is completed", () => {
    const over = finishAll(run("initial", { sales_window_days: 7 }), { created: 2 });
    expect(over).toMatchObject({ state: "completed", finished_at: T0 });
    expect(over.phases.every((each) => each.state === "completed" && each.total === each.processed)).toBe(true);
    // Nine windows of a week in 60 days.
    expect(phase(over, "sales")).toMatchObject({ processed: 18, created: 18 });
    expect(phase(over, "verify")).toMatchObject({ processed: 22 });
  });

  it("a phase of several windows is not completed before its last one", () => {
    let current = run("full", { sales_window_days: 30 });
    for (let step = 0; step < 4; step++) current = finishStep(beginStep(current, T0), T0);
    expect(phase(current, "sales")).toMatchObject({ state: "running", total: null });
    expect(phase(finishStep(beginStep(current, T0), T0), "sales").state).toBe("completed");
  });

  it("one bad row never fails it: it ends completed with errors and names the row (F06)", () => {
    const poisoned = addProgress(beginStep(run(), T0), { counts: counts({ created: 9 }), failures: failures(1) }, T0);
    const over = finishAll(finishStep(poisoned, T0));
    expect(over.state).toBe("completed_with_errors");
    expect(over.failures).toEqual(failures(1));
    expect(phase(over, "rooms")).toMatchObject({ processed: 10, created: 9, failed: 1, unchanged: 0 });
  });

  it("it keeps its first 100 failures and counts them all", () => {
    const poisoned = addProgress(beginStep(run(), T0), { counts: NO_COUNTS, failures: failures(150) }, T0);
    expect(poisoned.failures).toHaveLength(100);
    expect(phase(poisoned, "rooms").failed).toBe(150);
  });

  it("a stale row counts as unchanged, and a deletion as no row read", () => {
    const read = addProgress(
      beginStep(run(), T0),
      { counts: counts({ created: 1, updated: 2, unchanged: 3, stale: 4, deleted: 5 }), failures: [] },
      T0,
    );
    expect(phase(read, "rooms")).toMatchObject({ processed: 10, created: 1, updated: 2, unchanged: 7, deleted: 5 });
    expect(read.rows_read).toBe(10);
    expect(totals(read)).toEqual({
      records_processed: 10,
      created: 1,
      updated: 2,
      unchanged: 7,
      deleted: 5,
      failed: 0,
    });
  });

  it("what is over stays as it is", () => {
    const over = finishAll(run());
    expect(beginStep(over, T0 + 9)).toEqual(over);
    expect(addProgress(over, { counts: counts({ created: 1 }), failures: [] }, T0 + 9)).toEqual(over);
    expect(finishStep(over, T0 + 9)).toEqual(over);
  });

  it("cancelled, it is over, with the phase under way not completed", () => {
    const cancelled = endRun(beginStep(run(), T0), "cancelled", null, T0 + 5);
    expect(cancelled).toMatchObject({ state: "cancelled", finished_at: T0 + 5, reading: false, error: null });
    expect(isOver(cancelled)).toBe(true);
    expect(phase(cancelled, "rooms").state).toBe("failed");
    expect(phase(cancelled, "sales").state).toBe("pending");
  });
});

describe("a step that is cut off and repeated", () => {
  it("does not count its rows twice, wherever it was cut, and however often", () => {
    const chunk = fc.record({ created: fc.nat({ max: 5 }), unchanged: fc.nat({ max: 5 }), failed: fc.nat({ max: 2 }) });
    fc.assert(
      fc.property(
        fc.array(chunk, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat({ max: 4 }), { maxLength: 3 }),
        (chunks, cuts) => {
          // The second window of sales, so that something stood in the phase before.
          let current = run("full", { sales_window_days: 30 });
          for (let step = 0; step < 4; step++) {
            const read = addProgress(
              beginStep(current, T0),
              { counts: counts({ created: 3 }), failures: failures(1) },
              T0,
            );
            current = finishStep(read, T0);
          }
          let written = 0;
          const apply = (given: Run, upTo: number): Run =>
            chunks.slice(0, upTo).reduce((state, { created, unchanged, failed }, index) => {
              // What an earlier attempt created is found unchanged now.
              const fresh = index < written ? { unchanged: created + unchanged } : { created, unchanged };
              written = Math.max(written, index + 1);
              return addProgress(state, { counts: counts(fresh), failures: failures(failed) }, T0);
            }, given);
          for (const cut of cuts) {
            current = failStep(
              apply(beginStep(current, T0), Math.min(cut, chunks.length)),
              error("RATE_LIMITED"),
              null,
              T0,
              0,
            );
          }
          const done = finishStep(apply(beginStep(current, T0), chunks.length), T0);
          const sum = (key: "created" | "unchanged" | "failed") => chunks.reduce((total, each) => total + each[key], 0);
          expect(phase(done, "sales")).toMatchObject({
            processed: 4 + sum("created") + sum("unchanged") + sum("failed"),
            created: 3 + sum("created"),
            unchanged: sum("unchanged"),
            failed: 1 + sum("failed"),
          });
          expect(done.failures).toHaveLength(4 + sum("failed"));
        },
      ),
    );
  });

  it("which goes on at a page goes on counting", () => {
    const first = addProgress(beginStep(run(), T0), { counts: counts({ created: 500 }), failures: failures(1) }, T0);
    const resume = { page: "p2", started_at: T0 };
    const second = beginStep(failStep(first, error("TIMEOUT"), resume, T0, 0), T0);
    expect(second).toMatchObject({ resume, rows_read: 501, attempt: 2 });
    const done = addProgress(second, { counts: counts({ created: 20 }), failures: [] }, T0);
    expect(phase(done, "rooms")).toMatchObject({ processed: 521, created: 520, failed: 1 });
    expect(done.failures).toHaveLength(1);
  });

  it("compares from what was reported before it", () => {
    const verification = { checked_at: T0, resources: [], value_at_stake: 7, examples: [], healed: 0 };
    const before: Run = { ...run("verify"), verification };
    const cut = { ...beginStep(before, T0), verification: { ...verification, value_at_stake: 99 } };
    expect(beginStep(failStep(cut, error("TIMEOUT"), null, T0, 0), T0).verification).toEqual(verification);
  });

  it("is another attempt, by which the calls of the earlier one are refused", () => {
    const first = beginStep(run(), T0);
    expect(beginStep(revive(first, T0), T0).attempt).toBe(first.attempt + 1);
  });
});

describe("a step that fails", () => {
  it("429 never fails a run, however often, and shows until when it waits (F01)", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.option(fc.integer({ min: 0, max: HOUR })),
            fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
          ),
          {
            minLength: 1,
            maxLength: 60,
          },
        ),
        (walls) => {
          let current = run();
          for (const [index, [retry_after, random]] of walls.entries()) {
            const wall = error("RATE_LIMITED", retry_after ?? undefined);
            current = failStep(beginStep(current, T0), wall, null, T0, random);
            expect(current).toMatchObject({ state: "waiting", tries: 0, walls: index + 1, reading: false });
            const wait = (current.waiting_until ?? 0) - T0;
            if (retry_after !== null) expect(wait).toBe(retry_after);
            else {
              const step = Math.min(60_000, 5_000 * 2 ** index);
              expect(wait).toBeGreaterThanOrEqual(step / 2);
              expect(wait).toBeLessThanOrEqual(step);
            }
          }
          expect(beginStep(current, T0)).toMatchObject({ state: "running", waiting_until: null });
        },
      ),
    );
  });

  it("a thousand walls on end do not break the arithmetic", () => {
    const walled: Run = { ...beginStep(run(), T0), walls: 1_000 };
    expect(failStep(walled, error("RATE_LIMITED"), null, T0, 0).waiting_until).toBe(T0 + 30_000);
  });

  it.each<DutchieErrorCode>(["ECONNREFUSED", "ENOTFOUND", "TIMEOUT", "UPSTREAM_5XX", "BAD_RESPONSE"])(
    "%s may pass: it is tried five times, ever later, and then fails the run",
    (code) => {
      let current = run();
      const waits: number[] = [];
      for (let attempt = 1; attempt <= 4; attempt++) {
        current = failStep(beginStep(current, T0), error(code), null, T0, 0);
        expect(current).toMatchObject({ state: "waiting", tries: attempt, error: { code } });
        waits.push((current.waiting_until ?? 0) - T0);
      }
      expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
      expect(phase(current, "rooms").state).toBe("waiting");
      const failed = failStep(beginStep(current, T0), error(code), null, T0 + 7, 0);
      expect(failed).toMatchObject({ state: "failed", finished_at: T0 + 7, waiting_until: null, error: { code } });
      expect(phase(failed, "rooms").state).toBe("failed");
    },
  );

  it.each<DutchieErrorCode>(["UNAUTHORIZED", "FORBIDDEN", "WRONG_LOCATION", "NOT_DUTCHIE", "TLS"])(
    "%s does not pass by itself: the run fails at once",
    (code) => {
      expect(failStep(beginStep(run(), T0), error(code), null, T0, 0)).toMatchObject({
        state: "failed",
        error: { code },
      });
    },
  );

  it("walls between failures neither count as tries nor forgive them", () => {
    let current = run();
    for (let attempt = 1; attempt <= 4; attempt++) {
      current = failStep(beginStep(current, T0), error("TIMEOUT"), null, T0, 0);
      current = failStep(beginStep(current, T0), error("RATE_LIMITED"), null, T0, 0);
    }
    expect(current).toMatchObject({ state: "waiting", tries: 4 });
    expect(failStep(beginStep(current, T0), error("TIMEOUT"), null, T0, 0).state).toBe("failed");
  });

  it("a failed run keeps the cursors it started with (F15)", () => {
    const failed = failStep(beginStep({ ...run(), cursors: READ }, T0), error("UNAUTHORIZED"), null, T0, 0);
    expect(failed.cursors).toEqual(READ);
  });

  it("a run that stopped answering is revived three times and then fails (F05)", () => {
    let current = run();
    for (let revival = 1; revival <= 3; revival++) {
      current = revive(beginStep(current, T0), T0 + revival);
      expect(current).toMatchObject({ revivals: revival, reading: false, heartbeat_at: T0 + revival });
      expect(isOver(current)).toBe(false);
    }
    const failed = revive(beginStep(current, T0), T0 + 9);
    expect(failed).toMatchObject({ state: "failed", finished_at: T0 + 9, error: { code: "STALLED" } });
    expect(failed.error?.message).toContain("rooms");
  });
});

describe("how far a run is", () => {
  it("its percentage never goes back while it reads, and is 100 only at the end", () => {
    const action = fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 0, max: 5_000 }) },
      { weight: 1, arbitrary: fc.constantFrom("finish", "wall") },
    );
    fc.assert(
      fc.property(
        fc.constantFrom<RunMode>("initial", "incremental", "full", "verify"),
        fc.integer({ min: 5, max: 60 }),
        fc.array(action, { maxLength: 60 }),
        (mode, sales_window_days, actions) => {
          let current = beginStep(run(mode, { sales_window_days }), T0);
          let percent = percentOf(current);
          expect(percent).toBe(0);
          const rest = current.steps.map(() => "finish" as const);
          for (const each of [...actions, ...rest]) {
            if (isOver(current)) break;
            if (typeof each === "number")
              current = addProgress(current, { counts: counts({ created: each }), failures: [] }, T0);
            else if (each === "finish") current = beginStep(finishStep(current, T0), T0);
            else
              current = beginStep(failStep(current, error("RATE_LIMITED"), { page: "p", started_at: T0 }, T0, 0), T0);
            expect(percentOf(current)).toBeGreaterThanOrEqual(percent);
            percent = percentOf(current);
            expect(percent === 100).toBe(isOver(current));
          }
          expect(percent).toBe(100);
        },
      ),
    );
  });

  it("a run that failed or was cancelled stays where it was", () => {
    const half = addProgress(beginStep(run(), T0), { counts: counts({ created: 900 }), failures: [] }, T0);
    expect(percentOf(endRun(half, "failed", null, T0))).toBe(percentOf(half));
  });

  const halfway = (): Run => {
    let current = run();
    for (let step = 0; step < 3; step++) current = finishStep(beginStep(current, T0), T0);
    return beginStep(current, T0);
  };

  it("tells what is left at the pace so far", () => {
    const current = halfway();
    const percent = percentOf(current);
    expect(percent).toBeGreaterThan(10);
    expect(etaSeconds(current, T0 + 100_000)).toBe(Math.round((100 / percent) * (100 - percent)));
  });

  it("tells nothing before there is a pace, or once it is over", () => {
    expect(etaSeconds(beginStep(run(), T0), T0 + HOUR)).toBeNull();
    expect(etaSeconds(finishAll(run()), T0 + HOUR)).toBeNull();
    expect(etaSeconds(endRun(halfway(), "failed", null, T0), T0 + HOUR)).toBeNull();
  });

  it("takes no less than its wait", () => {
    const waits = failStep(halfway(), error("RATE_LIMITED", 10 * MINUTE), null, T0, 0);
    expect(etaSeconds(waits, T0)).toBe(600);
  });
});

describe("the error rate of a run", () => {
  const with_ = (created: number, failed: number) =>
    addProgress(beginStep(run(), T0), { counts: counts({ created }), failures: failures(failed) }, T0);

  it("is the failed records among all", () => {
    expect(errorRate(with_(9, 1))).toBe(0.1);
    expect(errorRate(with_(0, 3))).toBe(1);
    expect(errorRate(with_(10, 0))).toBe(0);
  });

  it("of a run without a record is 1 when it failed, else 0", () => {
    expect(errorRate(run())).toBe(0);
    expect(errorRate(endRun(run(), "failed", null, T0))).toBe(1);
    expect(errorRate(endRun(run(), "cancelled", null, T0))).toBe(0);
  });
});
