/** Many rows have the same few words: up to as many combinations as a large store has, for each map of a store. */
const REMEMBERED = 1_000;

/** A pure function of words and of a store's own map that remembers its answers as long as the map is in use. */
export function remember<Words, Own extends object, Answer>(
  keyOf: (words: Words) => string,
  answer: (words: Words, own: Own) => Answer,
): (words: Words, own: Own) => Answer {
  const byMap = new WeakMap<Own, Map<string, Answer>>();
  return (words, own) => {
    let known = byMap.get(own);
    if (known === undefined) {
      known = new Map();
      byMap.set(own, known);
    }
    const key = keyOf(words);
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= REMEMBERED) known.clear();
    const found = answer(words, own);
    known.set(key, found);
    return found;
  };
}
