import { Button, Group, Paper, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { Run } from "../../../../../src/client/index.ts";
import { ConfirmButton } from "../../../components/confirm-button.tsx";
import { type Column, DataTable } from "../../../components/data-table.tsx";
import { Loading } from "../../../components/loading.tsx";
import { Problem } from "../../../components/problem.tsx";
import { Time } from "../../../components/time.tsx";
import { useLastVerification, useStartRun } from "../../../data/runs.ts";
import { count, counted, money, percent, plain, words } from "../../../format.ts";
import { useMay } from "../../../session.ts";
import { useStore } from "../store-context.ts";

type Verification = NonNullable<Run["verification"]>;

const COUNTS: Column<Verification["resources"][number]>[] = [
  { label: "Data", cell: ({ resource }) => words(resource) },
  { label: "In Dutchie", number: true, cell: (row) => count(row.dutchie_count) },
  { label: "In ReUp", number: true, cell: (row) => count(row.reup_count) },
  { label: "Equal", number: true, cell: (row) => count(row.matching) },
  { label: "Different", number: true, cell: (row) => count(row.mismatching) },
  { label: "Missing in ReUp", number: true, cell: (row) => count(row.missing) },
  { label: "Only in ReUp", number: true, cell: (row) => count(row.extra) },
  { label: "Changed just now", number: true, cell: (row) => count(row.in_flight ?? 0) },
];

const EXAMPLES: Column<Verification["examples"][number]>[] = [
  { label: "Data", cell: ({ resource }) => words(resource) },
  { label: "Dutchie id", cell: ({ dutchie_id }) => dutchie_id },
  { label: "Field", cell: ({ field }) => words(field) },
  { label: "In Dutchie", cell: ({ dutchie_value }) => plain(dutchie_value) },
  { label: "In ReUp", cell: ({ reup_value }) => plain(reup_value) },
  { label: "Likely cause", cell: ({ likely_cause }) => words(likely_cause) },
];

/** How much of ReUp equals Dutchie, by the last verification. */
export function AccuracyReport({ busy }: { busy: boolean }) {
  const { location } = useStore();
  const last = useLastVerification(location.location_id);
  return (
    <Paper withBorder p="md" component="section" aria-label="Accuracy">
      <Title order={2} size="h4" mb="xs">
        Accuracy
      </Title>
      {last.isPending && <Loading what="the last verification" />}
      {last.isError && <Problem what="The report could not be loaded" error={last.error} retry={last.refetch} />}
      {last.data === null && (
        <Text>Nothing has been verified yet. Verify compares every record with Dutchie and changes nothing.</Text>
      )}
      {last.data?.verification && <Report verification={last.data.verification} busy={busy} />}
    </Paper>
  );
}

function Report({ verification, busy }: { verification: Verification; busy: boolean }) {
  const { location } = useStore();
  const [open, setOpen] = useState(false);
  const heal = useStartRun(location.location_id);
  const may = useMay("manager");
  const { accuracy, checked_at, examples, healed, resources, value_at_stake } = verification;
  return (
    <>
      <Text mb="sm">
        <b>{percent(accuracy)}</b> of all records were equal <Time at={checked_at} relative />.
        {value_at_stake !== 0 && ` The differences were worth ${money(value_at_stake)}.`}
        {healed > 0 && ` Healed: ${counted(healed, "difference")}.`}
      </Text>
      <DataTable
        caption="Accuracy by kind of data"
        columns={COUNTS}
        rows={resources}
        keyOf={({ resource }) => resource}
      />
      {heal.isError && <Problem what="The healing could not be started" error={heal.error} />}
      {examples.length > 0 && (
        <Group mt="sm">
          <Button variant="default" onClick={() => setOpen(!open)} aria-expanded={open}>
            {open ? "Hide the differences" : `Show ${counted(examples.length, "difference")}`}
          </Button>
          {may && (
            <ConfirmButton
              label="Heal"
              question="Heal the differences?"
              disabled={busy}
              onConfirm={() => heal.mutate({ mode: "verify", heal: true })}
            >
              Everything is compared again. Where ReUp differs, it gets Dutchie's value. The change log shows each
              change.
            </ConfirmButton>
          )}
        </Group>
      )}
      {open && (
        <DataTable
          caption="Examples of differences"
          columns={EXAMPLES}
          rows={examples}
          keyOf={({ resource, dutchie_id, field }, i) => `${resource} ${dutchie_id} ${field} ${i}`}
        />
      )}
    </>
  );
}
