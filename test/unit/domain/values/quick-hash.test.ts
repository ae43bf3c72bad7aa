import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, it } from "vitest";
import { quickHash, quickHashOf } from "../../../../src/domain/values/quick-hash.ts";

it("a hash is the same on any machine: versions in the database are compared with it", () => {
  expect(quickHash("")).toBe("488bdcb81aee8d83");
  expect(quickHash('["123","Blue Dream 3.5g",null,35]')).toBe("6e1c86629c157eb0");
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
        expect(quickHash(text)).toMatch(/^[0-9a-f]{16}$/);
        expect(quickHash(other)).not.toBe(quickHash(text));
      },
    ),
  );
});

it("each half of the digits is spread evenly: of 50,000 rows hardly two share eight", () => {
  const halves = [new Set<string>(), new Set<string>()] as const;
  for (let row = 0; row < 50_000; row++) {
    const hash = quickHash(JSON.stringify([String(row), `Product ${row % 100}`, row % 7, null]));
    halves[0].add(hash.slice(0, 8));
    halves[1].add(hash.slice(8));
  }
  // By chance 0.3 pairs share a half.
  for (const half of halves) expect(half.size).toBeGreaterThanOrEqual(49_996);
});

it("values have one hash exactly when they are equal", () => {
  const value = fc.oneof(
    fc.constantFrom(null, undefined, true, false, 0, 1, 2, -1, 0.5, "", "0", "1", "null"),
    fc.double({ noNaN: true }).map((number) => number + 0),
    fc.string(),
  );
  const row = fc.array(fc.oneof(value, fc.array(value, { maxLength: 3 })), { maxLength: 6 });
  fc.assert(
    fc.property(row, row, fc.nat(), value, (one, other, at, changed) => {
      const near = one.map((each, index) => (index === at % one.length ? changed : each));
      for (const second of [other, near, [one], [...one, changed], structuredClone(one)])
        expect(quickHashOf(second) === quickHashOf(one)).toBe(isDeepStrictEqual(second, one));
    }),
    { numRuns: 1_000 },
  );
});

it("numbers and their order count: of 90,000 pairs no two share a hash", () => {
  const hashes = new Set<string>();
  for (let a = 0; a < 300; a++) for (let b = 0; b < 300; b++) hashes.add(quickHashOf([a, -b, 2 ** (a % 60)]));
  expect(hashes.size).toBe(90_000);
});
