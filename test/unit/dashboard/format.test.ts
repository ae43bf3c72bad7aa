import { describe, expect, it } from "vitest";
import { duration, forPeople } from "../../../dashboard/src/format.ts";

describe("a duration is rounded before it is put into words", () => {
  it.each([
    [null, "–"],
    [0, "< 0.1 s"],
    [99, "< 0.1 s"],
    [100, "0.1 s"],
    [949, "0.9 s"],
    [59_949, "59.9 s"],
    [59_960, "1 min 0 s"],
    [119_600, "2 min 0 s"],
    [3_599_400, "59 min 59 s"],
    [3_599_600, "1 h 0 min"],
    [7_199_900, "2 h 0 min"],
  ])("%s ms is shown as %s", (ms, shown) => {
    expect(duration(ms)).toBe(shown);
  });

  it("no number of milliseconds shows 0 ms or 60 of a smaller unit", () => {
    for (let ms = 0; ms < 7_300_000; ms += 37) expect(duration(ms)).not.toMatch(/\b0 ms|\b60(\.0)? (s|min)/);
  });
});

it.each([
  [
    "Dutchie does not accept the API key (401 on /whoami). Enter a new one.",
    "Dutchie does not accept the API key. Enter a new one.",
  ],
  ["Sales (last 60 days) could not be read", "Sales (last 60 days) could not be read"],
])("a message names no call: %s", (message, shown) => {
  expect(forPeople(message)).toBe(shown);
});
