import type { z } from "../contract/http/common.ts";
import {
  type ChangeJson,
  type FlatSaleJson,
  flatSale,
  type InventoryJson,
  inventoryRow,
  type ProductJson,
  product,
  type SaleJson,
  saleItem,
} from "../contract/http/records.ts";
import { pendingFields } from "../domain/records/overrides.ts";
import { beganAt } from "../domain/runs/run.ts";
import { iso, isoOrNull } from "../domain/values/iso.ts";
import { round4 } from "../domain/values/number.ts";
import { pick } from "../domain/values/pick.ts";
import type { ChangeSubject } from "./queries/change-subjects.ts";
import type { ListedChange } from "./queries/list-changes.ts";
import type { ListedInventory } from "./queries/list-inventory.ts";
import type { ListedProduct } from "./queries/list-products.ts";
import type { ListedSale } from "./queries/list-sales.ts";

/** Rows of D1 as the API answers them: only the fields of the schemas, so that no other column gets out. */

const keysOf = <S extends z.ZodRawShape>({ shape }: { shape: S }) => Object.keys(shape) as (keyof S)[];

/** 0: no time is known (a product of ReUp's own, a provisional one). */
const times = ({ source_at, updated_at }: { source_at: number; updated_at: number }) => ({
  source_updated_at: isoOrNull(source_at === 0 ? null : source_at),
  updated_at: iso(updated_at),
});

const COMPUTED = {
  category: true,
  subcategory: true,
  dutchie_category: true,
  strain_type: true,
  weight: true,
  weight_unit: true,
  id: true,
  name: true,
  active: true,
  variants: true,
  description: true,
  images: true,
  test_results: true,
  created_at: true,
  pending: true,
  source_updated_at: true,
  updated_at: true,
} as const;
const PRODUCT = keysOf(product.omit(COMPUTED));

export const productJson = (row: ListedProduct): ProductJson => ({
  ...pick(row, PRODUCT),
  ...inReupsWords(row),
  category: row.reup_category,
  subcategory: row.reup_subcategory,
  // A product of ReUp's own is in ReUp's words alone.
  dutchie_category: row.dutchie_product_id === null ? null : row.category,
  strain_type: row.dutchie_product_id === null ? null : row.subcategory,
  pending: pendingFields(row.overrides),
  ...times(row),
});

function inReupsWords({
  product_id,
  product_name,
  status,
  sku,
  unit_price,
  unit_cost,
  stated,
  created_by,
}: ListedProduct) {
  const weight = stated?.unit_grams ?? null;
  const weight_unit = weight === null ? null : ("g" as const);
  const variant = { id: product_id, name: product_name, sku, weight, weight_unit };
  return {
    id: product_id,
    name: product_name,
    active: status === "active",
    weight,
    weight_unit,
    variants: [{ ...variant, price: unit_price, wholesale_price: unit_cost }],
    description: null,
    images: [],
    test_results: null,
    ...(created_by === null ? {} : { created_at: iso(beganAt(created_by)) }),
  };
}

const INVENTORY = keysOf(
  inventoryRow.omit({ id: true, available_quantity: true, last_sync: true, source_updated_at: true, updated_at: true }),
);

/** `synced_at`: the store's last successful sync, ms. */
export const inventoryJson = (row: ListedInventory, synced_at: number | null): InventoryJson => ({
  id: row.inventory_id,
  ...pick(row, INVENTORY),
  available_quantity: round4(row.quantity - row.reserved_quantity),
  last_sync: isoOrNull(Math.max(synced_at ?? 0, row.updated_at)),
  ...times(row),
});

const SALE = keysOf(flatSale.omit({ completed_at: true }));
const SALE_ITEM = keysOf(saleItem);

export const flatSaleJson = (row: ListedSale): FlatSaleJson => ({
  ...pick(row, SALE),
  completed_at: iso(row.completed_at),
});

export const saleJson = (row: ListedSale): SaleJson => ({
  ...flatSaleJson(row),
  items: (row.lines ?? []).map((item) => ({ ...pick(item, SALE_ITEM), is_coupon: item.is_coupon ?? false })),
});

/** Fields whose columns have other names than in ReUp. */
const LOGGED_AS: ReadonlyMap<string, string> = new Map([
  ["category", "dutchie_category"],
  ["subcategory", "strain_type"],
  ["reup_category", "category"],
  ["reup_subcategory", "subcategory"],
]);

export function changeJson(row: ListedChange, subjects: ReadonlyMap<string, ChangeSubject>): ChangeJson {
  const fields = Object.entries(row.fields).map(
    ([field, [before, after]]) => [LOGGED_AS.get(field) ?? field, { before, after }] as const,
  );
  return {
    change_id: row.change_id,
    resource: row.resource,
    record_id: row.record_id,
    subject: subjects.get(row.record_id) ?? null,
    fields: Object.fromEntries(fields),
    cause: row.cause,
    ref: row.ref,
    decided: row.decided,
    at: iso(row.at),
  };
}
