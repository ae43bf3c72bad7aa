import type { Sorting } from "./data-table.tsx";

/** `age`: by that column, `-age`: the other way round, `""`: the worst first. */
export function sortingOf(text: string): Sorting | null {
  if (text === "") return null;
  return text.startsWith("-") ? { id: text.slice(1), isDescending: true } : { id: text, isDescending: false };
}

export const sortingText = (sorting: Sorting | null): string =>
  sorting === null ? "" : `${sorting.isDescending ? "-" : ""}${sorting.id}`;
