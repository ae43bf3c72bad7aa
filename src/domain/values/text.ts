import { remembered } from "./remembered.ts";

/**
 * For finding names that may mean the same: case, accents, punctuation and blanks do not count. This only finds candidates;
 * `identifiers.ts` decides whether two names are equal.
 */
export function normaliseText(text: string | null): string {
  return (
    (text ?? "")
      .replace(/[™®©]/gu, "")
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      // A point counts only between digits: "3.5 g", but not "Co.".
      .replace(/(?<!\p{N})\.|\.(?!\p{N})/gu, " ")
      .replace(/[^\p{L}\p{N}.%]+/gu, " ")
      .trim()
  );
}

/** Dutchie's categories are the store's free text, so singular and plural mix ("Edible", "Edibles"). */
export function singular(category: string): string {
  return category.replace(/(?<=\p{L}{2})(ies|ie|y)\b|(?<=\p{L}{3})s\b/gu, (ending) => (ending === "s" ? "" : "y"));
}

/** For adding up categories that are spelled differently. */
export const normaliseCategory = (category: string | null): string => singular(normaliseText(category));

/**
 * The key of a room's name: case, blanks, invisible signs and the ways to write one letter ("é" as one sign or two) do not
 * count. The guide's profile has no room ids.
 */
export const roomKey = remembered((room_name) =>
  room_name
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .trim()
    .toLowerCase()
    .replace(/\s+/gu, " "),
);
