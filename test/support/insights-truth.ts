import type { Oracle, OracleSale } from "../../simulator/oracle/oracle.ts";

/**
 * Insights computed from the simulator's truth in memory, in the simplest way. It shares no code with the
 * product: Intl gives the days, sorting the percentiles, flags the returns.
 */
export interface Asked {
  from: string;
  to: string;
  time_zone: string;
  /** The ReUp product of a Dutchie product, with its category and brand: ReUp decides about merges. */
  productOf: (dutchie_product_id: string) => { product_id: string; category: string | null; brand: string | null };
}

type Line = OracleSale["items"][number];

const days = new Map<string, Intl.DateTimeFormat>();
function dayOf(iso: string, time_zone: string): string {
  const format = days.get(time_zone) ?? new Intl.DateTimeFormat("en-CA", { timeZone: time_zone });
  days.set(time_zone, format);
  return format.format(new Date(iso));
}

function daysFrom(from: string, to: string): string[] {
  const all: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000) {
    all.push(new Date(at).toISOString().slice(0, 10));
  }
  return all;
}

const isVisit = (sale: OracleSale) => sale.type === "retail" && !sale.is_void && !sale.is_return;
const kept = (sale: OracleSale): Line[] => sale.items.filter((line) => !line.is_returned);
const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
const cents = (value: number) => Number(value.toFixed(2));
const fine = (value: number) => Number(value.toFixed(6));
const unitsOf = (lines: Line[]) => fine(sum(lines.map((line) => line.quantity)));
const moneyOf = (lines: Line[]) => cents(sum(lines.map((line) => line.total)));

export function salesTruth(oracle: Oracle, asked: Asked) {
  const { from, to, time_zone, productOf } = asked;
  const dated = (oracle.sales ?? [])
    .filter(isVisit)
    .map((sale) => ({ sale, day: dayOf(sale.completed_at, time_zone) }))
    .filter(({ day }) => day >= from && day <= to);
  const all = daysFrom(from, to);
  const lines = dated.flatMap(({ sale, day }) =>
    kept(sale).map((line) => ({ line, day, product_id: productOf(line.dutchie_product_id).product_id })),
  );
  const stock = Map.groupBy(oracle.inventory ?? [], (row) => productOf(row.dutchie_product_id).product_id);
  const sold = Map.groupBy(lines, ({ product_id }) => product_id);
  const products = [...new Set([...stock.keys(), ...sold.keys()])].map((product_id) => {
    const own = sold.get(product_id) ?? [];
    const on_hand = fine(sum((stock.get(product_id) ?? []).map(({ quantity }) => quantity)));
    const units = unitsOf(own.map(({ line }) => line));
    return {
      product_id,
      units,
      revenue: moneyOf(own.map(({ line }) => line)),
      on_hand,
      sell_through: units + on_hand === 0 ? null : Number((units / (units + on_hand)).toFixed(4)),
      days_of_stock: units === 0 ? null : cents(on_hand / (units / all.length)),
      exact: units / (units + on_hand),
      days: [...Map.groupBy(own, ({ day }) => day)]
        .map(([day, its]) => ({
          day,
          units: unitsOf(its.map(({ line }) => line)),
          revenue: moneyOf(its.map(({ line }) => line)),
        }))
        .sort((a, b) => (a.day < b.day ? -1 : 1)),
    };
  });
  const byId = (a: { product_id: string }, b: { product_id: string }) => (a.product_id < b.product_id ? -1 : 1);
  const units = unitsOf(lines.map(({ line }) => line));
  const on_hand = fine(sum(products.map((product) => product.on_hand)));
  return {
    totals: {
      sales: dated.length,
      units,
      revenue: moneyOf(lines.map(({ line }) => line)),
      products_sold: products.filter((product) => product.units > 0).length,
      on_hand,
      sell_through: Number((units / (units + on_hand)).toFixed(4)),
    },
    days: all.map((day) => {
      const its = dated.filter((each) => each.day === day).map(({ sale }) => sale);
      return { day, sales: its.length, units: unitsOf(its.flatMap(kept)), revenue: moneyOf(its.flatMap(kept)) };
    }),
    top: products
      .filter((product) => product.units > 0)
      .sort((a, b) => b.revenue - a.revenue || byId(a, b))
      .slice(0, 50)
      .map(({ exact: _, ...product }) => product),
    slow: products
      .filter((product) => product.on_hand > 0)
      .sort((a, b) => a.exact - b.exact || b.on_hand - a.on_hand || byId(a, b))
      .slice(0, 50)
      .map(({ exact: _, days: __, ...product }) => product),
  };
}

