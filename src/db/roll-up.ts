import { type SQL, sql } from "drizzle-orm";
import { ROLLED_DAYS } from "../domain/bounds.ts";
import type { SaleRow } from "../domain/records/records.ts";
import { addDays, localDay, startOfDay } from "../domain/values/zone.ts";
import type { RecordsDb } from "./databases.ts";
import { isVisit, lines, revenue } from "./insights/sql.ts";
import { readRows } from "./read.ts";
import { line } from "./sale-lines.ts";
import { rollUps, sales, salesDays } from "./schema/records.ts";
import { writeBatch } from "./write.ts";

/** Sales that were completed before have no lines: `sales_days` has their sums. 0: all sales have their lines. */
export async function rolledUntil(db: RecordsDb, location_id: string): Promise<number> {
  const [row] = await readRows(db, sql`select ${untilOf(location_id)} as until`);
  return Number(row?.until ?? 0);
}

/** The same inside of a statement. */
export const untilOf = (location_id: string): SQL =>
  sql`coalesce((select until from ${rollUps} where location_id = ${location_id} and what = 'sales'), 0)`;

/**
 * Replaces the lines of sales before a time by their sums per local day and product, day by day: each day in one transaction,
 * so that a line is counted once. A bounded step; true: there is more.
 */
export async function rollUpSales(
  db: RecordsDb,
  store: { location_id: string; time_zone: string },
  before: number,
): Promise<boolean> {
  const { location_id, time_zone } = store;
  const end = startOfDay(localDay(before, time_zone), time_zone);
  const [row] = await readRows(
    db,
    sql`select ${untilOf(location_id)} as until, (select min(completed_at) from ${sales} indexed by sales_completed
      where location_id = ${location_id} and completed_at >= ${untilOf(location_id)}) as oldest`,
  );
  if (row?.oldest == null) return false;
  let [start, days] = [Math.max(Number(row.until), Number(row.oldest)), 0];
  while (start < end) {
    if (days++ >= ROLLED_DAYS) return true;
    const day = localDay(start, time_zone);
    const next = Math.min(startOfDay(addDays(day, 1), time_zone), end);
    await writeBatch(db, rollUpDay(location_id, { day, start, end: next }));
    start = next;
  }
  return false;
}

function rollUpDay(location_id: string, { day, start, end }: { day: string; start: number; end: number }): SQL[] {
  const ofDay = sql`s.location_id = ${location_id} and s.completed_at >= ${start} and s.completed_at < ${end}`;
  return [
    addSold(sql`${day}`, sql`${sales} s indexed by sales_completed`, ofDay),
    sql`update ${sales} indexed by sales_completed set lines = null where lines is not null and location_id = ${location_id}
      and completed_at >= ${start} and completed_at < ${end}`,
    sql`insert into ${rollUps} (location_id, what, until) values (${location_id}, 'sales', ${end})
      on conflict do update set until = max(until, excluded.until)`,
  ];
}

/** Adds the lines of sales that were just inserted, but whose days are rolled up. Without lines a sale adds nothing. */
export function rollUpLate(store: { location_id: string; time_zone: string }, late: readonly SaleRow[]): SQL[] {
  if (late.length === 0) return [];
  const { location_id, time_zone } = store;
  const days = late.map(({ sale_id, completed_at }) => [sale_id, localDay(completed_at, time_zone)]);
  return [
    addSold(
      sql`d.value ->> 1`,
      sql`json_each(${JSON.stringify(days)}) d cross join ${sales} s on s.location_id = ${location_id} and s.sale_id = d.value ->> 0`,
      sql`s.completed_at < ${untilOf(location_id)}`,
    ),
  ];
}

/** Adds what sales `s` sold to the sums of a day. */
const addSold = (day: SQL, from: SQL, where: SQL): SQL => sql`
  insert into ${salesDays} (location_id, day, product_id, quantity, revenue, discount, cost, line_count)
  select s.location_id, ${day}, coalesce(${line.product_id}, ''), sum(${line.quantity}), sum(${revenue}),
    sum(coalesce(${line.discount}, 0)), sum(coalesce(${line.quantity} * ${line.unit_cost}, 0)), count(*)
  from ${from} cross join ${lines}
  where ${where} and ${isVisit("s")} group by 1, 2, 3
  on conflict do update set quantity = quantity + excluded.quantity, revenue = revenue + excluded.revenue,
    discount = discount + excluded.discount, cost = cost + excluded.cost, line_count = line_count + excluded.line_count`;

/** Products that were replaced by others: what they sold moves with them. */
export function relinkDays(location_id: string, froms: SQL, next: (column: SQL) => SQL): SQL[] {
  const moved = sql`from ${salesDays} where location_id = ${location_id} and product_id in ${froms}`;
  return [
    sql`insert into ${salesDays} (location_id, day, product_id, quantity, revenue, discount, cost, line_count)
      select location_id, day, ${next(sql`sales_days.product_id`)}, quantity, revenue, discount, cost, line_count ${moved}
      on conflict do update set quantity = quantity + excluded.quantity, revenue = revenue + excluded.revenue,
        discount = discount + excluded.discount, cost = cost + excluded.cost,
        line_count = line_count + excluded.line_count`,
    sql`delete ${moved}`,
  ];
}
