import type { Review } from "../../../../../src/client/index.ts";
import type { Overridable } from "../../../../../src/client/rules.ts";
import type { CandidateProduct } from "../item-words.ts";

export type Choices = Partial<Record<Overridable, string>>;

/** The product whose value the merged product gets: as chosen, or as the API decides when nobody chooses. */
export function giverOf(
  field: Overridable,
  into: string,
  given: { choices: Choices; preview: Review["preview"]; products: readonly CandidateProduct[] },
): string {
  const { choices, preview, products } = given;
  const chosen = choices[field];
  if (chosen !== undefined) return chosen;
  // The preview is for one surviving product.
  const proposed = preview?.product_id === into ? preview.fields[field]?.from : null;
  if (proposed) return proposed;
  const hasValue = (product: CandidateProduct | undefined) => (product?.[field] ?? null) !== null;
  if (hasValue(products.find(({ product_id }) => product_id === into))) return into;
  return products.find(hasValue)?.product_id ?? into;
}
