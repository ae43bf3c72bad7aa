import { expect, it } from "vitest";
import { MAX_RETRIES, retryDelayS } from "../../../../src/domain/limits/retries.ts";

/** When each attempt happens, in seconds after the first. */
const attempts = [0];
for (let attempt = 1; attempt <= MAX_RETRIES; attempt++) attempts.push((attempts.at(-1) ?? 0) + retryDelayS(attempt));

it("F67: retries last longer than an outage of an hour, of fourteen minutes, and of a day", () => {
  for (const outage_s of [14 * 60, 3_600, 24 * 3_600]) {
    expect(attempts.some((at) => at >= outage_s)).toBe(true);
  }
});

it("F67: the first retries are quick, none waits for ever, and five minutes after an outage of an hour all is applied", () => {
  expect(attempts.filter((at) => at <= 60)).toHaveLength(5);
  for (const outage_s of [1, 60, 14 * 60, 3_600]) {
    const applied = attempts.find((at) => at >= outage_s) ?? Number.POSITIVE_INFINITY;
    expect(applied - outage_s).toBeLessThanOrEqual(300);
  }
  for (const attempt of [1, 50, 1e6]) {
    expect(retryDelayS(attempt)).toBeGreaterThanOrEqual(1);
    // A queue delays twelve hours at most.
    expect(retryDelayS(attempt)).toBeLessThanOrEqual(12 * 3_600);
  }
});
