import { plainText } from "./identifiers.ts";
import { normaliseText } from "./text.ts";

/** A product's name, split into its package sizes and the rest. */
export interface NameParts {
  /** The sizes in one spelling, sorted: `3500 mg`, `10 ct`; empty: the name has none. */
  sizes: string[];
  /** Every other word, normalised. */
  words: string[];
  /** The characters that normalising drops: punctuation, symbols, accents and special forms of letters ("²"); sorted. */
  signs: string;
}

const NUMBER = String.raw`(\d+\s*[/⁄]\s*\d+|\d*\.\d+|\d+)`;
const WEIGHT = String.raw`mg|milligrams?|g|gr|grams?|gm|oz|ounces?|ml|fl\s?oz|l`;
const COUNT = "pk|pks|pack|packs|ct|count|pc|pcs|pieces?";
const BEFORE = String.raw`(?<![\p{L}\d.])`;
const AFTER = String.raw`(?![\p{L}\d])\.?`;
/** Sizes in figures: "2 x 0.5 g", "3.5 g", "10 ct", "pack of 5". */
export const SIZE_PATTERNS = {
  several: new RegExp(String.raw`${BEFORE}(\d+)\s*[x×]\s*${NUMBER}\s*(${WEIGHT})${AFTER}`, "gu"),
  weight: new RegExp(String.raw`${BEFORE}${NUMBER}\s*(?:-\s*)?(${WEIGHT})${AFTER}`, "gu"),
  count: new RegExp(String.raw`${BEFORE}(\d+)\s*(?:-\s*)?(?:${COUNT})${AFTER}`, "gu"),
  packOf: /(?<!\p{L})pack of (\d+)(?!\d)/gu,
};
const WORD_SIZES: readonly [RegExp, string][] = [
  [/\b(?:an? )?eighth\b/g, " 3.5g "],
  [/\bquarter (?:oz|ounce)\b/g, " 7g "],
  [/\bhalf (?:an )?(?:oz|ounce)\b/g, " 14g "],
];

/** The trade's ounce is 28 g and its eighth 3.5 g, not 28.35 and 3.54. */
const MG: Record<string, number> = { mg: 1, milligram: 1, g: 1_000, gr: 1_000, gram: 1_000, gm: 1_000 };
const OUNCE_MG = 28_000;

/**
 * Splits the package sizes from a name: "3.5g" = "1/8 oz" = "3.5 grams", "2x0.5g" = "2-pack 0.5 g". A different size is a
 * different product, however similar the rest of the name is.
 */
export function nameParts(name: string): NameParts {
  // ½ becomes 1⁄2 here; the blanks before it keep "1 ½" from becoming 11⁄2.
  const plain = plainText(name);
  let text = ` ${plain.replace(/[¼½¾⅛]/g, " $&")} `.normalize("NFKD").toLowerCase();
  for (const [pattern, size] of WORD_SIZES) text = text.replace(pattern, size);
  const sizes: string[] = [];
  const take = (pattern: RegExp, sizesOf: (...groups: string[]) => string[]) => {
    text = text.replace(pattern, (_, ...groups: string[]) => {
      sizes.push(...sizesOf(...groups));
      return " ";
    });
  };
  take(SIZE_PATTERNS.several, (count, number, unit) => [countSize(count), weightSize(number, unit)]);
  take(SIZE_PATTERNS.weight, (number, unit) => [weightSize(number, unit)]);
  take(SIZE_PATTERNS.count, (count) => [countSize(count)]);
  take(SIZE_PATTERNS.packOf, (count) => [countSize(count)]);
  const special = [...plain].filter((sign) => !FRACTIONS.has(sign) && sign.normalize("NFKC") !== sign);
  const dropped = text.replace(/[\p{L}\p{N}\s]+/gu, "");
  return {
    sizes: sizes.sort(),
    words: normaliseText(text).split(" ").filter(Boolean),
    signs: [...special, ...dropped].sort().join(""),
  };
}

const FRACTIONS = new Set("¼½¾⅛");

const countSize = (count = "") => `${Number(count)} ct`;

function weightSize(number = "", unit = ""): string {
  const [top, bottom] = number.split(/[/⁄]/).map(Number);
  const amount = (top ?? 0) / (bottom ?? 1);
  const name = unit.replace(/\s/g, "").replace(/s$/, "");
  if (name === "ml") return `${amount} ml`;
  if (name === "l") return `${amount * 1_000} ml`;
  if (name === "floz") return `${amount} fl oz`;
  return `${Math.round(amount * (MG[name] ?? OUNCE_MG) * 1_000) / 1_000} mg`;
}

/** Whether both have a size of one kind (weight, count, volume) but with different values: they are not one product. */
export function sizesConflict(a: readonly string[], b: readonly string[]): boolean {
  const kinds = (sizes: readonly string[]) => Map.groupBy(sizes, (size) => size.slice(size.indexOf(" ")));
  const [left, right] = [kinds(a), kinds(b)];
  return [...left].some(([kind, sizes]) => {
    const other = right.get(kind);
    return other !== undefined && other.join() !== sizes.join();
  });
}
