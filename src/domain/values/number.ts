/**
 * The decimal nearest to a number, half away from zero, as people round money: 2.135 is 2.14 and −2.135 is −2.14, though the
 * doubles that stand for them lie nearer to 2.13. So the digits are rounded, and not the double.
 */
const rounding = (decimals: number) => (value: number) => {
  // All from 2^53 on; the digits of the largest are written with an exponent.
  if (Number.isInteger(value)) return value + 0;
  const factor = 10 ** decimals;
  // Nearly all values have no more decimals. Plus 0 turns -0 into 0: both are written the same and must compare as equal.
  if (Math.round(value * factor) / factor === value) return value + 0;
  const size = Math.abs(value);
  // Below, the digits are written with an exponent.
  const units = size < 1e-6 ? size * factor : Number(`${size}e${decimals}`);
  return (Math.sign(value) * Math.round(units)) / factor + 0;
};

/** Money that is shown. */
export const round2 = rounding(2);
/** Dutchie's numbers have rounding errors (12.340000000001). Four decimals are finer than any price, cost, gram or percent. */
export const round4 = rounding(4);
/** Sums: adding up grams and cents in binary leaves tails like 0.30000000000000004. */
export const round6 = rounding(6);

/** null and undefined stay as they are. */
export const round4OrNull = <T extends null | undefined = null>(value: number | T): number | T =>
  typeof value === "number" ? round4(value) : value;
