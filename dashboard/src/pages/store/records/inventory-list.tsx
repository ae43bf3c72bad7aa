import { Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import type { InventoryItem } from "../../../../../src/client/index.ts";
import { ROOM_TYPES } from "../../../../../src/client/rules.ts";
import type { Column } from "../../../components/data-table.tsx";
import { Time } from "../../../components/time.tsx";
import { money, quantity, text, words } from "../../../format.ts";
import { RecordList } from "./record-list.tsx";

const COLUMNS: Column<InventoryItem>[] = [
  { label: "Package", cell: ({ package_id, dutchie_inventory_id }) => package_id ?? dutchie_inventory_id },
  { label: "Product", cell: ({ product_name }) => text(product_name) },
  { label: "SKU", cell: ({ sku }) => text(sku) },
  { label: "Room", cell: ({ room_name }) => room_name },
  { label: "Room type", cell: ({ room_type }) => (room_type === null ? "not known" : words(room_type)) },
  { label: "Quantity", number: true, cell: (row) => quantity(row.quantity) },
  { label: "Available", number: true, cell: (row) => quantity(row.available_quantity) },
  { label: "Cost", number: true, cell: ({ unit_cost }) => money(unit_cost) },
  { label: "Price", number: true, cell: ({ unit_price }) => money(unit_price) },
  { label: "Changed", cell: ({ updated_at }) => <Time at={updated_at} relative /> },
];

const FIELDS = { sku: "SKU", product_id: "Product id" } as const;

export function InventoryList() {
  const [filters, setFilters] = useState({ sku: "", room_type: "", product_id: "" });
  const [debounced] = useDebouncedValue(filters, 250);
  return (
    <RecordList kind="inventory" filters={debounced} columns={COLUMNS} keyOf={({ inventory_id }) => inventory_id}>
      {(Object.keys(FIELDS) as (keyof typeof FIELDS)[]).map((name) => (
        <TextInput
          key={name}
          label={FIELDS[name]}
          type="search"
          maxLength={200}
          value={filters[name]}
          onChange={(event) => setFilters({ ...filters, [name]: event.currentTarget.value })}
        />
      ))}
      <Select
        label="Room type"
        placeholder="Any"
        clearable
        data={ROOM_TYPES.map((type) => ({ value: type, label: words(type) }))}
        value={filters.room_type === "" ? null : filters.room_type}
        onChange={(room_type) => setFilters({ ...filters, room_type: room_type ?? "" })}
      />
    </RecordList>
  );
}
