import type { SaleItem } from "../records/model.ts";
import { HOLD_UNITS, isMass } from "./absence.ts";
import type { MassChange, MassSubject } from "./losses.ts";
import { AMOUNT_FACTOR } from "./shifts.ts";

/**
 * Sales whose amounts are in another unit than the prices of what they sold: either may be in cents. A new sale has no earlier
 * value, so it is compared with the prices that its products have now.
 */
export const SALE_SCALE = "sales.scale" satisfies MassSubject;

/** The latest sales, by which it is decided: few, so that a slow store's alert comes within a day, and ends as soon. */
export const LATEST_SALES = 20;
/** Most sales of a register that counts in cents. */
const SHARE = 0.5;
/** With fewer than this many left it is over: well below what begins it, for registers may differ. */
const FEW = HOLD_UNITS / 2;

export interface SoldLines {
  total: number | null;
  is_void: boolean;
  /** null: not known any more. */
  lines: readonly Pick<SaleItem, "product_id" | "quantity" | "unit_price" | "total" | "is_coupon">[] | null;
}

/**
 * How the sale's amounts fit the prices (by ReUp's product id) of what it sold; null: they cannot be compared. The highest of
 * its amounts counts, which are before discounts.
 */
export function fitOf({ total, is_void, lines }: SoldLines, prices: ReadonlyMap<string, number>): Fit | null {
  const goods = lines?.filter((line) => line.is_coupon !== true) ?? [];
  if (is_void) return null;
  const priced = goods.flatMap((line) => {
    const price = prices.get(line.product_id ?? "") ?? 0;
    return price > 0 && line.quantity !== 0 ? [{ ...line, price, quantity: Math.abs(line.quantity) }] : [];
  });
  const worth = priced.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  const asked = priced.reduce(
    (sum, line) => sum + Math.max(Math.abs(line.total ?? 0), Math.abs(line.unit_price ?? 0) * line.quantity),
    0,
  );
  // A sale's total says something only beside all that it sold.
  const stated = priced.length === goods.length ? Math.max(asked, Math.abs(total ?? 0)) : asked;
  if (worth === 0 || stated === 0) return null;
  return stated >= worth * AMOUNT_FACTOR ? "above" : stated * AMOUNT_FACTOR <= worth ? "below" : "fits";
}

type Fit = "above" | "below" | "fits";

/** What becomes of the alert. `notified`: the mass of which people were notified, until it is over. */
export function planSaleScale(given: {
  sales: readonly SoldLines[];
  prices: ReadonlyMap<string, number>;
  notified: MassChange | null;
  now: number;
}): { kind: "raise"; mass: MassChange } | { kind: "over"; left: number } | { kind: "none" } {
  const compared = given.sales.map((sale) => fitOf(sale, given.prices)).filter((fit) => fit !== null);
  const count = (which: Fit) => compared.filter((fit) => fit === which).length;
  // Another unit shifts all in one direction.
  const [had, lost] = [compared.length, Math.max(count("above"), count("below"))];
  if (given.notified === null)
    return isMass(lost, had, SHARE) ? { kind: "raise", mass: { lost, had, at: given.now } } : { kind: "none" };
  return had >= HOLD_UNITS && lost < FEW ? { kind: "over", left: lost } : { kind: "none" };
}
