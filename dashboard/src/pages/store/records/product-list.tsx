import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import type { Product } from "../../../../../src/client/index.ts";
import { CellButton } from "../../../components/cell-button.tsx";
import type { Column } from "../../../components/data-table.tsx";
import { StateBadge } from "../../../components/state-badge.tsx";
import { useCategories } from "../../../data/records.ts";
import { count, money, quantity, text, words } from "../../../format.ts";
import { useMay } from "../../../session.ts";
import { useStore } from "../store-context.ts";
import { AddProduct } from "./add-product.tsx";
import { ProductDetails } from "./product-details.tsx";
import { RecordList } from "./record-list.tsx";

const STATUSES = ["active", "inactive", "deleted", "provisional"];

export function ProductList() {
  const { location } = useStore();
  const [filters, setFilters] = useState({ q: "", category: "", status: "" });
  const categories = useCategories(location.location_id);
  const [debounced] = useDebouncedValue(filters, 250);
  const [shown, setShown] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const may = useMay("manager");
  const columns: Column<Product>[] = [
    {
      label: "Product",
      cell: ({ product_id, product_name }) => (
        <CellButton onClick={() => setShown(product_id)}>{product_name}</CellButton>
      ),
    },
    { label: "Brand", cell: ({ brand }) => text(brand) },
    { label: "Category", cell: ({ category }) => (category === null ? "–" : words(category)) },
    { label: "SKU", cell: ({ sku }) => text(sku) },
    { label: "Price", number: true, cell: ({ unit_price }) => money(unit_price) },
    { label: "Quantity", number: true, cell: (row) => quantity(row.quantity) },
    {
      label: "State",
      cell: ({ status, pending }) => (
        <>
          <StateBadge state={status} />
          {pending.length > 0 && " edit on its way"}
        </>
      ),
    },
  ];
  return (
    <>
      <RecordList kind="products" filters={debounced} columns={columns} keyOf={({ product_id }) => product_id}>
        <TextInput
          label="Search"
          description="Part of the name, brand or SKU"
          type="search"
          maxLength={200}
          value={filters.q}
          onChange={(event) => setFilters({ ...filters, q: event.currentTarget.value })}
        />
        <Select
          label="Category"
          placeholder="Any"
          clearable
          searchable
          clearButtonProps={{ "aria-label": "Any category" }}
          data={categories.data?.map(({ category, products }) => ({
            value: category,
            label: `${words(category)} (${count(products)})`,
          }))}
          value={filters.category === "" ? null : filters.category}
          onChange={(category) => setFilters({ ...filters, category: category ?? "" })}
        />
        <Select
          label="State"
          placeholder="Any"
          clearable
          clearButtonProps={{ "aria-label": "Any state" }}
          data={STATUSES}
          value={filters.status === "" ? null : filters.status}
          onChange={(status) => setFilters({ ...filters, status: status ?? "" })}
        />
        {may && (
          <Button variant="default" onClick={() => setAdding(true)}>
            Add a product
          </Button>
        )}
      </RecordList>
      <AddProduct
        opened={adding}
        onClose={(product_id) => {
          setAdding(false);
          if (product_id !== null) setShown(product_id);
        }}
      />
      <ProductDetails product_id={shown} onClose={() => setShown(null)} />
    </>
  );
}
