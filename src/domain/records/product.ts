import type { ProductContent } from "./model.ts";
import type { ProductRow } from "./records.ts";

export const EMPTY_PRODUCT: Omit<ProductContent, "dutchie_product_id" | "product_name"> = {
  sku: null,
  upc: null,
  brand: null,
  category: null,
  subcategory: null,
  thc_percentage: null,
  cbd_percentage: null,
  thc_mg: null,
  cbd_mg: null,
  unit_price: null,
  unit_cost: null,
  status: "active",
};

export function pickProductContent(row: ProductContent): ProductContent {
  return {
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
    status: row.status,
  };
}

/** Content and version, as a row is judged against them. */
export const pickVersioned = (row: ProductRow) => ({
  ...pickProductContent(row),
  source_at: row.source_at,
  source_rank: row.source_rank,
  content_hash: row.content_hash,
});
