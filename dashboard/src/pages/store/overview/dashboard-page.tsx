import { Anchor, Group, SimpleGrid, Text } from "@mantine/core";
import { stalenessOf } from "../../../../../src/client/rules.ts";
import { Link } from "../../../components/link.tsx";
import { Notice } from "../../../components/notice.tsx";
import { PageTitle } from "../../../components/page-title.tsx";
import { RunProgress } from "../../../components/run-progress.tsx";
import { Stat } from "../../../components/stat.tsx";
import { StateBadge } from "../../../components/state-badge.tsx";
import { Time } from "../../../components/time.tsx";
import { count, duration, percent, words } from "../../../format.ts";
import { storePath } from "../../../navigation.ts";
import { useStore } from "../store-context.ts";
import { ActiveAlerts } from "./active-alerts.tsx";
import { DataTypes } from "./data-types.tsx";
import { RunCharts } from "./run-charts.tsx";

export function DashboardPage() {
  const { location, status } = useStore();
  const { last_24h: day, last_run, records, queue } = status;
  const { webhooks } = day;
  return (
    <>
      <PageTitle title="Dashboard" where="Integrations > Dutchie > Dashboard">
        <StateBadge state={status.state} size="lg" />
      </PageTitle>
      {status.state === "never_synced" && (
        <Notice tone="info" title="This store has never been synced">
          Its first sync starts by itself within 15 minutes. To start it now, go to{" "}
          <Anchor component={Link} href={storePath(location.location_id, "sync")} inherit underline="always">
            Sync Status
          </Anchor>
          .
        </Notice>
      )}
      {status.current_run !== null && <RunProgress run={status.current_run} />}
      <ActiveAlerts alerts={status.active_alerts} />
      {status.last_error !== null && (
        <Notice tone="bad" title={`${status.last_error.code}: ${status.last_error.message}`}>
          {status.last_error.hint} (<Time at={status.last_error.at} relative />)
        </Notice>
      )}
      {status.state === "degraded" && last_run !== null && last_run.failed > 0 && (
        <Notice
          tone="warning"
          title={`In the last sync, ${count(last_run.failed)} of ${count(last_run.records_processed)} records could not be read or contradicted each other`}
        >
          <Anchor component={Link} href={storePath(location.location_id, "sync")} inherit underline="always">
            Sync Status
          </Anchor>{" "}
          lists them, with the reasons.
        </Notice>
      )}
      {status.held_snapshot !== null && (
        <Notice
          tone="warning"
          title={`Dutchie's list leaves out ${count(status.held_snapshot.rows)} ${thingsOf(status.held_snapshot.resource)}. ReUp keeps them for now`}
        >
          They stay as they are until a second list confirms it or you decide. The second list must be read at least{" "}
          {stalenessOf(status.held_snapshot.resource) / 60_000} minutes later and must not be empty. Decide under{" "}
          <Anchor component={Link} href={storePath(location.location_id, "reviews")} inherit underline="always">
            Reviews
          </Anchor>
          .
        </Notice>
      )}
      {status.kept_absences.map(({ resource, rows, kept_by, kept_at }) => (
        <Notice
          key={resource}
          tone="info"
          title={`ReUp keeps ${count(rows)} ${thingsOf(resource)} that Dutchie's list leaves out`}
        >
          {kept_by} decided <Time at={kept_at} relative /> that they are there. The decision is valid until Dutchie
          lists them again. You can undo it under{" "}
          <Anchor component={Link} href={storePath(location.location_id, "reviews")} inherit underline="always">
            Reviews
          </Anchor>
          .
        </Notice>
      ))}
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Stat label="Last sync" note={<Time at={status.last_sync_at} none="" />}>
          <Time at={status.last_sync_at} relative />
        </Stat>
        <Stat label="Last success" note={<Time at={status.last_success_at} none="" />}>
          <Time at={status.last_success_at} relative />
        </Stat>
        <Stat label="Next sync" note={words(status.frequency)}>
          {status.current_run !== null ? "now" : <Time at={status.next_sync_at} relative none="not planned" />}
        </Stat>
        <Stat
          label="Error rate, 24 h"
          note={`${count(day.records_failed)} of ${count(day.records_processed)} records failed`}
        >
          {percent(day.error_rate)}
        </Stat>
        <Stat label="Records processed, 24 h" note={`in ${count(day.runs)} syncs, ${count(day.failed_runs)} failed`}>
          {count(day.records_processed)}
        </Stat>
        <Stat label="Duration of the last sync" note={`average ${duration(day.avg_duration_ms)}`}>
          {duration(last_run?.duration_ms ?? null)}
        </Stat>
        <Stat label="Webhook lag" note={`95 % within ${duration(webhooks.lag_ms_p95)}`}>
          {duration(webhooks.lag_ms_p50)}
        </Stat>
        <Stat
          label="Webhooks, 24 h"
          note={`${count(webhooks.missed)} missed, ${count(webhooks.stale)} stale, ${count(webhooks.invalid)} invalid`}
        >
          {count(webhooks.received)}
        </Stat>
      </SimpleGrid>
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Stat label="Products in ReUp">{count(records.products)}</Stat>
        <Stat label="Packages, one per room">{count(records.inventory)}</Stat>
        <Stat label="Sales">{count(records.sales)}</Stat>
        <Stat
          label="Waiting"
          note={`${count(queue.dead_letters)} dead letters, ${count(status.open_reviews)} open reviews`}
        >
          {count(queue.pending_events)} webhooks
        </Stat>
      </SimpleGrid>
      <DataTypes types={status.data_types} />
      <RunCharts />
      <Group justify="end">
        <Text size="sm" c="dimmed">
          Times in {location.time_zone}
        </Text>
      </Group>
    </>
  );
}

/** What a store manager calls the rows of a list. */
const thingsOf = (resource: string) => (resource === "inventory" ? "packages" : resource);
