import { CmpStr } from "cmpstr/root";

/**
 * Dice's coefficient over pairs of letters, by `cmpstr` (typed, no dependencies, released through 2026). Not
 * Jaro-Winkler, the other usual choice: it rewards a common beginning, and names of one brand begin alike ("Camino Wild
 * Berry", "Camino Wild Cherry") where what tells them apart stands at the end.
 */
const dice = CmpStr.create().setMetric("dice");

/** Names at least this alike, of one brand, with equal sizes and numbers, mean one product. */
export const SIMILAR = 0.8;

/**
 * How alike two names are, 0 to 1: measured over the words that only one of them has. Over whole names a flavour of five
 * letters would drown in "Premium THC Pod Original": here "… Blue Dream" and "… Blue Cream" are 0.75 alike, "Strawberry"
 * and "Strawbery" 0.94, and a name with a word more ("… Infused") is another product, 0.
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
