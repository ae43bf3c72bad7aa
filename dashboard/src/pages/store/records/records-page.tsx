import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { PageTitle } from "../../../components/page-title.tsx";
import { InventoryList } from "./inventory-list.tsx";
import { ProductList } from "./product-list.tsx";
import { SaleList } from "./sale-list.tsx";

const LISTS = {
  products: { label: "Products", List: ProductList },
  inventory: { label: "Inventory", List: InventoryList },
  sales: { label: "Sales", List: SaleList },
};

export default function RecordsPage() {
  const [kind, setKind] = useState<keyof typeof LISTS>("products");
  const { List } = LISTS[kind];
  const data = Object.entries(LISTS).map(([value, { label }]) => ({ value, label }));
  return (
    <>
      <PageTitle title="Records" where="Inventory > Records">
        <SegmentedControl
          data={data}
          value={kind}
          onChange={(value) => setKind(value as keyof typeof LISTS)}
          aria-label="Kind of records"
        />
      </PageTitle>
      <List />
    </>
  );
}
