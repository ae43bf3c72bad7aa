import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AlertFacts, evaluateAlerts, nextEvaluationAt, slowAfterMs } from "../../../../src/domain/alerts/rules.ts";
import { NO_CURSORS } from "../../../../src/domain/runs/cursors.ts";
import { DATA_TYPES, type DataType } from "../../../../src/domain/runs/data-type.ts";
import { newRun } from "../../../../src/domain/runs/run.ts";
import { DEFAULT_SETTINGS } from "../../../../src/domain/settings.ts";

const NOW = 1_760_000_000_000;
const MINUTE = 60_000;

const types = (over: Partial<Record<DataType, Partial<AlertFacts["types"][number]>>> = {}): AlertFacts["types"] =>
  DATA_TYPES.map((type) => ({
    type,
    since: NOW - 30 * 24 * 60 * MINUTE,
    last_success_at: NOW - 10 * MINUTE,
    error: null,
    ...over[type],
  }));

const quiet: AlertFacts = {
  settings: DEFAULT_SETTINGS,
  run: null,
  last: { state: "completed", mode: "incremental", error_rate: 0, error: null },
  durations: [],
  types: types(),
  verification: { accuracy: 1, drift: 0, healed: 0 },
  webhooks: { last_at: NOW - MINUTE, missed: 0 },
  clock: null,
  now: NOW,
};

const lastSuccess = (at: number | null, since = NOW - 30 * 24 * 60 * MINUTE) => {
  const state = { last_success_at: at, since };
  return { types: types({ products: state, inventory: state, sales: state }) };
};
const failed = (message: string) => ({ error: { code: "UPSTREAM_5XX" as const, message, hint: "", at: NOW } });

const running = (minutes: number) => {
  const steps = [{ resource: "rooms" as const, verify: false, complete: true, from: null, to: null }];
  const at = { run_id: "run_1", location_id: "loc_1", mode: "full" as const, trigger: "manual" as const, heal: false };
  return newRun({ ...at, steps, cursors: NO_CURSORS, now: NOW - minutes * MINUTE });
};

const last = (over: Partial<NonNullable<AlertFacts["last"]>>) => ({
  last: { state: "completed", mode: "full", error_rate: 0, error: null, ...over },
});
const rules = (over: Partial<AlertFacts>) => evaluateAlerts({ ...quiet, ...over }).map((alert) => alert.rule);

