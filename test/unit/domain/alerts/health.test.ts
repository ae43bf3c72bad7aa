import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fleetOf, fleetSummary } from "../../../../src/domain/alerts/fleet.ts";
import {
  type FiringRule,
  freshSince,
  type HEALTHS,
  type HealthFacts,
  healthOf,
  type Standing,
} from "../../../../src/domain/alerts/health.ts";
import { DATA_TYPES, type DataType } from "../../../../src/domain/runs/data-type.ts";
import { DEFAULT_SETTINGS } from "../../../../src/domain/settings.ts";

const NOW = 1_760_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Code = NonNullable<Standing["failed"]>["code"];
type TypeStanding = NonNullable<Standing["types"]["sales"]>;

const error = (code: Code, at = NOW - MINUTE, since = at) => ({
  code,
  message: `Dutchie said ${code}`,
  hint: "Do it.",
  at,
  since,
});
const types = (over: Partial<Record<DataType, Partial<TypeStanding>>> = {}, all: Partial<TypeStanding> = {}) =>
  Object.fromEntries(
    DATA_TYPES.map((type) => {
      const state = { since: NOW - 40 * MINUTE, last_success_at: NOW - 5 * MINUTE, error: null };
      return [type, { ...state, ...all, ...over[type] }];
    }),
  ) as Standing["types"];

const standing = (over: Partial<Standing> = {}): Standing => ({
  types: types(),
  failed: null,
  run: null,
  accuracy: null,
  unmapped: 0,
  ...over,
});
const fine: HealthFacts = {
  settings: DEFAULT_SETTINGS,
  is_connected: true,
  standing: standing(),
  alerts: [],
  reviews: { open: 0, since: null },
  now: NOW,
};
const alert = (rule: FiringRule["rule"], over: Partial<FiringRule> = {}): FiringRule => ({
  rule,
  severity: "warning",
  message: `about ${rule}`,
  started_at: NOW - HOUR,
  acknowledged_at: null,
  ...over,
});
const nothingOn = {
  ...DEFAULT_SETTINGS,
  data_types: { products: false, inventory: false, sales: false, customers: false },
};
const running = { started_at: NOW - MINUTE, waiting_until: null, error: null };
const waits = { started_at: NOW - MINUTE, waiting_until: NOW + MINUTE, error: error("RATE_LIMITED") };

