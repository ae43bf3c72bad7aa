import type { SQL } from "drizzle-orm";
import { bulkUpsert } from "../../db/bulk.ts";
import { reviews } from "../../db/schema/records.ts";
import { productsUpsert } from "../../db/statements.ts";
import { IDENTITY, isDuplicateCandidate } from "../../domain/identity/duplicates.ts";
import type { Change, Decider, Origin } from "../../domain/records/change.ts";
import { changeOf, diff } from "../../domain/records/decide.ts";
import { dutchieSide, editsOf, OVERRIDABLE, override } from "../../domain/records/overrides.ts";
import type { ProductRow } from "../../domain/records/records.ts";
import { decideSku, duplicateReviewId, type ReviewRow } from "../../domain/reviews/review.ts";
import { skuKey } from "../../domain/values/identifiers.ts";
import type { StoreContext } from "../context.ts";
import { type AskedSkus, type KnownSkus, loadSkus } from "./load-skus.ts";

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

const NONE_WRITTEN = { written: [], before: [], free: [], removed: new Set<string>() };

async function decide(context: StoreContext, given: AskedSkus): Promise<Duplicates> {
  const { location_id } = context.location;
  const known = await loadSkus(context, given);
  const { decided, reviewRows } = decideEach(context, given, known);
  const { changes, updates } = writtenBy(context, given, { known, decided });
  const rows = reviewRows.map((row) => ({ location_id, ...row }));
  return {
    changes,
    reviews: reviewRows,
    decided: (row) => {
      const result = decided.get(row.product_id);
      return result === undefined ? row : { ...result, updated_at: row.updated_at };
    },
    // Unguarded: a merge is no newer version. The rows were read in the store's serial section, so nothing is lost.
    statements: [...productsUpsert(context.location, updates, "differs"), ...bulkUpsert(reviews, rows, "differs")],
  };
}

/** The products as the decisions leave them, by id, and the reviews to write. */
function decideEach({ location: { settings }, now }: StoreContext, given: AskedSkus, known: KnownSkus) {
  const { decision } = given;
  const decided = new Map<string, ProductRow>(
    given.free.map((row) => [
      row.product_id,
      { ...override(dutchieSide(row), editsOf(row.overrides)), merged_into: null },
    ]),
  );
  const reviewRows = new Map<string, ReviewRow>();
  if (decision !== undefined) reviewRows.set(decision.review_id, decision);
  for (const sku of known.skus) {
    const review = decision ?? known.reviewById.get(duplicateReviewId(sku));
    const rule = settings.duplicate_sku;
    const products = known.groups.get(sku) ?? [];
    const result = decideSku({ sku: review?.subject ?? products[0]?.sku ?? sku, products, rule, review, now });
    for (const row of result.rows) decided.set(row.product_id, row);
    if (result.review !== null) reviewRows.set(result.review.review_id, result.review);
  }
  return { decided, reviewRows: [...reviewRows.values()] };
}

/** What the decisions change: entries of the log, and rows that are not written anyway. */
function writtenBy(
  { now }: StoreContext,
  given: AskedSkus,
  { known, decided }: { known: KnownSkus; decided: ReadonlyMap<string, ProductRow> },
): { changes: Change[]; updates: ProductRow[] } {
  const writtenIds = new Set(given.written.map((row) => row.product_id));
  const changes: Change[] = [];
  const updates: ProductRow[] = [];
  for (const row of decided.values()) {
    const [was, planned] = [known.storedById.get(row.product_id), known.all.get(row.product_id) ?? row];
    const fields = decidedFields(was, planned, row);
    const isChanged = Object.keys(fields).length > 0;
    const isSame = !isChanged && JSON.stringify(row.overrides) === JSON.stringify(planned.overrides);
    if (!isSame && !writtenIds.has(row.product_id)) updates.push({ ...row, updated_at: now });
    if (!isChanged) continue;
    const ref = row.sku === null ? null : duplicateReviewId(row.sku);
    const origin = given.origin.cause === "user" ? given.origin : ({ cause: "merge", ref } as const);
    changes.push(changeOf({ resource: "products", record_id: row.product_id, fields }, row, origin, now));
  }
  return { changes, updates };
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
