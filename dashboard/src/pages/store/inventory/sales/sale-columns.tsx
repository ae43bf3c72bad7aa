import type { Sale } from "../../../../../../src/client/index.ts";
import { count, money, words } from "../../../../format.ts";
import { texts } from "../../../../texts.ts";
import type { Column } from "../../../../ui/data-table.tsx";
import { Link } from "../../../../ui/link.tsx";
import { Time } from "../../../../ui/time.tsx";

const t = texts.inventory;

/** What kind of sale it is. */
export function kindOf({ type, is_void, is_return }: Sale): string {
  if (is_void) return t.voided;
  return is_return ? t.returned : words(type);
}

type WayTo = (sale: Sale) => string;

export const saleColumns = (wayTo: WayTo): Column<Sale>[] => [
  { id: "sale", label: t.sale, cell: (sale) => <SaleLink sale={sale} wayTo={wayTo} /> },
  { id: "at", label: t.completed, cell: ({ completed_at }) => <Time at={completed_at} /> },
  { id: "kind", label: t.kind, cell: kindOf },
  { id: "items", label: t.items, isNumber: true, cell: ({ item_count }) => count(item_count) },
  { id: "subtotal", label: t.subtotal, isNumber: true, cell: ({ subtotal }) => money(subtotal) },
  { id: "discount", label: t.discount, isNumber: true, cell: ({ discount }) => money(discount) },
  { id: "tax", label: t.tax, isNumber: true, cell: ({ tax }) => money(tax) },
  { id: "total", label: t.total, isNumber: true, sortBy: ({ total }) => total ?? 0, cell: ({ total }) => money(total) },
];

export const PHONE_COLUMNS = (wayTo: WayTo): Column<Sale>[] => [
  {
    id: "sale",
    label: t.sale,
    cell: (sale) => (
      <div className="flex flex-col items-start gap-1">
        <SaleLink sale={sale} wayTo={wayTo} />
        <p className="text-sm text-dim">
          <Time at={sale.completed_at} /> · {kindOf(sale)}
        </p>
      </div>
    ),
  },
  { id: "total", label: t.total, isNumber: true, sortBy: ({ total }) => total ?? 0, cell: ({ total }) => money(total) },
];

function SaleLink({ sale, wayTo }: { sale: Sale; wayTo: WayTo }) {
  return <Link href={wayTo(sale)}>{t.saleNumber(sale.dutchie_transaction_id)}</Link>;
}
