import { SimpleGrid, Text, Title } from "@mantine/core";
import type { SalesInsights as Insights } from "../../../../../src/client/index.ts";
import { type Column, DataTable } from "../../../components/data-table.tsx";
import { Loading } from "../../../components/loading.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Problem } from "../../../components/problem.tsx";
import { Stat } from "../../../components/stat.tsx";
import { useSalesInsights } from "../../../data/insights.ts";
import { count, money, percent, quantity, text } from "../../../format.ts";
import { useStore } from "../store-context.ts";
import { Computed } from "./computed.tsx";
import { InsightChart } from "./insight-chart.tsx";

type Product = Insights["slow"][number];

const share = (value: number | null) => (value === null ? "–" : percent(value));

const PRODUCT: Column<Product>[] = [
  { label: "Product", cell: ({ product_name }) => product_name },
  { label: "Brand", cell: ({ brand }) => text(brand) },
  { label: "Category", cell: ({ category }) => text(category) },
  { label: "Units sold", number: true, cell: ({ units }) => quantity(units) },
  { label: "Revenue", number: true, cell: ({ revenue }) => money(revenue) },
  { label: "On hand", number: true, cell: ({ on_hand }) => quantity(on_hand) },
  { label: "Sell-through", number: true, cell: ({ sell_through }) => share(sell_through) },
  {
    label: "Days of stock",
    number: true,
    cell: ({ days_of_stock }) => (days_of_stock === null ? "–" : count(Math.round(days_of_stock))),
  },
];

/** What sells and what does not, over whole days of the store. */
export function SalesInsights(range: { from: string; to: string }) {
  const { location } = useStore();
  const answer = useSalesInsights(location.location_id, range);
  if (answer.isPending) return <Loading what="the sales insights" />;
  if (answer.isError)
    return <Problem what="The sales insights could not be loaded" error={answer.error} retry={answer.refetch} />;
  return <Figures insights={answer.data} />;
}

function Figures({ insights }: { insights: Insights }) {
  const { totals, days, top, slow } = insights;
  const best = days.reduce((a, b) => (b.revenue > a.revenue ? b : a), { day: "", revenue: 0 });
  return (
    <>
      <Computed {...insights} />
      {totals.sales === 0 ? (
        <Notice tone="info" title="No sales in this period">
          Choose a longer period. If sales are missing, run a sync on Sync Status.
        </Notice>
      ) : (
        <>
          <SimpleGrid cols={{ base: 2, md: 4 }}>
            <Stat label="Revenue" note="after discounts and returns, before tax">
              {money(totals.revenue)}
            </Stat>
            <Stat label="Sales" note={`${money(totals.revenue / totals.sales)} each on average`}>
              {count(totals.sales)}
            </Stat>
            <Stat label="Units sold" note={`of ${count(totals.products_sold)} products`}>
              {quantity(totals.units)}
            </Stat>
            <Stat label="Sell-through" note={`${quantity(totals.on_hand)} units on hand`}>
              {share(totals.sell_through)}
            </Stat>
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <InsightChart
              title="Revenue by day"
              summary={`most on ${best.day}, ${money(best.revenue)}`}
              bars={days.map(({ day, revenue }) => ({ label: day.slice(5), value: revenue }))}
              of="Revenue"
              color="brand.6"
              format={money}
            />
            <InsightChart
              title="Units by day"
              summary={`${quantity(Math.round(totals.units / days.length))} on average`}
              bars={days.map(({ day, units }) => ({ label: day.slice(5), value: units }))}
              of="Units"
              color="blue.6"
              format={quantity}
            />
          </SimpleGrid>
          <Title order={2} size="h4">
            What sells best
          </Title>
          <DataTable caption="Products by revenue" columns={PRODUCT} rows={top} keyOf={(row) => row.product_id} />
        </>
      )}
      {slow.length > 0 && (
        <>
          <Title order={2} size="h4">
            What sells slowly
          </Title>
          <Text size="sm" c="dimmed">
            Products in stock, lowest sell-through first.
          </Text>
          <DataTable caption="Slow products in stock" columns={PRODUCT} rows={slow} keyOf={(row) => row.product_id} />
        </>
      )}
    </>
  );
}
