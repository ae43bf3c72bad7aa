import { describe, expect, it } from "vitest";
import { timeReason } from "../../../../src/domain/events/event-reason.ts";

const NOW = 1_760_000_000_000;
const HOUR = 3_600_000;

describe("F36: the reason says when an event's time does not count", () => {
  it.each<[string, (number | null)[], RegExp]>([
    ["its own, three hours ahead", [NOW + 3 * HOUR, null], /^its time is 3 hours ahead of ReUp's clock/],
    ["a row's, years ahead", [NOW, NOW + 3 * 365.25 * 24 * HOUR], /^its time is 3 years ahead/],
    [
      "the mistyped year 9999",
      [null, 253_402_300_799_000],
      /years ahead of ReUp's clock and does not count; have Dutchie's clock checked$/,
    ],
  ])("F36: the reason names a time that does not count: %s", (_, times, words) => {
    expect(timeReason(times, NOW)).toMatch(words);
  });

  it.each<[string, (number | null)[]]>([
    ["no time", []],
    ["a time that Dutchie did not state", [null, null]],
    ["a time of now", [NOW]],
    ["a time that is corrected", [NOW + 4 * 60_000]],
    ["a time of years ago", [0]],
  ])("F36: the reason is silent about %s", (_, times) => {
    expect(timeReason(times, NOW)).toBeNull();
  });
});
