import { type SQL, sql } from "drizzle-orm";
import type { CustomerFigures } from "../../contract/http/insights.ts";
import { BOUNDS, cohorts, distribution, type Spread, sameNames } from "../../domain/insights/figures.ts";
import { keyRange } from "../../domain/insights/pseudonym.ts";
import type { InsightsWindow } from "../../domain/insights/window.ts";
import { round2 } from "../../domain/values/number.ts";
import type { RecordsDb } from "../databases.ts";
import { readRows } from "../read.ts";
import { line, units } from "../sale-lines.ts";
import { products, sales } from "../schema/records.ts";
import { byCustomer, byTime, isVisit, lines, revenue, spanOf, spans, total, within } from "./sql.ts";

/** The number of categories, and of brands, in the answer. */
const RANKED = 10;
/** Spellings that are grouped under one name. A store has some dozens; further ones count as they are written. */
const SPELLINGS = 2_000;
type Column = "category" | "brand";
/** Categories in ReUp's words. */
const STORED = { category: sql.identifier("reup_category"), brand: sql.identifier("brand") };

type Popular = CustomerFigures["brands"][number];

/** Whose customers: pseudonyms of an earlier pepper, while they are being deleted, are nobody. */
interface Store {
  location_id: string;
  pepper_id: string;
}

function isKeyed(column: SQL, { pepper_id }: Store): SQL {
  const { first, end } = keyRange(pepper_id);
  return sql`${column} >= ${first} and ${column} < ${end}`;
}

/** Earlier visits of a customer. */
const visitsOf = (customer: SQL, before: SQL | number, { location_id }: Store): SQL => sql`
  ${sales} p ${byCustomer} where p.location_id = ${location_id} and p.customer_key = ${customer}
  and p.completed_at < ${before} and ${isVisit("p")}`;

/** Count, median, 90th percentile (nearest rank) and buckets of `value` over the rows of `from`, as a JSON column. */
function spread(name: Spread, from: SQL): SQL {
  const bounds = BOUNDS[name];
  const buckets = bounds.map((bound, index) => {
    const next = bounds[index + 1];
    const above = index === 0 ? "true" : `value >= ${bound}`;
    return sql.raw(`coalesce(sum(${above} and ${next === undefined ? "true" : `value < ${next}`}), 0)`);
  });
  return sql`(
    select json_object('count', count(*),
      'median', min(case when place >= n * 0.5 then value end),
      'p90', min(case when place >= n * 0.9 then value end),
      'buckets', json_array(${sql.join(buckets, sql`, `)}))
    from (select value, row_number() over (order by value) as place, count(*) over () as n from (${from}))
    ) as ${sql.identifier(name)}`;
}

/** One row of JSON columns, for D1 allows five terms in a compound select, and these are six. */
const figures = (store: Store, { start, end }: InsightsWindow) => sql`
  with visits as materialized (
    select s.completed_at, case when ${isKeyed(sql`s.customer_key`, store)} then s.customer_key end as customer,
      ${total(units)} as items, ${total(revenue)} as money
    from ${sales} s ${byTime} left join ${lines}
    where ${within(store.location_id, { start, end })} and ${isVisit("s")} group by s.sale_id),
  customers as materialized (
    select customer, count(*) as visits, ${total(sql`money`)} as spend from visits
    where customer is not null group by customer),
  repeats as materialized (
    select completed_at, (
      select p.completed_at from ${visitsOf(sql`visits.customer`, sql`visits.completed_at`, store)}
      order by p.completed_at desc limit 1) as previous
    from visits where customer is not null)
  select json_object(
    'customers', (select count(*) from customers),
    'returning', (select count(*) from customers
      where exists (select 1 from ${visitsOf(sql`customers.customer`, start, store)})),
    'known', (select count(customer) from visits),
    'anonymous', (select count(*) - count(customer) from visits),
    'spend', (select ${total(sql`spend`)} from customers)) as counts,
    ${spread("visits", sql`select visits as value from customers`)},
    ${spread("spend", sql`select spend as value from customers`)},
    ${spread("items", sql`select items as value from visits where items > 0`)},
    ${spread("basket", sql`select money as value from visits where items > 0`)},
    ${spread(
      "interval",
      sql`select round((completed_at - previous) / 86400000.0, 6) as value from repeats where previous is not null`,
    )}`;

