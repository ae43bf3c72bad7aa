import type { Sale } from "../../../../../../src/client/index.ts";
import { useProduct, useSale } from "../../../../data/records.ts";
import { money, quantity } from "../../../../format.ts";
import { paths } from "../../../../navigation.ts";
import { texts } from "../../../../texts.ts";
import { type Column, DataTable } from "../../../../ui/data-table.tsx";
import { Dialog } from "../../../../ui/dialog.tsx";
import { Facts } from "../../../../ui/facts.tsx";
import { Link } from "../../../../ui/link.tsx";
import { ListState } from "../../../../ui/list-state.tsx";
import { Name } from "../../../../ui/name.tsx";
import { Time } from "../../../../ui/time.tsx";
import { useStore } from "../../store-context.ts";
import { kindOf } from "./sale-columns.tsx";

const t = texts.inventory;
type Item = Sale["items"][number];

const COLUMNS: Column<Item>[] = [
  { id: "product", label: t.product, cell: ({ product_id }) => <ProductOf product_id={product_id} /> },
  {
    id: "quantity",
    label: t.quantity,
    isNumber: true,
    cell: ({ quantity: sold, is_returned }) => (is_returned ? t.returnedQuantity(quantity(sold)) : quantity(sold)),
  },
  { id: "price", label: t.price, isNumber: true, isSecondary: true, cell: ({ unit_price }) => money(unit_price) },
  { id: "discount", label: t.discount, isNumber: true, isSecondary: true, cell: ({ discount }) => money(discount) },
  { id: "total", label: t.total, isNumber: true, cell: ({ total }) => money(total) },
];

/** One sale beside the list. */
export function SalePanel({ sale_id, onClose }: { sale_id: string | null; onClose: () => void }) {
  const { location_id } = useStore().location;
  const sale = useSale(location_id, sale_id);
  const number = sale.data?.dutchie_transaction_id;
  return (
    <Dialog
      isPanel
      isOpen={sale_id !== null}
      onClose={onClose}
      title={number === undefined ? t.sale : t.saleNumber(number)}
    >
      <ListState list={sale} what={t.theSale} notLoaded={t.saleNotLoaded}>
        {(data) => <Details sale={data} />}
      </ListState>
    </Dialog>
  );
}

function Details({ sale }: { sale: Sale }) {
  const { location_id } = useStore().location;
  const { completed_at, subtotal, discount, tax, total, return_of, items } = sale;
  const lines = items.map((item, line) => ({ ...item, line }));
  return (
    <>
      <Facts
        facts={[
          [t.completed, <Time key="at" at={completed_at} />],
          [t.kind, kindOf(sale)],
          ...(return_of === null
            ? []
            : [
                [
                  t.returnOf,
                  <Link
                    key="of"
                    href={`${paths.inventory(location_id, "sales")}?sale=${encodeURIComponent(return_of)}`}
                  >
                    {t.firstSale}
                  </Link>,
                ] as const,
              ]),
          [t.subtotal, money(subtotal)],
          [t.discount, money(discount)],
          [t.tax, money(tax)],
          [t.total, money(total)],
        ]}
      />
      {items.length === 0 ? (
        <p className="text-dim">{t.itemsGone}</p>
      ) : (
        <DataTable caption={t.items} columns={COLUMNS} rows={lines} keyOf={({ line }) => String(line)} />
      )}
    </>
  );
}

function ProductOf({ product_id }: { product_id: string | null }) {
  if (product_id === null) return <span className="text-dim">{t.unknownProduct}</span>;
  return <NamedProduct product_id={product_id} />;
}

function NamedProduct({ product_id }: { product_id: string }) {
  const { location_id } = useStore().location;
  const { data } = useProduct(location_id, product_id);
  return <Name href={paths.product(location_id, product_id)}>{data?.product_name ?? t.product}</Name>;
}
