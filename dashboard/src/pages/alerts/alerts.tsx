import { Anchor, Button, SegmentedControl, Stack } from "@mantine/core";
import { useState } from "react";
import { type Column, DataTable } from "../../components/data-table.tsx";
import { Link } from "../../components/link.tsx";
import { Loading } from "../../components/loading.tsx";
import { Missing } from "../../components/missing.tsx";
import { Notice } from "../../components/notice.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { Pager, usePages } from "../../components/pager.tsx";
import { Problem } from "../../components/problem.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { Time } from "../../components/time.tsx";
import { useAcknowledgeAlert, useAlerts } from "../../data/alerts.ts";
import { useLocations } from "../../data/locations.ts";
import { words } from "../../format.ts";
import { storePath } from "../../navigation.ts";
import { useMay } from "../../session.ts";
import { AlertChannels } from "./alert-channels.tsx";

type Row = NonNullable<ReturnType<typeof useAlerts>["data"]>["data"][number];

export default function Alerts() {
  const [state, setState] = useState<"firing" | "all">("firing");
  const pages = usePages();
  const alerts = useAlerts(state, pages.cursor);
  const stores = useLocations();
  const acknowledge = useAcknowledgeAlert();
  const may = useMay("manager");
  const mayChannels = useMay("admin");
  const nameOf = (id: string) => stores.data?.find(({ location_id }) => location_id === id)?.name ?? id;
  const columns: Column<Row>[] = [
    { label: "State", cell: (alert) => <StateBadge state={alert.state} /> },
    {
      label: "Store",
      cell: ({ location_id }) => (
        <Anchor component={Link} href={storePath(location_id)}>
          {nameOf(location_id)}
        </Anchor>
      ),
    },
    { label: "Alert", cell: ({ rule }) => words(rule) },
    { label: "What happened", cell: ({ message }) => message },
    { label: "Since", cell: ({ started_at }) => <Time at={started_at} relative /> },
    { label: "Resolved", cell: ({ resolved_at }) => <Time at={resolved_at} relative none="not yet" /> },
    {
      label: "Action",
      cell: (alert) =>
        may &&
        alert.state === "firing" &&
        (alert.acknowledged_at ? (
          "Acknowledged"
        ) : (
          <Button size="compact-sm" variant="default" onClick={() => acknowledge.mutate(alert.alert_id)}>
            Acknowledge
          </Button>
        )),
    },
  ];
  return (
    <>
      <PageTitle title="Alerts" where="Integrations > Dutchie > Alerts">
        <SegmentedControl
          aria-label="Which alerts"
          data={[
            { value: "firing", label: "Active" },
            { value: "all", label: "All" },
          ]}
          value={state}
          onChange={(value) => {
            setState(value === "all" ? "all" : "firing");
            pages.first();
          }}
        />
      </PageTitle>
      <Stack>
        {acknowledge.isError && <Problem what="The alert could not be acknowledged" error={acknowledge.error} />}
        {alerts.isPending && <Loading what="the alerts" />}
        {alerts.isError && <Missing what="alerts" error={alerts.error} retry={alerts.refetch} />}
        {alerts.data?.data.length === 0 && (
          <Notice tone="good" title={state === "firing" ? "No alert is active" : "There has been no alert"} />
        )}
        {alerts.data !== undefined && alerts.data.data.length > 0 && (
          <>
            <DataTable caption="Alerts" columns={columns} rows={alerts.data.data} keyOf={({ alert_id }) => alert_id} />
            <Pager pages={pages} next_cursor={alerts.data.next_cursor} busy={alerts.isPlaceholderData} />
          </>
        )}
        {mayChannels && <AlertChannels />}
      </Stack>
    </>
  );
}
