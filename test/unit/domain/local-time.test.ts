import { describe, expect, it } from "vitest";
import { startOfDay } from "../../../src/domain/local-time.ts";

describe("the start of a day", () => {
  it.each([
    ["in standard time", "2026-01-10", 0, "America/Denver", "2026-01-10T07:00:00.000Z"],
    ["on the day the clock goes forward", "2026-03-08", 0, "America/Denver", "2026-03-08T07:00:00.000Z"],
    ["on the day after it", "2026-03-08", 1, "America/Denver", "2026-03-09T06:00:00.000Z"],
    ["on the day the clock goes back", "2026-11-01", 0, "America/Denver", "2026-11-01T06:00:00.000Z"],
    ["on the day after that", "2026-11-01", 1, "America/Denver", "2026-11-02T07:00:00.000Z"],
    ["across a month", "2026-01-31", 1, "Asia/Kathmandu", "2026-01-31T18:15:00.000Z"],
    ["where midnight is skipped: at one o'clock", "2026-03-29", 0, "Asia/Beirut", "2026-03-28T22:00:00.000Z"],
    ["where it comes twice: at the first", "2026-11-01", 0, "America/Havana", "2026-11-01T04:00:00.000Z"],
  ])("%s", (_, day, days, time_zone, expected) => {
    expect(new Date(startOfDay(day, days, time_zone)).toISOString()).toBe(expected);
  });
});
