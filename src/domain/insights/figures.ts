import { round2, round4 } from "../values/number.ts";
import { normaliseCategory, normaliseText } from "../values/text.ts";

/** Figures computed from the database's counts and sums. */

/** How values are distributed: the count per bucket, and the values that 50 % and 90 % do not exceed. */
export interface Distribution {
  count: number;
  median: number | null;
  p90: number | null;
  /** `from` is included, `to` is not; null: no end. Values below the first bucket count in it. */
  buckets: { from: number; to: number | null; count: number }[];
}

/** Lower bounds of the buckets: visits, money in the store's currency, items, days. */
export const BOUNDS = {
  visits: [1, 2, 3, 4, 6, 11],
  spend: [0, 25, 50, 100, 200, 500, 1000],
  items: [0, 2, 3, 4, 6, 11],
  basket: [0, 25, 50, 75, 100, 150, 250],
  interval: [0, 1, 3, 7, 14, 30, 60, 90],
} as const;
export type Spread = keyof typeof BOUNDS;

export function distribution(
  bounds: readonly number[],
  counted: { count: number; median: number | null; p90: number | null; buckets: readonly number[] },
): Distribution {
  return {
    count: counted.count,
    median: round2OrNull(counted.median),
    p90: round2OrNull(counted.p90),
    buckets: bounds.map((from, index) => ({
      from,
      to: bounds[index + 1] ?? null,
      count: counted.buckets[index] ?? 0,
    })),
  };
}

/**
 * Sell-through: the share of the stock that was sold. Days of stock: how long the present stock lasts at the window's pace.
 * null: nothing to compute it from. Dutchie's stock can be below 0: that counts as none.
 */
export function stockFigures(given: { units: number; on_hand: number; days: number }): {
  sell_through: number | null;
  days_of_stock: number | null;
} {
  const units = Math.max(0, given.units);
  const on_hand = Math.max(0, given.on_hand);
  return {
    sell_through: units + on_hand > 0 ? round4(units / (units + on_hand)) : null,
    days_of_stock: units > 0 ? round2((on_hand * given.days) / units) : null,
  };
}

export interface Cohort {
  month: string;
  customers: number;
  /** The cohort's customers that visited in each month since their first; the first entry is all of them. */
  active: number[];
}

/** `counted`: how many customers of a cohort visited in a month; months without visits may be missing. */
export function cohorts(
  months: readonly string[],
  counted: readonly { cohort: string; month: string; customers: number }[],
): Cohort[] {
  const customers = new Map(counted.map((row) => [`${row.cohort} ${row.month}`, row.customers]));
  return months.map((month, index) => {
    const active = months.slice(index).map((later) => customers.get(`${month} ${later}`) ?? 0);
    return { month, customers: active[0] ?? 0, active };
  });
}

/** What makes two spellings the same name. */
const SAME = { category: normaliseCategory, brand: normaliseText };

/**
 * Each spelling of a category or brand ("Edible", "Edibles ") with the name under which it counts: the spelling that most
 * products have, then the first in the alphabet.
 */
export function sameNames(
  what: keyof typeof SAME,
  spellings: readonly { name: string; products: number }[],
): { name: string; shown: string }[] {
  const groups = Map.groupBy(spellings, ({ name }) => SAME[what](name));
  return [...groups.values()].flatMap((group) => {
    const [most] = [...group].sort((a, b) => b.products - a.products || (a.name < b.name ? -1 : 1));
    return group.map(({ name }) => ({ name, shown: most?.name ?? name }));
  });
}

const round2OrNull = (value: number | null): number | null => (value === null ? null : round2(value));
