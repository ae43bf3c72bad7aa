import { Button, Drawer, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { WebhookEvent } from "../../../../../src/client/index.ts";
import { CellButton } from "../../../components/cell-button.tsx";
import { type Column, DataTable } from "../../../components/data-table.tsx";
import { Loading } from "../../../components/loading.tsx";
import { Notice } from "../../../components/notice.tsx";
import { PageTitle } from "../../../components/page-title.tsx";
import { Pager, usePages } from "../../../components/pager.tsx";
import { Payload } from "../../../components/payload.tsx";
import { Problem } from "../../../components/problem.tsx";
import { StateBadge } from "../../../components/state-badge.tsx";
import { Time } from "../../../components/time.tsx";
import { useEvent, useEvents, useReplayEvent } from "../../../data/events.ts";
import { duration, text } from "../../../format.ts";
import { useMay } from "../../../session.ts";
import { useStore } from "../store-context.ts";

const OUTCOMES = ["pending", "applied", "duplicate", "stale", "invalid", "ignored"] as const;

export default function EventsPage() {
  const { location } = useStore();
  const pages = usePages();
  const [outcome, setOutcome] = useState<WebhookEvent["outcome"] | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const events = useEvents(location.location_id, outcome, pages.cursor);
  const columns: Column<WebhookEvent>[] = [
    {
      label: "Received",
      cell: ({ event_id, received_at }) => (
        <CellButton onClick={() => setShown(event_id)}>
          <Time at={received_at} />
        </CellButton>
      ),
    },
    { label: "Kind", cell: ({ type }) => type },
    { label: "Outcome", cell: (event) => <StateBadge state={event.outcome} /> },
    { label: "Reason", cell: ({ reason }) => text(reason) },
    {
      label: "Applied after",
      number: true,
      cell: ({ applied_at, received_at }) =>
        duration(applied_at === null ? null : Date.parse(applied_at) - Date.parse(received_at)),
    },
  ];
  return (
    <>
      <PageTitle title="Events" where="Inventory > Events">
        <Select
          aria-label="Outcome"
          placeholder="Any outcome"
          clearable
          clearButtonProps={{ "aria-label": "Any outcome" }}
          data={OUTCOMES}
          value={outcome}
          onChange={(value) => {
            setOutcome(OUTCOMES.find((known) => known === value) ?? null);
            pages.first();
          }}
        />
      </PageTitle>
      {events.isPending && <Loading what="the webhooks" />}
      {events.isError && (
        <Problem what="The webhooks could not be loaded" error={events.error} retry={events.refetch} />
      )}
      {events.data?.data.length === 0 && (
        <Notice
          tone="info"
          title={outcome === null ? "No webhook has arrived in the last 30 days" : "No webhook has this outcome"}
        >
          {outcome === null && "Enter the webhook's address and secret in Dutchie; both are under Settings."}
        </Notice>
      )}
      {events.data !== undefined && events.data.data.length > 0 && (
        <>
          <DataTable
            caption="Webhooks, newest first"
            columns={columns}
            rows={events.data.data}
            keyOf={({ event_id }) => event_id}
          />
          <Pager pages={pages} next_cursor={events.data.next_cursor} busy={events.isPlaceholderData} />
        </>
      )}
      <Drawer
        opened={shown !== null}
        onClose={() => setShown(null)}
        position="right"
        size="xl"
        title="Webhook"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {shown !== null && <EventDetails event_id={shown} />}
      </Drawer>
    </>
  );
}

function EventDetails({ event_id }: { event_id: string }) {
  const { location } = useStore();
  const event = useEvent(location.location_id, event_id);
  const replay = useReplayEvent(location.location_id);
  const may = useMay("manager");
  if (event.isPending) return <Loading what="the webhook" />;
  if (event.isError)
    return <Problem what="The webhook could not be loaded" error={event.error} retry={event.refetch} />;
  const { data } = event;
  return (
    <Stack>
      <Text component="div">
        <StateBadge state={data.outcome} /> {data.type}, happened <Time at={data.occurred_at} />, received{" "}
        <Time at={data.received_at} />
      </Text>
      {data.reason !== null && <Text>{data.reason}</Text>}
      <Payload label="Body" value={data.body} />
      {replay.isSuccess && (
        <Notice tone="good" title="The webhook is being applied again" live>
          If ReUp has newer data, the webhook stays stale and changes nothing.
        </Notice>
      )}
      {replay.isError && <Problem what="The webhook could not be replayed" error={replay.error} />}
      {may && (
        <div>
          <Button variant="default" loading={replay.isPending} onClick={() => replay.mutate(event_id)}>
            Replay
          </Button>
        </div>
      )}
    </Stack>
  );
}
