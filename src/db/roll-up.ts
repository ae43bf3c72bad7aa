import { type SQL, sql } from "drizzle-orm";
import { ROLLED_DAYS } from "../domain/bounds.ts";
import type { SaleRow } from "../domain/records/records.ts";
import { addDays, localDay, startOfDay } from "../domain/values/zone.ts";
import type { RecordsDb } from "./databases.ts";
import { isVisit, lines, revenue, total } from "./insights/sql.ts";
import { readRows } from "./read.ts";
import { line, units } from "./sale-lines.ts";
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
    ...countSales({
      given: sql`(select ${day} as day) d`,
      stored: sql`${sales} s indexed by sales_completed`,
      where: ofDay,
    }),
    sql`insert into ${rollUps} (location_id, what, until) values (${location_id}, 'sales', ${end})
      on conflict do update set until = max(until, excluded.until)`,
  ];
}

/**
 * Counts sales that were just written, but whose days are rolled up: what they counted before goes, what they sell now is added.
 * `before`: the time of those that were stored. What a build without `counted` rolled up stays, for nobody knows what it added.
 */
export function recount(
  store: { location_id: string; time_zone: string },
  written: readonly SaleRow[],
  before: ReadonlyMap<string, SaleRow>,
): SQL[] {
  if (written.length === 0) return [];
  const { location_id, time_zone } = store;
  const given = written.map(({ sale_id, completed_at }) => [
    sale_id,
    localDay(completed_at, time_zone),
    before.get(sale_id)?.completed_at ?? null,
  ]);
  const until = untilOf(location_id);
  return countSales({
    given: sql`(select value->>0 as sale_id, value->>1 as day, value->>2 as was from json_each(${JSON.stringify(given)})) d`,
    stored: sql`${sales} s`,
    where: sql`s.location_id = ${location_id} and s.sale_id = d.sale_id
      and iif(s.counted is null, s.completed_at < ${until} and coalesce(d.was >= ${until}, true), true)`,
  });
}

/** What a sale sells: of its lines, or what is known since these are gone. Rounded, so that it can be taken away again. */
const sold = sql`iif(s.lines is null, coalesce(s.counted->'$[1]', '[]'), (
  select json_group_array(json_array(product_id, quantity, revenue, discount, cost, line_count)) from (
    select coalesce(${line.product_id}, '') as product_id, ${total(units)} as quantity, ${total(revenue)} as revenue,
      ${total(line.discount)} as discount, ${total(sql`${line.quantity} * ${line.unit_cost}`)} as cost, count(*) as line_count
    from (select 1) cross join ${lines} group by 1)))`;

/** To which day it belongs; null: it is no visit. */
const due = sql`iif(${isVisit("s")}, d.day, null)`;

/**
 * Makes sums per day and product of what sales sold. They can be repeated: a sale that counts as it should is left alone.
 * `given`: a table `d` with the `day` of each.
 */
function countSales({ given, stored, where }: { given: SQL; stored: SQL; where: SQL }): SQL[] {
  const open = sql`${where} and (s.lines is not null or s.counted is null or s.counted->>0 is not ${due})`;
  const from = sql`from ${given} cross join ${stored}`;
  const add = (sign: SQL, day: SQL, what: SQL) => sql`
    insert into ${salesDays} (location_id, day, product_id, quantity, revenue, discount, cost, line_count)
    select s.location_id, ${day} as on_day, i.value->>0, ${sign} ${total(sql`i.value->>1`)}, ${sign} ${total(sql`i.value->>2`)},
      ${sign} ${total(sql`i.value->>3`)}, ${sign} ${total(sql`i.value->>4`)}, ${sign} sum(i.value->>5)
    ${from} cross join json_each(${what}) i
    where ${open} and on_day is not null group by 1, 2, 3
    on conflict do update set ${ADDED}`;
  return [
    add(sql`-`, sql`s.counted->>0`, sql`s.counted->'$[1]'`),
    add(sql`+`, due, sold),
    sql`delete from ${salesDays} where line_count <= 0 and (location_id, day, product_id) in (
      select s.location_id, s.counted->>0, i.value->>0 ${from} cross join json_each(s.counted->'$[1]') i where ${open})`,
    sql`update ${sales} as s set lines = null, counted = fresh.counted from (
        select s.location_id, s.sale_id, json_array(${due}, json(${sold})) as counted ${from} where ${open}) fresh
      where s.location_id = fresh.location_id and s.sale_id = fresh.sale_id`,
  ];
}

const ADDED = sql`quantity = round(quantity + excluded.quantity, 6), revenue = round(revenue + excluded.revenue, 6),
  discount = round(discount + excluded.discount, 6), cost = round(cost + excluded.cost, 6),
  line_count = line_count + excluded.line_count`;

/** Products that were replaced by others: what they sold moves with them. */
export function relinkDays(location_id: string, froms: SQL, next: (column: SQL) => SQL): SQL[] {
  const moved = sql`from ${salesDays} where location_id = ${location_id} and product_id in ${froms}`;
  return [
    sql`insert into ${salesDays} (location_id, day, product_id, quantity, revenue, discount, cost, line_count)
      select location_id, day, ${next(sql`sales_days.product_id`)}, quantity, revenue, discount, cost, line_count ${moved}
      on conflict do update set ${ADDED}`,
    sql`delete ${moved}`,
    sql`update ${sales} set counted = json_array(counted->>0, (
        select json_group_array(json(iif(i.value->>0 in ${froms}, json_replace(i.value, '$[0]', ${next(sql`(i.value->>0)`)}), i.value))
          order by i.key) from json_each(counted->'$[1]') i))
      where location_id = ${location_id}
        and exists (select 1 from json_each(counted->'$[1]') i where i.value->>0 in ${froms})`,
  ];
}
