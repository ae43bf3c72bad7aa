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
  const other = price || rec_price || med_price;
  if (other) return other;
  if (price === 0 || rec_price === 0 || med_price === 0) return 0;
  return price === null || rec_price === null || med_price === null ? null : undefined;
}

/** Whether the price that the store charges is the recreational one, so that another price has to be written there. */
export const chargesRecPrice = ({ price, rec_price }: Prices): boolean => !price && Boolean(rec_price);
