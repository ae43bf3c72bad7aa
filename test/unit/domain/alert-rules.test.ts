import { describe, expect, it } from "vitest";
import { type AlertFacts, judgeAlerts, slowAfterMs } from "../../../src/domain/alert-rules.ts";
import { NO_CURSORS, newRun } from "../../../src/domain/run.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";

const NOW = 1_760_000_000_000;
const MINUTE = 60_000;

const quiet: AlertFacts = {
  settings: DEFAULT_SETTINGS,
  run: null,
  last: {
    state: "completed",
    mode: "incremental",
    error_rate: 0,
    error: null,
    accuracy: null,
    drift: null,
    healed: false,
  },
  durations: [],
  last_success_at: NOW - 10 * MINUTE,
  webhooks: { last_at: NOW - MINUTE, missed_since: 0 },
  clock: null,
  now: NOW,
};

const running = (minutes: number) => {
  const steps = [{ resource: "rooms" as const, verify: false, complete: true, from: null, to: null }];
  const at = { run_id: "run_1", location_id: "loc_1", mode: "full" as const, trigger: "manual" as const, heal: false };
  return newRun({ ...at, steps, cursors: NO_CURSORS, now: NOW - minutes * MINUTE });
};

const last = (over: Partial<NonNullable<AlertFacts["last"]>>) => ({
  last: {
    state: "completed",
    mode: "full",
    error_rate: 0,
    error: null,
    accuracy: null,
    drift: null,
    healed: false,
    ...over,
  },
});
const rules = (over: Partial<AlertFacts>) => judgeAlerts({ ...quiet, ...over }).map((alert) => alert.rule);

describe("alerts", () => {
  it("a store in order has none", () => {
    expect(rules({})).toEqual([]);
  });

  it.each([
    ["a failed sync", last({ state: "failed", error: "401" }), ["sync_failed"]],
    ["a sync with 5 % bad rows", last({ error_rate: 0.05 }), []],
    ["a sync with 6 % bad rows", last({ error_rate: 0.06 }), ["high_error_rate"]],
    ["a failed sync is told as that and not as bad rows", last({ state: "failed", error_rate: 1 }), ["sync_failed"]],
    ["a verification that found drift", last({ accuracy: 0.99, drift: 1 }), ["drift"]],
    ["a verification that healed it", last({ accuracy: 0.99, drift: 1, healed: true }), []],
    ["F63: a verification with nothing but rows in flight", last({ accuracy: 0.9, drift: 0 }), []],
    ["an hour without a success", { last_success_at: NOW - 60 * MINUTE }, []],
    ["more than an hour without a success", { last_success_at: NOW - 61 * MINUTE }, ["stale"]],
    ["a store that was never synced", { last_success_at: null }, []],
    [
      "untold changes while webhooks are silent",
      { webhooks: { last_at: NOW - 61 * MINUTE, missed_since: 5 } },
      ["webhooks_silent"],
    ],
    ["silence without changes", { webhooks: { last_at: NOW - 600 * MINUTE, missed_since: 0 } }, []],
    ["untold changes while webhooks come", { webhooks: { last_at: NOW - MINUTE, missed_since: 50 } }, []],
  ] satisfies [string, Partial<AlertFacts>, string[]][])("%s", (_name, facts, expected) => {
    expect(rules(facts)).toEqual(expected);
  });

  it("a daily store is not stale before a night and two hours have passed", () => {
    const settings = { ...DEFAULT_SETTINGS, frequency: "daily" as const };
    expect(rules({ settings, last_success_at: NOW - 25 * 60 * MINUTE })).toEqual([]);
    expect(rules({ settings, last_success_at: NOW - 27 * 60 * MINUTE })).toEqual(["stale"]);
  });

  it("on_failure off keeps a failed sync quiet", () => {
    const settings = { ...DEFAULT_SETTINGS, alerts: { ...DEFAULT_SETTINGS.alerts, on_failure: false } };
    expect(rules({ settings, ...last({ state: "failed" }) })).toEqual([]);
  });

  it("a long run fires while it is going, by the store's setting (F21)", () => {
    expect(rules({ run: running(30) })).toEqual([]);
    expect(rules({ run: running(31) })).toEqual(["long_duration"]);
    expect(rules({ run: { ...running(31), state: "completed" } })).toEqual([]);
  });

  it("and against the store's own median, once there is a habit (F21)", () => {
    const habit = [2, 2, 2, 3, 2].map((minutes) => minutes * MINUTE);
    expect(rules({ run: running(7), durations: habit })).toEqual(["long_duration"]);
    expect(rules({ run: running(5), durations: habit })).toEqual([]);
    expect(rules({ run: running(7), durations: habit.slice(1) })).toEqual([]);
    expect(slowAfterMs(DEFAULT_SETTINGS, [1, 1, 1, 1, 1])).toBe(MINUTE);
  });
});
