import { Code, Drawer, Stack, Text, Title } from "@mantine/core";
import type { Run } from "../../../../../src/client/index.ts";
import { type Column, DataTable } from "../../../components/data-table.tsx";
import { Notice } from "../../../components/notice.tsx";
import { StateBadge } from "../../../components/state-badge.tsx";
import { Time } from "../../../components/time.tsx";
import { count, duration, percent, text, words } from "../../../format.ts";

const PHASES: Column<Run["phases"][number]>[] = [
  { label: "Phase", cell: ({ resource }) => words(resource) },
  { label: "State", cell: ({ state }) => words(state) },
  { label: "Processed", number: true, cell: ({ processed }) => count(processed) },
  { label: "Created", number: true, cell: ({ created }) => count(created) },
  { label: "Updated", number: true, cell: ({ updated }) => count(updated) },
  { label: "Unchanged", number: true, cell: ({ unchanged }) => count(unchanged) },
  { label: "Gone from Dutchie", number: true, cell: ({ deleted }) => count(deleted) },
  { label: "Failed", number: true, cell: ({ failed }) => count(failed) },
];

const FAILURES: Column<Run["failures"][number]>[] = [
  { label: "Data", cell: ({ resource }) => words(resource) },
  { label: "Dutchie id", cell: ({ dutchie_id }) => text(dutchie_id) },
  { label: "Reason", cell: ({ reason }) => reason },
];

export function RunDetails({ run, onClose }: { run: Run | null; onClose: () => void }) {
  return (
    <Drawer
      opened={run !== null}
      onClose={onClose}
      position="right"
      size="xl"
      title={run === null ? "" : `${words(run.mode)} sync`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {run !== null && (
        <Stack>
          <Text component="div">
            <StateBadge state={run.state} /> Started <Time at={run.started_at} />, took {duration(run.duration_ms)}.
            Error rate {percent(run.error_rate)}. <Code>{run.run_id}</Code>
          </Text>
          {run.error !== null && (
            <Notice tone="bad" title={`${run.error.code}: ${run.error.message}`}>
              {run.error.hint}
            </Notice>
          )}
          <DataTable caption="Phases" columns={PHASES} rows={run.phases} keyOf={({ resource }) => resource} />
          <Title order={3} size="h5">
            Records that failed
          </Title>
          {run.failures.length === 0 ? (
            <Text size="sm">None.</Text>
          ) : (
            <>
              {run.failed > run.failures.length && (
                <Text size="sm">
                  The first {run.failures.length} of {count(run.failed)}.
                </Text>
              )}
              <DataTable caption="Records that failed" columns={FAILURES} rows={run.failures} keyOf={(_, i) => i} />
            </>
          )}
        </Stack>
      )}
    </Drawer>
  );
}
