import { expect, it } from "vitest";
import { type NotReady, notReady, overdueSince, type ReadinessFacts } from "../../../src/domain/readiness.ts";

const NOW = Date.parse("2026-11-26T12:00:00Z");
const minutesAgo = (minutes: number) => NOW - minutes * 60_000;
const READY: ReadinessFacts = {
  is_deployed: true,
  is_configured: true,
  work: { last_tick_at: minutesAgo(14), next_due_at: minutesAgo(4) },
  host: "dutchie.reup-retail.com",
  public_host: "dutchie.reup-retail.com",
};
const work = (last_tick_at: number | null, next_due_at: number | null) => ({ work: { last_tick_at, next_due_at } });

it.each<[string, Partial<ReadinessFacts>, NotReady[]]>([
  ["all is well", {}, []],
  ["no store waits", work(minutesAgo(1), null), []],
  ["a store is due later", work(minutesAgo(1), NOW + 60_000), []],
  ["two measurements in a row are missing", work(minutesAgo(36), null), ["schedule"]],
  ["schedules never ran", work(null, null), ["schedule"]],
  ["a store was not called three times", work(minutesAgo(1), minutesAgo(16)), ["overdue"]],
  ["everything stands still", work(minutesAgo(90), minutesAgo(80)), ["schedule", "overdue"]],
  ["the database does not answer", { work: null }, ["database"]],
  ["webhook addresses lead elsewhere", { public_host: "old.reup-retail.com" }, ["host"]],
  ["a variable is wrong", { is_configured: false, public_host: null }, ["config"]],
  ["development has neither schedules nor an address", { is_deployed: false, ...work(null, 0), host: "x" }, []],
])("readiness says what does not work: %s", (_, facts, expected) => {
  expect(notReady({ ...READY, ...facts }, NOW)).toEqual(expected);
});

it("a store is overdue from the moment at which it was due", () => {
  expect([null, NOW + 1, NOW, NOW - 1].map((due) => overdueSince(due, NOW))).toEqual([null, null, NOW, NOW - 1]);
});
