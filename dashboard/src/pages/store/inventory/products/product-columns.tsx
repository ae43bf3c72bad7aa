import type { Product } from "../../../../../../src/client/index.ts";
import { money, quantity, text, words } from "../../../../format.ts";
import { paths } from "../../../../navigation.ts";
import { texts } from "../../../../texts.ts";
import { Badge } from "../../../../ui/badge.tsx";
import type { Column } from "../../../../ui/data-table.tsx";
import { Name } from "../../../../ui/name.tsx";

const t = texts.inventory;

export const productColumns = (location_id: string): Column<Product>[] => [
  {
    id: "product_name",
    label: t.product,
    sortBy: ({ product_name }) => product_name,
    cell: (product) => <ProductLink location_id={location_id} product={product} />,
  },
  { id: "brand", label: t.brand, cell: ({ brand }) => <Name>{text(brand)}</Name> },
  { id: "category", label: t.category, cell: categoryOf },
  { id: "sku", label: t.sku, cell: ({ sku }) => <Name>{text(sku)}</Name> },
  {
    id: "unit_price",
    label: t.price,
    isNumber: true,
    sortBy: ({ unit_price }) => unit_price ?? 0,
    cell: ({ unit_price }) => money(unit_price),
  },
  {
    id: "quantity",
    label: t.onHand,
    isNumber: true,
    sortBy: (row) => row.quantity,
    cell: (row) => quantity(row.quantity),
  },
  { id: "state", label: t.state, cell: (product) => <State product={product} /> },
];

/** All of a product in two cells: a phone has no room for more. */
export const PHONE_COLUMNS = (location_id: string): Column<Product>[] => [
  {
    id: "product_name",
    label: t.product,
    sortBy: ({ product_name }) => product_name,
    cell: (product) => (
      <div className="flex flex-col items-start gap-1">
        <ProductLink location_id={location_id} product={product} />
        <p className="text-sm text-dim">
          <About product={product} />
        </p>
        {(product.status !== "active" || product.pending.length > 0) && <State product={product} />}
      </div>
    ),
  },
  {
    id: "quantity",
    label: t.onHand,
    isNumber: true,
    sortBy: (row) => row.quantity,
    cell: (row) => quantity(row.quantity),
  },
];

function ProductLink({ location_id, product }: { location_id: string; product: Product }) {
  return <Name href={paths.product(location_id, product.product_id)}>{product.product_name}</Name>;
}

/** The price stays in sight, however long the brand is. */
function About({ product: { brand, sku, unit_price } }: { product: Product }) {
  const named = [brand, sku].filter((part) => part !== null).join(" · ");
  if (named === "") return <>{money(unit_price)}</>;
  return (
    <>
      <Name>{named}</Name> <span className="whitespace-nowrap">· {money(unit_price)}</span>
    </>
  );
}

/** ReUp's category, or the word as Dutchie wrote it. */
function categoryOf({ category, dutchie_category }: Product) {
  if (category !== null) return words(category);
  return dutchie_category === null ? "–" : dutchie_category;
}

function State({ product: { status, pending } }: { product: Product }) {
  return (
    <span className="inline-flex flex-wrap gap-1">
      <Badge tone={status === "active" ? "good" : "none"} label={t.states[status]} />
      {pending.length > 0 && <Badge tone="info" icon="busy" label={t.pending} />}
    </span>
  );
}
