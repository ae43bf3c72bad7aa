import { describe, expect, it } from "vitest";
import type { Counts } from "../../../bench/contract.ts";
import { costTables } from "../../../bench/cost/document.ts";
import { PER_MILLION } from "../../../bench/cost/prices.ts";
import { monthOf, STORES, type Units } from "../../../bench/cost/stores.ts";
import { dollars, dollarsOf, logDollars, METERS, sum, times, type Usage, usageOf } from "../../../bench/cost/usage.ts";
import { storesUntil, walls, wallTable } from "../../../bench/cost/walls.ts";

const counts: Counts = {
  requests: { fetch: 4, queue: 1, scheduled: 1 },
  d1: { queries: 3, accounts: 1, statements: 7, rows_read: 40, rows_written: 8, ms: 9 },
  location: { calls: 2, ms: 500, alarms: 1, alarms_set: 3, rows_read: 12, rows_written: 5 },
  logs: 11,
  queues: { sends: 4, messages: 4, received: 4 },
  by_statement: {},
};

describe("What is metered", () => {
  it("is each invocation, three operations a message, and a row for each timer that is set", () => {
    expect(usageOf(counts, 60)).toEqual({
      worker_requests: 6,
      cpu_ms: 60,
      d1_rows_read: 40,
      d1_rows_written: 8,
      queue_operations: 12,
      location_requests: 3,
      location_gb_s: 0.064,
      location_rows_read: 12,
      location_rows_written: 8,
      log_entries: 20,
      accounts_queries: 1,
      records_queries: 2,
    });
  });

  it("costs its price: a million of each costs the sum of the prices", () => {
    const million = Object.fromEntries(
      [...METERS, "log_entries", "accounts_queries", "records_queries"].map((meter) => [meter, 1_000_000]),
    ) as Usage;
    expect(METERS.map((meter): number => dollarsOf(million, meter))).toEqual(
      METERS.map((meter): number => PER_MILLION[meter]),
    );
    expect(dollars(million)).toBeCloseTo(Object.values<number>(PER_MILLION).reduce((a, b) => a + b));
    expect(logDollars(million)).toBe(0.6);
  });

  it("adds up: twice a day's work is the work of two days", () => {
    const usage = usageOf(counts, 60);
    expect(sum([usage, usage])).toEqual(times(usage, 2));
  });
});

describe("A store's month", () => {
  const one = usageOf(counts, 60);
  const nothing = times(one, 0);
  const units: Units = {
    sale: nothing,
    sale_watched: nothing,
    confirmed: nothing,
    poll: nothing,
    night: nothing,
    first_sync: nothing,
  };
  const [small, middle] = STORES;

  it.each([
    ["sale", 35 * 30.4],
    ["confirmed", 35 * 30.4],
    ["poll", 95 * 30.4],
    ["night", 30.4],
    ["first_sync", 0],
  ] as const)("has so many of the unit %s: %d", (unit, expected) => {
    const month = monthOf(small, { ...units, [unit]: one }, false);
    expect(month.d1_rows_written).toBeCloseTo(8 * expected);
  });

  it("has the watched sales in place of the others while somebody watches", () => {
    expect(monthOf(middle, { ...units, sale: one }, true)).toEqual(nothing);
    expect(monthOf(middle, { ...units, sale_watched: one }, true).cpu_ms).toBeCloseTo(60 * 350 * 30.4);
  });

  it("is written with its parts, which add up to the whole", () => {
    const measured = {
      units: { ...units, sale: one, sale_watched: one, night: one },
      bytes: { d1: 0, location: 0, d1_a_sale: 0, location_a_sale: 0 },
    };
    const text = costTables([{ size: middle, measured }]);
    for (const table of text.split("\n\n").filter((part) => part.startsWith("|"))) {
      expect(new Set(table.split("\n").map((row) => row.split("|").length)).size, table).toBe(1);
    }
    const month = dollars(monthOf(middle, measured.units, false));
    expect(text).toContain(`**$${month.toFixed(2)}** | under 1 %`);
    const parts = /of which sales and their webhooks \| \$([\d.]+)[\s\S]*of which nights \| \$([\d.]+)/.exec(text);
    expect(Number(parts?.[1]) + Number(parts?.[2])).toBeCloseTo(month, 2);
  });
});

it.each([
  [1.5, /\| \+\d+\.\d % \|/],
  [1.001, /\| under 1 % \|/],
  [0.999, /\| under 1 % \|/],
  [0.5, /\| -\d+\.\d % \|/],
])(
  "A watched store's cost is no other than an unwatched one's within the noise: sales cost %d times as much",
  (more, shown) => {
    const sale = usageOf(counts, 60);
    const none = times(sale, 0);
    const units = { sale, sale_watched: times(sale, more), confirmed: none, poll: none, night: none, first_sync: none };
    const bytes = { d1: 0, location: 0, d1_a_sale: 0, location_a_sale: 0 };
    expect(costTables([{ size: STORES[1], measured: { units, bytes } }])).toMatch(shown);
  },
);

describe("The walls of a fleet", () => {
  const usage = usageOf(counts, 60);
  const cost = {
    size: STORES[1],
    measured: {
      units: { sale: usage, sale_watched: usage, confirmed: usage, poll: usage, night: usage, first_sync: usage },
      bytes: { d1: 10_000_000, location: 0, d1_a_sale: 1_000, location_a_sale: 0 },
    },
  };
  const given = { webhook_consumers: 20, poll_consumers: 40, import_consumers: 30 };

  it("stand in their order, the nearest first", () => {
    const found = walls(cost, given).map(storesUntil);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(Math.min(...found)).toBeGreaterThan(0);
  });

  it("follow from what a store takes: twice the bytes, half the stores", () => {
    const space = (bytes: number) =>
      walls(
        { ...cost, measured: { ...cost.measured, bytes: { ...cost.measured.bytes, d1: bytes, d1_a_sale: 0 } } },
        given,
      )
        .filter(({ name }) => name === "space of one database of records")
        .map(storesUntil);
    expect(space(10_000_000)).toEqual([800]);
    expect(space(20_000_000)).toEqual([400]);
  });

  it("move with the consumers that wrangler.toml states", () => {
    const polls = walls(cost, given).find(({ name }) => name === "consumers of polls");
    expect(polls && storesUntil(polls)).toBe(7_200);
    expect(wallTable(cost, given)).toContain("| 7,200 | consumers of polls |");
  });
});
