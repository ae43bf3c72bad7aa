import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import { SimpleGrid, Text } from "@mantine/core";
import type { Run } from "../../../../../src/client/index.ts";
import { count } from "../../../format.ts";
import { type Bucket, bucketRuns } from "./bucket-runs.ts";

const BUCKETS: Record<number, number> = { 24: 24, 168: 28, 720: 30 };

const CHARTS: { name: keyof Bucket & string; label: string; unit: string; color: string }[] = [
  { name: "duration_seconds", label: "Duration, average", unit: " s", color: "blue.6" },
  { name: "records", label: "Records processed", unit: "", color: "brand.6" },
  { name: "error_percent", label: "Error rate", unit: " %", color: "red.6" },
];

export default function Charts({ runs, hours, time_zone }: { runs: readonly Run[]; hours: number; time_zone: string }) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: time_zone,
    ...(hours === 24
      ? { hour: "numeric" }
      : { month: "short", day: "numeric", ...(hours === 168 ? { hour: "numeric" } : {}) }),
  });
  const data = bucketRuns(runs, hours, BUCKETS[hours] ?? 24, Date.now()).map((bucket) => ({
    ...bucket,
    label: format.format(bucket.at),
  }));
  return (
    <SimpleGrid cols={{ base: 1, md: 3 }}>
      {CHARTS.map(({ name, label, unit, color }) => (
        <figure key={name} style={{ margin: 0 }} aria-label={`${label} of ${count(runs.length)} syncs`}>
          <Text component="figcaption" size="sm" fw={500} mb="xs">
            {label}
          </Text>
          <BarChart
            h={180}
            data={data}
            dataKey="label"
            series={[{ name, label, color }]}
            unit={unit}
            tickLine="none"
            gridAxis="x"
            valueFormatter={(value) => count(value)}
            barProps={{ isAnimationActive: false }}
            barChartProps={{ accessibilityLayer: false }}
          />
        </figure>
      ))}
    </SimpleGrid>
  );
}