const spellings = (column: Column, { location_id }: Store) => sql`
  select ${STORED[column]} as name, count(*) as products from ${products}
  where location_id = ${location_id} and ${STORED[column]} is not null
  group by 1 order by products desc limit ${SPELLINGS}`;

/**
 * By revenue; of the surviving products of merges. `names`: which spelling each counts under. Names are found once a
 * product and not per line, because there are many more lines.
 */
const popular = (column: Column, names: object[], store: Store, { start, end }: InsightsWindow) => sql`
  with names as materialized (
    select n.value->>'name' as name, n.value->>'shown' as shown from json_each(${JSON.stringify(names)}) n),
  goods as materialized (
    select own.product_id, coalesce(
      (select shown from names where names.name = r.${STORED[column]}), r.${STORED[column]}) as name
    from ${products} own cross join ${products} r
      on r.location_id = own.location_id and r.product_id = coalesce(own.merged_into, own.product_id)
    where own.location_id = ${store.location_id})
  select goods.name, count(distinct s.customer_key) as customers, ${total(units)} as units,
    ${total(revenue)} as revenue
  from ${sales} s ${byTime} cross join ${lines} cross join goods on goods.product_id = ${line.product_id}
  where ${within(store.location_id, { start, end })} and ${isVisit("s")} and ${isKeyed(sql`s.customer_key`, store)}
  group by 1 order by revenue desc, goods.name limit ${RANKED}`;

/** Customers by the month of their first visit, and the months in which they came again. */
const retention = (store: Store, { months, end }: InsightsWindow) => sql`
  with months as materialized (
    select d.value->>'name' as name, ${spanOf.start} as start, ${spanOf.end} as end from ${spans(months)} d),
  firsts as materialized (
    select s.customer_key as customer, min(s.completed_at) as first from ${sales} s ${byCustomer}
    where s.location_id = ${store.location_id} and ${isKeyed(sql`s.customer_key`, store)}
      and s.completed_at < ${end} and ${isVisit("s")} group by s.customer_key),
  came as materialized (
    select distinct m.name as month, s.customer_key as customer
    from months m cross join ${sales} s ${byTime}
    where ${within(store.location_id, { start: sql`m.start`, end: sql`m.end` })} and ${isVisit("s")} and ${isKeyed(sql`s.customer_key`, store)})
  select m.name as cohort, came.month, count(*) as customers, (select min(first) from firsts) as known_since
  from came cross join firsts on firsts.customer = came.customer
    cross join months m on firsts.first >= m.start and firsts.first < m.end
  group by 1, 2`;

type Counted = Parameters<typeof distribution>[1];

interface Counts {
  customers: number;
  returning: number;
  known: number;
  anonymous: number;
  spend: number;
}

export async function customerInsights(db: RecordsDb, store: Store, window: InsightsWindow): Promise<CustomerFigures> {
  // One after the other and not as a batch: for a large store each takes seconds, and others use the database in between.
  const [counted = {}] = await readRows(db, figures(store, window));
  const categories = await mostPopular(db, "category", store, window);
  const brands = await mostPopular(db, "brand", store, window);
  const retained = await readRows(db, retention(store, window));
  const counts = JSON.parse(String(counted.counts)) as Counts;
  const spreadOf = (name: Spread) => distribution(BOUNDS[name], JSON.parse(String(counted[name])) as Counted);
  const rows = retained as unknown as { cohort: string; month: string; customers: number; known_since: number }[];
  return {
    known_since: rows[0]?.known_since ?? null,
    customers: {
      total: counts.customers,
      new: counts.customers - counts.returning,
      returning: counts.returning,
    },
    visits: { known: counts.known, anonymous: counts.anonymous, per_customer: spreadOf("visits") },
    spend: { total: round2(counts.spend), per_customer: spreadOf("spend") },
    basket: { items: spreadOf("items"), money: spreadOf("basket") },
    repeat_interval_days: spreadOf("interval"),
    categories,
    brands,
    cohorts: cohorts(
      window.months.map(({ name }) => name),
      rows,
    ),
  };
}

async function mostPopular(db: RecordsDb, column: Column, store: Store, window: InsightsWindow): Promise<Popular[]> {
  const known = (await readRows(db, spellings(column, store))) as unknown as { name: string; products: number }[];
  const rows = (await readRows(db, popular(column, sameNames(column, known), store, window))) as unknown as Popular[];
  return rows.map((row) => ({ ...row, revenue: round2(row.revenue) }));
}
