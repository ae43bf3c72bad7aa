import { Anchor, Button, Select } from "@mantine/core";
import { useState } from "react";
import type { Push } from "../../../../../src/client/index.ts";
import { CellButton } from "../../../components/cell-button.tsx";
import { type Column, DataTable } from "../../../components/data-table.tsx";
import { Link } from "../../../components/link.tsx";
import { Loading } from "../../../components/loading.tsx";
import { Notice } from "../../../components/notice.tsx";
import { PageTitle } from "../../../components/page-title.tsx";
import { Pager, usePages } from "../../../components/pager.tsx";
import { Problem } from "../../../components/problem.tsx";
import { StateBadge } from "../../../components/state-badge.tsx";
import { Time } from "../../../components/time.tsx";
import { usePushes, useRetryPush } from "../../../data/pushes.ts";
import { text } from "../../../format.ts";
import { storePath } from "../../../navigation.ts";
import { useMay } from "../../../session.ts";
import { ProductDetails } from "../records/product-details.tsx";
import { nameOfField, shownValue } from "../records/product-fields.ts";
import { useStore } from "../store-context.ts";
import { PushNext } from "./push-next.tsx";

const STATES: { value: Push["state"]; label: string }[] = [
  { value: "waiting", label: "Waiting" },
  { value: "sending", label: "Being sent" },
  { value: "parked", label: "Given up" },
  { value: "conflict", label: "Needs a decision" },
  { value: "done", label: "Done" },
  { value: "cancelled", label: "Cancelled" },
];

/** ReUp's edits on their way to Dutchie, and the edits of the last 30 days with their results. */
export default function PushesPage() {
  const { location } = useStore();
  const pages = usePages();
  const [state, setState] = useState<Push["state"] | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const pushes = usePushes(location.location_id, state, pages.cursor);
  const retry = useRetryPush(location.location_id);
  const may = useMay("manager");
  const columns: Column<Push>[] = [
    { label: "Edited", cell: ({ created_at }) => <Time at={created_at} relative /> },
    {
      label: "Product",
      cell: ({ product_id, product_name }) => (
        <CellButton onClick={() => setShown(product_id)}>{product_name ?? product_id}</CellButton>
      ),
    },
    {
      label: "Change",
      cell: ({ fields }) =>
        fields.map(({ field, base, value }) => (
          <div key={field}>
            {nameOfField(field)}: {shownValue(field, base)} → {shownValue(field, value)}
          </div>
        )),
    },
    { label: "State", cell: (push) => <StateBadge state={push.state} /> },
    { label: "Details", cell: (push) => <PushNext push={push} /> },
    { label: "By", cell: ({ edited_by }) => text(edited_by) },
    {
      label: "Action",
      cell: ({ push_id, state }) =>
        may &&
        (state === "parked" || state === "waiting") && (
          <Button size="compact-sm" variant="default" loading={retry.isPending} onClick={() => retry.mutate(push_id)}>
            Send now
          </Button>
        ),
    },
  ];
  return (
    <>
      <PageTitle title="Pushes" where="Inventory > Pushes">
        <Select
          aria-label="State"
          placeholder="Any state"
          clearable
          clearButtonProps={{ "aria-label": "Any state" }}
          data={STATES}
          value={state}
          onChange={(value) => {
            setState(STATES.find((known) => known.value === value)?.value ?? null);
            pages.first();
          }}
        />
      </PageTitle>
      {retry.isError && <Problem what="The edit could not be sent again" error={retry.error} />}
      {pushes.isPending && <Loading what="the pushes" />}
      {pushes.isError && <Problem what="The pushes could not be loaded" error={pushes.error} retry={pushes.refetch} />}
      {pushes.data?.data.length === 0 && <Nothing filtered={state !== null} />}
      {pushes.data !== undefined && pushes.data.data.length > 0 && (
        <>
          <DataTable
            caption="Pushes, newest first"
            columns={columns}
            rows={pushes.data.data}
            keyOf={({ push_id }) => push_id}
          />
          <Pager pages={pages} next_cursor={pushes.data.next_cursor} busy={pushes.isPlaceholderData} />
        </>
      )}
      <ProductDetails product_id={shown} onClose={() => setShown(null)} />
    </>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const { location } = useStore();
  if (filtered) return <Notice tone="info" title="No push is in this state" />;
  if (location.settings.direction === "bidirectional") {
    return (
      <Notice tone="info" title="Nothing was sent to Dutchie in the last 30 days">
        Edit a product under Records. Edits for Dutchie are listed here.
      </Notice>
    );
  }
  return (
    <Notice tone="info" title="This store syncs one way: nothing is sent to Dutchie">
      To edit products in ReUp, choose the direction “Bidirectional” under{" "}
      <Anchor component={Link} href={storePath(location.location_id, "settings")} size="sm">
        Settings
      </Anchor>
      .
    </Notice>
  );
}
