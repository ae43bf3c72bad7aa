import type { AlertRule } from "./rules.ts";

/** What an alert says happened, for the line that begins a notice: "… at Main St". */
const TITLES: Record<AlertRule, string> = {
  sync_failed: "sync failed",
  long_duration: "a sync takes long",
  high_error_rate: "some records could not be read",
  stale: "data is out of date",
  webhooks_silent: "Dutchie sends no webhooks that count",
  drift: "ReUp and Dutchie differ",
  clock_wrong: "a clock is wrong",
  held_snapshot: "much is missing in Dutchie's list",
  dead_letter: "a message failed",
  push_parked: "Dutchie did not take an edit",
  stock_ended: "many packages became zero",
  mass_change: "many values changed at once",
  rows_without_id: "Dutchie sends packages without a number",
  receiver_failing: "another system does not get changes",
};

/** A newer version of the Worker may know more rules. */
export const titleOf = (rule: string): string =>
  Object.hasOwn(TITLES, rule) ? TITLES[rule as AlertRule] : rule.replaceAll("_", " ");
