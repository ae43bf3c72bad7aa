import { Box, Text, VisuallyHidden } from "@mantine/core";
import type { CustomerInsights } from "../../../../../src/client/index.ts";
import { type Column, DataTable } from "../../../components/data-table.tsx";
import { count, counted } from "../../../format.ts";

type Cohort = CustomerInsights["cohorts"][number];

/** The strongest tint on which text stays readable, in light and in dark mode. */
const DEEPEST_PERCENT = 45;

/** Customers by the month of their first visit, and the share of them who came again in later months. */
export function CohortTable({ cohorts }: { cohorts: readonly Cohort[] }) {
  const first = cohorts.findIndex(({ customers }) => customers > 0);
  if (first === -1) return <Text size="sm">No customer came for the first time in the last twelve months.</Text>;
  const rows = cohorts.slice(first);
  const shares = rows.flatMap(({ customers, active }) => active.slice(1).map((came) => came / Math.max(1, customers)));
  const greatest = Math.max(...shares, 0.01);
  const columns: Column<Cohort>[] = [
    { label: "First visit", cell: ({ month }) => month },
    { label: "Customers", number: true, cell: ({ customers }) => count(customers) },
    ...rows.slice(1).map(
      (_, index): Column<Cohort> => ({
        label: `${index + 1} mo. later`,
        number: true,
        cell: ({ customers, active }) => <Share of={customers} came={active[index + 1]} greatest={greatest} />,
      }),
    ),
  ];
  return (
    <>
      <Text size="sm" c="dimmed">
        Each row is about the customers whose first visit was in that month. It shows the share of them who came again
        in later months. The last month may not be over.
      </Text>
      <DataTable
        caption="Customers who came again, by month"
        columns={columns}
        rows={rows}
        keyOf={({ month }) => month}
      />
    </>
  );
}

/** `came` is undefined for a month in the future. The greatest share of the table has the strongest tint. */
function Share({ of, came, greatest }: { of: number; came: number | undefined; greatest: number }) {
  if (came === undefined) return null;
  if (of === 0) return "–";
  const tint = Math.round((came / of / greatest) * DEEPEST_PERCENT);
  return (
    <Box
      px="xs"
      py={4}
      style={{ background: `color-mix(in srgb, var(--mantine-color-brand-6) ${tint}%, transparent)` }}
    >
      {Math.round((came / of) * 100)} %<VisuallyHidden>, {counted(came, "customer")}</VisuallyHidden>
    </Box>
  );
}
