import { Anchor, Button, Drawer, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { Change, InventoryItem, ProductDetail } from "../../../../../src/client/index.ts";
import { type Column, DataTable } from "../../../components/data-table.tsx";
import { Link } from "../../../components/link.tsx";
import { Loading } from "../../../components/loading.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Problem } from "../../../components/problem.tsx";
import { Time } from "../../../components/time.tsx";
import { useProduct, useProductChanges } from "../../../data/records.ts";
import { money, plain, quantity, text, words } from "../../../format.ts";
import { storePath } from "../../../navigation.ts";
import { useMay } from "../../../session.ts";
import { useStore } from "../store-context.ts";
import { EditProduct } from "./edit-product.tsx";
import { nameOfField, shownValue } from "./product-fields.ts";

const PACKAGES: Column<InventoryItem>[] = [
  { label: "Package", cell: ({ package_id, dutchie_inventory_id }) => package_id ?? dutchie_inventory_id },
  {
    label: "Room",
    cell: ({ room_name, room_type }) => (room_type === null ? room_name : `${room_name} (${words(room_type)})`),
  },
  { label: "Quantity", number: true, cell: (row) => quantity(row.quantity) },
  { label: "Cost", number: true, cell: ({ unit_cost }) => money(unit_cost) },
  { label: "Changed", cell: ({ updated_at }) => <Time at={updated_at} relative /> },
];

const CHANGES: Column<Change>[] = [
  { label: "When", cell: ({ at }) => <Time at={at} /> },
  { label: "What", cell: ({ resource, fields }) => <Fields resource={resource} fields={fields} /> },
  { label: "By", cell: ({ cause }) => words(cause) },
  { label: "Event or sync", cell: ({ ref }) => text(ref) },
];

function Fields({ resource, fields }: Pick<Change, "resource" | "fields">) {
  return (
    <>
      {resource === "inventory" && "Package: "}
      {Object.entries(fields).map(([field, { before, after }]) => (
        <div key={field}>
          {words(field)}: {plain(before)} → {plain(after)}
        </div>
      ))}
    </>
  );
}

const FACTS: [label: string, value: (product: ProductDetail) => string][] = [
  ["SKU", ({ sku }) => text(sku)],
  ["UPC", ({ upc }) => text(upc)],
  ["Brand", ({ brand }) => text(brand)],
  [
    "Category",
    ({ category, subcategory }) =>
      [category, subcategory].flatMap((each) => (each === null ? [] : [words(each)])).join(" › ") || "–",
  ],
  [
    "In Dutchie",
    ({ dutchie_category, strain_type }) => [dutchie_category, strain_type].filter(Boolean).join(", ") || "–",
  ],
  ["Price", ({ unit_price }) => money(unit_price)],
  ["Cost", ({ unit_cost }) => money(unit_cost)],
  ["THC", ({ thc_percentage, thc_mg }) => potency(thc_percentage, thc_mg)],
  ["CBD", ({ cbd_percentage, cbd_mg }) => potency(cbd_percentage, cbd_mg)],
  ["State", ({ status }) => words(status)],
  ["Merged into", ({ merged_into }) => text(merged_into)],
  ["Dutchie id", ({ dutchie_product_id }) => dutchie_product_id ?? "none (ReUp's own product)"],
  ["Notes", ({ notes }) => text(notes)],
];

function potency(share: number | null, mg: number | null): string {
  const known = [share === null ? null : `${quantity(share)} %`, mg === null ? null : `${quantity(mg)} mg`].filter(
    Boolean,
  );
  return known.join(", ") || "–";
}

/** One product: its fields, the packages that make up its quantity, and its changes. */
export function ProductDetails({ product_id, onClose }: { product_id: string | null; onClose: () => void }) {
  return (
    <Drawer
      opened={product_id !== null}
      onClose={onClose}
      position="right"
      size="xl"
      title="Product"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {product_id !== null && <Details product_id={product_id} />}
    </Drawer>
  );
}

/** Edits that Dutchie does not have yet: ReUp shows the new values already. */
function Pending({ product }: { product: ProductDetail }) {
  const { location } = useStore();
  return (
    <Notice tone="info" title="On its way to Dutchie" live>
      {product.pending.map(({ field, dutchie_value }) => (
        <div key={field}>
          {nameOfField(field)}: {shownValue(field, product[field])}; Dutchie still says{" "}
          {shownValue(field, dutchie_value)}
        </div>
      ))}
      <Anchor component={Link} href={storePath(location.location_id, "pushes")} size="sm">
        See when it is sent
      </Anchor>
    </Notice>
  );
}

function Details({ product_id }: { product_id: string }) {
  const { location } = useStore();
  const product = useProduct(location.location_id, product_id);
  const changes = useProductChanges(location.location_id, product_id);
  const [mode, setMode] = useState<"shown" | "edit" | "saved">("shown");
  const may = useMay("manager");
  if (product.isPending) return <Loading what="the product" />;
  if (product.isError)
    return <Problem what="The product could not be loaded" error={product.error} retry={product.refetch} />;
  const { data } = product;
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={2} size="h3">
          {data.product_name}
        </Title>
        {may && mode !== "edit" && (
          <Button variant="default" onClick={() => setMode("edit")}>
            Edit
          </Button>
        )}
      </Group>
      {mode === "saved" && <Notice tone="good" title="Saved" live />}
      {data.pending.length > 0 && <Pending product={data} />}
      {mode === "edit" && <EditProduct product={data} onDone={(saved) => setMode(saved ? "saved" : "shown")} />}
      <Table>
        <Table.Tbody>
          {FACTS.map(([label, value]) => (
            <Table.Tr key={label}>
              <Table.Th scope="row" w="30%">
                {label}
              </Table.Th>
              <Table.Td>{value(data)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Title order={3} size="h4">
        Quantity {quantity(data.quantity)}: its packages
      </Title>
      {data.inventory.length === 0 ? (
        <Text size="sm">Dutchie lists no packages of this product.</Text>
      ) : (
        <DataTable
          caption="Packages"
          columns={PACKAGES}
          rows={data.inventory}
          keyOf={({ inventory_id }) => inventory_id}
        />
      )}
      <Title order={3} size="h4">
        Why is this so?
      </Title>
      {changes.isPending && <Loading what="the changes" />}
      {changes.isError && (
        <Problem what="The changes could not be loaded" error={changes.error} retry={changes.refetch} />
      )}
      {changes.data?.data.length === 0 && <Text size="sm">Nothing has changed since the product was created.</Text>}
      {changes.data !== undefined && changes.data.data.length > 0 && (
        <DataTable
          caption="Changes, newest first"
          columns={CHANGES}
          rows={changes.data.data}
          keyOf={({ change_id }) => change_id}
        />
      )}
    </Stack>
  );
}
