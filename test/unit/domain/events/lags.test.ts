import fc from "fast-check";
import { expect, it } from "vitest";
import { addLag, type Lags, percentile } from "../../../../src/domain/events/lags.ts";

it("F65: a percentile of any lags is right to 3 %, however many lags there are", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 7 * 86_400_000 }), { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0.5, 0.95, 1),
      (lags, share) => {
        const hours: Lags[] = [{}, {}];
        lags.forEach((lag, index) => {
          hours[index % 2] = addLag(hours[index % 2] ?? {}, lag);
        });
        const exact = [...lags].sort((a, b) => a - b)[Math.max(1, Math.ceil(lags.length * share)) - 1] ?? 0;
        const actual = percentile(hours, share) ?? Number.NaN;
        expect(Math.abs(actual - exact)).toBeLessThanOrEqual(1 + exact * 0.03);
      },
    ),
  );
});

it("F65: no lag has no percentile, a negative lag is 0, and a lag of a year takes no extra room", () => {
  expect(percentile([], 0.5)).toBeNull();
  expect(percentile([addLag({}, -5_000)], 0.5)).toBe(0);
  const year = addLag(addLag({}, 365 * 86_400_000), 8 * 86_400_000);
  expect(Object.keys(year)).toHaveLength(1);
});
