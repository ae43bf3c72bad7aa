import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { Sale } from "../../../../../src/client/index.ts";
import { addDays, startOfDay } from "../../../../../src/client/rules.ts";
import { CellButton } from "../../../components/cell-button.tsx";
import type { Column } from "../../../components/data-table.tsx";
import { Time } from "../../../components/time.tsx";
import { count, money, words } from "../../../format.ts";
import { useStore } from "../store-context.ts";
import { RecordList } from "./record-list.tsx";
import { SaleDetails } from "./sale-details.tsx";

export function SaleList() {
  const { location } = useStore();
  const [days, setDays] = useState({ from: "", to: "" });
  const [shown, setShown] = useState<Sale | null>(null);
  const begin = (day: string, later: number) =>
    new Date(startOfDay(addDays(day, later), location.time_zone)).toISOString();
  const filters = {
    from: days.from === "" ? "" : begin(days.from, 0),
    to: days.to === "" ? "" : begin(days.to, 1),
  };
  const columns: Column<Sale>[] = [
    {
      label: "Completed",
      cell: (sale) => (
        <CellButton onClick={() => setShown(sale)}>
          <Time at={sale.completed_at} />
        </CellButton>
      ),
    },
    { label: "Dutchie id", cell: ({ dutchie_transaction_id }) => dutchie_transaction_id },
    { label: "Kind", cell: ({ type, is_void, is_return }) => (is_void ? "Void" : is_return ? "Return" : words(type)) },
    { label: "Items", number: true, cell: ({ item_count }) => count(item_count) },
    { label: "Subtotal", number: true, cell: ({ subtotal }) => money(subtotal) },
    { label: "Discount", number: true, cell: ({ discount }) => money(discount) },
    { label: "Tax", number: true, cell: ({ tax }) => money(tax) },
    { label: "Total", number: true, cell: ({ total }) => money(total) },
  ];
  return (
    <>
      <RecordList kind="sales" filters={filters} columns={columns} keyOf={({ sale_id }) => sale_id}>
        <TextInput
          label="From"
          type="date"
          value={days.from}
          onChange={(event) => setDays({ ...days, from: event.currentTarget.value })}
        />
        <TextInput
          label="Until"
          type="date"
          value={days.to}
          onChange={(event) => setDays({ ...days, to: event.currentTarget.value })}
        />
      </RecordList>
      <SaleDetails sale={shown} onClose={() => setShown(null)} />
    </>
  );
}
