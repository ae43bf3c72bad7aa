import { MAX_ID } from "../bounds.ts";
import { decodeEntities } from "./entities.ts";
import { singular } from "./text.ts";

/**
 * What tells products apart: SKU, UPC, brand and name, each as a key that is equal when the two mean the same. Nothing is
 * dropped for it but case, blanks and the spellings of *one* sign: "Sativa +" is not "Sativa -", "1:10" is not "1 10",
 * "Pâte" is not "Pate". Values that mean "none" have no key: they identify nothing. What is shown stays as it was sent.
 */

/** Written by people and programs where there is nothing to write; compared without blanks and punctuation. */
const NONE = new Set(
  (
    "na nan null nil none no non undefined unknown unspecified unassigned unavailable notapplicable notavailable notset " +
    "notassigned tbd tba tbc tobedetermined missing empty blank pending placeholder dummy test " +
    "nosku skuna noupc nobarcode nonumber nocode nobrand noname sku upc barcode brand name"
  ).split(" "),
);
/** Characters of the longest word above, with room for blanks and punctuation. */
const LONGEST_NONE = 40;

/** Whether a value says that there is none: `N/A`, `-`, `000000000000`, `TBD`, `xxx`. */
export function isNone(value: string | null | undefined): boolean {
  if (value === null || value === undefined) return true;
  const plain = plainText(value);
  if (!/[\p{L}\p{N}\p{S}]/u.test(plain.replace(/[~^`|=<>+$]/g, ""))) return true;
  if (!/[^0\s\p{P}]/u.test(plain)) return true;
  if (plain.length > LONGEST_NONE) return false;
  const word = plain.replace(/[^\p{L}\p{N}]/gu, "");
  return NONE.has(word) || /^x{2,}$/.test(word);
}

/** How often a name may have been escaped on its way; seen: twice. */
const MAX_ESCAPED = 3;

/** Spellings of one sign; the first is what all become. */
const SPELLINGS: readonly [sign: string, spellings: RegExp][] = [
  ["'", /[’‘‛ʼʹ′`´]/gu],
  ['"', /[“”„‟″]/gu],
  ["-", /[‐‑‒–—―−﹘﹣]/gu],
  ["...", /…/gu],
  // Zero-width signs, soft hyphens, and how an emoji shall be drawn.
  ["", /[\u200b\u200e\u200f\u2060\ufeff\u00ad]|\ufe0e|\ufe0f/gu],
];

/** A text in lower case, with one spelling for each sign and single blanks. */
export function plainText(text: string): string {
  let plain = text;
  for (let round = 0; round < MAX_ESCAPED && plain.includes("&"); round++) plain = decodeEntities(plain);
  plain = plain.normalize("NFC").replace(/[\uff01-\uff5e\ufb00-\ufb06\u3000]/gu, (sign) => sign.normalize("NFKC"));
  // There and back: the upper case of some letters is several signs (ŉ is ʼN), of which one may have spellings of its own.
  plain = plain.toLowerCase().toUpperCase().toLowerCase();
  for (const [sign, spellings] of SPELLINGS) plain = plain.replace(spellings, sign);
  return plain.normalize("NFC").replace(/\s+/gu, " ").trim();
}

/** A SKU without regard to case, blanks around it and the kind of its dashes; null: none. */
export function skuKey(sku: string | null | undefined): string | null {
  const key = identifier(sku);
  return key === null ? null : key.toUpperCase();
}

/** GTIN-14: a UPC-12, an EAN-13 and a GTIN-14 of one product differ in leading zeros. Other texts are compared as SKUs are. */
export function upcKey(upc: string | null | undefined): string | null {
  const key = identifier(upc);
  if (key === null) return null;
  const digits = key.replace(/[ -]/g, "");
  return /^\d+$/.test(digits) ? digits.replace(/^0+/, "").padStart(14, "0") : key.toUpperCase();
}

/** A brand, name or category; "3.5 g" is "3.5g"; null: none. */
export function nameKey(name: string | null | undefined): string | null {
  return isNone(name) ? null : plainText(name ?? "").replace(/(?<=\d) (?=\p{L})/gu, "");
}

/** Beyond an id's length it is none, for it was cut somewhere, and two cut ids could be one. */
function identifier(value: string | null | undefined): string | null {
  if (value === null || value === undefined || value.length > MAX_ID || isNone(value)) return null;
  return plainText(value);
}

/** Singular or plural, a category is the same. */
export const categoryKey = (category: string | null): string => singular(nameKey(category) ?? "");