describe("the rules of alerts", () => {
  it("a healthy store has no alerts", () => {
    expect(rules({})).toEqual([]);
  });

  it.each([
    ["a failed sync", last({ state: "failed", error: "401" }), ["sync_failed"]],
    ["a sync with 5 % bad rows", last({ error_rate: 0.05 }), []],
    ["a sync with 6 % bad rows", last({ error_rate: 0.06 }), ["high_error_rate"]],
    ["a failed sync with bad rows", last({ state: "failed", error_rate: 1 }), ["sync_failed"]],
    ["a verification that found drift", { verification: { accuracy: 0.99, drift: 1, healed: 0 } }, ["drift"]],
    [
      "F63: a verification that healed some of it",
      { verification: { accuracy: 0.99, drift: 40, healed: 1 } },
      ["drift"],
    ],
    [
      "F63: a verification that healed all but one",
      { verification: { accuracy: 1, drift: 40, healed: 39 } },
      ["drift"],
    ],
    ["a verification that healed it", { verification: { accuracy: 0.99, drift: 3, healed: 3 } }, []],
    [
      "F63: a verification with nothing but rows in flight",
      { verification: { accuracy: 0.9, drift: 0, healed: 0 } },
      [],
    ],
    ["F36: Dutchie's clock is further off than is corrected for", { clock: -12 * MINUTE }, ["clock_wrong"]],
    ["F36: Dutchie's clock is off by what is corrected for", { clock: 4 * MINUTE }, []],
    ["an hour without a success", lastSuccess(NOW - 60 * MINUTE), []],
    ["more than an hour without a success", lastSuccess(NOW - 61 * MINUTE), ["stale"]],
    ["F58: a store that was connected just now", lastSuccess(null, NOW - 59 * MINUTE), []],
    ["F58: a store from which nothing came since its connection", lastSuccess(null, NOW - 61 * MINUTE), ["stale"]],
    [
      "changes without webhooks while webhooks are silent",
      { webhooks: { last_at: NOW - 61 * MINUTE, missed: 5 } },
      ["webhooks_silent"],
    ],
    ["silence without changes", { webhooks: { last_at: NOW - 600 * MINUTE, missed: 0 } }, []],
    ["changes without webhooks while other webhooks come", { webhooks: { last_at: NOW - MINUTE, missed: 50 } }, []],
  ] satisfies [string, Partial<AlertFacts>, string[]][])(
    "the right alerts fire for this state: %s",
    (_name, facts, expected) => {
      expect(rules(facts)).toEqual(expected);
    },
  );

  it.each([
    ["the last sync if none is under way", null, failed("401"), /The last sync says what went wrong\.$/],
    ["the last sync if the one under way has met nothing", running(3), failed("401"), /The last sync says what/],
    ["what to do if nothing failed", null, {}, /Start a sync\.$/],
    [
      "the sync under way, if it waits",
      { ...running(3), error: { code: "RATE_LIMITED" as const, message: "Too many requests", hint: "" } },
      failed("401"),
      /The sync under way says: Too many requests\.$/,
    ],
  ])("F41: a stale store names %s", (_name, run, state, words) => {
    const old = { last_success_at: NOW - 61 * MINUTE, ...state };
    const alerts = evaluateAlerts({ ...quiet, types: types({ products: old, inventory: old, sales: old }), run });
    expect(alerts.find(({ rule }) => rule === "stale")?.message).toMatch(words);
  });

  it.each([
    [
      "only rows that could not be read",
      { drift: 3, healed: 0, correctable: 0 },
      /equal to Dutchie\. 3 rows of .+ correct them in Dutchie/,
    ],
    ["one of them", { drift: 1, healed: 0, correctable: 0 }, /1 row of .+ correct it in Dutchie and compare again/],
    ["what was left by a correction", { drift: 5, healed: 3, correctable: 0 }, /3 were corrected; .+ 2 rows of /],
    [
      "both",
      { drift: 5, healed: 0, correctable: 3 },
      /Correct the differences .+ 2 rows of Dutchie's could not be read/,
    ],
    [
      "only differences",
      { drift: 5, healed: 0, correctable: 5 },
      /^The last comparison found 99\.00 % of [^.]+\. Correct the differences on the store's page: [^.]+\.$/,
    ],
    ["what an older build found", { drift: 5, healed: 0 }, /Correct the differences on the store's page/],
  ])("F63: the alert of a comparison says what helps: %s", (_name, found, words) => {
    const [alert] = evaluateAlerts({ ...quiet, verification: { accuracy: 0.99, ...found } });
    expect(alert?.message).toMatch(words);
  });

  it("a daily store becomes stale two hours after its night", () => {
    const settings = { ...DEFAULT_SETTINGS, frequency: "daily" as const };
    expect(rules({ settings, ...lastSuccess(NOW - 25 * 60 * MINUTE) })).toEqual([]);
    expect(rules({ settings, ...lastSuccess(NOW - 27 * 60 * MINUTE) })).toEqual(["stale"]);
  });

  it("a failed sync fires no alert if on_failure is off", () => {
    const settings = { ...DEFAULT_SETTINGS, alerts: { ...DEFAULT_SETTINGS.alerts, on_failure: false } };
    expect(rules({ settings, ...last({ state: "failed" }) })).toEqual([]);
  });

  it("F21: a long run fires an alert while it goes on, by the store's own limit", () => {
    expect(rules({ run: running(30) })).toEqual([]);
    expect(rules({ run: running(31) })).toEqual(["long_duration"]);
    expect(rules({ run: { ...running(31), state: "completed" } })).toEqual([]);
  });

  it("F21: a long run fires an alert by the store's median, once there are enough runs", () => {
    const habit = [2, 2, 2, 3, 2].map((minutes) => minutes * MINUTE);
    expect(rules({ run: running(7), durations: habit })).toEqual(["long_duration"]);
    expect(rules({ run: running(5), durations: habit })).toEqual([]);
    expect(rules({ run: running(7), durations: habit.slice(1) })).toEqual([]);
    expect(slowAfterMs(DEFAULT_SETTINGS, [1, 1, 1, 1, 1])).toBe(MINUTE);
  });

  it("F59: a data type that does not come is stale by name, even if runs succeed", () => {
    const alerts = evaluateAlerts({ ...quiet, types: types({ sales: { last_success_at: NOW - 90 * MINUTE } }) });
    expect(alerts).toEqual([
      {
        rule: "stale",
        subject: "sales",
        severity: "critical",
        message: expect.stringMatching(/^Sales have not been read for 1\.5 hours\. ReUp may show .*use Dutchie/),
      },
    ]);
    const two = evaluateAlerts({
      ...quiet,
      types: types({ sales: { last_success_at: null, since: NOW - 61 * MINUTE }, inventory: { last_success_at: 0 } }),
    });
    expect(two.map(({ subject }) => subject)).toEqual(["inventory", "sales"]);
  });

  it.each([
    [61_000, "1 minute"],
    [45 * MINUTE, "45 minutes"],
    [60 * MINUTE - 1, "59 minutes"],
    [90 * MINUTE, "1.5 hours"],
  ])("a store that was last read %d ms ago has not been read for %s", (ms, age) => {
    const alerts = { ...DEFAULT_SETTINGS.alerts, max_staleness_minutes: 1 };
    const settings = { ...DEFAULT_SETTINGS, alerts };
    const [alert] = evaluateAlerts({ ...quiet, settings, ...lastSuccess(NOW - ms) });
    expect(alert?.message).toMatch(new RegExp(`^No sync has succeeded for ${age}\\. `));
  });

  it("F59: a failing data type has an alert with its name until it succeeds", () => {
    const [alert] = evaluateAlerts({ ...quiet, types: types({ sales: failed("Dutchie failed (503)") }) });
    expect(alert).toMatchObject({
      rule: "sync_failed",
      severity: "warning",
      message: "Sales could not be read: Dutchie failed (503). Products and packages are up to date.",
    });
    const all = { products: failed("no key"), inventory: failed("no key"), sales: failed("no key") };
    expect(evaluateAlerts({ ...quiet, types: types(all) })[0]).toMatchObject({
      severity: "critical",
      message: "The last sync failed: Products, packages and sales could not be read: no key.",
    });
  });

  it("F59: rooms that fail fire an alert although packages come, and each alert says what to do", () => {
    const rooms_error = { code: "FORBIDDEN" as const, message: "No role (403)", hint: "Ask for it.", at: NOW };
    const alertsOf = (over: Parameters<typeof types>[0]) => evaluateAlerts({ ...quiet, types: types(over) });
    expect(alertsOf({ inventory: { rooms_error } })).toMatchObject([
      {
        rule: "sync_failed",
        severity: "warning",
        message: "Rooms could not be read: No role (403). Products, packages and sales are up to date. Ask for it.",
      },
    ]);
    // Packages that could not be read say it for their rooms.
    expect(alertsOf({ inventory: { rooms_error, ...failed("503") } })[0]?.message).toBe(
      "Packages could not be read: 503. Products and sales are up to date.",
    );
    const alone = { types: types({ inventory: { rooms_error } }).filter(({ type }) => type === "inventory") };
    expect(evaluateAlerts({ ...quiet, ...alone })[0]).toMatchObject({ severity: "warning" });
  });

  it("F63: a sync neither begins nor ends drift", () => {
    const verification = { accuracy: 0.71, drift: 40, healed: 0 };
    for (const state of ["completed", "completed_with_errors", "failed"]) {
      expect(rules({ ...last({ state }), verification })).toContain("drift");
      expect(rules({ ...last({ state }), verification: null })).not.toContain("drift");
    }
  });

  it("F41: a run that only waits fires the long-duration alert, which says what the run waits for", () => {
    const error = { code: "RATE_LIMITED" as const, message: "Too many requests to /products (429)", hint: "" };
    const run = { ...running(31), state: "waiting" as const, error };
    expect(evaluateAlerts({ ...quiet, run })[0]?.message).toBe(
      "A sync has been running for 31 minutes. It waits: Too many requests to /products (429).",
    );
  });

  it("F41: each alert that depends on time fires in its minute, with or without a run", () => {
    const time = fc.integer({ min: 0, max: 3_000 }).map((minutes) => NOW - minutes * MINUTE);
    fc.assert(
      fc.property(
        fc.tuple(time, time, time),
        fc.option(time),
        time,
        fc.nat({ max: 9 }),
        (reads, started, heard, missed) => {
          const [products, inventory, sales] = reads.map((last_success_at) => ({ last_success_at }));
          const facts: AlertFacts = {
            ...quiet,
            types: types({ products, inventory, sales }),
            run: started === null ? null : { ...running(0), started_at: started },
            webhooks: { last_at: heard, missed },
          };
          const subjects = (now: number) =>
            evaluateAlerts({ ...facts, now }).map(({ rule, subject }) => `${rule} ${subject}`);
          let before = subjects(NOW);
          let now = NOW;
          // Nothing happens but time: what fires in between is found by looking when it is due.
          for (let looks = 0; looks < 20; looks++) {
            const at = nextEvaluationAt({ ...facts, now });
            const end = at ?? now + 3_000 * MINUTE;
            expect(end).toBeGreaterThan(now);
            expect(subjects(end - 1)).toEqual(before);
            if (at === null) return;
            now = at;
            before = subjects(now);
          }
          throw new Error("It is looked at too often.");
        },
      ),
    );
  });
});
