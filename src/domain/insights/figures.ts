import { normaliseCategory, normaliseText } from "../values/text.ts";

/** Figures made of what the database counted and added up. */

/** How a value is spread: how many lie in each bucket, and the values that half and nine in ten do not exceed. */
export interface Distribution {
  count: number;
  median: number | null;
  p90: number | null;
  /** `from` is in, `to` is out; null: open. What lies below the first bucket counts in it. */
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
 * Sell-through: of what was there to sell, the share that was sold. Days of stock: how long what is there lasts at the
 * window's pace. Both null when there is nothing to tell them by. Dutchie's stock can fall below 0: that is none.
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
  /** Customers of the cohort that visited so many months after their first: the first entry is all of them. */
  active: number[];
}

/** `counted`: how many customers of a cohort visited in a month, both by name; months without any may be missing. */
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

/** Names that people typed differently and mean alike. */
const SAME = { category: normaliseCategory, brand: normaliseText };

/**
 * Under which name each spelling of a store's categories or brands counts ("Edible", "Edibles "): the spelling of most
 * products, then the first in the alphabet.
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

export const round2 = (value: number): number => Math.round((value + Number.EPSILON) * 100) / 100 + 0;
const round4 = (value: number): number => Math.round(value * 10_000) / 10_000;
const round2OrNull = (value: number | null): number | null => (value === null ? null : round2(value));
