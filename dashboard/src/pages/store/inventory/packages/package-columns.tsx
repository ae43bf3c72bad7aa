import type { InventoryItem } from "../../../../../../src/client/index.ts";
import { money, quantity, text, words } from "../../../../format.ts";
import { paths } from "../../../../navigation.ts";
import { texts } from "../../../../texts.ts";
import type { Column } from "../../../../ui/data-table.tsx";
import { Name } from "../../../../ui/name.tsx";
import { Time } from "../../../../ui/time.tsx";

const t = texts.inventory;

/** The package's tag, or Dutchie's id of a package without one. */
export const packageName = ({ package_id, dutchie_inventory_id }: InventoryItem): string =>
  package_id ?? dutchie_inventory_id;

/** The room as Dutchie names it, with ReUp's word if it is another. */
export function roomOf({ room_name, room_type }: Pick<InventoryItem, "room_name" | "room_type">) {
  if (room_type === null || words(room_type).toLowerCase() === room_name.toLowerCase()) return <Name>{room_name}</Name>;
  return (
    <>
      <Name>{room_name}</Name> ({words(room_type)})
    </>
  );
}

export const packageColumns = (location_id: string): Column<InventoryItem>[] => [
  { id: "package", label: t.package, cell: packageName },
  {
    id: "product_name",
    label: t.product,
    sortBy: ({ product_name }) => product_name ?? "",
    cell: (row) => <ProductLink location_id={location_id} row={row} />,
  },
  { id: "sku", label: t.sku, isSecondary: true, cell: ({ sku }) => <Name>{text(sku)}</Name> },
  { id: "room", label: t.room, cell: roomOf },
  {
    id: "quantity",
    label: t.quantity,
    isNumber: true,
    sortBy: (row) => row.quantity,
    cell: (row) => quantity(row.quantity),
  },
  { id: "available", label: t.available, isNumber: true, cell: (row) => quantity(row.available_quantity) },
  { id: "cost", label: t.cost, isNumber: true, cell: ({ unit_cost }) => money(unit_cost) },
  { id: "price", label: t.price, isNumber: true, cell: ({ unit_price }) => money(unit_price) },
  { id: "changed", label: t.changed, cell: ({ updated_at }) => <Time at={updated_at} isRelative /> },
];

export const PHONE_COLUMNS = (location_id: string): Column<InventoryItem>[] => [
  {
    id: "package",
    label: t.package,
    cell: (row) => (
      <div className="flex flex-col items-start gap-1">
        <ProductLink location_id={location_id} row={row} />
        <p className="text-sm text-dim">
          {packageName(row)} · {roomOf(row)}
        </p>
      </div>
    ),
  },
  {
    id: "quantity",
    label: t.quantity,
    isNumber: true,
    sortBy: (row) => row.quantity,
    cell: (row) => quantity(row.quantity),
  },
];

function ProductLink({ location_id, row }: { location_id: string; row: InventoryItem }) {
  if (row.product_id === null) return <Name>{text(row.product_name)}</Name>;
  return <Name href={paths.product(location_id, row.product_id)}>{row.product_name ?? row.product_id}</Name>;
}
