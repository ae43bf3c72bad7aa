import { Anchor, Button, Text } from "@mantine/core";
import type { LocationSummary } from "../../../src/client/index.ts";
import { type Column, DataTable } from "../components/data-table.tsx";
import { Link } from "../components/link.tsx";
import { Loading } from "../components/loading.tsx";
import { Notice } from "../components/notice.tsx";
import { PageTitle } from "../components/page-title.tsx";
import { Problem } from "../components/problem.tsx";
import { StateBadge } from "../components/state-badge.tsx";
import { Time } from "../components/time.tsx";
import { useSummaries } from "../data/locations.ts";
import { count, countOrNone, percent } from "../format.ts";
import { storePath } from "../navigation.ts";
import { useMay } from "../session.ts";

const COLUMNS: Column<LocationSummary>[] = [
  {
    label: "Store",
    cell: ({ location_id, name }) => (
      <Anchor component={Link} href={storePath(location_id)} fw={600}>
        {name}
      </Anchor>
    ),
  },
  { label: "State", cell: ({ state }) => <StateBadge state={state} /> },
  { label: "Last success", cell: ({ last_success_at }) => <Time at={last_success_at} relative /> },
  { label: "Error rate, 24 h", number: true, cell: ({ error_rate_24h }) => percent(error_rate_24h) },
  { label: "Open reviews", number: true, cell: ({ open_reviews }) => countOrNone(open_reviews) },
  { label: "Active alerts", number: true, cell: ({ active_alerts }) => count(active_alerts) },
];

export function Stores() {
  const summaries = useSummaries();
  const mayConnect = useMay("admin");
  const connect = mayConnect && (
    <Button component={Link} href="/connect">
      Connect a store
    </Button>
  );
  return (
    <>
      <PageTitle title="Stores" where="Settings > Integrations > Dutchie">
        {connect}
      </PageTitle>
      {summaries.isPending && <Loading what="your stores" />}
      {summaries.isError && (
        <Problem what="Your stores could not be loaded" error={summaries.error} retry={summaries.refetch} />
      )}
      {summaries.data?.length === 0 && (
        <Notice tone="info" title="No store is connected yet">
          <Text size="sm">
            {mayConnect
              ? "Have the API key of one Dutchie location ready, then connect the store."
              : "Ask an admin of your organisation to connect one."}
          </Text>
        </Notice>
      )}
      {summaries.data !== undefined && summaries.data.length > 0 && (
        <DataTable caption="Stores" columns={COLUMNS} rows={summaries.data} keyOf={({ location_id }) => location_id} />
      )}
    </>
  );
}
