/** Dutchie's prices of a product or package: the general one, and those of the recreational and the medical menu. */
export interface Prices {
  price?: number | null;
  rec_price?: number | null;
  med_price?: number | null;
}

/**
 * The price that the store charges. A 0 beside another price means "see the other price"; if all are 0, the price is 0.
 * undefined: no price is stated.
 */
export function chargedPrice({ price, rec_price, med_price }: Prices): number | null | undefined {
  const stated = [price, rec_price, med_price].filter((each) => each !== undefined);
  const some = stated.find((each) => each !== null && each !== 0);
  if (some !== undefined) return some;
  if (stated.length === 0) return undefined;
  return stated.includes(0) ? 0 : null;
}
