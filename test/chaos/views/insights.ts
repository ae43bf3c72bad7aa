import type { Records } from "./records.ts";
import { numberOf, type Row, sum, type View } from "./view.ts";

const isVisit = ({ type, is_void, is_return, adjustment_of }: Row): boolean =>
  type === "retail" && is_void === false && is_return === false && adjustment_of === null;

/** What is sold: its sums agree with each other, and with the sales and the stock that the lists show. */
export async function compareInsights(
  view: View,
  { products, inventory, sales }: Records,
  isHonest: boolean,
): Promise<void> {
  const location = await view.get("");
  const time_zone = String(location.time_zone);
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: time_zone });
  const dayOf = (at: unknown) => format.format(new Date(String(at)));
  const today = dayOf(new Date(Date.now()).toISOString());
  const earlier = format.format(new Date(Date.now() - 20 * 86_400_000));
  const recent = sales.filter(({ completed_at }) => Date.now() - Date.parse(String(completed_at)) < 90 * 86_400_000);
  const [from = today, to = today] = view.random
    .pick([
      [earlier, today],
      [today, today],
      [
        dayOf(
          view.random.pick(recent.length > 0 ? recent : [{ completed_at: new Date(Date.now()).toISOString() }])
            .completed_at,
        ),
        today,
      ],
    ])
    .sort();
  const path = `/insights/sales?from=${from}&to=${to}&limit=50`;
  const { totals, days, top, slow } = await view.get<{ totals: Row; days: Row[]; top: Row[]; slow: Row[] }>(path);
  for (const name of ["sales", "units", "revenue"]) {
    view.near(`${path}: ${name} of the days`, totals[name], sum(days.map((day) => numberOf(day[name]))), 0.005);
  }
  const visits = sales.filter(isVisit);
  for (const day of days) {
    const its = visits.filter(({ completed_at }) => dayOf(completed_at) === day.day);
    view.same(`${path}: sales on ${day.day}`, day.sales, its.length);
    const lines = its.flatMap(({ items }) => (items as Row[]).filter(({ is_returned }) => !is_returned));
    const units = sum(lines.filter(({ is_coupon }) => !is_coupon).map(({ quantity }) => numberOf(quantity)));
    view.near(`${path}: units on ${day.day}`, day.units, units);
    if (isHonest) {
      const revenue = sum(lines.map(({ total }) => numberOf(total)));
      view.near(`${path}: revenue on ${day.day}`, day.revenue, revenue, 0.011);
    }
  }
  const byId = new Map(products.map((row) => [row.product_id, row]));
  const rootOf = (id: unknown): unknown => byId.get(id)?.merged_into ?? byId.get(id)?.product_id ?? null;
  const stock = Map.groupBy(
    inventory.filter(({ product_id }) => product_id !== null),
    ({ product_id }) => rootOf(product_id),
  );
  const onHand = (id: unknown) => sum((stock.get(id) ?? []).map(({ quantity }) => numberOf(quantity)));
  view.near(`${path}: on_hand`, totals.on_hand, sum([...stock.keys()].map(onHand)));
  const inPeriod = visits.filter(({ completed_at }) => dayOf(completed_at) >= from && dayOf(completed_at) <= to);
  const sold = Map.groupBy(
    inPeriod.flatMap(({ items, completed_at }) =>
      (items as Row[])
        .filter(({ is_returned }) => !is_returned)
        .map((line): Row => ({ ...line, day: dayOf(completed_at) })),
    ),
    ({ product_id }) => rootOf(product_id),
  );
  const unitsOf = (lines: readonly Row[]) =>
    sum(lines.filter(({ is_coupon }) => !is_coupon).map(({ quantity }) => numberOf(quantity)));
  const sellers = [...sold].filter(([id, lines]) => id !== null && unitsOf(lines) > 0);
  view.same(`${path}: products_sold`, totals.products_sold, sellers.length);
  if (sellers.length <= 50) {
    view.same(
      `${path}: top`,
      top.map(({ product_id }) => String(product_id)).sort(),
      sellers.map(([id]) => String(id)).sort(),
    );
  }
  for (const row of [...top, ...slow]) {
    const what = `${path}: ${row.product_id}`;
    const product = byId.get(row.product_id);
    view.same(
      what,
      [row.product_name, row.sku, row.brand, row.category],
      [product?.product_name, product?.sku, product?.brand, product?.category],
    );
    view.near(`${what} on hand`, row.on_hand, onHand(row.product_id));
    const units = unitsOf(sold.get(row.product_id) ?? []);
    view.near(`${what} units`, row.units, units);
    const left = numberOf(row.on_hand);
    if (units >= 0 && left >= 0 && units + left > 0) {
      view.near(`${what} sell-through`, row.sell_through, units / (units + left), 6e-5);
      if (units > 0) view.near(`${what} days of stock`, row.days_of_stock, (left / units) * days.length, 0.0051);
    }
    if (row.days === undefined) continue;
    const its = row.days as Row[];
    view.near(`${what} units of its days`, row.units, sum(its.map((day) => numberOf(day.units))));
    view.near(
      `${what} revenue of its days`,
      row.revenue,
      sum(its.map((day) => numberOf(day.revenue))),
      0.005 * (its.length + 1),
    );
  }
  view.same(
    `${path}: slow`,
    slow.map(({ product_id }) => String(product_id)).sort(),
    [...stock.keys()]
      .filter((id) => onHand(id) > 0)
      .map(String)
      .sort()
      .slice(0, 50),
  );
}

