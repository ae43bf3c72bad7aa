/** Dutchie's numbers have rounding errors (12.340000000001). Four decimals are finer than any price, cost, gram or percent. */
export function round4(value: number): number {
  const rounded = Math.round((value + Number.EPSILON) * 10_000) / 10_000;
  return Object.is(rounded, -0) ? 0 : rounded;
}

export function round4OrNull(value: number | null): number | null {
  return value === null ? null : round4(value);
}
