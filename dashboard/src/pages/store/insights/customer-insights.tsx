import { Anchor, SimpleGrid, Title } from "@mantine/core";
import type { CustomerInsights as Insights } from "../../../../../src/client/index.ts";
import { type Column, DataTable } from "../../../components/data-table.tsx";
import { Link } from "../../../components/link.tsx";
import { Loading } from "../../../components/loading.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Problem } from "../../../components/problem.tsx";
import { Stat } from "../../../components/stat.tsx";
import { Time } from "../../../components/time.tsx";
import { useCustomerInsights } from "../../../data/insights.ts";
import { count, counted, money, quantity } from "../../../format.ts";
import { storePath } from "../../../navigation.ts";
import { useStore } from "../store-context.ts";
import { CohortTable } from "./cohort-table.tsx";
import { Computed } from "./computed.tsx";
import { InsightChart } from "./insight-chart.tsx";

type Distribution = Insights["basket"]["items"];

const numberOrNone = (value: number | null) => (value === null ? "–" : quantity(value));

const popular = (label: string): Column<Insights["brands"][number]>[] => [
  { label, cell: ({ name }) => name ?? `No ${label.toLowerCase()}` },
  { label: "Customers", number: true, cell: ({ customers }) => count(customers) },
  { label: "Units", number: true, cell: ({ units }) => quantity(units) },
  { label: "Revenue", number: true, cell: ({ revenue }) => money(revenue) },
];

/** How customers buy and come again. No figure is about one person. */
export function CustomerInsights(range: { from: string; to: string }) {
  const { location } = useStore();
  return location.settings.data_types.customers ? <Answer {...range} /> : <SwitchedOff />;
}

function SwitchedOff() {
  const { location } = useStore();
  return (
    <Notice tone="info" title="Customer insights are switched off">
      An admin can switch on “Customers” under “Data to sync” in the{" "}
      <Anchor component={Link} href={storePath(location.location_id, "settings")} inherit underline="always">
        settings
      </Anchor>
      . Each sale then gets a pseudonym, never a name or an id. The sales of the last{" "}
      {location.settings.sales_history_days} days are read again.
    </Notice>
  );
}

function Answer(range: { from: string; to: string }) {
  const { location } = useStore();
  const answer = useCustomerInsights(location.location_id, range);
  if (answer.isPending) return <Loading what="the customer insights" />;
  if (answer.isError)
    return <Problem what="The customer insights could not be loaded" error={answer.error} retry={answer.refetch} />;
  if (answer.data.visits.known === 0) {
    return (
      <Notice tone="info" title="No known customer came in this period">
        Choose a longer period. If “Customers” was switched on just now, the next sync reads their sales.
      </Notice>
    );
  }
  return <Figures insights={answer.data} />;
}

function Figures({ insights }: { insights: Insights }) {
  const { customers, visits, spend, basket, repeat_interval_days: repeat } = insights;
  return (
    <>
      <Computed {...insights} />
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Stat
          label="Known customers"
          note={
            <>
              {count(customers.new)} new, {count(customers.returning)} returning; first visit{" "}
              <Time at={insights.known_since} relative none="–" />
            </>
          }
        >
          {count(customers.total)}
        </Stat>
        <Stat label="Their visits" note={`and ${count(visits.anonymous)} anonymous ones`}>
          {count(visits.known)}
        </Stat>
        <Stat label="Spend per customer, median" note={`${money(spend.total)} in all`}>
          {money(spend.per_customer.median)}
        </Stat>
        <Stat label="Days between visits, median" note={`from ${counted(repeat.count, "repeat visit")}`}>
          {numberOrNone(repeat.median)}
        </Stat>
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 3 }}>
        <Spread title="Visits per customer" of="Customers" values={visits.per_customer} whole />
        <Spread title="Spend per customer" of="Customers" values={spend.per_customer} format={money} />
        <Spread title="Days between visits" of="Visits" values={repeat} />
        <Spread title="Items per basket" of="Visits" values={basket.items} />
        <Spread title="Value per basket" of="Visits" values={basket.money} format={money} />
      </SimpleGrid>
      <Title order={2} size="h4">
        Who came again
      </Title>
      <CohortTable cohorts={insights.cohorts} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Ranking title="Categories" one="Category" rows={insights.categories} />
        <Ranking title="Brands" one="Brand" rows={insights.brands} />
      </SimpleGrid>
    </>
  );
}

interface SpreadProps {
  title: string;
  of: string;
  values: Distribution;
  /** Values are whole numbers, so a bucket can show its last one. */
  whole?: boolean;
  format?: (value: number | null) => string;
}

function Spread({ title, of, values, whole = false, format = numberOrNone }: SpreadProps) {
  const label = ({ from, to }: Distribution["buckets"][number]) => {
    if (to === null) return `${from}+`;
    if (whole && to - from === 1) return String(from);
    return `${from}–${whole ? to - 1 : to}`;
  };
  return (
    <InsightChart
      title={title}
      summary={`half up to ${format(values.median)}, nine in ten up to ${format(values.p90)}`}
      bars={values.buckets.map((bucket) => ({ label: label(bucket), value: bucket.count }))}
      of={of}
      color="brand.6"
      format={count}
    />
  );
}

/** Categories or brands by revenue. */
function Ranking({ title, one, rows }: { title: string; one: string; rows: Insights["brands"] }) {
  return (
    <div>
      <Title order={2} size="h4">
        {title}
      </Title>
      <DataTable caption={`${title} by revenue`} columns={popular(one)} rows={rows} keyOf={({ name }) => name ?? ""} />
    </div>
  );
}
