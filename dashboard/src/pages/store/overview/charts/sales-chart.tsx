import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { useLocation } from "wouter";
import { lastDays, useSalesInsights } from "../../../../data/insights.ts";
import { money } from "../../../../format.ts";
import { paths } from "../../../../navigation.ts";
import { texts } from "../../../../texts.ts";
import { Section } from "../../../../ui/card.tsx";
import { ChartFrame } from "../../../../ui/chart-frame.tsx";
import { type Column, DataTable } from "../../../../ui/data-table.tsx";
import { Link } from "../../../../ui/link.tsx";
import { Loading } from "../../../../ui/loading.tsx";
import { Problem } from "../../../../ui/problem.tsx";
import { Segments } from "../../../../ui/segments.tsx";
import { useStore } from "../../store-context.ts";
import { GRID, MARGIN, TOOLTIP, X_AXIS, Y_AXIS } from "./chart-style.ts";
import { pairDays, type SalesDay, sumOf } from "./sales-days.ts";

const t = texts.overview;
const SPANS = ["7", "30"] as const;
/** The axis has room for a few characters: $60K. */
const short = new Intl.NumberFormat("en-US", { notation: "compact", style: "currency", currency: "USD" });
/** A day of the answer has no zone: it is the store's. */
const weekday = new Intl.DateTimeFormat("en-US", { timeZone: "UTC", weekday: "short", month: "short", day: "numeric" });
const nameOf = (day: string) => weekday.format(Date.parse(day));

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
  const days = pairDays(sales.data.days);
  return (
    <ChartFrame
      title={t.sales}
      about={t.salesAbout(time_zone)}
      summary={t.salesSummary(money(sumOf(days, "revenue")), money(sumOf(days, "before")), days.length)}
      actions={
        <Segments
          label={t.span}
          options={SPANS.map((value) => ({ value, label: t.salesSpans[value] }))}
          value={span}
          onChange={(next) => void setSpan(next)}
        />
      }
      table={<SalesTable days={days} wayTo={(day) => wayTo(location_id, day)} />}
    >
      <Drawn days={days} />
    </ChartFrame>
  );
}

const wayTo = (location_id: string, day: string) => `${paths.inventory(location_id, "sales")}?from=${day}&to=${day}`;

function Drawn({ days }: { days: readonly SalesDay[] }) {
  const { location_id } = useStore().location;
  const [, navigate] = useLocation();
  return (
    <ResponsiveContainer>
      <ComposedChart data={[...days]} accessibilityLayer={false} margin={MARGIN}>
        <CartesianGrid {...GRID} />
        <XAxis {...X_AXIS} dataKey="day" tickFormatter={nameOf} />
        <YAxis {...Y_AXIS} tickFormatter={(value: number) => short.format(value)} />
        <Tooltip
          {...TOOLTIP}
          labelFormatter={(day) => nameOf(String(day))}
          formatter={(value) => money(Number(value))}
        />
        <Bar
          dataKey="revenue"
          name={t.revenue}
          fill="var(--color-brand)"
          isAnimationActive={false}
          cursor="pointer"
          onClick={(_: unknown, index: number) => {
            const chosen = days[index];
            if (chosen !== undefined) navigate(wayTo(location_id, chosen.day));
          }}
        />
        <Line
          dataKey="before"
          name={t.before}
          stroke="var(--color-edge)"
          strokeDasharray="4 3"
          strokeWidth={2}
          dot={false}
          isAnimationActive={false}
        />
      </ComposedChart>
    </ResponsiveContainer>
  );
}

function SalesTable({ days, wayTo }: { days: readonly SalesDay[]; wayTo: (day: string) => string }) {
  const columns: Column<SalesDay>[] = [
    { id: "day", label: t.day, cell: ({ day }) => <Link href={wayTo(day)}>{nameOf(day)}</Link> },
    { id: "revenue", label: t.revenue, isNumber: true, cell: ({ revenue }) => money(revenue) },
    { id: "before", label: t.before, isNumber: true, cell: ({ before }) => money(before) },
    { id: "then", label: t.day, isNumber: true, isSecondary: true, cell: ({ day_before }) => nameOf(day_before) },
  ];
  return <DataTable caption={t.sales} columns={columns} rows={days} keyOf={({ day }) => day} />;
}
