import { MAX_SEARCH_WORDS } from "../bounds.ts";
import { nameKey, plainText, upcKey } from "./identifiers.ts";

/** The words of a search, in lower case. Those beyond MAX_SEARCH_WORDS do not count. */
export const searchWords = (text: string): string[] =>
  [...new Set(text.toLowerCase().split(/\s+/).filter(Boolean))].slice(0, MAX_SEARCH_WORDS);

/** A text as a search compares it: case, accents, and the spelling of one sign do not count. */
export const searchTerm = (text: string): string => plainText(text).normalize("NFD").replace(/\p{M}/gu, "");

/** Of a product: what a person may search for. */
interface Searched {
  product_name: string;
  brand: string | null;
  sku: string | null;
  upc: string | null;
}

/** The lines in which a product is found: its name in both spellings of "3.5 g", brand, SKU and UPC. */
export function searchText({ product_name, brand, sku, upc }: Searched): string {
  const texts = [product_name, nameKey(product_name), brand, sku].map((text) => searchTerm(text ?? ""));
  const code = searchTerm(upc ?? "");
  const key = upcKey(upc) ?? "";
  // A term has no line feed, so it stands in one of them.
  return [...new Set([...texts, ...(key.includes(code) ? [key] : [code, key])])].filter(Boolean).join("\n");
}

/** What stands in a product's text if it is found: the term, or the code that it means. */
export function searchTerms(text: string): string[] {
  const term = searchTerm(text);
  const code = upcKey(text);
  return code === null || !/^\d{14}$/.test(code) || code.includes(term) ? [term] : [term, code];
}

/** Whether each word stands in one of the texts, in any order. No word: yes. */
export function matchesWords(text: string, texts: readonly string[]): boolean {
  const within = texts.map(searchTerm);
  return searchWords(searchTerm(text)).every((word) => within.some((each) => each.includes(word)));
}

/** Compares names as a reader does: case and accents decide only between names that are else equal. */
export function byName(): (a: string, b: string) => number {
  const terms = new Map<string, string>();
  const termOf = (name: string): string => {
    const term = terms.get(name) ?? searchTerm(name);
    terms.set(name, term);
    return term;
  };
  return (a, b) => order(termOf(a), termOf(b)) || order(a, b);
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