describe("how a store fares", () => {
  it.each<[string, Partial<HealthFacts>, string, string, string | null, string | null]>([
    ["nothing is wrong", {}, "healthy", "idle", null, null],
    ["a run is under way", { standing: standing({ run: running }) }, "healthy", "syncing", null, null],
    [
      "a run waits for a rate limit",
      { standing: standing({ run: waits }) },
      "healthy",
      "waiting",
      "RATE_LIMITED",
      "wait",
    ],
    [
      "the wait is over",
      { standing: standing({ run: { ...waits, waiting_until: NOW } }) },
      "healthy",
      "syncing",
      null,
      null,
    ],
    [
      "it is disconnected",
      { is_connected: false, standing: standing({ run: running }) },
      "disconnected",
      "idle",
      null,
      null,
    ],
    [
      "it has never synced",
      { standing: standing({ types: types({}, { last_success_at: null }) }) },
      "never_synced",
      "idle",
      null,
      null,
    ],
    [
      "all data types are switched off",
      { settings: nothingOn, standing: standing({ types: {} }) },
      "needs_decision",
      "idle",
      "NOTHING_SYNCED",
      "review",
    ],
    [
      "all data types are switched off after a failure, which no sync can end",
      { settings: nothingOn, standing: standing({ types: {}, failed: error("STALLED") }) },
      "needs_decision",
      "idle",
      "NOTHING_SYNCED",
      "review",
    ],
    [
      "all data types are switched off, and it is disconnected",
      { settings: nothingOn, standing: standing({ types: {} }), is_connected: false },
      "disconnected",
      "idle",
      null,
      null,
    ],
    [
      "its first sync never came",
      { standing: standing({ types: types({}, { last_success_at: null, since: NOW - 3 * HOUR }) }) },
      "never_synced",
      "idle",
      "STALE",
      "run_sync",
    ],
    [
      "its first sync failed",
      { standing: standing({ types: types({}, { last_success_at: null, error: error("UNAUTHORIZED") }) }) },
      "failing",
      "idle",
      "UNAUTHORIZED",
      "enter_key",
    ],
    [
      "one data type failed",
      { standing: standing({ types: types({ sales: { error: error("FORBIDDEN") } }) }) },
      "failing",
      "idle",
      "FORBIDDEN",
      "contact_dutchie",
    ],
    [
      "rooms failed",
      { standing: standing({ types: types({ inventory: { rooms_error: error("UPSTREAM_5XX") } }) }) },
      "failing",
      "idle",
      "UPSTREAM_5XX",
      "wait",
    ],
    [
      "a verification failed",
      { standing: standing({ failed: error("STALLED") }) },
      "failing",
      "idle",
      "STALLED",
      "run_sync",
    ],
    [
      "it was read two hours ago",
      { standing: standing({ types: types({}, { last_success_at: NOW - 2 * HOUR }) }) },
      "stale",
      "idle",
      "STALE",
      "run_sync",
    ],
    [
      "its sales were",
      { standing: standing({ types: types({ sales: { last_success_at: NOW - 2 * HOUR } }) }) },
      "stale",
      "idle",
      "STALE",
      "run_sync",
    ],
    [
      "it is read once a day, and was two hours ago",
      {
        settings: { ...DEFAULT_SETTINGS, frequency: "daily" },
        standing: standing({ types: types({}, { last_success_at: NOW - 2 * HOUR }) }),
      },
      "healthy",
      "idle",
      null,
      null,
    ],
    [
      "a question is open",
      { reviews: { open: 2, since: NOW - HOUR } },
      "needs_decision",
      "idle",
      "OPEN_REVIEWS",
      "review",
    ],
    ["the open questions are unknown", { reviews: null }, "healthy", "idle", null, null],
    [
      "a snapshot is held",
      { alerts: [alert("held_snapshot", { severity: "critical" })], reviews: { open: 1, since: NOW } },
      "needs_decision",
      "idle",
      "HELD_SNAPSHOT",
      "review",
    ],
    [
      "many packages became zero, long after a message failed",
      {
        alerts: [
          alert("dead_letter", { severity: "critical" }),
          alert("stock_ended", { severity: "critical", started_at: NOW }),
        ],
      },
      "needs_decision",
      "idle",
      "STOCK_ENDED",
      "review",
    ],
    [
      "a message failed, and prices changed at once, which is less severe",
      { alerts: [alert("mass_change"), alert("dead_letter", { severity: "critical", started_at: NOW })] },
      "needs_decision",
      "idle",
      "DEAD_LETTER",
      "review",
    ],
    [
      "rows could not be compared",
      {
        alerts: [alert("drift")],
        standing: standing({ accuracy: { value: 0.99, checked_at: NOW, healed: 0, correctable: 0 } }),
      },
      "needs_decision",
      "idle",
      "DRIFT",
      "review",
    ],
    [
      "some of the records can be corrected",
      {
        alerts: [alert("drift")],
        standing: standing({ accuracy: { value: 0.99, checked_at: NOW, healed: 0, correctable: 1 } }),
      },
      "needs_decision",
      "idle",
      "DRIFT",
      "run_sync",
    ],
    ["records drifted", { alerts: [alert("drift")] }, "needs_decision", "idle", "DRIFT", "run_sync"],
    [
      "somebody has seen the alert",
      { alerts: [alert("drift", { acknowledged_at: NOW })] },
      "healthy",
      "idle",
      null,
      null,
    ],
    ["a run takes long", { alerts: [alert("long_duration")] }, "healthy", "idle", null, null],
    [
      "a data type that is off failed once",
      {
        settings: { ...DEFAULT_SETTINGS, data_types: { ...DEFAULT_SETTINGS.data_types, sales: false } },
        standing: standing({ types: types({ sales: { error: error("FORBIDDEN") } }) }),
      },
      "healthy",
      "idle",
      null,
      null,
    ],
  ])("%s", (_, over, health, activity, code, action) => {
    const told = healthOf({ ...fine, ...over });
    expect([told.health, told.activity, told.problem?.code ?? null, told.problem?.action ?? null]).toEqual([
      health,
      activity,
      code,
      action,
    ]);
  });

  it("the problem says what could not be read, what to do, what is fine, and since when", () => {
    const sales = { error: error("UPSTREAM_5XX", NOW - MINUTE, NOW - 3 * HOUR) };
    expect(healthOf({ ...fine, standing: standing({ types: types({ sales }) }) }).problem).toEqual({
      code: "UPSTREAM_5XX",
      message: "Sales could not be read: Dutchie said UPSTREAM_5XX. Products and packages are up to date. Do it.",
      action: "wait",
      since: NOW - 3 * HOUR,
    });
  });

  const anyCode = fc.constantFrom<Code>("UNAUTHORIZED", "UPSTREAM_5XX", "RATE_LIMITED", "NOT_DUTCHIE", "STALLED");
  const anyState = fc.record({
    since: fc.integer({ min: NOW - 100 * HOUR, max: NOW }),
    last_success_at: fc.option(fc.integer({ min: NOW - 100 * HOUR, max: NOW })),
    error: fc.option(anyCode.map((code) => error(code))),
  });
  const anyFacts = fc
    .record({
      types: fc.record({ products: anyState, inventory: anyState, sales: anyState }),
      failed: fc.option(anyCode.map((code) => error(code))),
      alerts: fc.array(
        fc.constantFrom(alert("drift"), alert("stock_ended", { severity: "critical" }), alert("sync_failed")),
      ),
      open: fc.integer({ min: 0, max: 3 }),
    })
    .map(
      ({ alerts, open, ...known }): HealthFacts => ({
        ...fine,
        alerts,
        reviews: { open, since: open === 0 ? null : NOW },
        standing: standing(known),
      }),
    );

  it("a retry never hides what is wrong: with a run under way or waiting, the health is the same", () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(running, waits), (facts, run) => {
        const before = healthOf(facts);
        const during = healthOf({ ...facts, standing: { ...facts.standing, run } });
        expect(during.health).toBe(before.health);
        if (before.problem === null) return;
        // Its words may be those of the run under way instead of the last one's.
        const { code, action, since } = before.problem;
        expect(during.problem).toMatchObject({ code, action, since });
      }),
    );
  });

  it("what is not healthy has a problem with words, and what failed is never called healthy", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const { health, problem } = healthOf(facts);
        const hasFailed = Object.values(facts.standing.types).some((state) => state.error !== null);
        if (hasFailed || facts.standing.failed !== null) expect(health).toBe("failing");
        if (health === "failing" || health === "stale" || health === "needs_decision") {
          expect(problem?.message).toMatch(/\w.*\.$|^about /);
        }
      }),
    );
  });

  it.each<[string, Partial<TypeStanding>, number | null]>([
    ["the oldest of the data types", { last_success_at: NOW - HOUR }, NOW - HOUR],
    ["a type was never read", { last_success_at: null }, null],
  ])("data is as old as %s", (_, sales, at) => {
    expect(freshSince({ ...fine, standing: standing({ types: types({ sales }) }) })).toBe(at);
  });
});

