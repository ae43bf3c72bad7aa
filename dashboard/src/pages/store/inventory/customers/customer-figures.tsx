import type { CustomerInsights } from "../../../../../../src/client/index.ts";
import { count, counted, money, quantity } from "../../../../format.ts";
import { texts } from "../../../../texts.ts";
import { Section } from "../../../../ui/card.tsx";
import { type Column, DataTable } from "../../../../ui/data-table.tsx";
import { Stat } from "../../../../ui/stat.tsx";
import { Time } from "../../../../ui/time.tsx";
import { Computed } from "../computed.tsx";
import { CohortTable } from "./cohort-table.tsx";
import { Spread } from "./spread.tsx";

const t = texts.inventory;
type Popular = CustomerInsights["brands"][number];

const numberOrNone = (value: number | null) => (value === null ? "–" : quantity(value));

export function CustomerFigures({ insights }: { insights: CustomerInsights }) {
  const { customers, visits, spend, basket, repeat_interval_days: repeat } = insights;
  return (
    <>
      <Computed {...insights} />
      <div className="grid grid-cols-2 gap-2 md:grid-cols-4">
        <Stat
          label={t.knownCustomers}
          note={
            <>
              {t.newAndReturning(count(customers.new), count(customers.returning))}{" "}
              <Time at={insights.known_since} isRelative none="–" />
            </>
          }
        >
          {count(customers.total)}
        </Stat>
        <Stat label={t.visits} note={t.anonymous(count(visits.anonymous))}>
          {count(visits.known)}
        </Stat>
        <Stat label={t.spend} note={t.inAll(money(spend.total))}>
          {money(spend.per_customer.median)}
        </Stat>
        <Stat label={t.daysBetween} note={t.fromVisits(counted(repeat.count, "repeat visit"))}>
          {numberOrNone(repeat.median)}
        </Stat>
      </div>
      <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
        <Spread title={t.spreads.visits} of={t.lists.customers} values={visits.per_customer} isWhole />
        <Spread title={t.spreads.spend} of={t.lists.customers} values={spend.per_customer} format={money} />
        <Spread title={t.spreads.days} of={t.visits} values={repeat} />
        <Spread title={t.spreads.items} of={t.visits} values={basket.items} />
        <Spread title={t.spreads.value} of={t.visits} values={basket.money} format={money} />
      </div>
      <Section title={t.cameAgain} about={t.cameAgainAbout}>
        <CohortTable cohorts={insights.cohorts} />
      </Section>
      <div className="grid gap-4 md:grid-cols-2">
        <Ranking title={t.categories} one={t.category} none={t.noCategory} rows={insights.categories} />
        <Ranking title={t.brands} one={t.brand} none={t.noBrand} rows={insights.brands} />
      </div>
    </>
  );
}

/** Categories or brands by revenue. */
function Ranking({ title, one, none, rows }: { title: string; one: string; none: string; rows: readonly Popular[] }) {
  const columns: Column<Popular>[] = [
    { id: "name", label: one, cell: ({ name }) => name ?? none },
    { id: "customers", label: t.lists.customers, isNumber: true, cell: ({ customers }) => count(customers) },
    { id: "units", label: t.unitsSold, isNumber: true, isSecondary: true, cell: ({ units }) => quantity(units) },
    { id: "revenue", label: t.revenue, isNumber: true, cell: ({ revenue }) => money(revenue) },
  ];
  return (
    <Section title={title}>
      <DataTable caption={title} columns={columns} rows={rows} keyOf={({ name }) => name ?? ""} />
    </Section>
  );
}
