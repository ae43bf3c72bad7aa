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

/** Products, to be found by UPC, SKU or name. A deleted one is not found. */
export class NamedProducts {
  private readonly byId = new Map<string, ProductRow>();
  private readonly byKey: Record<keyof Keys, Map<string, Map<string, ProductRow>>> = {
    upc: new Map(),
    sku: new Map(),
    name: new Map(),
  };

  constructor(products: Iterable<ProductRow>) {
    for (const product of products) this.set(product);
  }

  get(product_id: string): ProductRow | undefined {
    return this.byId.get(product_id);
  }

  /** Adds a product, in the place of the one with its id. */
  set(product: ProductRow): void {
    this.delete(product.product_id);
    this.byId.set(product.product_id, product);
    if (product.status === "deleted") return;
    for (const [by, key] of entriesOf(product)) {
      const sharers = this.byKey[by].get(key) ?? new Map<string, ProductRow>();
      this.byKey[by].set(key, sharers.set(product.product_id, product));
    }
  }

  delete(product_id: string): void {
    const product = this.byId.get(product_id);
    if (product === undefined) return;
    this.byId.delete(product_id);
    for (const [by, key] of entriesOf(product)) this.byKey[by].get(key)?.delete(product_id);
  }

  sharing(by: keyof Keys, key: string): ProductRow[] {
    return [...(this.byKey[by].get(key)?.values() ?? [])];
  }
}

function entriesOf(product: ProductRow): [by: keyof Keys, key: string][] {
  const keys = keysOf(product);
  return BY.flatMap(({ by }) => (keys[by] === null ? [] : [[by, keys[by]]]));
}

/** In this order, and what people call each. */
const BY = [
  { by: "upc", word: "UPC" },
  { by: "sku", word: "SKU" },
  { by: "name", word: "name" },
] as const satisfies readonly { by: keyof Keys; word: string }[];

/**
 * Which product a row without a product id means: by UPC, then SKU, then name (and brand, if both have one). Products that
 * Dutchie lists come first, then ReUp's own, then those that only such rows name.
 */
export function meaningOf(hint: Hint, products: NamedProducts): Meaning {
  const keys = keysOf(hint);
  let doubt: Meaning = { kind: "none" };
  for (const { by, word } of BY) {
    const key = keys[by];
    if (key === null) continue;
    const sharers = products.sharing(by, key);
    // Not all of so many were read: the right one may be among the others.
    const isShared = sharers.length >= MAX_ALIKE_PRODUCTS;
    const alike = sharers.filter(
      ({ brand }) => isShared || by !== "name" || !differ(nameKey(hint.brand), nameKey(brand)),
    );
    const rank = Math.min(...alike.map(rankOf));
    const first = alike.filter((product) => rankOf(product) === rank);
    const ids = new Set(first.map(({ product_id, merged_into }) => merged_into ?? product_id));
    const [id, ...others] = ids;
    if (id !== undefined && others.length === 0 && !isShared) return { kind: "one", product_id: id };
    if (id === undefined || doubt.kind !== "none") continue;
    const said = { upc: hint.upc, sku: hint.sku, name: hint.product_name }[by];
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
