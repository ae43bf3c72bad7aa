import { type SQL, sql } from "drizzle-orm";
import type { Span } from "../../domain/insights/window.ts";
import { line } from "../sale-lines.ts";

/**
 * What insights count. A visit is a retail sale that is not void, not a return and not the adjustment of another sale. An
 * adjustment counts once, with its amount, in revenue. A return is a transaction of its own, and it also marks the line that it
 * returns. Neither the return nor the marked line counts, so the unreliable signs of returns do not matter. A coupon's line counts
 * with its money, and sells no unit.
 *
 * In all statements `s` is the sale and `i` its line. Indexes are named, and a cross join keeps its order: without
 * statistics SQLite would read all lines of a store first, or its sales once a day of the window.
 */
export const byTime = sql`indexed by sales_completed`;
export const byCustomer = sql`indexed by sales_customer`;

export const isVisit = (alias: "s" | "p") => {
  const column = (name: string) => sql.raw(`${alias}.${name}`);
  return sql`${column("type")} = 'retail' and not ${column("is_void")} and not ${column("is_return")}
    and ${column("adjustment_of")} is null`;
};

export const isAdjustment = sql`s.adjustment_of is not null and not s.is_void
  and s.type not in ('transfer', 'wholesaleorder', 'wholesale')`;
/** Of an adjustment, which has no lines that count: after discounts, before tax, as the lines of sales are. */
export const adjusted = sql`coalesce(s.total - coalesce(s.tax, 0), s.subtotal - coalesce(s.discount, 0), 0)`;

export const within = (location_id: string, span: { start: SQL | number; end: SQL | number }): SQL =>
  sql`s.location_id = ${location_id} and s.completed_at >= ${span.start} and s.completed_at < ${span.end}`;

/** Borders as one parameter, to be read with `json_each(…) d`. */
export const spans = (given: readonly Span[]): SQL => sql`json_each(${JSON.stringify(given)})`;
export const spanOf = { start: sql`d.value->>'start'`, end: sql`d.value->>'end'` };

/** A visit's lines that were not returned. */
export const lines = sql`json_each(s.lines) i on not ${line.is_returned}`;
const less = sql`coalesce(${line.discount}, 0)`;
const net = sql`${line.quantity} * ${line.unit_price} - ${less}`;
const tax = sql`coalesce(s.tax, 0)`;
/** Half a cent: of an amount, and of a price. */
const ROUNDING = 0.005;

/**
 * A line's total, or quantity and price if it states none. By Dutchie's document the total includes taxes, and discounts are taken
 * off; other answers have neither. What it has beyond price and discount is no revenue if the sale's tax and the discount explain it.
 */
const afterDiscounts = sql`case
  when ${line.quantity} > 0 and ${line.total} - (${net}) > ${ROUNDING} * (1 + ${line.quantity})
    and ${line.total} - (${net}) <= ${tax} + max(${less}, 0) + ${ROUNDING} then ${net}
  else coalesce(${line.total}, ${net}, 0) end`;
/** What a sale's discount has beyond those of its lines. */
const rest = sql`coalesce(s.discount, 0) - sum(max(${less}, 0))`;
const own = sql`json_each(s.lines) i`;
/** A sale by its lines: all of them, for one that is returned later was in its total. To read them for one line takes three times as long as that line alone. */
const sums = sql`(select sum(${afterDiscounts}) as gross, ${rest} as rest, ${ROUNDING} * (1 + count(*)) as near from ${own})`;
/**
 * The part of an amount that is no tax. If the tax is not on top of subtotal and discount, the prices include it. Without a subtotal,
 * or a price that shows whether the line's total has the tax in it, the lines say so: they make up the sale's total.
 */
const untaxed = sql`iif(${tax} > 0 and s.total > ${tax} and iif(s.subtotal is null or ${line.unit_price} is null,
    (select min(abs(gross - s.total), abs(gross - rest - s.total)) < near from ${sums}),
    abs(s.total - (s.subtotal - coalesce(s.discount, 0))) < ${ROUNDING}),
  1 - ${tax} / s.total, 1)`;
/**
 * The part of an amount that a discount of the whole sale leaves, if the sale's total confirms that the lines do not have it yet. The
 * first look is at the discounts alone: in most sales the lines have them.
 */
const undiscounted = sql`iif(s.discount > ${ROUNDING} and (select ${rest} from ${own}) > ${ROUNDING}, coalesce((
  select iif(min(abs(gross - rest + ${tax} - s.total), abs(gross - rest - s.total)) < near, 1 - rest / gross, 1)
  from ${sums}), 1), 1)`;
/** After discounts, before tax. */
export const revenue = sql`(${afterDiscounts}) * ${untaxed} * ${undiscounted}`;
/** Adding up grams and cents in binary leaves tails like 0.30000000000000004. */
export const total = (value: SQL): SQL => sql`round(coalesce(sum(${value}), 0), 6)`;
