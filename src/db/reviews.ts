import { and, eq, type SQL } from "drizzle-orm";
import { conflictReviewId, type ReviewRow } from "../domain/reviews/review.ts";
import { bulkUpsert, inList } from "./bulk.ts";
import type { RecordsDb } from "./databases.ts";
import { reviews } from "./schema/records.ts";

export async function findReview(db: RecordsDb, location_id: string, review_id: string): Promise<ReviewRow | null> {
  const [row] = await db
    .select()
    .from(reviews)
    .where(and(eq(reviews.location_id, location_id), eq(reviews.review_id, review_id)));
  if (row === undefined) return null;
  const { location_id: _, ...review } = row;
  return review;
}

/** The question about edits of the product, if nobody has decided it. */
export async function findOpenConflict(
  db: RecordsDb,
  location_id: string,
  product_id: string,
): Promise<ReviewRow | null> {
  const review = await findReview(db, location_id, conflictReviewId(product_id));
  return review?.state === "open" ? review : null;
}

/** The same for several products. */
export async function findOpenConflicts(
  db: RecordsDb,
  location_id: string,
  product_ids: readonly string[],
): Promise<ReviewRow[]> {
  const ids = product_ids.map(conflictReviewId);
  const found = await db
    .select()
    .from(reviews)
    .where(and(eq(reviews.location_id, location_id), inList(reviews.review_id, ids), eq(reviews.state, "open")));
  return found.map(({ location_id: _, ...review }) => review);
}

export const reviewUpsert = (location_id: string, review: ReviewRow): SQL[] => reviewsUpsert(location_id, [review]);

export const reviewsUpsert = (location_id: string, rows: readonly ReviewRow[]): SQL[] =>
  bulkUpsert(
    reviews,
    rows.map((review) => ({ location_id, ...review })),
    "differs",
  );
