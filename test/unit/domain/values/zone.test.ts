import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, daysBetween, localDay, startOfDay } from "../../../../src/domain/values/zone.ts";

const ZONES = [
  "UTC",
  "America/Los_Angeles",
  "America/Denver",
  "America/St_Johns",
  "America/Havana",
  "Asia/Kolkata",
  "Asia/Beirut",
  "Pacific/Auckland",
  "Australia/Lord_Howe",
];
const zone = fc.constantFrom(...ZONES);
const instant = fc.integer({ min: Date.parse("2015-01-01"), max: Date.parse("2035-01-01") });
const day = instant.map((at) => new Date(at).toISOString().slice(0, 10));

describe("local days", () => {
  it.each([
    ["2026-11-01", "America/Los_Angeles", "2026-11-01T07:00:00.000Z"],
    // The day before had 25 hours.
    ["2026-11-02", "America/Los_Angeles", "2026-11-02T08:00:00.000Z"],
    ["2026-09-27", "Pacific/Auckland", "2026-09-26T12:00:00.000Z"],
    ["2026-09-28", "Pacific/Auckland", "2026-09-27T11:00:00.000Z"],
    // Begins at one o'clock: midnight is skipped.
    ["2026-03-29", "Asia/Beirut", "2026-03-28T22:00:00.000Z"],
    // Midnight comes twice; the first of the two.
    ["2026-11-01", "America/Havana", "2026-11-01T04:00:00.000Z"],
  ])("%s in %s begins at %s", (name, time_zone, expected) => {
    expect(new Date(startOfDay(name, time_zone)).toISOString()).toBe(expected);
  });

  it("an instant lies between the beginning of its day and the beginning of the next", () => {
    fc.assert(
      fc.property(instant, zone, (at, time_zone) => {
        const name = localDay(at, time_zone);
        expect(startOfDay(name, time_zone)).toBeLessThanOrEqual(at);
        expect(startOfDay(addDays(name, 1), time_zone)).toBeGreaterThan(at);
      }),
    );
  });

  it("a day has 23 to 25 hours, and each of its moments belongs to it", () => {
    fc.assert(
      fc.property(day, zone, (name, time_zone) => {
        const [start, end] = [startOfDay(name, time_zone), startOfDay(addDays(name, 1), time_zone)];
        expect((end - start) / 3_600_000).toBeGreaterThanOrEqual(23);
        expect((end - start) / 3_600_000).toBeLessThanOrEqual(25);
        expect(localDay(start, time_zone)).toBe(name);
        expect(localDay(end - 1, time_zone)).toBe(name);
      }),
    );
  });

  it("adding days and counting days are inverse", () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -800, max: 800 }), (name, days) => {
        expect(daysBetween(name, addDays(name, days))).toBe(days);
      }),
    );
  });
});
