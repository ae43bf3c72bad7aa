import { and, eq, type SQL, sql } from "drizzle-orm";
import { bulkUpsert, inList } from "../db/bulk.ts";
import { loadProductsBySku } from "../db/load-records.ts";
import { products, reviews } from "../db/schema.ts";
import { changeOf, diff } from "../domain/decide.ts";
import { type DuplicateDecision, planDuplicates } from "../domain/duplicates.ts";
import type { Change, ProductRow } from "../domain/records.ts";
import { contentHash } from "../domain/version.ts";
import type { ApplyContext } from "./apply.ts";

/** Fields on which duplicates are judged. */
const FACTS = ["sku", "brand", "product_name", "category", "status", "dutchie_product_id"] as const;

export const duplicateReviewId = (sku: string) => `rev_${contentHash(["duplicate_sku", sku])}`;

interface Duplicates {
  statements: SQL[];
  changes: Change[];
  mergedInto(row: ProductRow): string | null;
}

/**
 * What the rows about to be written mean for duplicate SKUs: each SKU that they touch is judged anew over all its
 * products, so the result depends on what is stored and not on how it came.
 */
export async function duplicateStatements(
  context: Pick<ApplyContext, "db" | "location_id" | "settings" | "now" | "origin">,
  written: readonly ProductRow[],
  before: ReadonlyMap<string, ProductRow>,
): Promise<Duplicates> {
  const { db, location_id, now } = context;
  const touched = written.filter((row) => {
    const old = row.dutchie_product_id === null ? undefined : before.get(row.dutchie_product_id);
    return old === undefined || FACTS.some((field) => old[field] !== row[field]);
  });
  const skus = new Set(
    touched
      .flatMap((row) => [row.sku, before.get(row.dutchie_product_id ?? "")?.sku ?? null])
      .filter((sku) => sku !== null),
  );
  const merged = new Map<string, string | null>();
  for (const row of touched) if (row.sku === null) merged.set(row.product_id, null);
  const result: Duplicates = {
    statements: [],
    changes: [],
    mergedInto: (row) => merged.get(row.product_id) ?? (merged.has(row.product_id) ? null : row.merged_into),
  };
  if (skus.size === 0 && merged.size === 0) return result;
  const [stored, storedReviews] = await Promise.all([
    loadProductsBySku(db, location_id, skus),
    db
      .select()
      .from(reviews)
      .where(and(eq(reviews.location_id, location_id), inList(reviews.review_id, [...skus].map(duplicateReviewId)))),
  ]);
  const storedById = new Map([...before.values(), ...stored].map((row) => [row.product_id, row]));
  const all = new Map<string, ProductRow>([...stored, ...written].map((row) => [row.product_id, row]));
  const groups = new Map<string, ProductRow[]>();
  for (const row of all.values()) {
    if (row.sku !== null && skus.has(row.sku)) groups.set(row.sku, [...(groups.get(row.sku) ?? []), row]);
  }
  const reviewById = new Map(storedReviews.map((review) => [review.review_id, review]));
  const reviewRows: (typeof reviews.$inferInsert)[] = [];
  for (const sku of skus) {
    const review_id = duplicateReviewId(sku);
    const review = reviewById.get(review_id);
    const plan = planDuplicates(groups.get(sku) ?? [], context.settings.duplicate_sku, decisionOf(review));
    for (const [product_id, into] of plan.merged_into) merged.set(product_id, into);
    const open = plan.candidates.length > 0;
    if (open && (review?.state !== "open" || review.facts_hash !== plan.facts_hash)) {
      reviewRows.push({
        location_id,
        review_id,
        kind: "duplicate_sku",
        state: "open",
        subject: sku,
        reason: plan.reason,
        candidates: plan.candidates,
        facts_hash: plan.facts_hash,
        action: null,
        into: null,
        opened_at: review?.state === "open" ? review.opened_at : now,
        resolved_at: null,
        resolved_by: null,
      });
    } else if (!open && review?.state === "open") {
      reviewRows.push({ ...review, state: "resolved", reason: "No longer a duplicate.", resolved_at: now });
    }
  }
  const moved = [...merged].flatMap(([product_id, into]) => {
    const row = all.get(product_id);
    const was = storedById.get(product_id)?.merged_into ?? null;
    return row === undefined || was === into ? [] : [{ row, was, into }];
  });
  result.changes = moved.map(({ row, was, into }) => {
    const fields = diff({ merged_into: was }, { merged_into: into });
    const record = { resource: "products" as const, record_id: row.product_id, fields };
    return changeOf(record, row, { cause: "merge", ref: row.sku === null ? null : duplicateReviewId(row.sku) }, now);
  });
  result.statements = [...mergeUpdate(location_id, moved, now), ...bulkUpsert(reviews, reviewRows, "differs")];
  return result;
}

/** After the upsert of the products: it may have created some of them. */
function mergeUpdate(
  location_id: string,
  moved: readonly { row: ProductRow; into: string | null }[],
  now: number,
): SQL[] {
  if (moved.length === 0) return [];
  const parameter = JSON.stringify(moved.map(({ row, into }) => ({ product_id: row.product_id, into })));
  return [
    sql`update ${products} set updated_at = ${now}, merged_into =
          (select value->>'into' from json_each(${parameter}) where value->>'product_id' = ${products.product_id})
        where (${products.location_id}, ${products.product_id}) in
          (select ${location_id}, value->>'product_id' from json_each(${parameter}))`,
  ];
}

function decisionOf(review: typeof reviews.$inferSelect | undefined): DuplicateDecision | null {
  if (review?.state !== "resolved" || (review.action !== "merge" && review.action !== "keep_both")) return null;
  return { facts_hash: review.facts_hash, action: review.action, into: review.into };
}
