import type { ProductContent } from "./model.ts";
import type { ProductRow } from "./records.ts";
import { SIMILAR, similarity } from "./similarity.ts";
import { type NameParts, nameParts, sizesConflict } from "./sizes.ts";
import { normaliseText } from "./text.ts";

export type Match =
  | { kind: "none" }
  | { kind: "one"; product: ProductRow }
  /** A person must say which, or that it is none of them. */
  | { kind: "ambiguous"; products: ProductRow[]; reason: string };

/** Products that ReUp already has without a Dutchie id, to be linked rather than created again (design, rule 5). */
export interface MatchIndex {
  /** What `content` means: by UPC, then SKU, then brand and name. `also` stands for a product beside the index. */
  find(content: Partial<ProductContent>, also?: ProductRow): Match;
  /** Each is given out once. */
  claim(product: ProductRow): void;
  /** The one product that `content` means, claimed. */
  take(content: Partial<ProductContent>): ProductRow | undefined;
}

type Content = Partial<ProductContent>;

interface Step {
  name: string;
  /** Products that may be the one have the same key; null: nothing to go by. */
  keyOf(content: Content): string | null;
  /** Whether one of the same key is alike enough. */
  isAlike?: (content: Content, product: ProductRow) => boolean;
}

/**
 * A key that several share tells nothing, so the next one is asked; when none singles a product out, a person is. A UPC
 * or SKU that is equal while the names state different sizes (3.5 g, 7 g) is a typing error somewhere: a person again.
 */
const STEPS: readonly Step[] = [
  { name: "UPC", keyOf: ({ upc }) => upc || null },
  { name: "SKU", keyOf: ({ sku }) => sku || null },
  { name: "brand and name", keyOf: nameKey },
  { name: "brand and a similar name", keyOf: likenessKey, isAlike },
];

export function matchIndex(own: readonly ProductRow[]): MatchIndex {
  const free = new Set(own);
  const indexes = STEPS.map(({ keyOf }) => Map.groupBy(own, (product) => keyOf(product)));
  const find = (content: Content, also?: ProductRow): Match => {
    let doubt: Match = { kind: "none" };
    for (const [at, step] of STEPS.entries()) {
      const key = step.keyOf(content);
      if (key === null) continue;
      const found = [...(indexes[at]?.get(key) ?? []), ...(also && step.keyOf(also) === key ? [also] : [])].filter(
        (product) => step.isAlike?.(content, product) ?? true,
      );
      const [first] = found;
      if (first === undefined || (found.length === 1 && first !== also && !free.has(first))) continue;
      const conflict = found.some((product) => sizesConflict(partsOf(content).sizes, partsOf(product).sizes));
      if (found.length === 1 && !conflict) return { kind: "one", product: first };
      const products = found.filter((product) => product === also || free.has(product));
      if (doubt.kind === "none" && products.length > 0)
        doubt = { kind: "ambiguous", products, reason: reasonOf(step.name, products, conflict) };
    }
    return doubt;
  };
  return {
    find,
    claim: (product) => void free.delete(product),
    take(content) {
      const match = find(content);
      if (match.kind !== "one") return undefined;
      free.delete(match.product);
      return match.product;
    },
  };
}

function reasonOf(key: string, products: readonly ProductRow[], conflict: boolean): string {
  const count = products.length === 1 ? "A product" : `${products.length} products`;
  const verb = products.length === 1 ? "has" : "have";
  const ending = conflict ? ", but the package sizes differ" : "";
  return `Ambiguous match: ${count} of ReUp's own ${verb} the same ${key} as this product of Dutchie's${ending}.`;
}

function nameKey(product: Content): string | null {
  const name = normaliseText(product.product_name ?? null);
  const brand = normaliseText(product.brand ?? null);
  return name === "" || brand === "" ? null : `${brand}\n${name}`;
}

/** Brand, package sizes and all other numbers ("Gelato 33" is not "Gelato 41"): only the words may differ. */
function likenessKey(product: Content): string | null {
  const brand = normaliseText(product.brand ?? null);
  const { sizes, words } = partsOf(product);
  const numbers = words.filter((word) => /\d/.test(word)).sort();
  return brand === "" || words.length === 0 ? null : [brand, ...sizes, "", ...numbers].join("\n");
}

function isAlike(content: Content, product: ProductRow): boolean {
  return similarity(partsOf(content).words, partsOf(product).words) >= SIMILAR;
}

/** The brand is often a part of the name; it is compared on its own. */
function partsOf(product: Content): NameParts {
  const { sizes, words } = nameParts(product.product_name ?? "");
  const brand = new Set(normaliseText(product.brand ?? null).split(" "));
  return { sizes, words: words.filter((word) => !brand.has(word)) };
}
