import { sum, times, type Usage } from "./usage.ts";

/** Stores as they are. A small one sells to thirty people a day, a large one to a thousand. */
export const STORES = [
  { name: "small", products: 300, sales_a_day: 35 },
  { name: "middle", products: 3_000, sales_a_day: 350 },
  { name: "large", products: 50_000, sales_a_day: 1_000 },
] as const;
export type StoreSize = (typeof STORES)[number];

/** What one of each costs, as measured. */
export interface Units {
  /** A sale with its four webhooks, by itself. */
  sale: Usage;
  /** The same while somebody watches the store's dashboard. */
  sale_watched: Usage;
  /** What the next poll has to do more for a sale that the webhooks brought. */
  confirmed: Usage;
  /** A poll that finds nothing new. */
  poll: Usage;
  /** The nightly full sync with its verification and its sweep. */
  night: Usage;
  /** Once. */
  first_sync: Usage;
}

const DAYS_A_MONTH = 30.4;
/** Every 15 minutes, but for the one in the night that is a full sync. */
const POLLS_A_DAY = 95;
/** Of a day's sales, how many happen while somebody watches: one page that is open for all of the opening hours. */
const WATCHED_SHARE = 1;

export function monthOf({ sales_a_day }: StoreSize, units: Units, isWatched: boolean): Usage {
  const watched = isWatched ? WATCHED_SHARE * sales_a_day : 0;
  const day = sum([
    times(units.sale, sales_a_day - watched),
    times(units.sale_watched, watched),
    times(units.confirmed, sales_a_day),
    times(units.poll, POLLS_A_DAY),
    units.night,
  ]);
  return times(day, DAYS_A_MONTH);
}
