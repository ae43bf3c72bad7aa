import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  asBelieved,
  behindBy,
  believedSkew,
  clockText,
  furtherOff,
  isClockWrong,
  isFurtherBehind,
  nextFrom,
  OLDEST,
  readStart,
} from "../../../src/domain/clock.ts";
import { asOf } from "../../../src/domain/records/version.ts";
import { believedCursors, type Cursors, cursorsAfter } from "../../../src/domain/runs/cursors.ts";
import { planSteps } from "../../../src/domain/runs/plan-steps.ts";
import { newRun, type Step } from "../../../src/domain/runs/run.ts";
import { continuesLastPoll } from "../../../src/domain/runs/steps.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { MemoryStore } from "../../support/memory-store.ts";
import {
  DAY,
  HOUR,
  incomingPackage,
  incomingProduct,
  incomingRoom,
  inventoryRow,
  MINUTE,
  product,
  T0,
} from "./build.ts";

/** The cursors after a step of which no row failed. */
const cursorsRead = (read: Cursors, step: Step, started_at: number, clock: number, now: number): Cursors => {
  const { failing: _, ...cursors } = cursorsAfter(read, step, { started_at, clock, failed: [] }, now);
  return cursors;
};

const anyReading = fc.option(fc.integer({ min: -3_000 * DAY, max: 30_000 * DAY }));

describe("how far a Date header corrects our clock", () => {
  it.each([
    ["no header", null, 0, false],
    ["less than a second", 900, 0, false],
    ["seconds", -1_500, -1_500, false],
    ["four minutes", 4 * MINUTE, 4 * MINUTE, false],
    ["five minutes", -5 * MINUTE, -5 * MINUTE, false],
    ["a little more", 5 * MINUTE + 1, 0, true],
    ["12 minutes behind", -12 * MINUTE, 0, true],
    ["a day behind", -DAY, 0, true],
    ["7 days ahead", 7 * DAY, 0, true],
    ["the year 2099", Date.UTC(2099, 0) - T0, 0, true],
  ])("F36: a Date header corrects our clock only within five minutes: %s", (_, clock, skew, wrong) => {
    expect([believedSkew(clock), isClockWrong(clock)]).toEqual([skew, wrong]);
  });

  it("F36: T − S and the start of the next window are never after our now, whatever the reading", () => {
    fc.assert(
      fc.property(anyReading, (clock) => {
        const started_at = readStart(T0, clock);
        expect(Math.abs(started_at - T0)).toBeLessThanOrEqual(5 * MINUTE);
        for (const resource of ["products", "inventory"] as const) {
          expect(asOf(resource, started_at, T0)).toBeLessThanOrEqual(T0);
        }
        expect(nextFrom(started_at, clock)).toBeLessThanOrEqual(T0);
        expect(nextFrom(started_at, clock)).toBeGreaterThanOrEqual(T0 - DAY);
      }),
    );
  });

  it("of the readings of several machines, the one that is furthest off counts", () => {
    expect([furtherOff(null, 5), furtherOff(5, null), furtherOff(5, -7), furtherOff(-7, 5)]).toEqual([5, 5, -7, -7]);
  });

  it.each([
    [7 * DAY, "7 days ahead"],
    [-12 * MINUTE, "12 minutes behind"],
    [-90_000, "90 seconds behind"],
    [-3 * HOUR, "3 hours behind"],
    [73 * 365.25 * DAY, "73 years ahead"],
    [-500, "1 second behind"],
  ])("%d ms are described as %s", (clock, words) => {
    expect(clockText(clock)).toBe(words);
  });
});

