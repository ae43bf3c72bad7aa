import type { CustomerInsights } from "../../../../../../src/client/index.ts";
import { count, counted } from "../../../../format.ts";
import { texts } from "../../../../texts.ts";
import { type Column, DataTable } from "../../../../ui/data-table.tsx";

const t = texts.inventory;
type Cohort = CustomerInsights["cohorts"][number];

/** The strongest tint on which text stays readable, in light and in dark mode. */
const DEEPEST_PERCENT = 35;

/** Customers by the month of their first visit, and the share of them who came again in later months. */
export function CohortTable({ cohorts }: { cohorts: readonly Cohort[] }) {
  const first = cohorts.findIndex(({ customers }) => customers > 0);
  if (first === -1) return <p className="text-dim">{t.noneFirst}</p>;
  const rows = cohorts.slice(first);
  const shares = rows.flatMap(({ customers, active }) => active.slice(1).map((came) => came / Math.max(1, customers)));
  const greatest = Math.max(...shares, 0.01);
  const columns: Column<Cohort>[] = [
    { id: "month", label: t.firstVisit, cell: ({ month }) => month },
    { id: "customers", label: t.lists.customers, isNumber: true, cell: ({ customers }) => count(customers) },
    ...rows.slice(1).map(
      (_, index): Column<Cohort> => ({
        id: `after-${index + 1}`,
        label: t.monthsLater(index + 1),
        isNumber: true,
        // A phone has room for the first two months.
        isSecondary: index > 1,
        cell: ({ customers, active }) => <Share of={customers} came={active[index + 1]} greatest={greatest} />,
      }),
    ),
  ];
  return (
    <div className="overflow-x-auto">
      <DataTable caption={t.cameAgain} columns={columns} rows={rows} keyOf={({ month }) => month} />
    </div>
  );
}

/** `came` is undefined for a month in the future. The greatest share of the table has the strongest tint. */
function Share({ of, came, greatest }: { of: number; came: number | undefined; greatest: number }) {
  if (came === undefined) return null;
  if (of === 0) return "–";
  const tint = Math.round((came / of / greatest) * DEEPEST_PERCENT);
  return (
    <span
      className="block rounded px-1.5"
      style={{ background: `color-mix(in srgb, var(--color-brand) ${tint}%, transparent)` }}
    >
      {Math.round((came / of) * 100)}%<span className="sr-only">, {counted(came, "customer")}</span>
    </span>
  );
}
