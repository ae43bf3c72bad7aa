import { DrizzleQueryError } from "drizzle-orm/errors";
import { describe, expect, it } from "vitest";
import { isFault } from "../../../src/platform/failures.ts";

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
