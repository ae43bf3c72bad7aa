import { MAX_ID } from "../bounds.ts";
import { decodeEntities } from "./entities.ts";
import { singular } from "./text.ts";

/**
 * Keys for SKU, UPC, brand and name: equal keys mean the same value. A key ignores only case, blanks and the spelling of
 * one character: "Sativa +" is not "Sativa -", "1:10" is not "1 10", "Pâte" is not "Pate". A value that means "none" has no
 * key: it identifies nothing. Keys are for comparing; the shown value stays as it was sent.
 */

/** A whole number as a spreadsheet writes it. */
const WRITTEN_AS_DECIMAL = /^([1-9]\d{0,30})\.0{1,9}$/;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/**
 * Dutchie's id in one spelling: 5001.0 is 5001, and a UUID is the same in capitals. In two spellings one record would be there
 * twice. Case counts in any other id.
 */
export const oneSpelling = (id: string): string =>
  UUID.test(id) ? id.toLowerCase() : (WRITTEN_AS_DECIMAL.exec(id)?.[1] ?? id);

/** What people and programs write for "none"; compared without blanks and punctuation. */
const NONE = new Set(
  (
    "na nan null nil none no non undefined unknown unspecified unassigned unavailable notapplicable notavailable notset " +
    "notassigned tbd tba tbc tobedetermined missing empty blank pending placeholder dummy test " +
    "nosku skuna noupc nobarcode nonumber nocode nobrand noname sku upc barcode brand name"
  ).split(" "),
);
/** Characters of the longest word above, with room for blanks and punctuation. */
const LONGEST_NONE = 40;

/** Whether a value means "none": `N/A`, `-`, `000000000000`, `TBD`, `xxx`. */
export function isNone(value: string | null | undefined): boolean {
  if (value === null || value === undefined) return true;
  // A digit other than 0 says something, unless it belongs to an entity.
  if (/[1-9]/.test(value) && !value.includes("&")) return false;
  const plain = plainText(value);
  // \ufffd stands for a character that was lost on the way.
  if (!/[\p{L}\p{N}\p{S}]/u.test(plain.replace(/[~^`|=<>+$\ufffd]/g, ""))) return true;
  if (!/[^0\s\p{P}]/u.test(plain)) return true;
  if (plain.length > LONGEST_NONE) return false;
  const word = plain.replace(/[^\p{L}\p{N}]/gu, "");
  return NONE.has(word) || /^x{2,}$/.test(word);
}

/** Printable ASCII without an entity and without a sign that has another spelling. */
const ASCII = /^[ -%'-_a-~]*$/;

/** How often a name may have been escaped; seen: twice. */
const MAX_ESCAPED = 3;

/** Spellings of one character, and the one that replaces them. */
const SPELLINGS: readonly [sign: string, spellings: RegExp][] = [
  ["'", /[’‘‛ʼʹ′`´]/gu],
  ['"', /[“”„‟″]/gu],
  ["-", /[‐‑‒–—―−﹘﹣]/gu],
  ["...", /…/gu],
  // Zero-width characters, soft hyphens and emoji variation selectors.
  ["", /[\u200b\u200e\u200f\u2060\ufeff\u00ad]|\ufe0e|\ufe0f/gu],
];

/** A text in lower case, with one spelling for each character and single blanks. */
export function plainText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase().replace(/ {2,}/g, " ").trim();
  let plain = text;
  for (let round = 0; round < MAX_ESCAPED && plain.includes("&"); round++) plain = decodeEntities(plain);
  plain = plain.normalize("NFC").replace(/[\uff01-\uff5e\ufb00-\ufb06\u3000]/gu, (sign) => sign.normalize("NFKC"));
  // Twice: the upper case of some letters is several signs (ŉ is ʼN), and one of them may have spellings of its own.
  plain = plain.toLowerCase().toUpperCase().toLowerCase();
  for (const [sign, spellings] of SPELLINGS) plain = plain.replace(spellings, sign);
  return plain.normalize("NFC").replace(/\s+/gu, " ").trim();
}

/** The key of a SKU: case, blanks around it and the kind of dash do not count; null: none. */
export function skuKey(sku: string | null | undefined): string | null {
  const key = identifier(sku);
  return key === null ? null : key.toUpperCase();
}

/** The key of a UPC: a GTIN-14, because UPC-12, EAN-13 and GTIN-14 of one product differ only in leading zeros. Other texts get the key of a SKU. */
export function upcKey(upc: string | null | undefined): string | null {
  const key = identifier(upc);
  if (key === null) return null;
  const digits = key.replace(/[ -]/g, "");
  return /^\d+$/.test(digits) ? digits.replace(/^0+/, "").padStart(14, "0") : key.toUpperCase();
}

/** The key of a brand, name or category; "3.5 g" equals "3.5g"; null: none. */
export function nameKey(name: string | null | undefined): string | null {
  return isNone(name) ? null : plainText(name ?? "").replace(/(?<=\d) (?=\p{L})/gu, "");
}

/** A value longer than an id does not count: it may have been cut, and two cut ids could be equal. */
function identifier(value: string | null | undefined): string | null {
  if (value === null || value === undefined || value.length > MAX_ID || isNone(value)) return null;
  return plainText(value);
}

/** Singular and plural of a category have the same key. */
export const categoryKey = (category: string | null): string => singular(nameKey(category) ?? "");
