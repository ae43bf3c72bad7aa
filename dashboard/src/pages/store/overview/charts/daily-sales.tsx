import type { ReactNode } from "react";
import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { useLocation } from "wouter";
import { money } from "../../../../format.ts";
import { paths } from "../../../../navigation.ts";
import { texts } from "../../../../texts.ts";
import { ChartFrame } from "../../../../ui/chart-frame.tsx";
import { type Column, DataTable } from "../../../../ui/data-table.tsx";
import { Link } from "../../../../ui/link.tsx";
import { useStore } from "../../store-context.ts";
import { GRID, MARGIN, TOOLTIP, X_AXIS, Y_AXIS } from "./chart-style.ts";
import { dollarStep, linesOf } from "./lines.ts";
import { type SalesDay, sumOf } from "./sales-days.ts";

const t = texts.overview;
/** The axis has room for a few characters: $60K. */
const short = new Intl.NumberFormat("en-US", { notation: "compact", style: "currency", currency: "USD" });
/** A day of the answer has no zone: it is the store's. */
const weekday = new Intl.DateTimeFormat("en-US", { timeZone: "UTC", weekday: "short", month: "short", day: "numeric" });
const nameOf = (day: string) => weekday.format(Date.parse(day));

export interface DailySalesProps {
  title: string;
  days: readonly SalesDay[];
  actions?: ReactNode;
}

/** The revenue by day, beside that of the period before. A day leads to its sales. */
export function DailySales({ title, days, actions }: DailySalesProps) {
  const { location_id, time_zone } = useStore().location;
  const wayTo = (day: string) => `${paths.inventory(location_id, "sales")}?from=${day}&to=${day}`;
  const before = sumOf(days, "before");
  return (
    <ChartFrame
      title={title}
      about={t.salesAbout(time_zone)}
      summary={t.salesSummary(money(sumOf(days, "revenue")), before === null ? null : money(before), days.length)}
      actions={actions}
      table={<SalesTable caption={title} days={days} wayTo={wayTo} />}
    >
      <Drawn days={days} wayTo={wayTo} />
    </ChartFrame>
  );
}

interface DaysProps {
  days: readonly SalesDay[];
  wayTo: (day: string) => string;
}

function Drawn({ days, wayTo }: DaysProps) {
  const [, navigate] = useLocation();
  const lines = linesOf(
    days.flatMap(({ revenue, before }) => [revenue, before ?? 0]),
    dollarStep,
  );
  return (
    <ResponsiveContainer>
      <ComposedChart data={[...days]} accessibilityLayer={false} margin={MARGIN}>
        <CartesianGrid {...GRID} />
        <XAxis {...X_AXIS} dataKey="day" tickFormatter={nameOf} />
        <YAxis
          {...Y_AXIS}
          ticks={lines}
          domain={[lines[0] ?? 0, lines.at(-1) ?? 0]}
          tickFormatter={(value: number) => short.format(value)}
        />
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
            if (chosen !== undefined) navigate(wayTo(chosen.day));
          }}
        />
        {days.some(({ before }) => before !== null) && (
          <Line
            dataKey="before"
            name={t.before}
            stroke="var(--color-edge)"
            strokeDasharray="4 3"
            strokeWidth={2}
            dot={false}
            isAnimationActive={false}
          />
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

function SalesTable({ caption, days, wayTo }: DaysProps & { caption: string }) {
  const columns: Column<SalesDay>[] = [
    { id: "day", label: t.day, cell: ({ day }) => <Link href={wayTo(day)}>{nameOf(day)}</Link> },
    { id: "revenue", label: t.revenue, isNumber: true, cell: ({ revenue }) => money(revenue) },
    { id: "before", label: t.before, isNumber: true, cell: ({ before }) => money(before) },
    {
      id: "then",
      label: t.day,
      isNumber: true,
      isSecondary: true,
      cell: ({ day_before }) => (day_before === null ? "–" : nameOf(day_before)),
    },
  ];
  return <DataTable caption={caption} columns={columns} rows={days} keyOf={({ day }) => day} />;
}
