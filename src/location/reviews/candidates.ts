import { loadProductsById } from "../../db/load-records.ts";
import type { ProductRow } from "../../domain/records/records.ts";
import type { ReviewRow } from "../../domain/reviews/review.ts";
import type { StoreContext } from "../context.ts";

/** The products that the review names, in its order: the first is the default survivor. */
export async function candidatesOf({ db, location }: StoreContext, review: ReviewRow): Promise<ProductRow[]> {
  const rows = await loadProductsById(db, location.location_id, review.candidates);
  return review.candidates.flatMap((id) => rows.find((row) => row.product_id === id) ?? []);
}
