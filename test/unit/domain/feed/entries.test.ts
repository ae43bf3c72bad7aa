import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entriesWithin, isBeforeLog, keysOf, type LogRow, type Span } from "../../../../src/domain/feed/entries.ts";
import { firstSequence, sequenceKey, sequenceOf } from "../../../../src/domain/records/sequence.ts";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 26);

const row = (last: number, ids: string[] | null): LogRow => ({
  change_id: `${sequenceKey(last)}digest`,
  resource: "inventory",
  record_id: ids === null ? `one${last}` : "",
  record_ids: ids,
  fields: {},
  cause: "webhook",
  ref: null,
  at: 1,
});

describe("the numbers of the change log", () => {
  it.each([0, 1, 1_764_174_903_123_456, Number.MAX_SAFE_INTEGER])("%d is read from the id that begins with it", (n) => {
    expect(sequenceOf(`${sequenceKey(n)}abc123`)).toBe(n);
  });

  it("their order as text is their order as numbers, in this century", () => {
    const n = fc.integer({ min: 0, max: firstSequence(Date.UTC(2100, 0, 1)) });
    fc.assert(fc.property(n, n, (a, b) => sequenceKey(a) < sequenceKey(b) === a < b));
  });
});

describe("entries of the feed", () => {
  it("a row about several records has an entry for each, the last one with the row's own number", () => {
    const entries = entriesWithin([row(10, ["a", "b", "c"]), row(11, null)], { after: 0, head: 11 });
    expect(entries.map(({ sequence, record_id }) => [sequence, record_id])).toEqual([
      [8, "a"],
      [9, "b"],
      [10, "c"],
      [11, "one11"],
    ]);
  });

  it("wherever a reader stops, it goes on with the next entry: none twice, none left out", () => {
    const widths = fc.array(fc.option(fc.integer({ min: 1, max: 6 })), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(widths, fc.integer({ min: 1, max: 9 }), (given, page) => {
        let last = 100;
        const rows = given.map((width) => {
          last += width ?? 1;
          return row(last, width === null ? null : Array.from({ length: width }, (_, n) => `${last}-${n}`));
        });
        const all = entriesWithin(rows, { after: 0, head: last });
        const read = (span: Span) => {
          const { from, to } = keysOf(span);
          return entriesWithin(
            rows.filter(({ change_id }) => change_id >= from && change_id <= to),
            span,
          );
        };
        const seen = [];
        for (let after = 0; ; ) {
          const some = read({ after, head: last }).slice(0, page);
          // A window that is read again, after it ended within a row, has the same entries.
          const again = { after, head: some.at(-1)?.sequence ?? last };
          expect(read(again)).toEqual(some);
          const end = some.at(-1);
          if (end === undefined) break;
          seen.push(...some);
          after = end.sequence;
        }
        expect(seen).toEqual(all);
        expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, n) => 101 + n));
      }),
    );
  });

  it.each([
    ["an old number of an old store", NOW - 91 * DAY, NOW - 200 * DAY, true],
    ["a number from the time that is kept", NOW - 89 * DAY, NOW - 200 * DAY, false],
    ["any number of a store that is younger than the log", 0, NOW - 80 * DAY, false],
    ["the beginning of an old store", 0, NOW - 91 * DAY, true],
  ])("may be deleted already: %s", (_, at, created_at, is) => {
    expect(isBeforeLog(firstSequence(at), { created_at }, NOW)).toBe(is);
  });
});