describe("the list of all stores", () => {
  const store = (
    location_id: string,
    name: string,
    health: (typeof HEALTHS)[number],
    data_age_seconds: number | null,
  ) => ({
    location_id,
    name,
    health,
    data_age_seconds,
  });
  const stores = [
    store("loc_3", "Main Street", "healthy", 10),
    store("loc_1", "Airport", "failing", 500),
    store("loc_2", "Main Street", "never_synced", null),
    store("loc_4", "Harbour", "stale", 9_000),
    store("loc_5", "Main Hall", "disconnected", 20_000),
  ];
  const ids = (query: Parameters<typeof fleetOf>[1]) => fleetOf(stores, query).map(({ location_id }) => location_id);

  it.each<[string, Parameters<typeof fleetOf>[1], string[]]>([
    ["by name, then id", { sort: "name" }, ["loc_1", "loc_4", "loc_2", "loc_3"]],
    ["the worst first", { sort: "health" }, ["loc_1", "loc_4", "loc_2", "loc_3"]],
    [
      "the oldest data first, and what was never read before it",
      { sort: "data_age" },
      ["loc_2", "loc_4", "loc_1", "loc_3"],
    ],
    ["words in any order", { sort: "name", q: "street MAIN" }, ["loc_2", "loc_3"]],
    ["a part of the id", { sort: "name", q: "_4" }, ["loc_4"]],
    ["of one health", { sort: "name", health: "failing" }, ["loc_1"]],
    ["disconnected ones only if they are asked for", { sort: "data_age", health: "disconnected" }, ["loc_5"]],
    ["nothing fits", { sort: "name", q: "airport main" }, []],
  ])("%s", (_, query, expected) => {
    expect(ids(query)).toEqual(expected);
  });

  it("sorts and finds names without case and accents", () => {
    const named = ["Zebra", "Élan", "äpfel", "alpha", "Ärger", "apfel"].map((name) => store(name, name, "healthy", 1));
    const found = (q: string) => fleetOf(named, { sort: "name", q }).map(({ name }) => name);
    expect(found("")).toEqual(["alpha", "apfel", "äpfel", "Ärger", "Élan", "Zebra"]);
    expect(found("APFEL")).toEqual(["apfel", "äpfel"]);
    expect(found("ÉLAN")).toEqual(found("elan"));
  });

  it("is counted whole, the disconnected ones apart", () => {
    expect(fleetSummary(stores)).toEqual({
      stores: 4,
      healthy: 1,
      needs_decision: 0,
      stale: 1,
      failing: 1,
      never_synced: 1,
      disconnected: 1,
    });
  });
});
