import { and, eq, type SQL } from "drizzle-orm";
import { bulkUpsert, inList } from "../../db/bulk.ts";
import { loadProductsBySku } from "../../db/load-records.ts";
import { reviews } from "../../db/schema/records.ts";
import { productsUpsert } from "../../db/statements.ts";
import { MAX_SKU_PRODUCTS } from "../../domain/bounds.ts";
import { IDENTITY, isDuplicateCandidate, isUndecided } from "../../domain/identity/duplicates.ts";
import type { Change, Decider, Origin } from "../../domain/records/change.ts";
import { changeOf, diff } from "../../domain/records/decide.ts";
import { dutchieSide, editsOf, OVERRIDABLE, override } from "../../domain/records/overrides.ts";
import type { ProductRow } from "../../domain/records/records.ts";
import { decideSku, duplicateReviewId, type ReviewRow } from "../../domain/reviews/review.ts";
import { skuKey } from "../../domain/values/identifiers.ts";
import type { StoreContext } from "../context.ts";

/** Fields by which duplicates are decided. */
const FACTS = [...IDENTITY, "product_id", "dutchie_product_id"] as const;

export interface Duplicates {
  statements: SQL[];
  changes: Change[];
  /** Reviews as they are written. */
  reviews: ReviewRow[];
  /** A row about to be written, changed by the decision on its SKU. */
  decided(row: ProductRow): ProductRow;
}

/**
 * Decides each SKU that the rows about to be written touch, over all its products. So the result depends on what is
 * stored, not on the order in which it came.
 */
export async function duplicateStatements(
  context: StoreContext,
  given: {
    origin: Origin;
    written: readonly ProductRow[];
    /** As they are stored, by Dutchie's id. */
    before: ReadonlyMap<string, ProductRow>;
    /** Products that go at the same time. */
    removed?: ReadonlySet<string>;
  },
): Promise<Duplicates> {
  const { origin, written, before, removed = new Set() } = given;
  const oldOf = (row: ProductRow) => (row.dutchie_product_id === null ? undefined : before.get(row.dutchie_product_id));
  const touched = written.filter((row) => {
    const old = oldOf(row);
    if (old === undefined) return true;
    const [was, is] = [dutchieSide(old), dutchieSide(row)];
    return isDuplicateCandidate(was) !== isDuplicateCandidate(is) || FACTS.some((field) => was[field] !== is[field]);
  });
  const skus = touched.flatMap((row) => [row.sku, oldOf(row)?.sku ?? null]);
  const free = touched.filter((row) => skuKey(row.sku) === null);
  return decide(context, { origin, skus, written, before: [...before.values()], free, removed });
}

/** Decides a SKU again, with a person's `decision` in its review. */
export function decideReview(context: StoreContext, decision: ReviewRow, decided: Decider): Promise<Duplicates> {
  const origin: Origin = { cause: "user", ref: decision.review_id, decided };
  return decide(context, { ...NONE_WRITTEN, origin, skus: [decision.subject], decision });
}

/** Decides stored SKUs again; `free` are merged products that share their SKU with no other. */
export function decideSkus(
  context: StoreContext,
  skus: readonly string[],
  free: readonly ProductRow[],
): Promise<Duplicates> {
  return decide(context, { ...NONE_WRITTEN, origin: { cause: "merge", ref: null }, skus, before: free, free });
}

interface Given {
  origin: Origin;
  /** In any spelling. */
  skus: readonly (string | null)[];
  written: readonly ProductRow[];
  before: readonly ProductRow[];
  /** Products without a SKU, or with one that means none: no duplicates. */
  free: readonly ProductRow[];
  removed: ReadonlySet<string>;
  /** Stands for the stored review of its SKU, and is written. */
  decision?: ReviewRow;
}

const NONE_WRITTEN = { written: [], before: [], free: [], removed: new Set<string>() };

