import { addLag, type Lags } from "../../domain/events/lags.ts";
import type { HourOutcome } from "../../domain/runs/hour-cells.ts";

const COUNTERS = [
  "runs",
  "failed_runs",
  "records_processed",
  "records_failed",
  "duration_ms",
  "received",
  "applied",
  "duplicate",
  "stale",
  "invalid",
  "ignored",
  "missed",
] as const;
export type Counter = (typeof COUNTERS)[number];

type Hour = Record<Counter, number> & { hour: number; lags: string | null };

const HOUR_MS = 3_600_000;
const HOURS_A_DAY = 24;

/** The Location's table of counters by hour, and how long webhooks took in each. */
export class HourTable {
  /** The 23 hours before this one, read once an hour. A call that began in one of them may still count there. */
  private past: { hour: number; rows: Hour[] } | null = null;

  constructor(private readonly sql: SqlStorage) {}

  count(counter: Counter, n: number, now: number): void {
    this.countAll({ [counter]: n }, [], now);
  }

  /** Several counters at once, and how long the webhooks took that were applied, ms: one row is written. */
  countAll(counts: Partial<Record<Counter, number>>, lags_ms: readonly number[], now: number): void {
    const counted = COUNTERS.flatMap((counter) => (counts[counter] ? [[counter, counts[counter]] as const] : []));
    if (counted.length === 0) return;
    const hour = Math.floor(now / HOUR_MS);
    if (hour !== this.past?.hour) this.past = null;
    const [row] = this.sql.exec<{ lags: string | null }>("select lags from hourly where hour = ?", hour).toArray();
    const before = JSON.parse(row?.lags ?? "{}") as Lags;
    const lags = lags_ms.length === 0 ? (row?.lags ?? null) : JSON.stringify(lags_ms.reduce(addLag, before));
    const names = counted.map(([counter]) => counter);
    this.sql.exec(
      `insert into hourly (hour, lags, ${names.join(", ")}) values (?, ?${", ?".repeat(names.length)})
       on conflict do update set lags = excluded.lags, ${names.map((name) => `${name} = ${name} + excluded.${name}`).join(", ")}`,
      hour,
      lags,
      ...counted.map(([, n]) => n),
    );
  }

  /** Sums of this hour and the 23 before it with `more`, which is counted next, and how long the webhooks of each took. */
  last24h(now: number, more: Partial<Record<Counter, number>> = {}): Record<Counter, number> & { lags: Lags[] } {
    const hours = this.day(now);
    const sum = (counter: Counter) => hours.reduce((all, hour) => all + hour[counter], more[counter] ?? 0);
    const sums = Object.fromEntries(COUNTERS.map((counter) => [counter, sum(counter)])) as Record<Counter, number>;
    return { ...sums, lags: hours.flatMap(({ lags }) => (lags === null ? [] : [JSON.parse(lags) as Lags])) };
  }

  /** The hours of these 24 in which a sync ended. */
  outcomes(now: number): HourOutcome[] {
    const hours = this.day(now).filter(({ runs }) => runs > 0);
    return hours.map(({ hour, failed_runs }) => ({ hour, failed: failed_runs > 0 }));
  }

  private day(now: number): Hour[] {
    const hour = Math.floor(now / HOUR_MS);
    if (this.past?.hour !== hour) this.past = { hour, rows: this.read(hour - HOURS_A_DAY + 1, hour - 1) };
    return [...this.past.rows, ...this.read(hour, hour)];
  }

  private read(first: number, last: number): Hour[] {
    return this.sql
      .exec<Hour>(`select hour, ${COUNTERS.join(", ")}, lags from hourly where hour between ? and ?`, first, last)
      .toArray();
  }

  /** Deletes the hours before this time. Returns how many rows were written. */
  end(before: number): number {
    return this.sql.exec("delete from hourly where hour < ?", Math.floor(before / HOUR_MS)).rowsWritten;
  }
}
