import { CmpStr } from "cmpstr/root";

/**
 * Dice's coefficient over pairs of letters, by `cmpstr` (typed, no dependencies, released through 2026). Not
 * Jaro-Winkler, the other usual choice: it rewards a common beginning, and names of one brand begin alike but differ at the
 * end ("Camino Wild Berry", "Camino Wild Cherry").
 */
const dice = CmpStr.create().setMetric("dice");

/** Names of one brand with equal sizes and numbers mean one product if they are at least this similar. */
export const SIMILAR = 0.8;

/**
 * How similar two names are, 0 to 1, measured on the words that only one of them has. On whole names, a flavour of five
 * letters would hardly count beside "Premium THC Pod Original". Measured so, "… Blue Dream" and "… Blue Cream" have 0.75,
 * "Strawberry" and "Strawbery" 0.94, and a name with one more word ("… Infused") has 0: it is another product.
 */
export function similarity(a: readonly string[], b: readonly string[]): number {
  const rest = (words: readonly string[], other: readonly string[]) => {
    const left = [...other];
    return words.filter((word) => {
      const at = left.indexOf(word);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  };
  const [x, y] = [rest(a, b).join(""), rest(b, a).join("")];
  if (x === y) return 1;
  return x.length < 2 || y.length < 2 ? 0 : dice.compare(x, y);
}
