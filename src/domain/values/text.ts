/**
 * For finding names that people typed and may mean alike: case, accents, punctuation and blanks do not count. What is
 * dropped here decides nothing: whether two names *are* alike, `identifiers.ts` says.
 */
export function normaliseText(text: string | null): string {
  return (
    (text ?? "")
      .replace(/[™®©]/gu, "")
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      // A point counts between digits only: 3.5 g is a size, "Co." is a habit.
      .replace(/(?<!\p{N})\.|\.(?!\p{N})/gu, " ")
      .replace(/[^\p{L}\p{N}.%]+/gu, " ")
      .trim()
  );
}

/** Categories drift between singular and plural ("Edible", "Edibles"); Dutchie's field is free text of the store. */
export function singular(category: string): string {
  return category.replace(/(?<=\p{L}{2})(ies|ie|y)\b|(?<=\p{L}{3})s\b/gu, (ending) => (ending === "s" ? "" : "y"));
}

/** As people read it: for adding up what is spelled differently. */
export const normaliseCategory = (category: string | null): string => singular(normaliseText(category));

/** A room is known by its name, in any case and with any blanks; its id is missing in the guide's profile. */
export function roomKey(room_name: string): string {
  return room_name.trim().toLowerCase().replace(/\s+/gu, " ");
}
