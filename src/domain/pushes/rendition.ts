import { MAX_QUOTE } from "../bounds.ts";
import type { PushField } from "../records/model.ts";
import type { FieldValue } from "../records/overrides.ts";
import { normaliseCategory } from "../values/text.ts";

/**
 * Dutchie may store its own rendition of a value that we wrote: it rounds, trims, cuts, changes case, escapes, or picks the
 * nearest entry of a list of its own. That is not somebody's edit (F69).
 */

/** A field of which Dutchie stored its own rendition. */
export interface Rendition {
  field: PushField;
  wrote: FieldValue;
  kept: FieldValue;
}

/** Decimals that Dutchie may round to. A price keeps at least its cents: a whole dollar is another price. */
const DECIMALS: Partial<Record<PushField, readonly number[]>> = {
  unit_price: [2, 3, 4],
  unit_cost: [2, 3, 4],
  thc_percentage: [0, 1, 2, 3, 4],
  cbd_percentage: [0, 1, 2, 3, 4],
};
/** Fields for which Dutchie picks the nearest entry of its own list. */
const LISTED: readonly PushField[] = ["category", "subcategory"];
/** The fewest characters of a cut text: a shorter one is another text. */
const MIN_CUT = 10;

/** Whether Dutchie's value is what we wrote, respelled or with fewer digits, letters or words. */
export function isRendition(field: PushField, wrote: FieldValue | undefined, kept: FieldValue | undefined): boolean {
  if (wrote === undefined || kept === undefined) return false;
  if (isRespelt(field, wrote, kept)) return true;
  if (DECIMALS[field] !== undefined) return false;
  return isCut(textOf(wrote), textOf(kept)) || (LISTED.includes(field) && isNearest(textOf(wrote), textOf(kept)));
}

/** Whether both have the same letters, or the same number to fewer digits. */
export function isRespelt(field: PushField, wrote: FieldValue, kept: FieldValue): boolean {
  if (wrote === kept) return true;
  const decimals = DECIMALS[field];
  if (decimals !== undefined) return isRounded(numberOf(wrote), numberOf(kept), decimals);
  const [ours, theirs] = [plain(textOf(wrote)), plain(textOf(kept))];
  return ours === theirs && (ours !== "" || textOf(wrote).trim() === textOf(kept).trim());
}

/** What became of an edit, for people. */
export function renditionText(kept: readonly Rendition[]): string {
  return kept.map((each) => `Dutchie kept ${quoted(each.kept)} for ${quoted(each.wrote)} (${each.field}).`).join(" ");
}

const quoted = (value: FieldValue) =>
  typeof value === "string" ? `“${value.slice(0, MAX_QUOTE)}”` : value === null ? "nothing" : String(value);

/** Empty and 0 are equal: Dutchie stores 0 for a number that is cleared. */
function isRounded(wrote: number, kept: number, decimals: readonly number[]): boolean {
  const difference = Math.abs(wrote - kept);
  if (difference < TINY) return true;
  return decimals.some((places) => {
    const step = 10 ** -places;
    const isRound = Math.abs(kept / step - Math.round(kept / step)) < TINY;
    const isCutOff = Math.abs(kept) <= Math.abs(wrote) && difference < step - TINY;
    return isRound && (difference <= step / 2 + TINY || isCutOff);
  });
}

/** Smaller than any digit that counts, and larger than the rounding errors of floating point. */
const TINY = 1e-6;

/** A number written as text counts as that number; NaN equals nothing. */
const numberOf = (value: FieldValue) => Number(typeof value === "string" ? value.trim() || 0 : (value ?? 0));
const textOf = (value: FieldValue) => String(value ?? "");

/** Whether Dutchie has the beginning of our text. */
function isCut(wrote: string, kept: string): boolean {
  const theirs = plain(kept);
  return theirs.length >= MIN_CUT && plain(wrote).startsWith(theirs);
}

/** Whether every word of Dutchie's is one of ours: "Indica-Hybrid" for "indica dominant hybrid", "Edibles" for "edible". */
function isNearest(wrote: string, kept: string): boolean {
  const ours = new Set(normaliseCategory(wrote).split(" "));
  const theirs = normaliseCategory(kept).split(" ");
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

/** What survives a point of sale: no case, accents, escapes, typographic signs or runs of blanks, and only ASCII. */
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
