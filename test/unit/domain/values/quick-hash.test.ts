import { isDeepStrictEqual } from "node:util";
import { serialize } from "node:v8";
import fc from "fast-check";
import { expect, it } from "vitest";
import { quickHash, quickHashOf } from "../../../../src/domain/values/quick-hash.ts";

it("a hash is the same on any machine: versions in the database are compared with it", () => {
  expect(quickHash([])).toBe("488bdcb81aee8d83");
  expect(quickHash(["123", "Blue Dream 3.5g", null, 35, -0.25, true, [["shelf", 2]]])).toBe("45aa933dc70984bb");
});

it("texts that differ in one place have different hashes of 16 digits", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, unit: "binary" }),
      fc.nat(),
      fc.integer({ min: 1, max: 9 }),
      (text, at, by) => {
        const place = at % text.length;
        const other = `${text.slice(0, place)}${String.fromCharCode((text.charCodeAt(place) + by) & 0xffff)}${text.slice(place + 1)}`;
        expect(quickHash([text])).toMatch(/^[0-9a-f]{16}$/);
        expect(quickHash([other])).not.toBe(quickHash([text]));
      },
    ),
  );
});

it("each half of the digits is spread evenly: of 50,000 rows hardly two share eight", () => {
  const halves = [new Set<string>(), new Set<string>()] as const;
  for (let row = 0; row < 50_000; row++) {
    const hash = quickHash([String(row), `Product ${row % 100}`, row % 7, null]);
    halves[0].add(hash.slice(0, 8));
    halves[1].add(hash.slice(8));
  }
  // By chance 0.3 pairs share a half.
  for (const half of halves) expect(half.size).toBeGreaterThanOrEqual(49_996);
});

const value = fc.oneof(
  fc.constantFrom(null, undefined, true, false, 0, 1, 2, -1, 0.5, 2 ** 31, -(2 ** 31), "", "0", "1", "null"),
  fc.double({ noNaN: true }).map((number) => number + 0),
  fc.string(),
);
const values = fc.array(value, { maxLength: 6 });

it("values have one hash exactly when they are equal and in one order", () => {
  fc.assert(
    fc.property(values, values, fc.nat(), value, (one, other, at, changed) => {
      const near = one.map((each, index) => (index === at % one.length ? changed : each));
      for (const second of [other, near, [...one, changed], one.toReversed(), structuredClone(one)])
        expect(quickHash(second) === quickHash(one)).toBe(isDeepStrictEqual(second, one));
    }),
    { numRuns: 1_000 },
  );
});

it("rows have one hash exactly when they are equal, with their lists in any order", () => {
  const line = fc.record({ id: value, total: value });
  const row = fc.record({ id: value, total: value, items: fc.array(line, { maxLength: 4 }), tags: values });
  const inOrder = (list: readonly unknown[]) => list.map((each) => serialize(each).toString("hex")).sort();
  const sorted = (each: { items: readonly unknown[]; tags: readonly unknown[] }) => ({
    ...each,
    items: inOrder(each.items),
    tags: inOrder(each.tags),
  });
  fc.assert(
    fc.property(row, row, line, value, (one, other, changed, tag) => {
      const near = [
        { ...one, items: one.items.toReversed(), tags: one.tags.toReversed() },
        { ...one, items: [...one.items, changed] },
        { ...one, items: one.items.map((each, index) => (index === 0 ? changed : each)) },
        { ...one, items: [...one.items, ...one.items.slice(0, 1)] },
        { ...one, tags: [...one.tags, tag] },
        { ...one, total: tag },
      ];
      for (const second of [other, ...near])
        expect(quickHashOf(second) === quickHashOf(one)).toBe(isDeepStrictEqual(sorted(second), sorted(one)));
    }),
    { numRuns: 1_000 },
  );
});

it("numbers and their order count: of 90,000 pairs no two share a hash", () => {
  const hashes = new Set<string>();
  for (let a = 0; a < 300; a++) for (let b = 0; b < 300; b++) hashes.add(quickHash([a, -b, 2 ** (a % 60)]));
  expect(hashes.size).toBe(90_000);
});
