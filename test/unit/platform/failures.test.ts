import { DrizzleQueryError } from "drizzle-orm/errors";
import { describe, expect, it } from "vitest";
import { isFault, isPassing } from "../../../src/platform/failures.ts";

const caused = (message: string, cause: unknown) => new Error(message, { cause });
const refused = new Error("D1_ERROR: NOT NULL constraint failed: changes.change_id: SQLITE_CONSTRAINT");

describe("isFault", () => {
  it.each([
    ["a refused value", refused],
    ["a refused value within a query", new DrizzleQueryError("insert", ["overloaded"], refused)],
    ["our own code", new TypeError("x is not a function")],
    ["our own code as a cause", caused("The row failed.", new RangeError("Invalid time value"))],
  ])("%s is a fault", (_, error) => {
    expect(isFault(error)).toBe(true);
  });

  it.each([
    ["an overtaken log", caused("Service unavailable: the store's log went on meanwhile.", refused)],
    ["a lost connection", new TypeError("Network connection lost.")],
    ["our code stumbling over an outage", new TypeError("no rows", { cause: new Error("D1 DB is overloaded.") })],
    ["an outage within a query", new DrizzleQueryError("insert", ["too big"], new Error("internal error"))],
    ["what nobody has seen before", new Error("something else")],
  ])("%s is none", (_, error) => {
    expect(isFault(error)).toBe(false);
  });
});

describe("isPassing", () => {
  it.each([
    "D1_ERROR: Network connection lost.",
    "D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
    "D1_ERROR: Internal error while starting up D1 DB storage caused object to be reset.",
    "D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.",
    "D1_ERROR: Can't read from request stream because client disconnected.",
    "D1_ERROR: Currently processing a long-running export.",
    "D1_ERROR: database is locked: SQLITE_BUSY",
    "D1_ERROR: Failed to parse body as JSON, got: error code: 1031",
    "Queue send failed: Too Many Requests",
    "Queue send failed: Internal Server Error",
    "Queue sendBatch failed: Bad Gateway",
    "Queue sendBatch failed: Gateway Time-out",
    "Queue send failed: Gateway Timeout",
  ])("%s passes", (message) => {
    expect(isPassing(new Error(message))).toBe(true);
    expect(isPassing(new DrizzleQueryError("insert", [], new Error(message)))).toBe(true);
  });

  it.each([
    "D1_ERROR: Exceeded maximum DB size: SQLITE_FULL",
    "D1_ERROR: no such column: is_locked: SQLITE_ERROR",
    "D1_ERROR: NOT NULL constraint failed: changes.change_id: SQLITE_CONSTRAINT",
    "Queue send failed: Payload Too Large",
  ])("%s does not pass", (message) => {
    expect(isPassing(new Error(message))).toBe(false);
    // A value that a customer has does not decide.
    expect(isPassing(new DrizzleQueryError("insert", ["database is locked"], new Error(message)))).toBe(false);
  });
});
