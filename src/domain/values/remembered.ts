/** Texts that are remembered: a store has a few dozen rooms, and a name has 2,000 characters at most. */
const MAX_REMEMBERED = 1_000;

/** The function, with its last results at hand: for texts that come again with nearly every row, such as rooms. */
export function remembered<T extends {}>(of: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= MAX_REMEMBERED) known.clear();
    const result = of(text);
    known.set(text, result);
    return result;
  };
}
