import { MAX_QUOTE } from "../bounds.ts";
import type { PushField } from "../records/model.ts";
import type { FieldValue } from "../records/overrides.ts";
import { normaliseCategory } from "../values/text.ts";

/**
 * What Dutchie makes of a value that we wrote is its answer and not somebody's edit (F69): it rounds, trims, cuts, changes
 * case, escapes, or picks the nearest word of a list of its own.
 */

/** A field that Dutchie keeps as its own rendition of what we wrote. */
export interface Rendition {
  field: PushField;
  wrote: FieldValue;
  kept: FieldValue;
}

/** Decimals that Dutchie may round to. A price keeps its cents: a whole dollar is another price. */
const DECIMALS: Partial<Record<PushField, readonly number[]>> = {
  unit_price: [2, 3, 4],
  unit_cost: [2, 3, 4],
  thc_percentage: [0, 1, 2, 3, 4],
  cbd_percentage: [0, 1, 2, 3, 4],
};
/** Lists of Dutchie's own, from which it takes the nearest word. */
const LISTED: readonly PushField[] = ["category", "subcategory"];
/** Characters that a cut text has at least: what is shorter is another text. */
const MIN_CUT = 10;

/** Does Dutchie's word say what we wrote, in a spelling of its own or with fewer digits, letters or words? */
export function isRendition(field: PushField, wrote: FieldValue | undefined, told: FieldValue | undefined): boolean {
  if (wrote === undefined || told === undefined) return false;
  if (isRespelt(field, wrote, told)) return true;
  if (DECIMALS[field] !== undefined) return false;
  return isCut(textOf(wrote), textOf(told)) || (LISTED.includes(field) && isNearest(textOf(wrote), textOf(told)));
}

/** The same letters, or the same number to fewer digits: nothing but this tells a rendition from what was there before. */
export function isRespelt(field: PushField, wrote: FieldValue, told: FieldValue): boolean {
  if (wrote === told) return true;
  const decimals = DECIMALS[field];
  if (decimals !== undefined) return isRounded(numberOf(wrote), numberOf(told), decimals);
  const [ours, theirs] = [plain(textOf(wrote)), plain(textOf(told))];
  return ours === theirs && (ours !== "" || textOf(wrote).trim() === textOf(told).trim());
}

/** For whoever reads what became of an edit. */
export function renditionText(kept: readonly Rendition[]): string {
  return kept.map((each) => `Dutchie kept ${quoted(each.kept)} for ${quoted(each.wrote)} (${each.field}).`).join(" ");
}

const quoted = (value: FieldValue) =>
  typeof value === "string" ? `“${value.slice(0, MAX_QUOTE)}”` : value === null ? "nothing" : String(value);

/** Empty, cleared and zero are one where a number is cleared: Dutchie zeroes what it is not told. */
function isRounded(wrote: number, told: number, decimals: readonly number[]): boolean {
  const difference = Math.abs(wrote - told);
  if (difference < TINY) return true;
  return decimals.some((places) => {
    const step = 10 ** -places;
    const isRound = Math.abs(told / step - Math.round(told / step)) < TINY;
    const isCutOff = Math.abs(told) <= Math.abs(wrote) && difference < step - TINY;
    return isRound && (difference <= step / 2 + TINY || isCutOff);
  });
}

/** Less than any digit that counts; sums and quotients of decimals are off by less. */
const TINY = 1e-6;

/** A number that came as text is that number; NaN is a rendition of nothing. */
const numberOf = (value: FieldValue) => Number(typeof value === "string" ? value.trim() || 0 : (value ?? 0));
const textOf = (value: FieldValue) => String(value ?? "");

/** The beginning of it. */
function isCut(wrote: string, told: string): boolean {
  const theirs = plain(told);
  return theirs.length >= MIN_CUT && plain(wrote).startsWith(theirs);
}

/** Every word of it is one of ours: "Indica-Hybrid" for "indica dominant hybrid", "Edibles" for "edible". */
function isNearest(wrote: string, told: string): boolean {
  const ours = new Set(normaliseCategory(wrote).split(" "));
  const theirs = normaliseCategory(told).split(" ");
  return theirs.every((word) => word !== "" && ours.has(word));
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&#39;", "'"],
  ["&apos;", "'"],
  ["&nbsp;", " "],
]);

/** What survives a till: no case, accents, escapes, typographic signs or runs of blanks, and nothing beyond ASCII. */
function plain(text: string): string {
  return text
    .replace(/&(?:amp|lt|gt|quot|apos|nbsp|#39);/g, (entity) => ENTITIES.get(entity) ?? entity)
    .normalize("NFKD")
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[‐-―]/g, "-")
    .replace(/[^\x20-\x7e]|\?/g, "")
    .replace(/ +/g, " ")
    .trim()
    .toLowerCase();
}
