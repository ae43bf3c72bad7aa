import { and, eq } from "drizzle-orm";
import { inList } from "../../db/bulk.ts";
import type { RecordsDb } from "../../db/databases.ts";
import { loadProductsBySku } from "../../db/load-records.ts";
import { reviews } from "../../db/schema/records.ts";
import { MAX_SKU_PRODUCTS } from "../../domain/bounds.ts";
import { isUndecided } from "../../domain/identity/duplicates.ts";
import type { Origin } from "../../domain/records/change.ts";
import type { ProductRow } from "../../domain/records/records.ts";
import { duplicateReviewId, type ReviewRow } from "../../domain/reviews/review.ts";
import { skuKey } from "../../domain/values/identifiers.ts";
import type { StoreContext } from "../context.ts";

/** SKUs to be decided, and the products about to be written. */
export interface AskedSkus {
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

/** What the SKUs are decided on. */
export interface KnownSkus {
  /** The SKUs about which there is something to decide, by their keys. */
  skus: ReadonlySet<string>;
  /** All their products by id, as they are about to be written. */
  all: ReadonlyMap<string, ProductRow>;
  /** The same by SKU. */
  groups: ReadonlyMap<string | null, ProductRow[]>;
  /** As they are stored. */
  storedById: ReadonlyMap<string, ProductRow>;
  reviewById: ReadonlyMap<string, ReviewRow>;
}

export async function loadSkus({ db, location: { location_id } }: StoreContext, given: AskedSkus): Promise<KnownSkus> {
  const { written, decision } = given;
  const skus = new Set(given.skus.flatMap((sku) => skuKey(sku) ?? []));
  // A written or removed product may leave its SKU, so that many more are read: the others show whether the SKU is shared.
  const limit = MAX_SKU_PRODUCTS + written.length + given.removed.size;
  const stored = skus.size > 0 ? await loadProductsBySku(db, location_id, skus, limit) : [];
  const storedById = new Map([...given.before, ...stored].map((row) => [row.product_id, row]));
  const all = new Map<string, ProductRow>([...stored, ...written].map((row) => [row.product_id, row]));
  for (const id of given.removed) all.delete(id);
  const groups = Map.groupBy(all.values(), (row) => skuKey(row.sku));
  if (decision !== undefined) return { skus, all, groups, storedById, reviewById: new Map() };
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
  for (const sku of skus) if (isFirst(sku)) skus.delete(sku);
  return { skus, all, groups, storedById, reviewById: await loadReviews(db, location_id, skus) };
}

async function loadReviews(
  db: RecordsDb,
  location_id: string,
  skus: ReadonlySet<string>,
): Promise<Map<string, ReviewRow>> {
  if (skus.size === 0) return new Map();
  const asked = inList(reviews.review_id, [...skus].map(duplicateReviewId));
  const rows = await db
    .select()
    .from(reviews)
    .where(and(eq(reviews.location_id, location_id), asked));
  return new Map(rows.map((review) => [review.review_id, review]));
}
