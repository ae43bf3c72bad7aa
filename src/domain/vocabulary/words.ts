import { MAX_MAPPED_TEXT } from "../bounds.ts";
import { plainText } from "../values/identifiers.ts";
import { normaliseText, singular } from "../values/text.ts";

/** Words that must all be in a text, in any order. */
export type Rule = readonly string[];

/** Rules from a text: `;` between rules, blanks between the words of a rule. */
export const rules = (text: string): readonly Rule[] =>
  text
    .split(";")
    .map((rule) => [...wordsOf(rule)])
    .filter((rule) => rule.length > 0);

/** Whether a text with these words says one of the rules. */
export const says = (words: ReadonlySet<string>, each: readonly Rule[]): boolean =>
  each.some((rule) => rule.every((word) => words.has(word)));

/** The words of a text: case, accents, plural, order and the signs between them do not count ("PRE_ROLLS", "Pre-Roll"). */
export const wordsOf = (text: string | null | undefined): ReadonlySet<string> =>
  new Set(simple(bounded(text)).split(" ").filter(Boolean));

/** The parts of a list such as "Edibles & Topicals", each with its words. */
export const partsOf = (text: string | null | undefined): readonly ReadonlySet<string>[] =>
  plainText(bounded(text))
    .replace(/(?<![a-z])w\//g, "with ")
    .split(/[&/,+;]|\band\b/u)
    .map(wordsOf)
    .filter((words) => words.size > 0);

/** The key of a word of Dutchie's in the store's own map; null: no word at all. A picture alone is one, a dash is none. */
export function wordKey(text: string | null | undefined): string | null {
  const word = bounded(text);
  return simple(word) || (/\p{Extended_Pictographic}/u.test(word) ? plainText(word) : null);
}

/** The part of a text that is read. */
export const bounded = (text: string | null | undefined): string => (text ?? "").slice(0, MAX_MAPPED_TEXT);

const simple = (text: string) => singular(letters(text).replace(/(?<=ch|sh|x|ss)es\b/g, ""));

/** `normaliseText(plainText(text))`, and the short way there for a text that has nothing to normalise: most names. */
const letters = (text: string): string =>
  /^[\t\n\r -%'-~]*$/.test(text)
    ? text
        .toLowerCase()
        .replace(/(?<!\d)\.|\.(?!\d)/g, " ")
        .replace(/[^a-z\d.%]+/g, " ")
        .trim()
    : normaliseText(plainText(text));
