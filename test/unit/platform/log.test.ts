import { readFileSync } from "node:fs";
import { DrizzleQueryError } from "drizzle-orm/errors";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MAX_LOGGED, MAX_LOGGED_ID } from "../../../src/domain/bounds.ts";
import { EVENTS, LOG_KEYS, type LogKeys, log, logEvents } from "../../../src/platform/log.ts";

const lines: [level: string, line: string][] = [];
beforeEach(() => {
  for (const level of ["debug", "info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((...parts: unknown[]) => void lines.push([level, parts.join("|")]));
  }
});
afterEach(() => {
  lines.length = 0;
  vi.restoreAllMocks();
});

const lineOf = (keys: LogKeys): Record<string, unknown> => {
  log("message_failed", keys);
  return JSON.parse(lines.at(-1)?.[1] ?? "");
};
const causeIn = (message: string) => lineOf({ cause: new Error(message) }).cause;

describe("a line of the log", () => {
  it.each([
    ["webhook_accepted", "debug"],
    ["step_ended", "info"],
    ["dead_letter_dropped", "warn"],
    ["step_failed", "error"],
  ] as const)("the line of %s is one JSON object at level %s", (event, level) => {
    log(event, { location_id: "loc_1", ms: 12, outcome: "done" });
    expect(lines).toEqual([[level, `{"event":"${event}","location_id":"loc_1","outcome":"done","ms":12}`]]);
  });

  it("a line leaves out what is unknown", () => {
    expect(lineOf({ location_id: null, run_id: undefined, ms: Number.NaN })).toEqual({ event: "message_failed" });
  });

  it("a line has no key that is not in the list, even if a row is spread into it", () => {
    const row = { location_id: "loc_1", credentials: "sealed", settings: { a: 1 }, step: { deep: "Jane Doe" } };
    expect(lineOf(row as unknown as LogKeys)).toEqual({ event: "message_failed", location_id: "loc_1" });
    // @ts-expect-error: a key that is not in the list does not compile.
    log("message_failed", { customer: "Jane Doe" });
    // @ts-expect-error: an event has no such key either.
    expect(() => log("it_broke", {})).toThrow();
    expect(JSON.stringify(lines)).not.toMatch(/Jane|sealed/);
  });

  it("webhooks that came together are listed in one line, with their ids and no row; a single one has its keys there", () => {
    const one = { event_id: "evt_1", request_id: "req_1", attempt: 2, outcome: "applied", body: "Jane Doe" } as const;
    const two = { ...one, event_id: `evt_2\n"`, request_id: undefined };
    logEvents("event_ended", { location_id: "loc_1", ms: 5 }, [one]);
    logEvents("event_ended", { location_id: "loc_1", ms: 5 }, [one, two]);
    logEvents("event_ended", { location_id: "loc_1", ms: 5 }, []);
    expect(lines.map(([, line]) => JSON.parse(line))).toEqual([
      {
        event: "event_ended",
        location_id: "loc_1",
        event_id: "evt_1",
        request_id: "req_1",
        attempt: 2,
        outcome: "applied",
        ms: 5,
      },
      {
        event: "event_ended",
        location_id: "loc_1",
        count: 2,
        ms: 5,
        events: [
          { event_id: "evt_1", request_id: "req_1", attempt: 2, outcome: "applied" },
          { event_id: "evt_2??", attempt: 2, outcome: "applied" },
        ],
      },
    ]);
    const longest = "x".repeat(10_000);
    logEvents("event_ended", {}, Array(500).fill({ event_id: longest, request_id: longest }));
    expect(lines.at(-1)?.[1].length).toBeLessThan(256_000);
  });

  it("a line stays one line and has a maximum length, whatever it contains", () => {
    const long = "x y".repeat(10_000);
    const keys = Object.fromEntries(LOG_KEYS.map((key) => [key, long]));
    const line = lineOf({
      ...keys,
      event_id: `evt_1\n{"event":"forged"}`,
      cause: new Error(long),
      fault: new Error(long),
    });
    expect(line.event_id).toBe("evt_1?{?event?:?forged?}");
    expect(String(line.cause).length).toBe(MAX_LOGGED);
    expect(lines.at(-1)?.[1]).not.toContain("\n");
    expect(lines.at(-1)?.[1].length).toBeLessThan(LOG_KEYS.length * (MAX_LOGGED_ID + 20) + 2 * MAX_LOGGED);
  });
});

describe("the cause of an error", () => {
  it("the cause is the innermost message, never a query with its parameters", () => {
    const error = new DrizzleQueryError("select ?", ["Jane Doe"], new Error("D1_ERROR: no such table: t"));
    expect(lineOf({ cause: error }).cause).toBe("D1_ERROR: no such table: t");
    expect(lineOf({ cause: "Jane Doe" }).cause).toBe("unknown");
    expect(lineOf({ cause: { name: "Jane Doe" } }).cause).toBe("unknown");
  });

  it.each([
    ["a key", "8f14e45fceea167a5a36dedd4bea2543"],
    ["a key with dashes", "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"],
    ["base64", "dGVzdC1vbmx5LXNlY3JldC1vZi1hdC1sZWFzdA=="],
    ["a webhook's secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    ["a token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJlLW9mLWl0MQ"],
  ])("the cause does not show %s", (_, secret) => {
    const cause = causeIn(`fetch failed: https://pos.example/${secret} refused`);
    expect(cause).toMatch(/^fetch failed: https:.*\[hidden\].* refused$/);
    for (const part of secret.split(".")) expect(cause).not.toContain(part.slice(0, 12));
  });

  it.each([
    "Bearer hunter-two",
    "api_key=hunter",
    "password: hunter",
    `"token":"hunter"`,
    "Basic aHVudGVy",
    "secret = hunter",
  ])("the cause does not show the secret in %s", (text) => {
    expect(causeIn(`refused (${text}) by the server`)).not.toMatch(/hunter|aHVudGVy/);
    expect(causeIn(`refused (${text}) by the server`)).toMatch(/^refused .*by the server$/);
  });

  it("the cause shows no part of a secret that is cut off at the limit", () => {
    const secret = "8f14e45fceea167a5a36dedd4bea2543";
    for (let before = MAX_LOGGED - 40; before < MAX_LOGGED; before++) {
      expect(causeIn(`${".".repeat(before)} ${secret}`)).not.toContain("8f14");
    }
  });

  it("the cause keeps what a developer reads", () => {
    const texts = [
      "D1_ERROR: UNIQUE constraint failed: products.location_id",
      "no answer within 10000 ms",
      "SQLITE_CONSTRAINT_PRIMARYKEY",
    ];
    expect(texts.map(causeIn)).toEqual(texts);
  });
});

describe("docs/operations.md and the log", () => {
  const page = readFileSync("docs/operations.md", "utf8");

  it("docs/operations.md lists each event with its level, and no other event", () => {
    const listed = [...page.matchAll(/^\| `(\w+)` \| (debug|info|warn|error) \|/gm)].map(([, event, level]) => [
      event,
      level,
    ]);
    expect(Object.fromEntries(listed)).toEqual(EVENTS);
  });

  it("docs/operations.md lists each key", () => {
    const keys = page.slice(page.indexOf("## The log"));
    expect(LOG_KEYS.filter((key) => !keys.includes(`\`${key}\``))).toEqual([]);
  });
});
