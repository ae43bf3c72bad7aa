import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { CustomerInsights } from "../../../../../../src/client/index.ts";
import { count, quantity } from "../../../../format.ts";
import { texts } from "../../../../texts.ts";
import { ChartFrame } from "../../../../ui/chart-frame.tsx";
import { type Column, DataTable } from "../../../../ui/data-table.tsx";
import { GRID, TOOLTIP, X_AXIS, Y_AXIS } from "../../overview/charts/chart-style.ts";

const t = texts.inventory;

type Distribution = CustomerInsights["basket"]["items"];
interface Bucket {
  label: string;
  n: number;
}

export interface SpreadProps {
  title: string;
  /** What a bar counts. */
  of: string;
  values: Distribution;
  /** Values are whole numbers, so a bucket can show its last one. */
  isWhole?: boolean;
  format?: (value: number | null) => string;
}

/** How often a value comes. */
export function Spread({ title, of, values, isWhole = false, format = numberOrNone }: SpreadProps) {
  const buckets = values.buckets.map((bucket) => ({ label: labelOf(bucket, isWhole), n: bucket.count }));
  const columns: Column<Bucket>[] = [
    { id: "label", label: title, cell: ({ label }) => label },
    { id: "n", label: of, isNumber: true, cell: ({ n }) => count(n) },
  ];
  return (
    <ChartFrame
      title={title}
      about={of}
      summary={t.halfAndMost(format(values.median), format(values.p90))}
      table={<DataTable caption={title} columns={columns} rows={buckets} keyOf={({ label }) => label} />}
    >
      <ResponsiveContainer>
        <BarChart data={buckets} accessibilityLayer={false}>
          <CartesianGrid {...GRID} />
          <XAxis {...X_AXIS} dataKey="label" />
          <YAxis {...Y_AXIS} allowDecimals={false} />
          <Tooltip {...TOOLTIP} formatter={(value) => count(Number(value))} />
          <Bar dataKey="n" name={of} fill="var(--color-brand)" isAnimationActive={false} />
        </BarChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}

function numberOrNone(value: number | null): string {
  return value === null ? "–" : quantity(value);
}

function labelOf({ from, to }: Distribution["buckets"][number], isWhole: boolean): string {
  if (to === null) return `${from}+`;
  if (isWhole && to - from === 1) return String(from);
  return `${from}–${isWhole ? to - 1 : to}`;
}
