import type { SalesInsights } from "../../../../../../src/client/index.ts";
import { count, money, percent, quantity, text } from "../../../../format.ts";
import { paths } from "../../../../navigation.ts";
import { texts } from "../../../../texts.ts";
import type { Column } from "../../../../ui/data-table.tsx";
import { Name } from "../../../../ui/name.tsx";

const t = texts.inventory;
type Ranked = SalesInsights["slow"][number];

export const rankingColumns = (location_id: string): Column<Ranked>[] => [
  {
    id: "product",
    label: t.product,
    cell: ({ product_id, product_name }) => <Name href={paths.product(location_id, product_id)}>{product_name}</Name>,
  },
  { id: "brand", label: t.brand, isSecondary: true, cell: ({ brand }) => <Name>{text(brand)}</Name> },
  { id: "units", label: t.unitsSold, isNumber: true, cell: ({ units }) => quantity(units) },
  { id: "revenue", label: t.revenue, isNumber: true, cell: ({ revenue }) => money(revenue) },
  { id: "on_hand", label: t.onHand, isNumber: true, isSecondary: true, cell: ({ on_hand }) => quantity(on_hand) },
  {
    id: "sell_through",
    label: t.sellThrough,
    isNumber: true,
    isSecondary: true,
    cell: ({ sell_through }) => (sell_through === null ? "–" : percent(sell_through)),
  },
  {
    id: "days",
    label: t.daysOfStock,
    isNumber: true,
    isSecondary: true,
    cell: ({ days_of_stock }) => (days_of_stock === null ? "–" : count(Math.round(days_of_stock))),
  },
];
