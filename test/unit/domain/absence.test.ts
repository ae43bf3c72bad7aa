import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { confirmable, HOLD_ROWS, HOLD_SHARE, planAbsence, waitingSince } from "../../../src/domain/absence.ts";
import { MINUTE, T0 } from "./build.ts";

const rows = (count: number, source_at = T0 - 1) =>
  Array.from({ length: count }, (_, index) => ({ id: `r${index}`, source_at }));
const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `r${from + index}`);

/** `missing` of `live` rows are not in the snapshot. */
const absence = (live: number, missing: number, over: Partial<Parameters<typeof planAbsence>[0]> = {}) =>
  planAbsence({
    live: rows(live),
    seen: new Set(ids(missing, live)),
    rowsRead: live - missing,
    floor: T0,
    confirmed: new Set(),
    ...over,
  });

describe("what a complete snapshot no longer lists", () => {
  it("is gone", () => {
    expect(absence(100, 3)).toEqual({ gone: ids(0, 3), held: [] });
  });

  it("is nothing when everything is listed", () => {
    expect(absence(100, 0)).toEqual({ gone: [], held: [] });
  });

  it.each([
    ["9 of 10 rows are not held: a small store sells out", 10, 9, false],
    ["10 of 49 rows are held: more than 20 %", 49, 10, true],
    ["10 of 50 rows are not: 20 % is not more than 20 %", 50, 10, false],
    ["11 of 50 rows are held", 50, 11, true],
    ["20 of 100 rows are not held", 100, 20, false],
    ["21 of 100 rows are held", 100, 21, true],
    ["9 rows of 9 are not held while the answer has rows", 9, 9, false],
  ])("%s", (_, live, missing, held) => {
    const plan = absence(live, missing, { rowsRead: Math.max(1, live - missing) });
    expect(plan).toEqual(held ? { gone: [], held: ids(0, missing) } : { gone: ids(0, missing), held: [] });
  });

  it.each([1, 9, 5_000])("an empty answer is held, however few rows it would end: %d (F02)", (live) => {
    expect(absence(live, live)).toEqual({ gone: [], held: ids(0, live) });
  });

  it("an empty answer in an empty store holds nothing", () => {
    expect(absence(0, 0)).toEqual({ gone: [], held: [] });
  });

  it("what a second complete snapshot does not list either is gone", () => {
    expect(absence(100, 60, { confirmed: new Set(ids(0, 60)) })).toEqual({ gone: ids(0, 60), held: [] });
  });

  it("what is absent only from the second one waits for a third", () => {
    expect(absence(100, 60, { confirmed: new Set(ids(0, 30)) })).toEqual({ gone: ids(0, 30), held: ids(30, 60) });
  });

  it("what came back meanwhile is not gone, though it was held", () => {
    expect(absence(100, 0, { confirmed: new Set(ids(0, 60)) })).toEqual({ gone: [], held: [] });
  });

  it("rows told of since are not absent, only newer", () => {
    expect(absence(5, 5, { live: rows(5, T0), rowsRead: 1 })).toEqual({ gone: [], held: [] });
    expect(absence(5, 5, { live: rows(5, T0 + 1), rowsRead: 0 })).toEqual({ gone: [], held: [] });
  });

  it("nothing listed or newer is ever ended, nothing is both ended and held, and a mass end is never unconfirmed", () => {
    const liveArbitrary = fc.uniqueArray(
      fc.record({ id: fc.nat({ max: 60 }).map(String), source_at: fc.nat({ max: 20 }) }),
      {
        selector: (row) => row.id,
        maxLength: 60,
      },
    );
    const someIds = fc.uniqueArray(fc.nat({ max: 60 }).map(String)).map((list) => new Set(list));
    fc.assert(
      fc.property(liveArbitrary, someIds, someIds, fc.nat({ max: 3 }), (live, seen, confirmed, rowsRead) => {
        const floor = 10;
        const { gone, held } = planAbsence({ live, seen, rowsRead, floor, confirmed });
        const absent = live.filter((row) => row.source_at < floor && !seen.has(row.id)).map((row) => row.id);
        expect([...gone, ...held].toSorted()).toEqual(absent.toSorted());
        const unconfirmed = gone.filter((id) => !confirmed.has(id));
        if (rowsRead === 0) expect(unconfirmed).toEqual([]);
        if (unconfirmed.length >= HOLD_ROWS) expect(unconfirmed.length).toBeLessThanOrEqual(live.length * HOLD_SHARE);
      }),
    );
  });
});

describe("a second snapshot's word on what waits", () => {
  const waiting = { ids: ["a", "b"], floor: T0 };

  it.each([
    ["of packages, sooner than S after the first: it may be the same stale answer", "inventory", 5 * MINUTE - 1, []],
    ["of packages, S after the first", "inventory", 5 * MINUTE, ["a", "b"]],
    ["of products, whose S is an hour", "products", 59 * MINUTE, []],
    ["of products, an hour after the first", "products", 60 * MINUTE, ["a", "b"]],
  ] as const)("%s", (_, resource, later, ids) => {
    expect([...confirmable(waiting, T0 + later, resource)]).toEqual(ids);
  });

  it("there is none when nothing waits", () => {
    expect(confirmable(undefined, T0, "inventory").size).toBe(0);
  });

  it.each([
    ["what waits already goes on waiting since the first", ["a"], T0],
    ["with a new absence all of them wait anew", ["a", "c"], T0 + 1],
  ])("%s", (_, ids, since) => {
    expect(waitingSince(waiting, ids, T0 + 1)).toBe(since);
  });
});
