import { describe, expect, it } from "vitest";
import { duration, forPeople, money } from "../../../dashboard/src/format.ts";
import { texts } from "../../../dashboard/src/texts.ts";
import { failureText } from "../../../src/domain/runs/data-type.ts";
import { classifyResponse } from "../../../src/dutchie/http/classify-response.ts";
import { PROFILES } from "../../../src/dutchie/profiles/index.ts";

it.each([
  [-0.001, "$0.00"],
  [-0.5, "-$0.50"],
  [1_234.5, "$1,234.50"],
  [null, "–"],
])("no amount is less than nothing by nothing: %s", (amount, words) => {
  expect(money(amount)).toBe(words);
});

it.each([
  [1, 1, "1 store"],
  [0, 1, "0 of 1 store"],
  [12, 12, "12 stores"],
  [1, 12, "1 of 12 stores"],
])("the list of stores counts in words: %s of %s", (shown, all, words) => {
  expect(texts.fleet.shown(shown, all)).toBe(words);
});

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
  [
    "Too many requests to /reporting/products (429): only 60 per minute allowed",
    "Too many requests: only 60 per minute allowed",
  ],
  [
    "Too many requests to /reporting/products (429): Too many requests - only 60 per minute allowed",
    "Too many requests - only 60 per minute allowed",
  ],
  ["/room/rooms timed out (408)", "The endpoint timed out"],
  [
    "Products could not be read: /products answered with a web page.",
    "Products could not be read: The endpoint answered with a web page.",
  ],
  [
    "Dutchie failed to answer /v1.2/products (503). Sales are up to date.",
    "Dutchie failed to answer. Sales are up to date.",
  ],
  ["There is no /products at this endpoint (404)", "The endpoint lacks what ReUp reads"],
  ["/products/product cannot be written at this endpoint (405): POST only", "The endpoint takes no changes: POST only"],
  ["The host is unknown (530, 1016)", "The host is unknown"],
  ['The key lacks the role "Room", needed for /room/rooms (403)', 'The key lacks the role "Room"'],
  ["The price of Gelato 1/8 oz (3.5 g) and / or 500 mg", "The price of Gelato 1/8 oz (3.5 g) and / or 500 mg"],
])("a message names no call: %s", (message, shown) => {
  expect(forPeople(message)).toBe(shown);
});

const PATHS = Object.values(PROFILES).flatMap(({ whoami, resources }) => [
  whoami.path,
  ...Object.values(resources).map(({ path }) => path),
]);
const ANSWERS: readonly (readonly [string, Record<string, string>])[] = [
  ["", {}],
  ['{"message":"It does not work."}', {}],
  ["<!doctype html>", { "content-type": "text/html" }],
  ["", { location: "https://other.example/login" }],
];

it("no answer of an endpoint shows people a code or a path", () => {
  const shown = new Set<string>();
  for (const path of [...PATHS, "/dutchie/v1.2/products"]) {
    for (let status = 300; status < 600; status++) {
      for (const [body, headers] of ANSWERS) {
        for (const isWrite of [false, true]) {
          const asked = { path, role: "Reporting", now: 0, isWrite, containsSecret: () => false };
          const { message } = classifyResponse(status, new Headers(headers), body, asked);
          shown.add(forPeople(message));
          shown.add(forPeople(failureText([{ type: "sales", message }], ["products"]) ?? ""));
        }
      }
    }
  }
  expect(shown.size).toBeGreaterThan(50);
  expect([...shown].filter((text) => /\/\w|\b[345]\d\d\b|\(\)| [.,:]|[a-z] {2}/.test(text))).toEqual([]);
});
