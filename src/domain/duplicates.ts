import type { Settings } from "./model.ts";
import type { ProductRow } from "./records.ts";
import { normaliseCategory, normaliseText } from "./text.ts";
import { contentHash } from "./version.ts";

/** What a person decided about one SKU; it holds as long as the facts it rested on are the same. */
export interface DuplicateDecision {
  facts_hash: string;
  action: "merge" | "keep_both";
  /** The surviving product, for `merge`. */
  into: string | null;
}

export interface DuplicatePlan {
  /** Every product of the SKU → the product it is merged into, or null. */
  merged_into: Map<string, string | null>;
  /** Products that a person must look at; empty when there is nothing to ask. */
  candidates: string[];
  facts_hash: string;
  reason: string;
}

/**
 * Duplicate SKU (the guide: merge or flag for review): two or more Dutchie *products* of one store with one SKU. Many
 * packages of one product are not. Judged over all products of the SKU at once, so the order of arrival does not count.
 * Products agree when brand, name and category are equal after normalising; the survivor is the oldest Dutchie id.
 */
export function planDuplicates(
  products: readonly ProductRow[],
  rule: Settings["duplicate_sku"],
  decision: DuplicateDecision | null,
): DuplicatePlan {
  const group = products.filter(isDuplicateCandidate).sort(byAge);
  const merged_into = new Map<string, string | null>(products.map(({ product_id }) => [product_id, null]));
  const facts_hash = contentHash(group.map((product) => [product.product_id, agreementKey(product)]));
  const plan: DuplicatePlan = { merged_into, candidates: [], facts_hash, reason: "" };
  if (group.length < 2) return plan;
  if (decision?.facts_hash === facts_hash) {
    if (decision.action === "merge") mergeInto(group, decision.into, merged_into);
    return plan;
  }
  if (rule === "merge") {
    mergeInto(group, null, merged_into);
    return plan;
  }
  const clusters = rule === "auto" ? clusterBy(group, agreementKey) : group.map((product) => [product]);
  for (const cluster of clusters) mergeInto(cluster, null, merged_into);
  if (clusters.length > 1) {
    plan.candidates = clusters.flatMap((cluster) => cluster.slice(0, 1).map(({ product_id }) => product_id));
    plan.reason =
      rule === "review"
        ? `${group.length} products have this SKU, and the store's rule is to review duplicates`
        : `${plan.candidates.length} products have this SKU but differ in ${differences(group).join(", ")}`;
  }
  return plan;
}

/** Deleted products are gone, provisional ones are not known well enough to judge, ReUp's own have no Dutchie product. */
function isDuplicateCandidate(product: ProductRow): boolean {
  return (product.status === "active" || product.status === "inactive") && product.dutchie_product_id !== null;
}

function mergeInto(group: readonly ProductRow[], into: string | null, merged_into: Map<string, string | null>): void {
  const survivor = group.find(({ product_id }) => product_id === into) ?? group[0];
  for (const { product_id } of group) {
    if (survivor !== undefined && product_id !== survivor.product_id) merged_into.set(product_id, survivor.product_id);
  }
}

const agreementKey = (product: ProductRow): string =>
  [normaliseText(product.brand), normaliseText(product.product_name), normaliseCategory(product.category)].join("\n");

function differences(group: readonly ProductRow[]): string[] {
  const differs = (keyOf: (product: ProductRow) => string) => new Set(group.map(keyOf)).size > 1;
  return [
    differs((product) => normaliseText(product.brand)) ? "brand" : "",
    differs((product) => normaliseText(product.product_name)) ? "name" : "",
    differs((product) => normaliseCategory(product.category)) ? "category" : "",
  ].filter((name) => name !== "");
}

function clusterBy(group: readonly ProductRow[], keyOf: (product: ProductRow) => string): ProductRow[][] {
  const clusters = new Map<string, ProductRow[]>();
  for (const product of group) clusters.set(keyOf(product), [...(clusters.get(keyOf(product)) ?? []), product]);
  return [...clusters.values()];
}

/** Dutchie's ids are integers that grow; anything else sorts after them, by text. */
function byAge(a: ProductRow, b: ProductRow): number {
  const [x, y] = [Number(a.dutchie_product_id), Number(b.dutchie_product_id)];
  if (Number.isFinite(x) && Number.isFinite(y) && x !== y) return x - y;
  return a.product_id < b.product_id ? -1 : 1;
}
