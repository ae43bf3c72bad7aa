/** A day, and the day as long before it as the period is. */
export interface SalesDay {
  day: string;
  revenue: number;
  day_before: string;
  before: number;
}

/** `days`: two periods of the same length, one after the other. */
export function pairDays(days: readonly { day: string; revenue: number }[]): SalesDay[] {
  const half = Math.floor(days.length / 2);
  return days.slice(half).flatMap(({ day, revenue }, i) => {
    const then = days[i];
    return then === undefined ? [] : [{ day, revenue, day_before: then.day, before: then.revenue }];
  });
}

export const sumOf = (days: readonly SalesDay[], key: "revenue" | "before"): number =>
  days.reduce((sum, day) => sum + day[key], 0);
