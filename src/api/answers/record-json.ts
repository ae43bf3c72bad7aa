import { iso, isoOrNull } from "../../contract/http/common.ts";
import type { FlatSaleJson, InventoryJson, ProductJson, SaleJson } from "../../contract/http/records.ts";
import type { ListedChange } from "../../db/queries/list-changes.ts";
import type { ListedInventory } from "../../db/queries/list-inventory.ts";
import type { ListedProduct } from "../../db/queries/list-products.ts";
import type { ListedSale, ListedSaleItem } from "../../db/queries/list-sales.ts";
import { pendingFields } from "../../domain/records/overrides.ts";

/** Rows of D1 as the API tells them. */

/** 0: nobody has told when (a product of ReUp's own, a provisional one). */
const sourceTime = (source_at: number) => isoOrNull(source_at === 0 ? null : source_at);

export function productJson(row: ListedProduct): ProductJson {
  return {
    product_id: row.product_id,
    dutchie_product_id: row.dutchie_product_id,
    sku: row.sku,
    upc: row.upc,
    product_name: row.product_name,
    brand: row.brand,
    category: row.category,
    subcategory: row.subcategory,
    thc_percentage: row.thc_percentage,
    cbd_percentage: row.cbd_percentage,
    thc_mg: row.thc_mg,
    cbd_mg: row.cbd_mg,
    unit_price: row.unit_price,
    unit_cost: row.unit_cost,
    quantity: row.quantity,
    notes: row.notes,
    pending: pendingFields(row.overrides),
    status: row.status,
    merged_into: row.merged_into,
    source: row.source,
    source_updated_at: sourceTime(row.source_at),
    updated_at: iso(row.updated_at),
  };
}

export function inventoryJson(row: ListedInventory): InventoryJson {
  return {
    inventory_id: row.inventory_id,
    dutchie_inventory_id: row.dutchie_inventory_id,
    product_id: row.product_id,
    sku: row.sku,
    package_id: row.package_id,
    quantity: row.quantity,
    room_type: row.room_type,
    room_name: row.room_name,
    unit_cost: row.unit_cost,
    unit_price: row.unit_price,
    source_updated_at: sourceTime(row.source_at),
    updated_at: iso(row.updated_at),
  };
}

export function flatSaleJson(row: ListedSale): FlatSaleJson {
  return {
    sale_id: row.sale_id,
    dutchie_transaction_id: row.dutchie_transaction_id,
    completed_at: iso(row.completed_at),
    type: row.type,
    subtotal: row.subtotal,
    discount: row.discount,
    tax: row.tax,
    total: row.total,
    is_void: row.is_void,
    is_return: row.is_return,
    return_of: row.return_of,
    item_count: row.item_count,
    adjustment_of: row.adjustment_of,
  };
}

export function saleJson(row: ListedSale, items: readonly ListedSaleItem[]): SaleJson {
  return {
    ...flatSaleJson(row),
    items: items.map((item) => ({
      product_id: item.product_id,
      quantity: item.quantity,
      unit_price: item.unit_price,
      unit_cost: item.unit_cost,
      discount: item.discount,
      total: item.total,
      is_returned: item.is_returned,
    })),
  };
}

export function changeJson(row: ListedChange) {
  const fields = Object.entries(row.fields).map(([field, [before, after]]) => [field, { before, after }] as const);
  return {
    change_id: row.change_id,
    resource: row.resource,
    record_id: row.record_id,
    fields: Object.fromEntries(fields),
    cause: row.cause,
    ref: row.ref,
    at: iso(row.at),
  };
}
