import { Group, Paper, Progress, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { Run } from "../../../src/client/index.ts";
import { count, duration, words } from "../format.ts";
import { StateBadge } from "./state-badge.tsx";
import { useNow } from "./use-now.ts";

type Phase = Run["phases"][number];

/** The progress of the run under way. */
export function RunProgress({ run, action }: { run: Run; action?: ReactNode }) {
  const now = useNow(1_000);
  const seconds = Math.max(1, (now - Date.parse(run.started_at)) / 1_000);
  return (
    <Paper withBorder p="md" component="section" aria-label="Sync under way">
      <Group justify="space-between" mb="xs">
        <Group gap="sm">
          <Title order={2} size="h4">
            {words(run.mode)} sync
          </Title>
          <StateBadge state={run.state} />
        </Group>
        {action}
      </Group>
      <Progress value={run.percent} size="lg" aria-label={`Whole sync: ${run.percent} percent`} />
      <SimpleGrid cols={{ base: 2, sm: 4 }} my="sm" className="numbers">
        <Fact label="Done">{run.percent} %</Fact>
        <Fact label="Records">{count(run.records_processed)}</Fact>
        <Fact label="Records per second">{count(Math.round(run.records_processed / seconds))}</Fact>
        <Fact label="Time left">
          {run.eta_seconds === null ? "not known yet" : `about ${duration(run.eta_seconds * 1_000)}`}
        </Fact>
      </SimpleGrid>
      {run.waiting_until !== null && <Waiting run={run} now={now} />}
      <Stack gap="xs">
        {run.phases.map((phase) => (
          <PhaseBar key={phase.resource} phase={phase} />
        ))}
      </Stack>
    </Paper>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fw={600} component="div">
        {children}
      </Text>
    </div>
  );
}

function Waiting({ run, now }: { run: Run; now: number }) {
  const left = Math.max(0, Date.parse(run.waiting_until ?? "") - now);
  const reason =
    run.error === null || run.error.code === "RATE_LIMITED"
      ? "Waiting for Dutchie's rate limit"
      : `Waiting to try again: ${run.error.message}`;
  return (
    <Text mb="sm" role="status">
      {reason}. The sync continues by itself in {duration(left)}.
    </Text>
  );
}

/** Dutchie does not say how many rows will come. Until a phase ends, its bar only shows that it moves. */
function PhaseBar({ phase }: { phase: Phase }) {
  const moving = phase.state === "running" || phase.state === "waiting";
  const known = phase.total !== null && phase.total > 0 ? (phase.processed / phase.total) * 100 : null;
  const value =
    phase.state === "completed" ? 100 : (known ?? (moving ? (phase.processed / (phase.processed + 2_000)) * 100 : 0));
  return (
    <div>
      <Group justify="space-between">
        <Text size="sm" fw={500}>
          {words(phase.resource)}
        </Text>
        <Text size="sm" className="numbers">
          {words(phase.state)}
          {phase.processed > 0 && `, ${count(phase.processed)} records`}
          {phase.failed > 0 && `, ${count(phase.failed)} failed`}
        </Text>
      </Group>
      {phase.error && (
        <Text size="sm" c="red">
          {phase.error.message}. {phase.error.hint}
        </Text>
      )}
      <Progress
        value={value}
        striped={moving}
        animated={phase.state === "running"}
        color={phase.state === "failed" ? "red" : "brand"}
        aria-label={`${words(phase.resource)}: ${words(phase.state)}, ${count(phase.processed)} records`}
      />
    </div>
  );
}
