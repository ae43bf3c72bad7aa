import { MAX_SEARCH_WORDS } from "../bounds.ts";

/** The words of a search, in lower case. Those beyond MAX_SEARCH_WORDS do not count. */
export const searchWords = (text: string): string[] =>
  [...new Set(text.toLowerCase().split(/\s+/).filter(Boolean))].slice(0, MAX_SEARCH_WORDS);

/** Whether each word stands in one of the texts, in any order. No word: yes. */
export function matchesWords(text: string, texts: readonly string[]): boolean {
  const within = texts.map((each) => each.toLowerCase());
  return searchWords(text).every((word) => within.some((each) => each.includes(word)));
}
