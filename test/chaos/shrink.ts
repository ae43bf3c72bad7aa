/**
 * The fewest items with which it still fails, found by removing smaller and smaller parts (delta debugging). `fails` is
 * called at most `budget` times.
 */
export async function shrink<T>(items: readonly T[], fails: (left: readonly T[]) => Promise<boolean>, budget = 60) {
  let left = [...items];
  let asked = 0;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < left.length; ) {
      if (asked++ >= budget) return left;
      const without = [...left.slice(0, from), ...left.slice(from + size)];
      if (await fails(without)) left = without;
      else from += size;
    }
  }
  return left;
}
