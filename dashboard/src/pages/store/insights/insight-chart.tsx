import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import { Paper, Text } from "@mantine/core";

/** The axis has room for a few characters: 60K. */
const short = new Intl.NumberFormat("en-US", { notation: "compact" });

export interface InsightChartProps {
  title: string;
  /** The main point of the chart, in words. */
  summary: string;
  bars: readonly { label: string; value: number }[];
  /** What a bar counts. */
  of: string;
  color: string;
  format: (value: number) => string;
}

export function InsightChart({ title, summary, bars, of, color, format }: InsightChartProps) {
  return (
    <Paper withBorder p="md" component="figure" m={0} aria-label={`${title}: ${summary}`}>
      <Text component="figcaption" size="sm" mb="xs">
        <b>{title}</b>: {summary}
      </Text>
      <BarChart
        h={180}
        data={[...bars]}
        dataKey="label"
        series={[{ name: "value", label: of, color }]}
        tickLine="none"
        gridAxis="x"
        valueFormatter={format}
        yAxisProps={{ tickFormatter: (value: number) => short.format(value) }}
        barProps={{ isAnimationActive: false }}
        barChartProps={{ accessibilityLayer: false }}
      />
    </Paper>
  );
}
