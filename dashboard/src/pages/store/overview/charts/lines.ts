/** Lines above the lowest. */
const MAX_LINES = 4;

/** The lines of an axis through 0, from the least value to the greatest or beyond. `stepFor`: a step that can be read at a glance, and is no less. */
export function linesOf(values: readonly number[], stepFor: (least: number) => number): number[] {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const step = stepFor((high - low) / MAX_LINES);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** Dollars between lines: 1, 2 or 5 and zeros, so that a label of two digits says exactly where its line is. */
export function dollarStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return (([1, 2, 5] as const).find((times) => times * power >= least) ?? 10) * power;
}
