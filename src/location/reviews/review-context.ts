import { and, eq } from "drizzle-orm";
import { bulkUpsert } from "../../db/bulk.ts";
import { type RecordsDb, recordsDb } from "../../db/databases.ts";
import { loadProductsById } from "../../db/load-records.ts";
import { type LocationRow, reviews } from "../../db/schema.ts";
import type { AskedFields } from "../../domain/identity/merge.ts";
import type { ProductRow } from "../../domain/records/records.ts";
import { type ReviewAction, type ReviewRow, reviewId } from "../../domain/reviews/review.ts";
import type { Outbox } from "../pushes/outbox.ts";
import type { JudgeContext } from "../records/duplicates.ts";
import type { Store } from "../storage/store.ts";

export interface ReviewCommand {
  action: ReviewAction;
  into: string | null;
  fields: AskedFields;
}

export type ReviewResult =
  | { ok: true }
  | { ok: false; reason: "not_found" }
  | { ok: false; reason: "conflict"; message: string }
  | { ok: false; reason: "invalid"; path: string; message: string };

export const conflict = (message: string): ReviewResult => ({ ok: false, reason: "conflict", message });
export const invalid = (path: string, message: string): ReviewResult => ({
  ok: false,
  reason: "invalid",
  path,
  message,
});
/** Who decides, where and when. */
export interface ReviewCall {
  env: Env;
  store: Store;
  location: LocationRow;
  now: number;
  /** The person's id, as their token says. */
  by: string;
}

export interface ReviewContext extends JudgeContext {
  env: Env;
  store: Store;
  outbox: Outbox;
  location: LocationRow;
  by: string;
}

/** As the review names them: the first is the default survivor. */
export async function candidatesOf(context: ReviewContext, review: ReviewRow): Promise<ProductRow[]> {
  const rows = await loadProductsById(context.db, context.location_id, review.candidates);
  return review.candidates.flatMap((id) => rows.find((row) => row.product_id === id) ?? []);
}

export function reviewUpsert(location_id: string, review: ReviewRow) {
  return bulkUpsert(reviews, [{ location_id, ...review }], "differs");
}

export async function findReview({ db, location_id }: ReviewContext, review_id: string): Promise<ReviewRow | null> {
  const [row] = await db
    .select()
    .from(reviews)
    .where(and(eq(reviews.location_id, location_id), eq(reviews.review_id, review_id)));
  if (row === undefined) return null;
  const { location_id: _, ...review } = row;
  return review;
}

/** One per product: the fields that both sides changed. */
export const conflictReviewId = (product_id: string) => reviewId("edit_conflict", product_id);

export async function findOpenConflict(
  db: RecordsDb,
  location_id: string,
  product_id: string,
): Promise<ReviewRow | null> {
  const [row] = await db
    .select()
    .from(reviews)
    .where(and(eq(reviews.location_id, location_id), eq(reviews.review_id, conflictReviewId(product_id))));
  return row?.state === "open" ? row : null;
}

export function contextOf(given: ReviewCall, review_id: string): ReviewContext {
  const { env, store, location, now, by } = given;
  const { location_id, settings } = location;
  const db = recordsDb(env, location_id);
  const { outbox } = store;
  return {
    env,
    store,
    outbox,
    location,
    by,
    db,
    location_id,
    settings,
    now,
    origin: { cause: "user", ref: review_id },
  };
}
