import { MAX_ALIKE_PRODUCTS } from "../bounds.ts";
import type { Hint, ProductRow } from "../records/records.ts";
import { contentHash } from "../records/version.ts";
import { nameKey, skuKey, upcKey } from "../values/identifiers.ts";

export type Meaning =
  | { kind: "none" }
  | { kind: "one"; product_id: string }
  /** The reason is for store managers. */
  | { kind: "ambiguous"; reason: string };

type Keys = { upc: string | null; sku: string | null; name: string | null };

export const keysOf = (hint: Pick<Hint, "sku" | "upc" | "product_name">): Keys => ({
  upc: upcKey(hint.upc),
  sku: skuKey(hint.sku),
  name: nameKey(hint.product_name),
});

/**
 * Which product a row without a product id means: by UPC, then SKU, then name (and brand, if both have one). Products that
 * Dutchie lists come first, then ReUp's own, then those that only such rows name.
 */
export function meaningOf(hint: Hint, products: readonly ProductRow[]): Meaning {
  const keys = keysOf(hint);
  let doubt: Meaning = { kind: "none" };
  for (const [key, word] of [
    ["upc", "UPC"],
    ["sku", "SKU"],
    ["name", "name"],
  ] as const) {
    const sharers = products.filter(
      (product) => keys[key] !== null && keysOf(product)[key] === keys[key] && product.status !== "deleted",
    );
    // Not all of so many were read: the right one may be among the others.
    const isShared = sharers.length >= MAX_ALIKE_PRODUCTS;
    const alike = sharers.filter(
      ({ brand }) => isShared || key !== "name" || !differ(nameKey(hint.brand), nameKey(brand)),
    );
    const first = alike.filter((product) => rankOf(product) === Math.min(...alike.map(rankOf)));
    const ids = new Set(first.map(({ product_id, merged_into }) => merged_into ?? product_id));
    const [id, ...others] = ids;
    if (id !== undefined && others.length === 0 && !isShared) return { kind: "one", product_id: id };
    if (id === undefined || doubt.kind !== "none") continue;
    const said = { upc: hint.upc, sku: hint.sku, name: hint.product_name }[key];
    const reason = isShared
      ? `names no product id, and ${MAX_ALIKE_PRODUCTS} or more products have the ${word} ${said}: give them different ones in Dutchie`
      : `names no product id, and ${ids.size} products have the ${word} ${said}: merge them, or give them different ones in Dutchie`;
    doubt = { kind: "ambiguous", reason };
  }
  return doubt;
}

const differ = (a: string | null, b: string | null) => a !== null && b !== null && a !== b;

/** 0: Dutchie lists it; 1: it is ReUp's own; 2: only rows without a product id name it. */
const rankOf = (product: ProductRow): number => (product.dutchie_product_id !== null ? 0 : isNameless(product) ? 2 : 1);

/** Whether only rows without a product id name this product. */
export const isNameless = (product: ProductRow): boolean =>
  product.dutchie_product_id === null && product.source === "dutchie";

/** The id of such a product follows from its keys, so creating it twice creates one product. */
export function namelessId(hint: Hint): string {
  const { sku, upc, name } = keysOf(hint);
  return `prd_x${contentHash([sku ?? upc ?? name])}`;
}