async function decide({ db, location, now }: StoreContext, given: Given): Promise<Duplicates> {
  const { location_id, settings } = location;
  const { written, decision } = given;
  const skus = new Set(given.skus.flatMap((sku) => skuKey(sku) ?? []));
  const needed = skus.size > 0;
  // A written or removed product may leave its SKU, so that many more are read: the others show whether the SKU is shared.
  const limit = MAX_SKU_PRODUCTS + written.length + given.removed.size;
  const stored = needed ? await loadProductsBySku(db, location_id, skus, limit) : [];
  const storedById = new Map([...given.before, ...stored].map((row) => [row.product_id, row]));
  const all = new Map<string, ProductRow>([...stored, ...written].map((row) => [row.product_id, row]));
  for (const id of given.removed) all.delete(id);
  const groups = Map.groupBy(all.values(), (row) => skuKey(row.sku));
  const hadProducts = new Set([...storedById.values()].flatMap((row) => skuKey(row.sku) ?? []));
  // A new product is the first one of its SKU: nobody was ever asked about it, or its last product took the question away.
  const isFirst = (sku: string) => {
    const [only, ...others] = groups.get(sku) ?? [];
    return (
      only !== undefined &&
      others.length === 0 &&
      isUndecided(only) &&
      !hadProducts.has(sku) &&
      !storedById.has(only.product_id)
    );
  };
  if (decision === undefined) for (const sku of skus) if (isFirst(sku)) skus.delete(sku);
  const storedReviews =
    skus.size > 0 && decision === undefined
      ? await db
          .select()
          .from(reviews)
          .where(and(eq(reviews.location_id, location_id), inList(reviews.review_id, [...skus].map(duplicateReviewId))))
      : [];
  const reviewById = new Map<string, ReviewRow>(storedReviews.map((review) => [review.review_id, review]));
  const decided = new Map<string, ProductRow>(
    given.free.map((row) => [
      row.product_id,
      { ...override(dutchieSide(row), editsOf(row.overrides)), merged_into: null },
    ]),
  );
  const reviewRows = new Map<string, ReviewRow>();
  if (decision !== undefined) reviewRows.set(decision.review_id, decision);
  for (const sku of skus) {
    const review = decision ?? reviewById.get(duplicateReviewId(sku));
    const rule = settings.duplicate_sku;
    const products = groups.get(sku) ?? [];
    const result = decideSku({ sku: review?.subject ?? products[0]?.sku ?? sku, products, rule, review, now });
    for (const row of result.rows) decided.set(row.product_id, row);
    if (result.review !== null) reviewRows.set(result.review.review_id, result.review);
  }
  const writtenIds = new Set(written.map((row) => row.product_id));
  const changes: Change[] = [];
  const updates: ProductRow[] = [];
  for (const row of decided.values()) {
    const [was, planned] = [storedById.get(row.product_id), all.get(row.product_id) ?? row];
    const fields = decidedFields(was, planned, row);
    const isChanged = Object.keys(fields).length > 0;
    const isSame = !isChanged && JSON.stringify(row.overrides) === JSON.stringify(planned.overrides);
    if (!isSame && !writtenIds.has(row.product_id)) updates.push({ ...row, updated_at: now });
    if (!isChanged) continue;
    const ref = row.sku === null ? null : duplicateReviewId(row.sku);
    const origin = given.origin.cause === "user" ? given.origin : ({ cause: "merge", ref } as const);
    changes.push(changeOf({ resource: "products", record_id: row.product_id, fields }, row, origin, now));
  }
  const named = <R extends object>(rows: readonly R[]) => rows.map((row) => ({ location_id, ...row }));
  return {
    changes,
    reviews: [...reviewRows.values()],
    decided: (row) => {
      const result = decided.get(row.product_id);
      return result === undefined ? row : { ...result, updated_at: row.updated_at };
    },
    // Unguarded: a merge is no newer version. The rows were read in the store's serial section, so nothing is lost.
    statements: [
      ...productsUpsert(location, updates, "differs"),
      ...bulkUpsert(reviews, named([...reviewRows.values()]), "differs"),
    ],
  };
}

/** The fields of a row that the decision changed, beside Dutchie's changes. */
function decidedFields(stored: ProductRow | undefined, planned: ProductRow, decided: ProductRow) {
  const pick = (row: ProductRow) =>
    Object.fromEntries([...OVERRIDABLE, "status" as const].map((field) => [field, row[field]]));
  return {
    ...diff({ merged_into: stored?.merged_into ?? null }, { merged_into: decided.merged_into }),
    ...diff(pick(planned), pick(decided)),
  };
}
