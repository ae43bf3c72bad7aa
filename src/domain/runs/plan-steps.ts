import { MAX_WINDOW_SKEW_MS } from "../bounds.ts";
import type { Resource, Settings } from "../records/model.ts";
import type { Cursors } from "./cursors.ts";
import { DAY_MS, type RunMode, type Step } from "./run.ts";

const MINUTE_MS = 60_000;

/** How much an incremental read repeats, ms: product changes lag by up to an hour, sales by up to five minutes. */
const PRODUCT_OVERLAP_MS = 70 * MINUTE_MS;
const SALES_OVERLAP_MS = 10 * MINUTE_MS;

/** What a run of this mode reads, in order: rooms → products → inventory → sales → verify. */
export function planSteps(given: {
  mode: RunMode;
  /** Compare everything at the end; a run in mode `verify` does nothing else. */
  verify: boolean;
  settings: Pick<Settings, "data_types" | "sales_history_days">;
  cursors: Cursors;
  now: number;
  sales_window_days: number;
  /** Sales from then on, ms; absent: as the settings say. */
  sales_from?: number | undefined;
}): Step[] {
  const { mode, settings, cursors, now } = given;
  const { products, inventory, sales } = settings.data_types;
  const whole = (resource: Resource, verify: boolean): Step => ({
    resource,
    verify,
    complete: true,
    from: null,
    to: null,
  });
  const history = now - settings.sales_history_days * DAY_MS;
  const salesFrom = (incremental: boolean) => {
    // `sales_history_days` bounds the first import only: after an outage of any length, all sales since then are read.
    const unread = cursors.sales === null ? history : cursors.sales - SALES_OVERLAP_MS;
    // The cursor moves to now at the end, so nothing before it may be left out.
    if (given.sales_from !== undefined) return Math.min(given.sales_from, unread);
    return incremental ? unread : history;
  };
  const steps: Step[] = [];
  if (mode !== "verify") {
    const incremental = mode === "incremental";
    if (inventory) steps.push(whole("rooms", false));
    if (products && incremental && cursors.products !== null) {
      const from = cursors.products - PRODUCT_OVERLAP_MS;
      steps.push({ resource: "products", verify: false, complete: false, from, to: null });
    } else if (products) steps.push(whole("products", false));
    if (inventory) steps.push(whole("inventory", false));
    if (sales) steps.push(...windows(salesFrom(incremental), now, given.sales_window_days, false));
  }
  if (mode === "verify" || given.verify) {
    if (products) steps.push(whole("products", true));
    if (inventory) steps.push(whole("inventory", true));
    if (sales) steps.push(...windows(history, now, given.sales_window_days, true));
  }
  return steps;
}

/** The last window ends after our now: if Dutchie's clock is ahead, the newest sales have stamps in our future. */
function windows(from: number, now: number, days: number, verify: boolean): Step[] {
  const steps: Step[] = [];
  for (let start = from; start < now; start += days * DAY_MS) {
    const end = start + days * DAY_MS;
    const to = end < now ? end : now + MAX_WINDOW_SKEW_MS;
    steps.push({ resource: "sales", verify, complete: false, from: start, to });
  }
  return steps;
}
