/** The prices that Dutchie tells of one thing: the general one, and those of the recreational and the medical menu. */
export interface Prices {
  price?: number | null;
  rec_price?: number | null;
  med_price?: number | null;
}

/**
 * The price that the till charges: 0 beside another price means "see the other", and a 0 everywhere is one.
 * undefined: none of them is told.
 */
export function chargedPrice({ price, rec_price, med_price }: Prices): number | null | undefined {
  const told = [price, rec_price, med_price].filter((each) => each !== undefined);
  const some = told.find((each) => each !== null && each !== 0);
  if (some !== undefined) return some;
  if (told.length === 0) return undefined;
  return told.includes(0) ? 0 : null;
}
