import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { useLocation } from "wouter";
import type { SalesInsights } from "../../../../../../src/client/index.ts";
import { money, day as nameOf } from "../../../../format.ts";
import { paths } from "../../../../navigation.ts";
import { texts } from "../../../../texts.ts";
import { ChartFrame } from "../../../../ui/chart-frame.tsx";
import { type Column, DataTable } from "../../../../ui/data-table.tsx";
import { Link } from "../../../../ui/link.tsx";
import { GRID, TOOLTIP, X_AXIS, Y_AXIS } from "../../overview/charts/chart-style.ts";
import { pairDays, type SalesDay, sumOf } from "../../overview/charts/sales-days.ts";
import { useStore } from "../../store-context.ts";
import { short } from "../short-money.ts";

const t = texts.inventory;
type Days = SalesInsights["days"];

/** The revenue by day, and that of the period before. A day leads to its sales. */
export function RevenueChart({ days, before }: { days: Days; before: Days }) {
  const { location_id, time_zone } = useStore().location;
  const [, navigate] = useLocation();
  const pairs = pairDays(before.length === days.length ? [...before, ...days] : [...days, ...days]);
  const wayTo = (day: string) => `${paths.inventory(location_id, "sales")}?from=${day}&to=${day}`;
  return (
    <ChartFrame
      title={t.revenueByDay}
      about={texts.overview.salesAbout(time_zone)}
      summary={texts.overview.salesSummary(
        money(sumOf(pairs, "revenue")),
        before.length === days.length ? money(sumOf(pairs, "before")) : "–",
        pairs.length,
      )}
      table={<DayTable days={pairs} wayTo={wayTo} />}
    >
      <ResponsiveContainer>
        <ComposedChart data={pairs} accessibilityLayer={false}>
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
              const chosen = pairs[index];
              if (chosen !== undefined) navigate(wayTo(chosen.day));
            }}
          />
          {before.length === days.length && (
            <Line
              dataKey="before"
              name={texts.overview.before}
              stroke="var(--color-edge)"
              strokeDasharray="4 3"
              strokeWidth={2}
              dot={false}
              isAnimationActive={false}
            />
          )}
        </ComposedChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}

function DayTable({ days, wayTo }: { days: readonly SalesDay[]; wayTo: (day: string) => string }) {
  const columns: Column<SalesDay>[] = [
    { id: "day", label: t.day, cell: ({ day }) => <Link href={wayTo(day)}>{nameOf(day)}</Link> },
    { id: "revenue", label: t.revenue, isNumber: true, cell: ({ revenue }) => money(revenue) },
    { id: "before", label: texts.overview.before, isNumber: true, cell: ({ before }) => money(before) },
  ];
  return <DataTable caption={t.revenueByDay} columns={columns} rows={days} keyOf={({ day }) => day} />;
}
