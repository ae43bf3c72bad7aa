import { Button, Group, Paper, Title } from "@mantine/core";
import { useState } from "react";
import type { Run } from "../../../../../src/client/index.ts";
import { CellButton } from "../../../components/cell-button.tsx";
import { type Column, DataTable } from "../../../components/data-table.tsx";
import { Loading } from "../../../components/loading.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Problem } from "../../../components/problem.tsx";
import { StateBadge } from "../../../components/state-badge.tsx";
import { Time } from "../../../components/time.tsx";
import { useRunHistory } from "../../../data/runs.ts";
import { count, duration, words } from "../../../format.ts";
import { useStore } from "../store-context.ts";
import { RunDetails } from "./run-details.tsx";

export function RunHistory() {
  const { location } = useStore();
  const history = useRunHistory(location.location_id);
  const [shown, setShown] = useState<Run | null>(null);
  const runs = history.data?.pages.flatMap(({ data }) => data) ?? [];
  const columns: Column<Run>[] = [
    {
      label: "Started",
      cell: (run) => (
        <CellButton onClick={() => setShown(run)}>
          <Time at={run.started_at} />
        </CellButton>
      ),
    },
    { label: "Kind", cell: ({ mode }) => words(mode) },
    { label: "By", cell: ({ trigger }) => words(trigger) },
    { label: "State", cell: ({ state }) => <StateBadge state={state} /> },
    { label: "Duration", number: true, cell: ({ duration_ms }) => duration(duration_ms) },
    { label: "Records", number: true, cell: ({ records_processed }) => count(records_processed) },
    { label: "Created", number: true, cell: ({ created }) => count(created) },
    { label: "Updated", number: true, cell: ({ updated }) => count(updated) },
    { label: "Failed", number: true, cell: ({ failed }) => count(failed) },
  ];
  return (
    <Paper withBorder p="md" component="section" aria-label="Sync history">
      <Title order={2} size="h4" mb="xs">
        Sync history
      </Title>
      {history.isPending && <Loading what="the syncs so far" />}
      {history.isError && (
        <Problem what="The history could not be loaded" error={history.error} retry={history.refetch} />
      )}
      {history.isSuccess && runs.length === 0 && <Notice tone="info" title="No sync has run yet" />}
      {runs.length > 0 && (
        <DataTable caption="Syncs, newest first" columns={columns} rows={runs} keyOf={({ run_id }) => run_id} />
      )}
      {history.hasNextPage && (
        <Group mt="sm">
          <Button variant="default" loading={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
            Show older syncs
          </Button>
        </Group>
      )}
      <RunDetails run={shown} onClose={() => setShown(null)} />
    </Paper>
  );
}
