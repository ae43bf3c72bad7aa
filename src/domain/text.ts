/** For comparing names that people typed: case, accents, punctuation and blanks do not count. */
export function normaliseText(text: string | null): string {
  return (text ?? "")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.%]+/gu, " ")
    .trim();
}

/** Categories drift between singular and plural ("Edible", "Edibles"); Dutchie's field is free text of the store. */
export function normaliseCategory(category: string | null): string {
  return normaliseText(category).replace(/(?<=\p{L}{3})(ies|s)\b/gu, (ending) => (ending === "ies" ? "y" : ""));
}

/** A room is known by its name; its id is missing in the guide's profile. */
export function roomKey(room_name: string): string {
  return normaliseText(room_name);
}
