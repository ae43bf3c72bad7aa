import { parseAsStringLiteral, useQueryState } from "nuqs";
import { lastDays, useSalesInsights } from "../../../../data/insights.ts";
import { texts } from "../../../../texts.ts";
import { Section } from "../../../../ui/card.tsx";
import { Loading } from "../../../../ui/loading.tsx";
import { Problem } from "../../../../ui/problem.tsx";
import { Segments } from "../../../../ui/segments.tsx";
import { useStore } from "../../store-context.ts";
import { DailySales } from "./daily-sales.tsx";
import { pairHalves } from "./sales-days.ts";

const t = texts.overview;
const SPANS = ["7", "30"] as const;

/** The revenue of the last whole days, beside that of the days before. */
export function SalesChart() {
  const { location_id, time_zone } = useStore().location;
  const [span, setSpan] = useQueryState(
    "sales",
    parseAsStringLiteral(SPANS).withDefault("7").withOptions({ history: "push" }),
  );
  const sales = useSalesInsights(location_id, lastDays(2 * Number(span), time_zone));
  if (sales.data === undefined) {
    return (
      <Section title={t.sales}>
        {sales.error === undefined ? (
          <Loading what={t.theSales} />
        ) : (
          <Problem what={t.salesNotLoaded} error={sales.error} retry={() => sales.mutate()} />
        )}
      </Section>
    );
  }
  return (
    <DailySales
      title={t.sales}
      days={pairHalves(sales.data.days)}
      actions={
        <Segments
          label={t.span}
          options={SPANS.map((value) => ({ value, label: t.salesSpans[value] }))}
          value={span}
          onChange={(next) => void setSpan(next)}
        />
      }
    />
  );
}
