import type { ProductContent } from "./model.ts";
import type { ProductRow } from "./records.ts";
import { normaliseText } from "./text.ts";

/** Products that ReUp already has without a Dutchie id, to be linked rather than created again (design, rule 5). */
export interface MatchIndex {
  /** The one product that `content` means: by UPC, then SKU, then normalised brand + name. Each is given out once. */
  take(content: Partial<ProductContent>): ProductRow | undefined;
}

/** A key that several products share tells nothing: ambiguous ones are never matched. */
export function matchIndex(own: readonly ProductRow[]): MatchIndex {
  const free = new Set(own);
  const steps = [
    (product: Partial<ProductContent>) => product.upc || null,
    (product: Partial<ProductContent>) => product.sku || null,
    (product: Partial<ProductContent>) => nameKey(product),
  ].map((keyOf) => ({ keyOf, index: indexBy(own, keyOf) }));
  return {
    take(content) {
      for (const { keyOf, index } of steps) {
        const key = keyOf(content);
        const found = key === null ? undefined : index.get(key);
        if (found !== undefined && found.length === 1 && found[0] !== undefined && free.delete(found[0]))
          return found[0];
      }
      return undefined;
    },
  };
}

function nameKey(product: Partial<ProductContent>): string | null {
  const name = normaliseText(product.product_name ?? null);
  const brand = normaliseText(product.brand ?? null);
  return name === "" || brand === "" ? null : `${brand}\n${name}`;
}

function indexBy(products: readonly ProductRow[], keyOf: (product: ProductRow) => string | null) {
  const index = new Map<string, ProductRow[]>();
  for (const product of products) {
    const key = keyOf(product);
    if (key !== null) index.set(key, [...(index.get(key) ?? []), product]);
  }
  return index;
}
