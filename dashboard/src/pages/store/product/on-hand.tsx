import type { InventoryItem, ProductDetail } from "../../../../../src/client/index.ts";
import { money, quantity } from "../../../format.ts";
import { texts } from "../../../texts.ts";
import { Section } from "../../../ui/card.tsx";
import { type Column, DataTable } from "../../../ui/data-table.tsx";
import { Time } from "../../../ui/time.tsx";
import { packageName, roomOf } from "../inventory/packages/package-columns.tsx";

const t = texts.product;

/** "12 on hand in 3 packages, in 2 rooms · $35.00": all that most readers came for. */
export function onHandOf({ quantity: on_hand, inventory, unit_price }: ProductDetail): string {
  const stocked = inventory.filter((row) => row.quantity !== 0);
  const packages = new Set(stocked.map(({ dutchie_inventory_id }) => dutchie_inventory_id)).size;
  const rooms = new Set(stocked.map(({ room_name }) => room_name)).size;
  return t.onHand(quantity(on_hand), packages, rooms, unit_price === null ? null : money(unit_price));
}

const COLUMNS: Column<InventoryItem>[] = [
  { id: "package", label: t.package, cell: packageName },
  { id: "room", label: t.room, cell: roomOf },
  { id: "quantity", label: t.quantity, isNumber: true, cell: (row) => quantity(row.quantity) },
  {
    id: "reserved",
    label: t.reserved,
    isNumber: true,
    isSecondary: true,
    cell: ({ reserved_quantity }) => quantity(reserved_quantity),
  },
  { id: "cost", label: t.cost, isNumber: true, isSecondary: true, cell: ({ unit_cost }) => money(unit_cost) },
  {
    id: "changed",
    label: t.changed,
    isSecondary: true,
    cell: ({ updated_at }) => <Time at={updated_at} isRelative />,
  },
];

/** The packages that make up the quantity. */
export function OnHand({ product }: { product: ProductDetail }) {
  return (
    <Section title={t.packages}>
      {product.inventory.length === 0 ? (
        <p className="text-dim">{product.source === "reup" ? t.ownHasNone : t.noPackages}</p>
      ) : (
        <DataTable
          caption={t.packages}
          columns={COLUMNS}
          rows={product.inventory}
          keyOf={({ inventory_id }) => inventory_id}
        />
      )}
    </Section>
  );
}
