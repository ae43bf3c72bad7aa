import { expect, it } from "vitest";
import { reportOf } from "../../../dashboard/src/pages/store/overview/report.ts";
import type { Run, Status } from "../../../src/client/index.ts";

const statusOf = (code: string, failures: Run["failures"], failed = failures.length) =>
  ({
    problem: {
      code,
      message: "2.0 % could not be read.",
      action: "contact_dutchie",
      since: "2026-11-01T16:30:00.000Z",
    },
    last_run: { failures, failed },
  }) as Pick<Status, "problem" | "last_run">;

const HEAD =
  "Store: Main St\nProblem: 2.0 % could not be read.\nCode: HIGH_ERROR_RATE\nSince: 2026-11-01T16:30:00.000Z";
const ROWS: Run["failures"] = [
  { resource: "products", dutchie_id: "77", reason: "the price cannot be read" },
  { resource: "inventory", dutchie_id: null, reason: "the inventory row has no id (1A40)" },
];

it("a report for Dutchie names the rows that could not be read, and why", () => {
  expect(reportOf("Main St", statusOf("HIGH_ERROR_RATE", ROWS))).toBe(
    `${HEAD}\n\nNot readable in the last sync:\nProducts, 77: the price cannot be read\nPackages, without an id: the inventory row has no id (1A40)`,
  );
});

it("a report says that it has only the first rows", () => {
  expect(reportOf("Main St", statusOf("ROWS_WITHOUT_ID", ROWS, 1_250))).toContain("the first 2 of 1,250:");
});

it("a report of another problem, or of a sync that lists no row, says the problem alone", () => {
  expect(reportOf("Main St", statusOf("HIGH_ERROR_RATE", []))).toBe(HEAD);
  expect(reportOf("Main St", statusOf("CLOCK_WRONG", ROWS))).toBe(HEAD.replace("HIGH_ERROR_RATE", "CLOCK_WRONG"));
});