function spread(bounds: number[], values: number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => {
    const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
    return value === undefined ? null : cents(value);
  };
  return {
    count: values.length,
    median: at(0.5),
    p90: at(0.9),
    buckets: bounds.map((from, index) => {
      const to = bounds[index + 1] ?? null;
      return { from, to, count: values.filter((value) => value >= from && (to === null || value < to)).length };
    }),
  };
}

export function customersTruth(oracle: Oracle, asked: Asked) {
  const { from, to, time_zone, productOf } = asked;
  const visits = (oracle.sales ?? []).filter(isVisit).map((sale) => ({
    at: Date.parse(sale.completed_at),
    day: dayOf(sale.completed_at, time_zone),
    customer: sale.dutchie_customer_id,
    lines: kept(sale),
  }));
  const until = visits.filter(({ day }) => day <= to).sort((a, b) => a.at - b.at);
  const inside = until.filter(({ day }) => day >= from);
  const known = inside.filter(({ customer }) => customer !== null);
  const byCustomer = Map.groupBy(known, ({ customer }) => customer);
  const history = Map.groupBy(
    until.filter(({ customer }) => customer !== null),
    ({ customer }) => customer,
  );
  const intervals = [...history.values()].flatMap((their) =>
    their.flatMap((visit, index) => {
      const before = their[index - 1];
      return before === undefined || visit.day < from ? [] : [(visit.at - before.at) / 86_400_000];
    }),
  );
  const returning = [...byCustomer.keys()].filter((customer) => (history.get(customer)?.[0]?.day ?? to) < from).length;
  const baskets = inside.filter(({ lines }) => unitsOf(lines) > 0).map(({ lines }) => lines);
  const popular = (what: "category" | "brand") => {
    const plain = (name: string) =>
      name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, " ")
        .trim();
    const spellings = new Map<string, number>();
    for (const product of oracle.products ?? []) {
      const name = product.brand;
      if (name !== null) spellings.set(name, (spellings.get(name) ?? 0) + 1);
    }
    const shown = (name: string | null) => {
      // Categories are ReUp's words already, each in one spelling.
      if (name === null || what === "category") return name;
      const same = [...spellings].filter(([other]) => plain(other) === plain(name));
      return same.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? name;
    };
    const bought = known.flatMap(({ customer, lines }) =>
      lines.map((line) => ({ customer, line, name: shown(productOf(line.dutchie_product_id)[what]) })),
    );
    return [...Map.groupBy(bought, ({ name }) => name)]
      .map(([name, its]) => ({
        name,
        customers: new Set(its.map(({ customer }) => customer)).size,
        units: unitsOf(its.map(({ line }) => line)),
        revenue: moneyOf(its.map(({ line }) => line)),
      }))
      .sort((a, b) => b.revenue - a.revenue)
      .slice(0, 10);
  };
  const months = Array.from({ length: 12 }, (_, index) => {
    const last = new Date(`${to.slice(0, 7)}-01T00:00:00Z`);
    last.setUTCMonth(last.getUTCMonth() - 11 + index);
    return last.toISOString().slice(0, 7);
  });
  return {
    known_since: new Date(Math.min(...[...history.values()].map((their) => their[0]?.at ?? Number.NaN))).toISOString(),
    customers: { total: byCustomer.size, new: byCustomer.size - returning, returning },
    visits: {
      known: known.length,
      anonymous: inside.length - known.length,
      per_customer: spread(
        [1, 2, 3, 4, 6, 11],
        [...byCustomer.values()].map((their) => their.length),
      ),
    },
    spend: {
      total: moneyOf(known.flatMap(({ lines }) => lines)),
      per_customer: spread(
        [0, 25, 50, 100, 200, 500, 1000],
        [...byCustomer.values()].map((their) => moneyOf(their.flatMap(({ lines }) => lines))),
      ),
    },
    basket: {
      items: spread([0, 2, 3, 4, 6, 11], baskets.map(unitsOf)),
      money: spread([0, 25, 50, 75, 100, 150, 250], baskets.map(moneyOf)),
    },
    repeat_interval_days: spread([0, 1, 3, 7, 14, 30, 60, 90], intervals),
    categories: popular("category"),
    brands: popular("brand"),
    cohorts: months.map((month, index) => {
      const theirs = [...history.values()].filter((their) => their[0]?.day.slice(0, 7) === month);
      const active = months
        .slice(index)
        .map((later) => theirs.filter((their) => their.some(({ day }) => day.slice(0, 7) === later)).length);
      return { month, customers: theirs.length, active };
    }),
  };
}
