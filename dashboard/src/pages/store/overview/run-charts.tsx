import { Group, Paper, SegmentedControl, Title } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { Loading } from "../../../components/loading.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Problem } from "../../../components/problem.tsx";
import { useRunsSince } from "../../../data/runs.ts";
import { useStore } from "../store-context.ts";

// The charts are the largest part of the page, so the numbers show before they have loaded.
const Charts = lazy(() => import("./charts.tsx"));

const RANGES = [
  { label: "24 hours", value: "24" },
  { label: "7 days", value: "168" },
  { label: "30 days", value: "720" },
];

export function RunCharts() {
  const { location } = useStore();
  const [hours, setHours] = useState("24");
  const runs = useRunsSince(location.location_id, Number(hours));
  return (
    <Paper withBorder p="md" component="section" aria-label="Syncs over time">
      <Group justify="space-between" mb="md">
        <Title order={2} size="h4">
          Syncs over time
        </Title>
        <SegmentedControl data={RANGES} value={hours} onChange={setHours} aria-label="Time range" />
      </Group>
      {runs.isPending && <Loading what="the syncs" />}
      {runs.isError && <Problem what="The syncs could not be loaded" error={runs.error} retry={runs.refetch} />}
      {runs.data?.length === 0 && <Notice tone="info" title="No sync in this period" />}
      {runs.data !== undefined && runs.data.length > 0 && (
        <Suspense fallback={<Loading what="the charts" />}>
          <Charts runs={runs.data} hours={Number(hours)} time_zone={location.time_zone} />
        </Suspense>
      )}
    </Paper>
  );
}
