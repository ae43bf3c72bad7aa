import fc from "fast-check";
import { expect, it } from "vitest";
import { shrink } from "../../chaos/shrink.ts";

it("shrinking leaves the items that the failure needs, and no other", async () => {
  const cases = fc
    .uniqueArray(fc.nat(40), { maxLength: 25 })
    .chain((all) =>
      fc.record({ all: fc.constant(all), needed: fc.subarray(all, { minLength: Math.min(1, all.length) }) }),
    );
  await fc.assert(
    fc.asyncProperty(cases, async ({ all, needed }) => {
      const fails = async (left: readonly number[]) => needed.every((each) => left.includes(each));
      expect(await shrink(all, fails, 1_000)).toEqual(needed);
    }),
  );
});

it("shrinking stays within its budget, and returns a list that fails", async () => {
  let asked = 0;
  const all = Array.from({ length: 100 }, (_, index) => index);
  const left = await shrink(all, async (each) => ++asked > 0 && each.includes(7) && each.includes(93), 10);
  expect(asked).toBe(10);
  expect(left).toEqual(expect.arrayContaining([7, 93]));
});
