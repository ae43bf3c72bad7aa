import { addDays } from "../../../../../../src/client/rules.ts";

interface Day {
  day: string;
  revenue: number;
}

/** A day, and the day as long before it as the period is; null: the period before is not known. */
export interface SalesDay extends Day {
  day_before: string | null;
  before: number | null;
}

/** Each day beside the same day of the period before; null: that period is not known. */
export function pairDays(days: readonly Day[], before: readonly Day[] | null): SalesDay[] {
  return days.map(({ day, revenue }, i) => {
    const then = before?.[i];
    return { day, revenue, day_before: then?.day ?? null, before: then?.revenue ?? null };
  });
}

/** `days`: two periods of the same length, one after the other. */
export function pairHalves(days: readonly Day[]): SalesDay[] {
  const half = Math.floor(days.length / 2);
  return pairDays(days.slice(-half), days.slice(0, half));
}

interface Period {
  from: string;
  to: string;
  days: readonly Day[];
}

/** The figures of the period right before this one, and as long. What was loaded last can be those of another. */
export function rightBefore<T extends Period>(period: Period, before: T | undefined): T | null {
  const isRight = before?.to === addDays(period.from, -1) && before.days.length === period.days.length;
  return isRight ? before : null;
}

/** null: a day of it is not known. */
export function sumOf(days: readonly SalesDay[], key: "revenue" | "before"): number | null {
  return days.reduce<number | null>(
    (sum, { [key]: value }) => (sum === null || value === null ? null : sum + value),
    0,
  );
}
