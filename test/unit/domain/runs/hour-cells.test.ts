import { describe, expect, it } from "vitest";
import { errorRateUntil, hourCells, withOutcome } from "../../../../src/domain/runs/hour-cells.ts";

const HOUR_MS = 3_600_000;
const NOW = 1_000 * HOUR_MS + 59 * 60_000;

describe("the last 24 hours of a store", () => {
  it("the oldest comes first, this hour last, and an hour without a sync is told as such", () => {
    const cells = hourCells(
      [
        { hour: 977, failed: false },
        { hour: 1_000, failed: true },
      ],
      NOW,
    );
    expect(cells).toHaveLength(24);
    expect(cells[0]).toBe("good");
    expect(cells.at(-1)).toBe("failed");
    expect(cells.slice(1, -1).every((cell) => cell === null)).toBe(true);
  });

  it("what is older than a day is not shown, however old what is stored", () => {
    expect(hourCells([{ hour: 976, failed: true }], NOW).every((cell) => cell === null)).toBe(true);
    expect(hourCells([{ hour: 1_000, failed: true }], NOW + 24 * HOUR_MS).every((cell) => cell === null)).toBe(true);
    expect(hourCells([], NOW)).toHaveLength(24);
  });

  it("one failure makes its hour a failed one, whatever succeeds before or after it", () => {
    const failed = withOutcome(
      [
        { hour: 1_000, failed: false },
        { hour: 999, failed: false },
      ],
      true,
      NOW,
    );
    expect(hourCells(failed, NOW).slice(-2)).toEqual(["good", "failed"]);
    expect(hourCells(withOutcome(failed, false, NOW), NOW).slice(-2)).toEqual(["good", "failed"]);
    expect(withOutcome(failed, false, NOW).filter(({ hour }) => hour === 1_000)).toHaveLength(1);
  });

  it("an error rate counts until 24 hours without a sync have gone by", () => {
    const outcomes = [{ hour: 1_000, failed: true }];
    expect(errorRateUntil(0.25, outcomes, NOW)).toBe(0.25);
    expect(errorRateUntil(0.25, outcomes, NOW + 23 * HOUR_MS)).toBe(0.25);
    expect(errorRateUntil(0.25, outcomes, NOW + 24 * HOUR_MS)).toBe(0);
    expect(errorRateUntil(0.25, [], NOW)).toBe(0);
  });
});