describe("where the next window of sales begins", () => {
  const settings = { data_types: DEFAULT_SETTINGS.data_types, sales_history_days: 30 };
  const NONE = { products: null, sales: null, customers: null };
  const plan = (sales: number, now: number) =>
    planSteps({ mode: "incremental", verify: false, settings, cursors: { ...NONE, sales }, now, sales_window_days: 7 });
  const window = (sales: number, now: number): Step => {
    const step = plan(sales, now).find(({ resource }) => resource === "sales");
    if (step === undefined) throw new Error("a window expected");
    return step;
  };

  /** A poll at T0, a sale a minute later, the next poll; Dutchie's clock as it was at each. Whether the window has the sale. */
  const isFound = (first: number, then: number): boolean => {
    const [poll, sale, next] = [T0, T0 + MINUTE, T0 + 15 * MINUTE];
    const read = cursorsRead(NONE, window(T0 - HOUR, poll), readStart(poll, first), first, poll).sales ?? 0;
    const { from, to } = window(read, next);
    // The first request assumes the earlier clock; its answer shows the present one.
    const behind = isFurtherBehind(then, behindBy(first)) ? behindBy(then) : behindBy(first);
    const stamp = sale + then;
    return (from ?? 0) - behind <= stamp && stamp <= (to ?? 0);
  };

  it.each([
    ["is right", 0, 0],
    ["is 12 minutes behind", -12 * MINUTE, -12 * MINUTE],
    ["is 12 minutes ahead", 12 * MINUTE, 12 * MINUTE],
    ["is 3 hours behind", -3 * HOUR, -3 * HOUR],
    ["is 23 hours ahead", 23 * HOUR, 23 * HOUR],
    ["is a day behind", -DAY, -DAY],
    ["falls back by 12 minutes between the polls", 0, -12 * MINUTE],
    ["falls back by 4 minutes between the polls", 0, -4 * MINUTE],
    ["falls back by 3 hours between the polls", 0, -3 * HOUR],
    ["jumps ahead by 3 hours between the polls", 0, 3 * HOUR],
    ["is set right between the polls", -12 * MINUTE, 0],
    ["jumps from ahead to behind", 3 * HOUR, -3 * HOUR],
  ])("F48: a sale made a minute after a poll is found by the next when Dutchie's clock %s", (_, first, then) => {
    expect(isFound(first, then)).toBe(true);
  });

  it("F48: a sale is found however Dutchie's clock changes within a day", () => {
    const skew = fc.integer({ min: -DAY, max: DAY - HOUR });
    fc.assert(fc.property(skew, skew, (first, then) => isFound(first, then)));
  });

  it("F48: a cursor is never after our now, and a window inside a history moves it to the window's end at most", () => {
    const step = (to: number): Step => ({ resource: "sales", verify: false, complete: false, from: 0, to });
    expect(cursorsRead(NONE, step(T0 + DAY), T0 + HOUR, 0, T0).sales).toBe(T0);
    expect(cursorsRead(NONE, step(T0 + DAY), T0, 12 * MINUTE, T0).sales).toBe(T0);
    expect(cursorsRead(NONE, step(T0 - 7 * DAY), T0, 0, T0).sales).toBe(T0 - 7 * DAY);
    expect(cursorsRead(NONE, step(T0 + DAY), T0, -30 * DAY, T0).sales).toBe(T0 - DAY);
    expect(cursorsRead(NONE, { ...step(T0 + DAY), verify: true }, T0, 0, T0)).toEqual(NONE);
  });

  it("F48: only the first window after a cursor begins earlier when Dutchie's clock is behind", () => {
    const steps = plan(T0 - 20 * DAY, T0);
    const given = {
      run_id: "r",
      location_id: "l",
      trigger: "schedule",
      heal: false,
      steps,
      cursors: NONE,
      now: T0,
    } as const;
    const which = (mode: "incremental" | "full") =>
      steps.flatMap(({ resource }, step) =>
        continuesLastPoll({ ...newRun({ ...given, mode }), step }) ? [resource] : [],
      );
    expect([which("incremental"), which("full")]).toEqual([["sales"], []]);
  });

  it("F36: a cursor after our now does not count", () => {
    const cursors = { products: T0 + HOUR, sales: T0 + 7 * DAY, customers: "p1" };
    expect(believedCursors(cursors, T0)).toEqual({ products: null, sales: null, customers: "p1" });
    expect(believedCursors({ ...cursors, products: T0 + 30_000, sales: T0 }, T0)).toEqual({
      ...cursors,
      products: T0 + 30_000,
      sales: T0,
    });
  });
});

describe("F36: stored rows with an impossible time", () => {
  const WEEK = T0 + 7 * DAY;

  it("F36: a time in the future counts as older than anything, unless our own clocks explain it", () => {
    expect(asBelieved(product({ source_at: WEEK }), T0).source_at).toBe(OLDEST);
    expect(asBelieved(product({ source_at: T0 + 30_000 }), T0).source_at).toBe(T0 + 30_000);
    const row = inventoryRow("Vault", 5, { package_at: WEEK });
    expect(asBelieved(row, T0)).toMatchObject({ source_at: OLDEST, package_at: 0 });
  });

  /** A store whose times were poisoned by one answer, which also said something wrong. */
  function poisoned(over: { source_at: number; package_at: number }): MemoryStore {
    const store = new MemoryStore();
    for (const id of ["10", "11", "12"]) {
      const row = inventoryRow("Vault", 5, { dutchie_inventory_id: id, ...over });
      store.inventory.set(row.inventory_id, row);
    }
    store.products.set("prd_1", product({ source_at: over.source_at, product_name: "Old name" }));
    return store;
  }

  it.each([
    ["both its times", { source_at: WEEK, package_at: WEEK }],
    ["its own time", { source_at: Date.UTC(2099, 0), package_at: T0 - DAY }],
    ["its package's time", { source_at: T0 - DAY, package_at: WEEK }],
  ])("one full read corrects a row whose time is impossible, even if the row is absent or equal: %s", (_, times) => {
    const store = poisoned(times);
    const changed = incomingPackage({ Vault: 3 }, { dutchie_inventory_id: "10" });
    const equal = incomingPackage({ Vault: 5 }, { dutchie_inventory_id: "11" });
    store.snapshotInventory([changed, equal], T0, T0);
    store.snapshotProducts([incomingProduct({ product_name: "New name" })], T0, T0);
    expect(store.stock()).toEqual({ "10 Vault": 3, "11 Vault": 5 });
    for (const row of store.inventory.values()) {
      expect(Math.max(row.source_at, row.package_at)).toBeLessThanOrEqual(T0);
    }
    if (times.source_at > T0) expect(store.catalogue()).toEqual({ "1": "New name" });
  });

  it("reads of single rooms correct a row whose time is impossible", () => {
    const store = poisoned({ source_at: WEEK, package_at: WEEK });
    const rows = ["10", "11"].map((id) => incomingRoom("Vault", 3, { dutchie_inventory_id: id }));
    store.snapshotInventory(rows, T0, T0);
    expect(store.stock()).toEqual({ "10 Vault": 3, "11 Vault": 3 });
  });
});
