import type { ProductContent } from "../records/model.ts";
import type { ProductRow } from "../records/records.ts";
import { nameKey, skuKey, upcKey } from "../values/identifiers.ts";
import { SIMILAR, similarity } from "../values/similarity.ts";
import { type NameParts, nameParts, sizesConflict } from "../values/sizes.ts";
import { normaliseText } from "../values/text.ts";

export type Match =
  | { kind: "none" }
  | { kind: "one"; product: ProductRow }
  /** A person decides which of them it is, or none. */
  | { kind: "ambiguous"; products: ProductRow[]; reason: string };

/** Products that ReUp already has without a Dutchie id, to be linked rather than created again (rule 5). */
export interface MatchIndex {
  /** The product that `content` describes: by UPC, then SKU, then brand and name. `also`: one more product to compare with. */
  find(content: Partial<ProductContent>, also?: ProductRow): Match;
  /** There is nothing to find. */
  isEmpty: boolean;
  /** A claimed product is not found again. */
  claim(product: ProductRow): void;
}

type Content = Partial<ProductContent>;

interface Step {
  name: string;
  /** Two products with the same key may be the same product; null: this step cannot compare. */
  keyOf(content: Content): string | null;
  /** Whether a product with the same key is similar enough to ask about; absent: always. */
  isAlike?: (content: Content, product: ProductRow) => boolean;
  /** Whether it is the same product without asking; absent: always. */
  isSure?: (content: Content, product: ProductRow) => boolean;
  /** Why the match is ambiguous, for the person who decides. */
  doubt?: string;
}

/**
 * A key that several products share identifies none of them, so the next step is tried. If no step finds exactly one, a
 * person is asked. A person is also asked when a UPC or SKU is equal but the names state different sizes (3.5 g, 7 g):
 * that is a typing error somewhere. The same for names that differ in a sign: "Sativa +" is not "Sativa -".
 */
const STEPS: readonly Step[] = [
  { name: "UPC", keyOf: ({ upc }) => upcKey(upc) },
  { name: "SKU", keyOf: ({ sku }) => skuKey(sku) },
  { name: "brand and name", keyOf: exactKey },
  {
    name: "brand and a similar name",
    keyOf: looseKey,
    isSure: () => false,
    doubt: ", but they differ in signs or accents",
  },
  {
    name: "brand and a similar name",
    keyOf: likenessKey,
    isAlike,
    isSure: (content, product) => partsOf(content).signs === partsOf(product).signs,
    doubt: ", but they differ in signs or accents",
  },
];

export function matchIndex(own: readonly ProductRow[]): MatchIndex {
  const free = new Set(own);
  const indexes = STEPS.map(({ keyOf }) => Map.groupBy(own, (product) => keyOf(product)));
  const find = (content: Content, also?: ProductRow): Match => {
    let doubt: Match = { kind: "none" };
    for (const [at, step] of STEPS.entries()) {
      const key = step.keyOf(content);
      if (key === null) continue;
      const others = (indexes[at]?.get(key) ?? []).filter(({ product_id }) => product_id !== also?.product_id);
      const found = [...others, ...(also && step.keyOf(also) === key ? [also] : [])].filter(
        (product) => step.isAlike?.(content, product) ?? true,
      );
      const [first] = found;
      if (first === undefined || (found.length === 1 && first !== also && !free.has(first))) continue;
      const conflict = found.some((product) => sizesConflict(partsOf(content).sizes, partsOf(product).sizes));
      const isSure = found.length === 1 && (step.isSure?.(content, first) ?? true);
      if (isSure && !conflict) return { kind: "one", product: first };
      const products = found.filter((product) => product === also || free.has(product)).sort(byId);
      const but = conflict ? ", but the package sizes differ" : isSure || found.length > 1 ? "" : (step.doubt ?? "");
      if (doubt.kind === "none" && products.length > 0)
        doubt = { kind: "ambiguous", products, reason: reasonOf(step.name, products, but) };
    }
    return doubt;
  };
  return { find, isEmpty: own.length === 0, claim: (product) => void free.delete(product) };
}

const byId = (a: ProductRow, b: ProductRow) => (a.product_id < b.product_id ? -1 : 1);

function reasonOf(key: string, products: readonly ProductRow[], but: string): string {
  const count = products.length === 1 ? "A product" : `${products.length} products`;
  const verb = products.length === 1 ? "has" : "have";
  return `Ambiguous match: ${count} of ReUp's own ${verb} the same ${key} as this product of Dutchie's${but}.`;
}

function exactKey(product: Content): string | null {
  const [brand, name] = [nameKey(product.brand), nameKey(product.product_name)];
  return brand === null || name === null ? null : `${brand}\n${name}`;
}

function looseKey(product: Content): string | null {
  const [brand, name] = [looseBrand(product), normaliseText(product.product_name ?? null)];
  return brand === "" || name === "" ? null : `${brand}\n${name}`;
}

/** Brand, package sizes and all other numbers ("Gelato 33" is not "Gelato 41"): only the words may differ. */
function likenessKey(product: Content): string | null {
  const brand = nameKey(product.brand);
  const { sizes, words } = partsOf(product);
  const numbers = words.filter((word) => /\d/.test(word)).sort();
  return brand === null || words.length === 0 ? null : [brand, ...sizes, "", ...numbers].join("\n");
}

function isAlike(content: Content, product: ProductRow): boolean {
  return similarity(partsOf(content).words, partsOf(product).words) >= SIMILAR;
}

const looseBrand = ({ brand }: Content) => (nameKey(brand) === null ? "" : normaliseText(brand ?? null));

/** Without the brand, which is often a part of the name and has a key of its own. */
function partsOf(product: Content): NameParts {
  const { sizes, words, signs } = nameParts(product.product_name ?? "");
  const brand = new Set(looseBrand(product).split(" "));
  return { sizes, words: words.filter((word) => !brand.has(word)), signs };
}
