import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changeOf, decide, diff, hashOf } from "../../../../src/domain/records/decide.ts";
import {
  asOf,
  compareVersions,
  contentHash,
  type Read,
  type Version,
  versionOf,
} from "../../../../src/domain/records/version.ts";
import { DAY, event, HOUR, MINUTE, NOW, ORIGIN, snapshot, T0 } from "../build.ts";

const versionArbitrary: fc.Arbitrary<Version> = fc.record({
  source_at: fc.integer({ min: 0, max: 3 }),
  source_rank: fc.constantFrom(0, 1),
  content_hash: fc.constantFrom("a", "b", "c"),
});

describe("the order of versions", () => {
  it("the order of versions is total, and only equal versions are equal", () => {
    fc.assert(
      fc.property(versionArbitrary, versionArbitrary, (a, b) => {
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
        expect(compareVersions(a, b) === 0).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it("the order of versions is transitive", () => {
    fc.assert(
      fc.property(versionArbitrary, versionArbitrary, versionArbitrary, (a, b, c) => {
        const [x, y, z] = [a, b, c].toSorted(compareVersions);
        if (x === undefined || y === undefined || z === undefined) throw new Error("three versions expected");
        expect(compareVersions(x, y)).toBeLessThanOrEqual(0);
        expect(compareVersions(y, z)).toBeLessThanOrEqual(0);
        expect(compareVersions(x, z)).toBeLessThanOrEqual(0);
      }),
    );
  });

  const at = (source_at: number, source_rank: 0 | 1, content_hash: string): Version => ({
    source_at,
    source_rank,
    content_hash,
  });
  it.each([
    ["a later time beats a snapshot", at(2, 0, "a"), at(1, 1, "z")],
    ["at equal times a snapshot beats an event, whatever the content", at(1, 1, "a"), at(1, 0, "z")],
    ["at equal times and kinds the greater hash wins", at(1, 0, "b"), at(1, 0, "a")],
  ])("the later version wins: %s", (_, newer, older) => {
    expect(compareVersions(newer, older)).toBeGreaterThan(0);
  });
});

describe("the version of a row", () => {
  it.each<[string, number | null, Read, number, 0 | 1]>([
    ["an event without a stamp: when it occurred", null, event(7), T0 + 7 * MINUTE, 0],
    ["an event with one: last modified", T0 + 3 * MINUTE, event(7), T0 + 3 * MINUTE, 0],
    ["a snapshot's row without a stamp: T − S", null, snapshot(7), T0 + 7 * MINUTE, 1],
    ["a snapshot's row modified before T − S: T − S", T0, snapshot(7), T0 + 7 * MINUTE, 1],
    ["a snapshot's row modified since: last modified", T0 + 9 * MINUTE, snapshot(7), T0 + 9 * MINUTE, 1],
  ])("a row has the right version: %s", (_, modified_at, read, source_at, source_rank) => {
    expect(versionOf(modified_at, read, "h", NOW)).toEqual({ source_at, source_rank, content_hash: "h" });
  });

  it("F36: no version lies after our own now, whatever the stamp, event time or T", () => {
    const far = fc.integer({ min: -1, max: 200 * 365 * DAY });
    fc.assert(
      fc.property(fc.option(far), far, fc.constantFrom("event", "snapshot"), (stamp, ahead, kind) => {
        const read: Read =
          kind === "event"
            ? { kind, occurred_at: T0 + ahead, received_at: T0 }
            : { kind: "snapshot", as_of: asOf("inventory", T0 + ahead, T0), complete: true };
        expect(versionOf(stamp === null ? null : T0 + stamp, read, "h", T0).source_at).toBeLessThanOrEqual(T0);
      }),
    );
  });

  it.each([
    ["by minutes counts as our now", 4 * MINUTE, T0],
    ["by more does not count: the row has the time of the read", 6 * MINUTE, T0 - 5 * MINUTE],
    ["by a placeholder does not count", 9_999_999_999_999 - T0, T0 - 5 * MINUTE],
  ])("F36: a stamp in the future %s", (_, ahead, source_at) => {
    const read: Read = { kind: "snapshot", as_of: T0 - 5 * MINUTE, complete: true };
    expect(versionOf(T0 + ahead, read, "h", T0).source_at).toBe(source_at);
  });

  it("equal content has equal hashes, and other content has other hashes", () => {
    expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }));
    expect(hashOf({ a: 1, b: 2 })).not.toBe(hashOf({ a: 2, b: 1 }));
    expect(contentHash(["a", null])).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe("whether a row applies", () => {
  interface Content {
    price: number | null;
  }
  const row = (price: number, source_at: number, source_rank: 0 | 1 = 1): Content & Version => ({
    price,
    source_at,
    source_rank,
    content_hash: hashOf({ price }),
  });
  const apply = (
    stored: (Content & Version) | undefined,
    price: number,
    read: Read,
    over: { modified_at?: number; floor?: number } = {},
  ) => {
    const content = { price };
    const hash = hashOf(content);
    return decide<Content>({ stored, content, hash, modified_at: null, read, floor: 0, now: NOW, ...over });
  };

  it("a row that is not stored is created", () => {
    expect(apply(undefined, 5, event(1))).toMatchObject({
      outcome: "created",
      write: true,
      fields: { price: [null, 5] },
    });
  });

  it("a newer row that differs is an update, and the log has the old value", () => {
    expect(apply(row(4, T0), 5, event(1))).toMatchObject({
      outcome: "updated",
      write: true,
      fields: { price: [4, 5] },
      version: { source_at: T0 + MINUTE, source_rank: 0 },
    });
  });

  it("an older row that differs is stale", () => {
    expect(apply(row(4, T0 + HOUR), 5, event(1))).toMatchObject({ outcome: "stale", write: false });
  });

  it("at equal times a snapshot overrules an event, but no event overrules a snapshot", () => {
    expect(apply(row(4, T0, 0), 5, snapshot(0)).outcome).toBe("updated");
    expect(apply(row(4, T0, 1), 5, event(0)).outcome).toBe("stale");
  });

  it("of two events of one time, the same one wins in both orders", () => {
    const first = apply(row(4, T0, 0), 5, event(0)).outcome;
    const second = apply(row(5, T0, 0), 4, event(0)).outcome;
    expect([first, second].toSorted()).toEqual(["stale", "updated"]);
  });

  it.each<[string, Read, number, string]>([
    ["an event older than the floor is stale", event(1), T0 + 2 * MINUTE, "stale"],
    ["an event as old as the floor is stale", event(1), T0 + MINUTE, "stale"],
    ["an event after the floor applies", event(1), T0 + MINUTE - 1, "created"],
    ["a snapshot older than the floor is stale", snapshot(1), T0 + MINUTE + 1, "stale"],
    ["a snapshot's own rows apply at the floor that it raises", snapshot(1), T0 + MINUTE, "created"],
  ])("a floor decides which rows apply: %s", (_, read, floor, outcome) => {
    expect(apply(undefined, 5, read, { floor }).outcome).toBe(outcome);
  });

  it.each<[string, number, 0 | 1, Read, number | null, boolean]>([
    ["a later equal event raises the version", T0, 1, event(5), null, true],
    ["an earlier equal event writes nothing", T0 + HOUR, 1, event(5), null, false],
    [
      "an equal row of a complete snapshot writes nothing, because the floor covers it",
      T0,
      1,
      snapshot(5),
      null,
      false,
    ],
    [
      "an equal row of a partial read raises the version, because no floor covers it",
      T0,
      1,
      snapshot(5, false),
      null,
      true,
    ],
    ["an equal row with a later stamp raises the version", T0, 1, snapshot(5), T0 + MINUTE, true],
    ["an equal row with the stored stamp writes nothing", T0 + MINUTE, 1, snapshot(5), T0 + MINUTE, false],
    [
      "a snapshot whose floor covers an event of the very time writes nothing",
      T0 + MINUTE,
      0,
      snapshot(5),
      T0 + MINUTE,
      false,
    ],
    ["the floor may be at that time", T0 + 5 * MINUTE, 0, snapshot(5), T0 + 5 * MINUTE, false],
    ["no floor covers an event after T − S: once", T0 + 6 * MINUTE, 0, snapshot(5), T0 + 6 * MINUTE, true],
    ["no floor comes of a partial read: once", T0 + MINUTE, 0, snapshot(5, false), T0 + MINUTE, true],
  ])("equal content writes only a version that is needed: %s", (_, stored_at, rank, read, modified_at, write) => {
    const decision = decide<Content>({
      stored: row(5, stored_at, rank),
      content: { price: 5 },
      hash: hashOf({ price: 5 }),
      modified_at,
      read,
      floor: 0,
      now: NOW,
    });
    expect(decision).toMatchObject({ outcome: "unchanged", write, fields: {} });
  });

  it("after a complete snapshot that wrote nothing, no event of its time or before applies", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        (told, read_at, late) => {
          const [as_of, stamp] = [T0 + read_at * MINUTE, T0 + told * MINUTE];
          const given = { content: { price: 5 }, hash: hashOf({ price: 5 }), now: NOW };
          const first = decide<Content>({
            ...given,
            stored: undefined,
            modified_at: stamp,
            read: event(told),
            floor: 0,
          });
          const stored = { price: 5, ...first.version };
          const again = decide<Content>({ ...given, stored, modified_at: stamp, read: snapshot(read_at), floor: 0 });
          const known = again.write ? { price: 5, ...again.version } : stored;
          const other = { content: { price: 6 }, hash: hashOf({ price: 6 }), modified_at: null };
          const last = decide<Content>({ ...other, stored: known, read: event(late), floor: as_of, now: NOW });
          if (late <= Math.max(told, read_at)) expect(last).toMatchObject({ outcome: "stale", write: false });
          else expect(last.outcome).toBe("updated");
        },
      ),
    );
  });

  it("a row that is applied twice writes nothing the second time", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 0, max: 100 }),
        fc.option(fc.integer({ min: 0, max: 100 })),
        fc.constantFrom("event", "complete", "partial"),
        (price, minute, modified, kind) => {
          const read = kind === "event" ? event(minute) : snapshot(minute, kind === "complete");
          const modified_at = modified === null ? null : T0 + modified * MINUTE;
          const given = { content: { price }, hash: hashOf({ price }), modified_at, read, floor: 0, now: NOW };
          const { version } = decide<Content>({ ...given, stored: undefined });
          expect(decide<Content>({ ...given, stored: { price, ...version } })).toMatchObject({
            outcome: "unchanged",
            write: false,
          });
        },
      ),
    );
  });
});

describe("the change log", () => {
  it("the log shows the fields that differ, and null where there was nothing", () => {
    expect(diff({ a: 1, b: 2, c: null }, { a: 1, b: 3, c: null, d: 4, e: null })).toEqual({ b: [2, 3], d: [null, 4] });
    expect(diff({ a: 1 }, { a: null })).toEqual({ a: [1, null] });
  });

  it("a repeated change has the same digest, another change has another", () => {
    const version = { source_at: T0, source_rank: 1, content_hash: "h" } as const;
    const change = (after: number, at: number) =>
      changeOf({ resource: "products", record_id: "p", fields: { price: [1, after] } }, version, ORIGIN, at);
    expect(change(2, NOW)).toEqual(change(2, NOW));
    expect(change(2, NOW)).toMatchObject({ cause: "poll", ref: "run_1", at: NOW, source_at: T0 });
    expect(change(2, NOW).digest).not.toBe(change(3, NOW).digest);
  });
});
