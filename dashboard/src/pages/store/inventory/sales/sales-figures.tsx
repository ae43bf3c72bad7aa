import { useQueryState } from "nuqs";
import type { SalesInsights } from "../../../../../../src/client/index.ts";
import { addDays } from "../../../../../../src/client/rules.ts";
import { lastDays, useSalesInsights } from "../../../../data/insights.ts";
import { count, money, percent, quantity } from "../../../../format.ts";
import { texts } from "../../../../texts.ts";
import { Section } from "../../../../ui/card.tsx";
import { DataTable } from "../../../../ui/data-table.tsx";
import { Empty } from "../../../../ui/empty.tsx";
import { ListState } from "../../../../ui/list-state.tsx";
import { Problem } from "../../../../ui/problem.tsx";
import { Segments } from "../../../../ui/segments.tsx";
import { Stat } from "../../../../ui/stat.tsx";
import { DailySales } from "../../overview/charts/daily-sales.tsx";
import { pairDays, rightBefore } from "../../overview/charts/sales-days.ts";
import { useStore } from "../../store-context.ts";
import { Computed } from "../computed.tsx";
import { spanOptions, spanParser } from "../spans.ts";
import { rankingColumns } from "./ranking-columns.tsx";

const t = texts.inventory;

/** What sells and what does not, over whole days of the store, beside the period before. */
export function SalesFigures() {
  const { location_id, time_zone } = useStore().location;
  const [span, setSpan] = useQueryState("days", spanParser);
  const days = Number(span);
  const now = lastDays(days, time_zone);
  const sales = useSalesInsights(location_id, now);
  const before = useSalesInsights(location_id, { from: lastDays(2 * days, time_zone).from, to: addDays(now.from, -1) });
  return (
    <div className="flex flex-col gap-4">
      <Segments label={t.period} options={spanOptions} value={span} onChange={(next) => void setSpan(next)} />
      <ListState list={sales} what={t.theFigures} notLoaded={t.figuresNotLoaded}>
        {(data) => (
          <>
            {before.error !== undefined && (
              <Problem what={t.beforeNotLoaded} error={before.error} retry={() => before.mutate()} />
            )}
            <Figures insights={data} before={rightBefore(data, before.data)} />
          </>
        )}
      </ListState>
    </div>
  );
}

interface FiguresProps {
  insights: SalesInsights;
  /** null: not known (yet). */
  before: SalesInsights | null;
}

function Figures({ insights, before }: FiguresProps) {
  const { location_id } = useStore().location;
  const { totals, top, slow } = insights;
  const note = (shown: (of: SalesInsights["totals"]) => string) =>
    before === null ? undefined : t.periodBefore(shown(before.totals));
  return (
    <>
      <Computed {...insights} />
      {totals.sales === 0 ? (
        <Empty title={t.noSales}>{t.noSalesAbout}</Empty>
      ) : (
        <>
          <div className="grid grid-cols-2 gap-2 md:grid-cols-4">
            <Stat label={t.revenue} note={note(({ revenue }) => money(revenue))}>
              {money(totals.revenue)}
            </Stat>
            <Stat label={t.lists.sales} note={note(({ sales }) => count(sales))}>
              {count(totals.sales)}
            </Stat>
            <Stat label={t.unitsSold} note={note(({ units }) => quantity(units))}>
              {quantity(totals.units)}
            </Stat>
            <Stat label={t.sellThrough} note={t.sellThroughAbout(quantity(totals.on_hand))}>
              {totals.sell_through === null ? "–" : percent(totals.sell_through)}
            </Stat>
          </div>
          <DailySales title={t.revenueByDay} days={pairDays(insights.days, before?.days ?? null)} />
          <Section title={t.best}>
            <DataTable
              caption={t.best}
              columns={rankingColumns(location_id)}
              rows={top}
              keyOf={({ product_id }) => product_id}
            />
          </Section>
        </>
      )}
      {slow.length > 0 && (
        <Section title={t.slow} about={t.slowAbout}>
          <DataTable
            caption={t.slow}
            columns={rankingColumns(location_id)}
            rows={slow}
            keyOf={({ product_id }) => product_id}
          />
        </Section>
      )}
    </>
  );
}
