import { listSales } from "../../db/queries/list-sales.ts";
import { productPrices } from "../../db/queries/product-prices.ts";
import { backText, lostText } from "../../domain/snapshots/loss-text.ts";
import { LATEST_SALES, planSaleScale, SALE_SCALE } from "../../domain/snapshots/sale-scale.ts";
import type { StoreContext } from "../context.ts";
import { raiseAlert, resolveAlert } from "../status/alerts.ts";
import { COUNT_AFTER_MS, RULE, remember } from "./mass-change.ts";

/** Sales are about to be written: they are checked at the end of the list, or by the timer. */
export function noteSales({ store, now }: Pick<StoreContext, "store" | "now">): void {
  if (store.get("check_sales_at") === null) store.put("check_sales_at", now + COUNT_AFTER_MS);
}

/** The timer: webhooks bring sales, too, and the next list may be a day away. */
export async function checkSalesDue(context: StoreContext): Promise<void> {
  if ((context.store.get("check_sales_at") ?? Infinity) <= context.now) await checkSales(context);
}

/**
 * Compares the latest sales with the prices of their products. If most are many times as high, or as low, that is an alert until
 * somebody has seen it, or until sales fit again. Nothing is read while no sale was written.
 */
export async function checkSales(context: StoreContext): Promise<void> {
  const { db, store, location, now } = context;
  if (store.get("check_sales_at") === null) return;
  const sales = await listSales(db, location.location_id, { to: now }, { after: null, limit: LATEST_SALES });
  const sold = new Set(sales.flatMap(({ lines }) => lines?.flatMap(({ product_id }) => product_id ?? []) ?? []));
  const prices = await productPrices(db, location.location_id, sold);
  const notified = store.get("mass_changes")?.[SALE_SCALE] ?? null;
  const plan = planSaleScale({ sales, prices, notified, now });
  const alert = { rule: RULE, subject: SALE_SCALE } as const;
  // Alerts first: a crash in between repeats them, and never leaves them untold.
  if (plan.kind === "raise") {
    await raiseAlert(context, { ...alert, severity: "critical", message: lostText(SALE_SCALE, plan.mass) });
    remember(store, SALE_SCALE, plan.mass);
  }
  if (plan.kind === "over" && notified !== null) {
    await resolveAlert(context, alert, backText(SALE_SCALE, notified, plan.left));
    remember(store, SALE_SCALE, null);
  }
  store.remove("check_sales_at");
}
