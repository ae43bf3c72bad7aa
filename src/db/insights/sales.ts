import { sql } from "drizzle-orm";
import type { SalesFigures } from "../../contract/http/insights.ts";
import { MAX_RANKED } from "../../domain/bounds.ts";
import { stockFigures } from "../../domain/insights/figures.ts";
import type { InsightsWindow } from "../../domain/insights/window.ts";
import { round2, round6 } from "../../domain/values/number.ts";
import type { RecordsDb } from "../databases.ts";
import { readBatch } from "../read.ts";
import { line, units } from "../sale-lines.ts";
import { inventory, products, sales, salesDays } from "../schema/records.ts";
import { adjusted, byTime, isAdjustment, isVisit, lines, revenue, spanOf, spans, total, within } from "./sql.ts";

type ProductFigures = SalesFigures["slow"][number];
type Sold = Pick<ProductFigures, "units" | "revenue">;

/** Merged products count at their survivor. */
const root = sql`coalesce(p.merged_into, p.product_id)`;

/** Sales per local day: of their lines, or of the sums that have replaced these (`roll-up.ts`). */
const perDay = (location_id: string, { days }: InsightsWindow) => sql`
  select d.value->>'name' as day, (
    select json_array(count(distinct s.sale_id), ${total(units)}, ${total(revenue)})
    from ${sales} s ${byTime} left join ${lines}
    where ${within(location_id, spanOf)} and ${isVisit("s")}) as figures, (
    select ${total(adjusted)} from ${sales} s ${byTime}
    where ${within(location_id, spanOf)} and ${isAdjustment}) as adjusted, (
    select json_array(${total(sql`r.quantity`)}, ${total(sql`r.revenue`)}) from ${salesDays} r
    where r.location_id = ${location_id} and r.day = d.value->>'name') as rolled
  from ${spans(days)} d`;

/** The two rankings, what the products of the first sold on each day, and the store's stock. */
const perProduct = (location_id: string, { days }: InsightsWindow) => sql`
  with sold_days as materialized (
    select ${root} as root, d.value->>'name' as day, ${total(units)} as units, ${total(revenue)} as revenue
    from ${spans(days)} d cross join ${sales} s ${byTime} cross join ${lines}
      cross join ${products} p on p.location_id = s.location_id and p.product_id = ${line.product_id}
    where ${within(location_id, spanOf)} and ${isVisit("s")} group by 1, 2
    union all
    select ${root}, r.day, ${total(sql`r.quantity`)}, ${total(sql`r.revenue`)}
    from ${spans(days)} d cross join ${salesDays} r on r.location_id = ${location_id} and r.day = d.value->>'name'
      cross join ${products} p on p.location_id = r.location_id and p.product_id = r.product_id group by 1, 2),
  stock as (
    select ${root} as root, ${total(sql`package.quantity`)} as on_hand
    from ${inventory} package cross join ${products} p
      on p.location_id = package.location_id and p.product_id = package.product_id
    where package.location_id = ${location_id} and package.quantity <> 0 group by 1),
  figures as materialized (
    select root as product_id, ${total(sql`units`)} as units, ${total(sql`revenue`)} as revenue,
      ${total(sql`on_hand`)} as on_hand
    from (select root, units, revenue, 0 as on_hand from sold_days union all select root, 0, 0, on_hand from stock)
    group by root),
  top as materialized (
    select row_number() over (order by revenue desc, product_id) as place, * from figures
    where units > 0 order by place limit ${MAX_RANKED}),
  slow as (
    select row_number() over (
      order by max(units, 0) / (max(units, 0) + on_hand), on_hand desc, product_id) as place, * from figures
    where on_hand > 0 order by place limit ${MAX_RANKED}),
  answer as (
    select 'top' as list, place, product_id, null as day, units, revenue, on_hand from top
    union all select 'slow', place, product_id, null, units, revenue, on_hand from slow
    union all select 'day', 0, root, day, ${total(sql`units`)}, ${total(sql`revenue`)}, 0 from sold_days
      where root in (select product_id from top) group by root, day
    union all select 'all', 0, null, null, count(nullif(units > 0, 0)), 0, ${total(sql`on_hand`)} from figures)
  select answer.*, p.product_name, p.sku, p.brand, p.reup_category as category from answer
    left join ${products} p on p.location_id = ${location_id} and p.product_id = answer.product_id
  order by list, place, day`;

interface ProductRow extends Sold {
  list: "top" | "slow" | "day" | "all";
  product_id: string;
  day: string;
  on_hand: number;
  product_name: string;
  sku: string | null;
  brand: string | null;
  category: string | null;
}

export async function salesInsights(db: RecordsDb, location_id: string, window: InsightsWindow): Promise<SalesFigures> {
  const [byDay = [], byProduct = []] = await readBatch(db, [
    perDay(location_id, window),
    perProduct(location_id, window),
  ]);
  const days = (byDay as { day: string; figures: string; adjusted: number; rolled: string }[]).map((row) => {
    const [visits = 0, units = 0, money = 0] = JSON.parse(row.figures) as number[];
    const [more = 0, earned = 0] = JSON.parse(row.rolled) as number[];
    return {
      day: row.day,
      sales: visits,
      units: round6(units + more),
      revenue: round2(round6(money + earned + row.adjusted)),
    };
  });
  const rows = byProduct as unknown as ProductRow[];
  const of = (list: ProductRow["list"]) => rows.filter((row) => row.list === list);
  const ofTop = Map.groupBy(of("day"), ({ product_id }) => product_id);
  const [all] = of("all");
  const add = (key: "sales" | "units" | "revenue") => days.reduce((sum, day) => sum + day[key], 0);
  const sold = round6(add("units"));
  const on_hand = all?.on_hand ?? 0;
  return {
    totals: {
      sales: add("sales"),
      units: sold,
      revenue: round2(add("revenue")),
      products_sold: all?.units ?? 0,
      on_hand,
      sell_through: stockFigures({ units: sold, on_hand, days: days.length }).sell_through,
    },
    days,
    top: of("top").map((row) => ({
      ...insight(row, days.length),
      days: (ofTop.get(row.product_id) ?? []).map(({ day, units: count, revenue: money }) => ({
        day,
        units: count,
        revenue: round2(money),
      })),
    })),
    slow: of("slow").map((row) => insight(row, days.length)),
  };
}

function insight(row: ProductRow, days: number): ProductFigures {
  const { product_id, product_name, sku, brand, category, units, on_hand } = row;
  const figures = stockFigures({ units, on_hand, days });
  return { product_id, product_name, sku, brand, category, units, revenue: round2(row.revenue), on_hand, ...figures };
}
