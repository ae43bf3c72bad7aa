import { type Categories, categoryOf, type MappedProduct } from "../vocabulary/category.ts";
import { isCategory, isSubcategoryOf } from "../vocabulary/reup.ts";
import type { ProductRow } from "./records.ts";

type Worded = Pick<ProductRow, "dutchie_product_id" | "category" | "subcategory" | "product_name" | "stated">;

/** A stored product in ReUp's words. Products of ReUp's own are in them already, unless they are from before there were any. */
export function inReUpsWords(row: Worded, own: Categories): MappedProduct {
  const { category, subcategory } = row;
  if (row.dutchie_product_id === null && isCategory(category)) {
    const sub = isSubcategoryOf(category, subcategory) ? subcategory : null;
    return { category, subcategory: sub, word: null, rule: "setting" };
  }
  const words = {
    category,
    master_category: row.stated?.master_category ?? null,
    subcategory: row.stated?.subcategory ?? null,
    strain_type: subcategory,
    product_name: row.product_name,
  };
  return categoryOf(words, own);
}
