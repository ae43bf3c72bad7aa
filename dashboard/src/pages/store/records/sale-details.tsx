import { Drawer, Stack, Text } from "@mantine/core";
import type { Sale } from "../../../../../src/client/index.ts";
import { type Column, DataTable } from "../../../components/data-table.tsx";
import { Time } from "../../../components/time.tsx";
import { money, quantity, text } from "../../../format.ts";

const ITEMS: Column<Sale["items"][number]>[] = [
  { label: "Product id", cell: ({ product_id }) => text(product_id) },
  { label: "Quantity", number: true, cell: (row) => quantity(row.quantity) },
  { label: "Price", number: true, cell: ({ unit_price }) => money(unit_price) },
  { label: "Cost", number: true, cell: ({ unit_cost }) => money(unit_cost) },
  { label: "Discount", number: true, cell: ({ discount }) => money(discount) },
  { label: "Total", number: true, cell: ({ total }) => money(total) },
];

export function SaleDetails({ sale, onClose }: { sale: Sale | null; onClose: () => void }) {
  return (
    <Drawer
      opened={sale !== null}
      onClose={onClose}
      position="right"
      size="xl"
      title={sale === null ? "" : `Sale ${sale.dutchie_transaction_id}`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {sale !== null && (
        <Stack>
          <Text>
            Completed <Time at={sale.completed_at} />, total {money(sale.total)}
            {sale.return_of !== null && `, a return of ${sale.return_of}`}
          </Text>
          <DataTable caption="Items" columns={ITEMS} rows={sale.items} keyOf={(_, i) => i} />
        </Stack>
      )}
    </Drawer>
  );
}
