import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RowFailure } from "../../../../src/domain/records/model.ts";
import { type Counts, NO_COUNTS } from "../../../../src/domain/records/records.ts";
import { type Cursors, cursorsAfter, cursorsUnder, NO_CURSORS } from "../../../../src/domain/runs/cursors.ts";
import type { DutchieError, DutchieErrorCode } from "../../../../src/domain/runs/failure.ts";
import { planSteps } from "../../../../src/domain/runs/plan-steps.ts";
import { errorRate, etaSeconds, percentOf, totals } from "../../../../src/domain/runs/progress.ts";
import {
  completedTypes,
  hasCompared,
  isOver,
  newRun,
  newRunId,
  type Run,
  type RunMode,
  rateLimitedUntil,
  type Step,
  stalledAt,
} from "../../../../src/domain/runs/run.ts";
import { endIfOnlyWaiting, endRun, failStep, revive } from "../../../../src/domain/runs/step-failures.ts";
import { addProgress, beginStep, failedRows, finishStep } from "../../../../src/domain/runs/steps.ts";
import { DEFAULT_SETTINGS } from "../../../../src/domain/settings.ts";
import { DAY, emptyRun, HOUR, MINUTE, only, T0 } from "../build.ts";

/** The cursors after a step of which no row failed. */
const cursorsRead = (read: Cursors, step: Step, started_at: number, clock: number, now: number): Cursors => {
  const { failing: _, ...cursors } = cursorsAfter(read, step, { started_at, clock, failed: [] }, now);
  return cursors;
};

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
  ])("a run of mode %s with cursors %o reads %s", (mode, cursors, expected) => {
    expect(outline(steps(mode, { cursors }))).toBe(expected);
  });

  it("data types that are off are not read, in any mode", () => {
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

  it("an incremental run reads products again for longer than Dutchie's changes are delayed", () => {
    const step = steps("incremental").find(({ resource }) => resource === "products");
    expect(step?.from).toBeLessThan((READ.products ?? 0) - HOUR);
    expect(step?.to).toBeNull();
  });

  it("an incremental run reads sales from before its last position, and never from before the store's history", () => {
    const from = (cursors: Cursors, sales_history_days: number) =>
      steps("incremental", { cursors, settings: { data_types: ALL, sales_history_days } }).find(
        ({ resource }) => resource === "sales",
      )?.from;
    expect(from(READ, 60)).toBe(T0 - HOUR - 10 * MINUTE);
    expect(from(NEVER, 60)).toBe(T0 - 60 * DAY);
  });

  it.each<[string, string | null, Cursors, Cursors]>([
    ["off, as before", null, READ, READ],
    ["switched on", "p1", READ, { ...READ, sales: null, customers: "p1" }],
    ["on, as before", "p1", { ...READ, customers: "p1" }, { ...READ, customers: "p1" }],
    ["switched off and on again", "p2", { ...READ, customers: "p1" }, { ...READ, sales: null, customers: "p2" }],
    ["switched off", null, { ...READ, customers: "p1" }, READ],
  ])("customers %s: sales are read again only if they lack the right pseudonyms", (_, pepper_id, read, expected) => {
    expect(cursorsUnder({ pepper_id, history_days: 60 }, { ...read, history_days: 60 })).toEqual({
      ...expected,
      history_days: 60,
    });
  });

  it.each<[string, Partial<Cursors>, Partial<Cursors>]>([
    ["as before", { history_days: 60 }, { history_days: 60 }],
    ["of an earlier version", {}, { history_days: 60 }],
    ["longer than was read", { history_days: 30 }, { sales: null, history_days: 60 }],
    ["shorter than was read", { history_days: 90 }, { history_days: 90 }],
    ["never read", { sales: null, history_days: 90 }, { sales: null, history_days: 60 }],
  ])("F56: a history %s: sales are read again only if some of it is missing", (_, given, expected) => {
    const read = { ...READ, ...given };
    expect(cursorsUnder({ pepper_id: null, history_days: 60 }, read)).toEqual({ ...read, ...expected });
  });

  it("sales windows cover the whole time without gap or overlap, and none is longer than allowed", () => {
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

describe("rows of which only a label could not be read", () => {
  const minor = (count: number) => failures(count).map((failure) => ({ ...failure, is_minor: true as const }));
  const step = (given: RowFailure[]) => ({ counts: counts({ updated: given.length }), failures: given });

  it("F20: they are listed, up to 20, count as read, and hide no row that failed", () => {
    const begun = beginStep(run("full"), T0);
    const read = addProgress(begun, step(minor(200)), T0);
    expect(read).toMatchObject({ rows_read: 200, rows_failed: 0 });
    expect(read.failures).toHaveLength(20);
    expect(failedRows(read)).toEqual([]);
    const failed = addProgress(read, { counts: counts({}), failures: [...failures(3), ...minor(3)] }, T0);
    expect(failed).toMatchObject({ rows_read: 203, rows_failed: 3 });
    expect(failedRows(failed)).toEqual(["0", "1", "2"]);
    const many = addProgress(failed, { counts: counts({}), failures: failures(200) }, T0);
    expect([many.failures.length, failedRows(many).at(-1)]).toEqual([120, null]);
  });

  it("F20: a run with nothing else ends completed", () => {
    let current = run("full");
    while (!isOver(current)) current = finishStep(addProgress(beginStep(current, T0), step(minor(1)), T0), T0);
    expect([current.state, errorRate(current)]).toEqual(["completed", 0]);
  });
});

describe("a run from start to end", () => {
  it("a run begins queued, with one phase for each resource and one for the verification", () => {
    const begun = run("initial");
    expect(begun).toMatchObject({ state: "queued", step: 0, started_at: T0, finished_at: null });
    expect(begun.phases.map(({ resource, state }) => [resource, state])).toEqual(
      ["rooms", "products", "inventory", "sales", "verify"].map((resource) => [resource, "pending"]),
    );
  });

  it("when a step begins, its phase runs", () => {
    const queued = run();
    const begun = beginStep(queued, T0 + 1);
    const attempt = queued.attempt + 1;
    expect(begun).toMatchObject({ state: "running", reading: true, attempt, heartbeat_at: T0 + 1 });
    expect(phase(begun, "rooms").state).toBe("running");
    expect(phase(begun, "products").state).toBe("pending");
  });

  it("a finished step is followed by the next, which begins with clean counts", () => {
    const waiting = failStep(beginStep(run(), T0), { error: error("RATE_LIMITED"), resume: null }, T0, 0);
    const tried = failStep(beginStep(waiting, T0), { error: error("TIMEOUT"), resume: null }, T0, 0);
    expect(tried).toMatchObject({ tries: 1, rate_limit_hits: 1 });
    const next = finishStep(beginStep(tried, T0), T0 + 5);
    expect(next).toMatchObject({
      state: "running",
      step: 1,
      reading: false,
      tries: 0,
      rate_limit_hits: 0,
      error: null,
      rows_read: 0,
      heartbeat_at: T0 + 5,
    });
    expect(phase(next, "rooms")).toMatchObject({ state: "completed", total: 0 });
  });

  it("a run is completed after its last step", () => {
    const over = finishAll(run("initial", { sales_window_days: 7 }), { created: 2 });
    expect(over).toMatchObject({ state: "completed", finished_at: T0 });
    expect(over.phases.every((each) => each.state === "completed" && each.total === each.processed)).toBe(true);
    // Nine windows of a week in 60 days.
    expect(phase(over, "sales")).toMatchObject({ processed: 18, created: 18 });
    expect(phase(over, "verify")).toMatchObject({ processed: 22 });
  });

  it("a phase of several windows is completed with its last window", () => {
    let current = run("full", { sales_window_days: 30 });
    for (let step = 0; step < 4; step++) current = finishStep(beginStep(current, T0), T0);
    expect(phase(current, "sales")).toMatchObject({ state: "running", total: null });
    expect(phase(finishStep(beginStep(current, T0), T0), "sales").state).toBe("completed");
  });

  it("one bad row does not fail a run: it ends completed with errors and names the row (F06)", () => {
    const poisoned = addProgress(beginStep(run(), T0), { counts: counts({ created: 9 }), failures: failures(1) }, T0);
    const over = finishAll(finishStep(poisoned, T0));
    expect(over.state).toBe("completed_with_errors");
    expect(over.failures).toEqual(failures(1));
    expect(phase(over, "rooms")).toMatchObject({ processed: 10, created: 9, failed: 1, unchanged: 0 });
  });

  it("a row that fails again when it is compared is listed once, and counts again", () => {
    const unnamed = { resource: "products", dutchie_id: null, reason: "has no id" } as const;
    const bad = { counts: NO_COUNTS, failures: [...failures(2), unnamed, unnamed] };
    let current = run("initial");
    while (!isOver(current)) current = finishStep(addProgress(beginStep(current, T0), bad, T0), T0);
    const read = current.steps.filter(({ verify }) => !verify).length;
    expect(current.steps.length).toBeGreaterThan(read);
    expect(current.failures).toHaveLength(read * 4);
    expect(current.rows_failed).toBeLessThanOrEqual(4);
    expect(totals(current).failed).toBe(current.steps.length * 4);
  });

  it("a run keeps its first 100 failures and counts them all", () => {
    const poisoned = addProgress(beginStep(run(), T0), { counts: NO_COUNTS, failures: failures(150) }, T0);
    expect(poisoned.failures).toHaveLength(100);
    expect(phase(poisoned, "rooms").failed).toBe(150);
  });

  it("a stale row counts as unchanged, and a deletion does not count as a row that was read", () => {
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

  it("a run that ended does not change", () => {
    const over = finishAll(run());
    expect(beginStep(over, T0 + 9)).toEqual(over);
    expect(addProgress(over, { counts: counts({ created: 1 }), failures: [] }, T0 + 9)).toEqual(over);
    expect(finishStep(over, T0 + 9)).toEqual(over);
  });

  it("a cancelled run ends, and its present phase is not completed", () => {
    const cancelled = endRun(beginStep(run(), T0), "cancelled", null, T0 + 5);
    expect(cancelled).toMatchObject({ state: "cancelled", finished_at: T0 + 5, reading: false, error: null });
    expect(isOver(cancelled)).toBe(true);
    expect(phase(cancelled, "rooms").state).toBe("failed");
    expect(phase(cancelled, "sales").state).toBe("pending");
  });
});

describe("a step that is cut off and repeated", () => {
  it("a repeated step does not count its rows twice, wherever and however often it was cut off", () => {
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
              { error: error("RATE_LIMITED"), resume: null },
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

  it("a step that continues at a page continues counting", () => {
    const first = addProgress(beginStep(run(), T0), { counts: counts({ created: 500 }), failures: failures(1) }, T0);
    const resume = { page: "p2", started_at: T0 };
    const second = beginStep(failStep(first, { error: error("TIMEOUT"), resume }, T0, 0), T0);
    expect(second).toMatchObject({ resume, rows_read: 501, attempt: first.attempt + 1 });
    const done = addProgress(second, { counts: counts({ created: 20 }), failures: [] }, T0);
    expect(phase(done, "rooms")).toMatchObject({ processed: 521, created: 520, failed: 1 });
    expect(done.failures).toHaveLength(1);
  });

  it("a repeated step is compared with what was reported before it", () => {
    const verification = { checked_at: T0, resources: [], value_at_stake: 7, examples: [], healed: 0 };
    const before: Run = { ...run("verify"), verification };
    const cut = { ...beginStep(before, T0), verification: { ...verification, value_at_stake: 99 } };
    expect(beginStep(failStep(cut, { error: error("TIMEOUT"), resume: null }, T0, 0), T0).verification).toEqual(
      verification,
    );
  });

  it("a repeated step is another attempt, and calls of the earlier attempt are refused", () => {
    const first = beginStep(run(), T0);
    expect(beginStep(revive(first, T0), T0).attempt).toBe(first.attempt + 1);
  });

  it("F23: no attempt of a run has the number of another run's", () => {
    const attempts = Array.from({ length: 500 }, (_, n) => {
      const { attempt } = emptyRun(newRunId(T0, n.toString(16).padStart(8, "0")), T0);
      return Array.from({ length: 20 }, (_, times) => attempt + times);
    });
    expect(new Set(attempts.flat()).size).toBe(500 * 20);
  });
});

describe("a step that fails", () => {
  /** One data type, which has nobody to let pass. */
  const alone = () =>
    run("full", { settings: { data_types: { ...ALL, inventory: false, sales: false }, sales_history_days: 60 } });

  it("a 429 never fails a run, however often it comes, and the run shows until when it waits (F01)", () => {
    const wall = fc.tuple(
      fc.option(fc.oneof(fc.integer({ min: 0, max: 40 * DAY }), fc.double({ noNaN: true }))),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    );
    fc.assert(
      fc.property(fc.array(wall, { minLength: 1, maxLength: 60 }), (rate_limit_hits) => {
        let current = alone();
        for (const [index, [retry_after, random]] of rate_limit_hits.entries()) {
          const wall = error("RATE_LIMITED", retry_after ?? undefined);
          current = failStep(beginStep(current, T0), { error: wall, resume: null }, T0, random);
          expect(current).toMatchObject({ state: "waiting", tries: 0, rate_limit_hits: index + 1, reading: false });
          const wait = (current.waiting_until ?? 0) - T0;
          expect(wait).toBeGreaterThanOrEqual(1_000);
          expect(wait).toBeLessThanOrEqual(HOUR);
          if (retry_after !== null) expect(wait).toBeGreaterThanOrEqual(Math.min(HOUR, Math.floor(retry_after)));
        }
        expect(beginStep(current, T0)).toMatchObject({ state: "running", waiting_until: null });
      }),
    );
  });

  it("F41: waits for a rate limit without a `Retry-After` grow, and a new page starts them again", () => {
    let current = run();
    let now = T0;
    const asked: number[] = [];
    for (let wall = 0; wall < 8; wall++) {
      asked.push(now - T0);
      current = failStep(beginStep(current, now), { error: error("RATE_LIMITED", 0), resume: null }, now, 0);
      now = current.waiting_until ?? now;
    }
    expect(asked.filter((at) => at <= 4_000).length).toBeLessThan(6);
    expect(now - T0).toBeGreaterThan(60_000);
    const page = { page: "p2", started_at: T0 };
    const next = failStep(beginStep(current, now), { error: error("RATE_LIMITED", 0), resume: page }, now, 0);
    expect(next).toMatchObject({ rate_limit_hits: 1, waiting_until: now + 1_000 });
  });

  it("F01: a list in pages waits at its page for a quarter of an hour before the others are read", () => {
    const limited = (current: Run, page: string | null) => {
      const resume = page === null ? null : { page, started_at: T0 };
      return failStep(beginStep(current, T0), { error: error("RATE_LIMITED", 5 * MINUTE), resume }, T0, 0);
    };
    const products = finishStep(beginStep(run("full"), T0), T0);
    expect(limited(products, null).steps).not.toEqual(products.steps);
    let current = products;
    for (const page of ["p2", "p3", "p3", "p3", "p4"]) {
      current = limited(current, page);
      expect(current).toMatchObject({ resume: { page }, steps: products.steps, state: "waiting" });
    }
    for (let wall = 0; wall < 2; wall++) current = limited(current, "p4");
    expect(current.steps).toEqual(products.steps);
    current = limited(current, "p4");
    expect(current).toMatchObject({ resume: null, state: "running" });
    expect(current.steps[current.step]?.resource).toBe("inventory");
  });

  it.each<DutchieErrorCode>(["TIMEOUT", "RATE_LIMITED"])(
    "a list that breaks off with %s at a page, and at its end makes the read begin anew, is given up, too",
    (code) => {
      let current = beginStep(run(), T0);
      const { step } = current;
      const resume = { page: "p2", started_at: T0, before: { rows: 1_000, pages: 1 } };
      for (let reads = 0; current.step === step; reads++) {
        if (reads > 5) throw new Error("It is read too often.");
        current = failStep(beginStep(current, T0), { error: error(code), resume }, T0, 0);
        if (current.step === step)
          current = failStep(beginStep(current, T0), { error: error("BAD_RESPONSE"), resume: null }, T0, 0);
      }
      expect(current.stops).toMatchObject([{ error: { code: code === "TIMEOUT" ? code : "BAD_RESPONSE" } }]);
      // Each further page is a new beginning.
      let going = beginStep(run(), T0);
      for (let pages = 1; pages < 20; pages++) {
        const on = { ...resume, page: `p${pages}`, before: { rows: 1_000 * pages, pages } };
        going = failStep(beginStep(going, T0), { error: error(code), resume: on }, T0, 0);
      }
      expect(going).toMatchObject({ step, state: "waiting" });
    },
  );

  it("a thousand rate limits in a row do not break the arithmetic", () => {
    const waiting: Run = { ...beginStep(alone(), T0), rate_limit_hits: 1_000 };
    expect(failStep(waiting, { error: error("RATE_LIMITED"), resume: null }, T0, 0).waiting_until).toBe(T0 + HOUR / 2);
  });

  /** Fails the present step until its run continues without it, or ends. */
  function giveUp(given: Run, failure: DutchieError, now = T0): Run {
    let current = given;
    const { step } = given;
    for (let tries = 1; current.step === step && !isOver(current); tries++) {
      if (tries > 5) throw new Error("It is tried too often.");
      current = failStep(beginStep(current, now), { error: failure, resume: null }, now, 0);
    }
    return current;
  }

  it.each<DutchieErrorCode>([
    "ECONNREFUSED",
    "ENOTFOUND",
    "TIMEOUT",
    "UPSTREAM_5XX",
    "BAD_RESPONSE",
    "NOT_DUTCHIE",
    "TLS",
  ])("F42: %s may pass: the step is tried five times with growing waits", (code) => {
    let current = run();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 4; attempt++) {
      current = failStep(beginStep(current, T0), { error: error(code), resume: null }, T0, 0);
      expect(current).toMatchObject({ state: "waiting", tries: attempt, error: { code } });
      waits.push((current.waiting_until ?? 0) - T0);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(phase(current, "rooms").state).toBe("waiting");
    const given_up = failStep(beginStep(current, T0), { error: error(code), resume: null }, T0 + 7, 0);
    expect(given_up.waiting_until).toBeNull();
    expect(phase(given_up, "rooms")).toMatchObject({ state: "failed", error: { code } });
  });

  it.each<DutchieErrorCode>(["UNAUTHORIZED", "WRONG_LOCATION"])(
    "%s concerns the whole connection and does not pass: the run fails at once",
    (code) => {
      expect(failStep(beginStep(run(), T0), { error: error(code), resume: null }, T0, 0)).toMatchObject({
        state: "failed",
        error: { code },
      });
    },
  );

  const UNREACHED: DutchieError[] = [
    error("ECONNREFUSED"),
    error("ENOTFOUND"),
    error("TLS"),
    { ...error("FORBIDDEN"), firewall: true },
  ];

  /** A whole run with these failures: how often each resource was asked. */
  function runThrough(given: Run, failureOf: (step: Run["steps"][number]) => DutchieError | null) {
    const asked: Record<string, number> = {};
    let current = given;
    for (let turns = 0; !isOver(current); turns++) {
      if (turns > 100) throw new Error("It does not end.");
      const step = current.steps[current.step];
      if (step === undefined) throw new Error("A step is under way.");
      asked[step.resource] = (asked[step.resource] ?? 0) + 1;
      const failure = failureOf(step);
      const begun = beginStep(current, T0);
      current = failure === null ? finishStep(begun, T0) : failStep(begun, { error: failure, resume: null }, T0, 0);
    }
    return { run: current, asked };
  }

  it.each(
    UNREACHED.flatMap((failure) =>
      (["rooms", "products", "inventory", "sales"] as const).map((broken) => ({ ...failure, broken })),
    ),
  )("F59: $code of $broken alone does not stop the other data types", ({ broken, ...failure }) => {
    const { run: over, asked } = runThrough(run(), ({ resource }) => (resource === broken ? failure : null));
    expect(over).toMatchObject({ state: "completed_with_errors", error: { code: failure.code } });
    expect(completedTypes(over)).toEqual(["products", "inventory", "sales"].filter((type) => type !== broken));
    // The first steps of a run that nobody answers are not tried less often; what comes after an answer neither.
    expect(asked).toMatchObject({ [broken]: 5 });
  });

  it.each(UNREACHED)(
    "F59: a host that is away ($code) fails the run without five tries at each endpoint",
    (failure) => {
      const { run: over, asked } = runThrough(run("initial"), () => failure);
      expect(over).toMatchObject({ state: "failed", error: { code: failure.code } });
      expect(asked).toEqual({ rooms: 5, products: 1, inventory: 1, sales: 1 });
      expect(completedTypes(over)).toEqual([]);
    },
  );

  it.each<DutchieErrorCode>(["FORBIDDEN", "UPSTREAM_5XX", "RATE_LIMITED"])(
    "F59: a host that answers %s is reachable: each later step has its five tries",
    (code) => {
      const answered = failStep(beginStep(run(), T0), { error: error(code), resume: null }, T0, 0);
      const { asked } = runThrough({ ...answered, step: 0 }, () => error("ECONNREFUSED"));
      expect(asked).toMatchObject({ products: 5, inventory: 5, sales: 5 });
    },
  );

  it.each(["rooms", "products", "inventory", "sales"] as const)(
    "F41: a long rate limit at %s lets all other steps go first, and is waited for at the end",
    (broken) => {
      const wall = error("RATE_LIMITED", 10 * MINUTE);
      let current = run("initial", { sales_window_days: 30 });
      const planned = current.steps.length;
      const order: string[] = [];
      while (current.state !== "waiting") {
        const step = current.steps[current.step];
        if (step === undefined) throw new Error("It waits at the end.");
        const begun = beginStep(current, T0);
        if (step.resource === broken) current = failStep(begun, { error: wall, resume: null }, T0, 0);
        else {
          order.push(step.resource);
          current = finishStep(begun, T0);
        }
      }
      expect(order).not.toContain(broken);
      expect(current.steps.slice(current.step).every(({ resource }) => resource === broken)).toBe(true);
      expect(current).toMatchObject({ state: "waiting", waiting_until: T0 + 10 * MINUTE, error: { code: wall.code } });
      const others = (["products", "inventory", "sales"] as const).filter((type) => type !== broken);
      expect(completedTypes(current)).toEqual(others.filter((type) => type !== broken));
      // It finishes by itself, having read all.
      const over = finishAll(current);
      expect(over.state).toBe("completed");
      expect(over.steps).toHaveLength(planned);
      expect(completedTypes(over)).toEqual(["products", "inventory", "sales"]);
      // The run ends with a reason, so that other due data types need not wait for it.
      const left = endIfOnlyWaiting(current, T0);
      expect(left).toMatchObject({ state: "completed_with_errors", error: { code: "RATE_LIMITED" } });
      if (left !== null && broken !== "rooms") expect(rateLimitedUntil(left, broken)).toBe(T0 + 10 * MINUTE);
    },
  );

  it("F41: a rate limit of all resources, or between pages, counts no row twice and ends", () => {
    const wall = error("RATE_LIMITED", 10 * MINUTE);
    let current = run("initial");
    let now = T0;
    const rate_limit_hits: Record<string, number> = {};
    for (let turns = 0; !isOver(current); turns++) {
      if (turns > 200) throw new Error("It does not end.");
      now = Math.max(now, current.waiting_until ?? now);
      const { resource } = current.steps[current.step] ?? { resource: "none" };
      const read = addProgress(beginStep(current, now), { counts: counts({ created: 2 }), failures: failures(1) }, now);
      rate_limit_hits[resource] = (rate_limit_hits[resource] ?? 0) + 1;
      const resume = { page: `p${rate_limit_hits[resource]}`, started_at: now };
      current =
        (rate_limit_hits[resource] ?? 0) % 3 === 0
          ? finishStep(read, now)
          : failStep(read, { error: wall, resume }, now, 0);
    }
    expect(current.state).toBe("completed_with_errors");
    expect(completedTypes(current)).toEqual(["products", "inventory", "sales"]);
  });

  it("F41: a short rate limit makes the step wait in place, and a run that reads does not end for others", () => {
    const short = failStep(beginStep(run(), T0), { error: error("RATE_LIMITED", MINUTE), resume: null }, T0, 0);
    expect(short).toMatchObject({ state: "waiting", step: 0, waiting_until: T0 + MINUTE });
    expect(endIfOnlyWaiting(short, T0)).toBeNull();
    expect(endIfOnlyWaiting(beginStep(run(), T0), T0)).toBeNull();
  });

  it("rate limits between failures neither count as attempts nor reset them", () => {
    let current = run();
    for (let attempt = 1; attempt <= 4; attempt++) {
      current = failStep(beginStep(current, T0), { error: error("TIMEOUT"), resume: null }, T0, 0);
      current = failStep(beginStep(current, T0), { error: error("RATE_LIMITED"), resume: null }, T0, 0);
    }
    expect(current).toMatchObject({ state: "waiting", tries: 4 });
    expect(failStep(beginStep(current, T0), { error: error("TIMEOUT"), resume: null }, T0, 0).step).toBe(1);
  });

  describe("F59: data types fail alone", () => {
    it.each<[string, DutchieError, (step: Run["steps"][number]) => boolean, string[], string]>([
      [
        "rooms fail",
        error("UPSTREAM_5XX"),
        ({ resource }) => resource === "rooms",
        ["rooms failed", "products completed", "inventory completed", "sales completed"],
        "Rooms could not be read: what was wrong. Products, packages and sales are up to date.",
      ],
      [
        "the key lost the role for rooms",
        error("FORBIDDEN"),
        ({ resource }) => resource === "rooms",
        ["rooms failed", "products completed", "inventory completed", "sales completed"],
        "Rooms could not be read: what was wrong. Products, packages and sales are up to date.",
      ],
      [
        "rooms and inventory fail",
        error("NOT_DUTCHIE"),
        ({ resource }) => resource === "rooms" || resource === "inventory",
        ["rooms failed", "products completed", "inventory failed", "sales completed"],
        "Packages could not be read: what was wrong. Products and sales are up to date.",
      ],
      [
        "products answer 500 for hours",
        error("UPSTREAM_5XX"),
        ({ resource }) => resource === "products",
        ["rooms completed", "products failed", "inventory completed", "sales completed"],
        "Products could not be read: what was wrong. Packages and sales are up to date.",
      ],
      [
        "the key lost the role for inventory",
        error("FORBIDDEN"),
        ({ resource }) => resource === "inventory",
        ["rooms completed", "products completed", "inventory failed", "sales completed"],
        "Packages could not be read: what was wrong. Products and sales are up to date.",
      ],
      [
        "sales fail in their second window",
        error("UPSTREAM_5XX"),
        ({ resource, to }) => resource === "sales" && to === T0 + DAY,
        ["rooms completed", "products completed", "inventory completed", "sales failed"],
        "Sales could not be read: what was wrong. Products and packages are up to date.",
      ],
      [
        "a page of HTML in place of products and sales",
        error("NOT_DUTCHIE"),
        ({ resource }) => resource === "products" || resource === "sales",
        ["rooms completed", "products failed", "inventory completed", "sales failed"],
        "Products and sales could not be read: what was wrong. Packages are up to date.",
      ],
    ])("F59: other data types are read all the same: %s", (_, failure, isBroken, phases, words) => {
      let current = run("full", { sales_window_days: 30 });
      while (!isOver(current)) {
        const step = current.steps[current.step];
        if (step !== undefined && isBroken(step)) current = giveUp(current, failure);
        else
          current = finishStep(
            addProgress(beginStep(current, T0), { counts: counts({ created: 1 }), failures: [] }, T0),
            T0,
          );
      }
      expect(current.phases.map(({ resource, state }) => `${resource} ${state}`)).toEqual(phases);
      expect(current).toMatchObject({ state: "completed_with_errors", error: { code: failure.code, message: words } });
    });

    it("F59: a run that could read nothing failed, and states a common reason once", () => {
      let current = run("initial");
      while (!isOver(current)) current = giveUp(current, error("UPSTREAM_5XX"));
      expect(current).toMatchObject({
        state: "failed",
        error: { code: "UPSTREAM_5XX", message: "Products, packages and sales could not be read: what was wrong." },
      });
      // What was not read is not compared either.
      expect(current.stops.every(({ verify }) => !verify)).toBe(true);
    });

    it("F59: a comparison that breaks off does not undo a successful read", () => {
      let current = run("initial");
      while (current.steps[current.step]?.verify !== true) current = finishStep(beginStep(current, T0), T0);
      current = giveUp(current, error("UPSTREAM_5XX"));
      while (!isOver(current)) current = finishStep(beginStep(current, T0), T0);
      expect(current.state).toBe("completed_with_errors");
      expect(phase(current, "verify")).toMatchObject({ state: "failed", error: { code: "UPSTREAM_5XX" } });
      expect(completedTypes(current)).toEqual(["products", "inventory", "sales"]);
    });

    it.each<[string, RunMode, (step: Run["steps"][number]) => boolean]>([
      ["a comparison of products that broke off", "verify", ({ resource }) => resource === "products"],
      [
        "a second window of sales that broke off",
        "verify",
        ({ resource, to }) => resource === "sales" && to === T0 + DAY,
      ],
      ["an initial sync that could not read the stock", "initial", ({ resource }) => resource === "inventory"],
    ])("F63: %s says nothing about the whole store", (_, mode, isBroken) => {
      const given = run(mode, { sales_window_days: 30 });
      const { run: partial } = runThrough(given, (step) => (isBroken(step) ? error("UPSTREAM_5XX") : null));
      expect(hasCompared(partial, ["products", "inventory", "sales"])).toBe(false);
      expect(hasCompared(runThrough(given, () => null).run, ["products", "inventory", "sales"])).toBe(true);
    });

    it("F63: a sync, a cancelled verification, or a verification of some data types does not count for the store", () => {
      const types = ["products", "inventory", "sales"] as const;
      expect(hasCompared(runThrough(run("full"), () => null).run, types)).toBe(false);
      const cut = endRun(beginStep(finishStep(beginStep(run("verify"), T0), T0), T0), "cancelled", null, T0);
      expect(hasCompared(cut, types)).toBe(false);
      const settings = { data_types: { ...ALL, sales: false }, sales_history_days: 60 };
      const some = runThrough(run("verify", { settings }), () => null).run;
      expect([hasCompared(some, types), hasCompared(some, ["products", "inventory"])]).toEqual([false, true]);
    });

    it("F61: a rebuild that misses a data type says that it continues", () => {
      const missing = (broken: string) =>
        runThrough({ ...run("full"), trigger: "replay" }, ({ resource }) =>
          resource === broken ? error("FORBIDDEN") : null,
        ).run.error?.message;
      expect(missing("sales")).toMatch(/^Sales could not be read: .* The rebuild continues by itself/);
      expect(missing("inventory")).toContain("webhooks are applied again once everything has been read.");
      expect(missing("rooms")).not.toContain("rebuild");
    });

    it("F59: in any order of failures each run ends, and a type is complete exactly if all its steps were", () => {
      const modes = fc.constantFrom<RunMode>("initial", "full", "incremental", "verify");
      const codes = fc.constantFrom<DutchieErrorCode>("UPSTREAM_5XX", "FORBIDDEN", "NOT_DUTCHIE", "RATE_LIMITED");
      const fate = fc.oneof(
        { weight: 3, arbitrary: fc.constant("ok" as const) },
        { weight: 2, arbitrary: codes },
        { weight: 1, arbitrary: fc.constantFrom("die" as const, "UNAUTHORIZED" as const, "cancel" as const) },
      );
      fc.assert(
        fc.property(modes, fc.array(fate, { maxLength: 60 }), (mode, fates) => {
          let current = run(mode, { sales_window_days: 20 });
          const read = new Set<number>();
          for (const each of [...fates, ...Array.from({ length: 40 }, () => "ok" as const)]) {
            if (isOver(current)) break;
            const { step } = current;
            const begun = beginStep(current, T0);
            if (each === "ok") read.add(step);
            current =
              each === "ok"
                ? finishStep(begun, T0)
                : each === "die"
                  ? revive(begun, T0)
                  : each === "cancel"
                    ? endRun(begun, "cancelled", null, T0)
                    : failStep(begun, { error: error(each), resume: null }, T0, 0);
          }
          expect(isOver(current)).toBe(true);
          const own = (verify: boolean) => mode === "verify" || !verify;
          for (const type of ["products", "inventory", "sales"] as const) {
            const all = current.steps.every(
              ({ resource, verify }, index) => resource !== type || !own(verify) || read.has(index),
            );
            expect(completedTypes(current).includes(type), type).toBe(all);
          }
          if (current.state === "completed") expect(current.stops).toEqual([]);
          if (current.state === "failed" || current.state === "completed_with_errors") {
            expect(current.error).not.toBeNull();
          }
        }),
      );
    });
  });

  it("F59: a finished step moves its cursor at once, and no cursor moves back", () => {
    const sales = steps("full", { sales_window_days: 30 }).filter(({ resource }) => resource === "sales");
    const [first, second] = sales;
    if (first === undefined || second === undefined) throw new Error("two windows");
    // An import continues where it broke off, and the nightly history does not undo the reads of the day.
    expect(cursorsRead(NEVER, first, T0, 0, T0).sales).toBe(first.to);
    expect(cursorsRead(READ, first, T0, 0, T0)).toEqual(READ);
    expect(cursorsRead(READ, second, T0, 0, T0).sales).toBe(T0);
    const [, products] = steps("incremental");
    if (products === undefined) throw new Error("products are read");
    expect(cursorsRead(READ, products, T0 + 5, 0, T0 + 5)).toEqual({ ...READ, products: T0 + 5 });
    expect(cursorsRead(READ, { ...products, verify: true }, T0 + 5, 0, T0 + 5)).toEqual(READ);
  });

  it("a failed run keeps its first cursors (F15)", () => {
    const failed = failStep(
      beginStep({ ...run(), cursors: READ }, T0),
      { error: error("UNAUTHORIZED"), resume: null },
      T0,
      0,
    );
    expect(failed.cursors).toEqual(READ);
  });

  it("a run that stopped answering is revived three times, and then continues without that data type (F05)", () => {
    let current = run();
    for (let revival = 1; revival <= 3; revival++) {
      current = revive(beginStep(current, T0), T0 + revival);
      expect(current).toMatchObject({ revivals: revival, reading: false, heartbeat_at: T0 + revival });
      expect(isOver(current)).toBe(false);
    }
    const given_up = revive(beginStep(current, T0), T0 + 9);
    expect(given_up).toMatchObject({ step: 1, revivals: 0, reading: false });
    expect(phase(given_up, "rooms")).toMatchObject({ state: "failed", error: { code: "STALLED" } });
    expect(phase(given_up, "rooms").error?.message).toContain("rooms");
    const over = finishAll(given_up);
    expect(over).toMatchObject({ state: "completed_with_errors", error: { code: "STALLED" } });
  });
});

describe("the progress of a run", () => {
  it("the percentage never falls while a run reads, and is 100 only at its end", () => {
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
              current = beginStep(
                failStep(current, { error: error("RATE_LIMITED"), resume: { page: "p", started_at: T0 } }, T0, 0),
                T0,
              );
            expect(percentOf(current)).toBeGreaterThanOrEqual(percent);
            percent = percentOf(current);
            expect(percent === 100).toBe(isOver(current));
          }
          expect(percent).toBe(100);
        },
      ),
    );
  });

  it("the percentage of a failed or cancelled run stays as it was", () => {
    const half = addProgress(beginStep(run(), T0), { counts: counts({ created: 900 }), failures: [] }, T0);
    expect(percentOf(endRun(half, "failed", null, T0))).toBe(percentOf(half));
  });

  const halfway = (): Run => {
    let current = run();
    for (let step = 0; step < 3; step++) current = finishStep(beginStep(current, T0), T0);
    return beginStep(current, T0);
  };

  it("the remaining time is stated at the pace so far", () => {
    const current = halfway();
    const percent = percentOf(current);
    expect(percent).toBeGreaterThan(10);
    expect(etaSeconds(current, T0 + 100_000)).toBe(Math.round((100 / percent) * (100 - percent)));
  });

  it("the remaining time is not stated before there is a pace, or after the end", () => {
    expect(etaSeconds(beginStep(run(), T0), T0 + HOUR)).toBeNull();
    expect(etaSeconds(finishAll(run()), T0 + HOUR)).toBeNull();
    expect(etaSeconds(endRun(halfway(), "failed", null, T0), T0 + HOUR)).toBeNull();
  });

  it("the remaining time is at least the present wait", () => {
    const waits = failStep(halfway(), { error: error("RATE_LIMITED", 10 * MINUTE), resume: null }, T0, 0);
    expect(etaSeconds(waits, T0)).toBe(600);
  });
});

describe("the error rate of a run", () => {
  const with_ = (created: number, failed: number) =>
    addProgress(beginStep(run(), T0), { counts: counts({ created }), failures: failures(failed) }, T0);

  it("the error rate is the share of failed records", () => {
    expect(errorRate(with_(9, 1))).toBe(0.1);
    expect(errorRate(with_(0, 3))).toBe(1);
    expect(errorRate(with_(10, 0))).toBe(0);
  });

  it("the error rate without any record is 1 if the run failed, else 0", () => {
    expect(errorRate(run())).toBe(0);
    expect(errorRate(endRun(run(), "failed", null, T0))).toBe(1);
    expect(errorRate(endRun(run(), "cancelled", null, T0))).toBe(0);
  });
});

describe("when a run counts as stalled", () => {
  const WATCHDOG = 90_000;
  const LIMITS = { watchdog_ms: WATCHDOG, queued_ms: HOUR };
  it("F83: while its message waits in a queue, not before an hour; once somebody reads, after the watchdog's time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: DAY }), fc.option(fc.integer({ min: 0, max: HOUR })), (age, wait) => {
        const queued: Run = {
          ...run(),
          queued: true,
          heartbeat_at: T0 + age,
          waiting_until: wait === null ? null : T0 + age + wait,
        };
        const due = T0 + age + (wait ?? 0);
        expect(stalledAt(queued, LIMITS)).toBe(due + HOUR);
        // Without a message it is sent at once: the call that was to send it has failed.
        expect(stalledAt({ ...queued, queued: false }, LIMITS)).toBe(due + WATCHDOG);
        const begun = beginStep(queued, due);
        expect(stalledAt(begun, LIMITS)).toBe(due + WATCHDOG);
      }),
    );
  });
});
