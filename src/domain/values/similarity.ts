/** Names of one brand with equal sizes and numbers mean one product if they are at least this similar. */
export const SIMILAR = 0.8;

/**
 * How similar two names are, 0 to 1: Dice's coefficient over pairs of letters, of the words that only one of them has. On
 * whole names, a flavour of five letters would hardly count beside "Premium THC Pod Original". Measured so, "… Blue Dream"
 * and "… Blue Cream" have 0.75, "Strawberry" and "Strawbery" 0.94, and a name with one more word ("… Infused") has 0: it is
 * another product. Not Jaro-Winkler, the other usual choice: it rewards a common beginning, and names of one brand begin
 * alike but differ at the end ("Camino Wild Berry", "Camino Wild Cherry").
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
  return dice(pairsOf(x), pairsOf(y));
}

/** In linear time, for names of 500 characters come from outside. The packages we know are quadratic, or add 16 KB to the bundle. */
function dice(a: readonly string[], b: readonly string[]): number {
  const open = new Map<string, number>();
  for (const pair of a) open.set(pair, (open.get(pair) ?? 0) + 1);
  const common = b.filter((pair) => {
    const left = open.get(pair) ?? 0;
    open.set(pair, left - 1);
    return left > 0;
  });
  return a.length + b.length === 0 ? 0 : (2 * common.length) / (a.length + b.length);
}

const pairsOf = (text: string) =>
  Array.from({ length: Math.max(text.length - 1, 0) }, (_, at) => text.slice(at, at + 2));