/** What customers buy: its counts agree with each other, and with the sales that the list shows. */
export async function compareCustomers(view: View, { sales }: Records): Promise<void> {
  const { time_zone, settings } = await view.get<{ time_zone: string; settings: { data_types: Row } }>("");
  if (settings.data_types.customers !== true) return;
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: time_zone });
  const [from, to] = [format.format(new Date(Date.now() - 20 * 86_400_000)), format.format(new Date(Date.now()))];
  const path = `/insights/customers?from=${from}&to=${to}`;
  type Spread = { count: number; buckets: { count: number }[] };
  const found = await view.get<{
    customers: Row;
    visits: Row & { per_customer: Spread };
    spend: { per_customer: Spread };
    basket: { items: Spread; money: Spread };
    repeat_interval_days: Spread;
    cohorts: { customers: number; active: number[] }[];
  }>(path);
  const { customers, visits, spend, basket, repeat_interval_days, cohorts } = found;
  const inPeriod = sales.filter((sale) => isVisit(sale) && format.format(new Date(String(sale.completed_at))) >= from);
  view.same(`${path}: visits`, numberOf(visits.known) + numberOf(visits.anonymous), inPeriod.length);
  view.same(`${path}: customers`, customers.total, numberOf(customers.new) + numberOf(customers.returning));
  view.same(`${path}: visits per customer`, visits.per_customer.count, customers.total);
  view.same(`${path}: spend per customer`, spend.per_customer.count, customers.total);
  view.same(`${path}: baskets`, basket.items.count, basket.money.count);
  const kept = inPeriod.filter(({ items }) => (items as Row[]).some(({ is_returned }) => !is_returned));
  view.same(`${path}: baskets that were kept`, basket.items.count, kept.length);
  for (const spread of [visits.per_customer, spend.per_customer, basket.items, basket.money, repeat_interval_days]) {
    view.same(`${path}: buckets`, sum(spread.buckets.map(({ count }) => count)), spread.count);
  }
  for (const { customers: all, active } of cohorts) view.same(`${path}: a cohort`, active[0], all);
}

/** What was sold in a period, the three weeks up to now if none is given. */
export async function soldIn(view: View, period?: string): Promise<{ period: string; sold: string }> {
  const { time_zone } = await view.get<{ time_zone: string }>("");
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: time_zone });
  const [from, to] = [Date.now() - 21 * 86_400_000, Date.now()].map((at) => format.format(new Date(at)));
  const asked = period ?? `from=${from}&to=${to}`;
  const { totals, days, top } = await view.get<{ totals: Row; days: Row[]; top: Row[] }>(
    `/insights/sales?${asked}&limit=50`,
  );
  const { sales, units, revenue, products_sold } = totals;
  const products = top.map((row) => [row.product_id, row.units, row.revenue, row.days]);
  return { period: asked, sold: JSON.stringify({ sales, units, revenue, products_sold, days, products }) };
}
