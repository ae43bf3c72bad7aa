import type { Settings } from "./model.ts";
import { type ChosenFields, dutchieSide } from "./overrides.ts";
import type { ProductRow } from "./records.ts";
import { normaliseCategory, normaliseText } from "./text.ts";
import { contentHash } from "./version.ts";

/** What a person decided about one SKU; it holds as long as the facts it rested on are the same. */
export interface DuplicateDecision {
  facts_hash: string;
  action: "merge" | "keep_both";
  /** The surviving product, for `merge`. */
  into: string | null;
  /** Fields of the survivor that are not its own. */
  fields: ChosenFields;
}

export interface DuplicatePlan {
  /** Every product of the SKU → the product it is merged into, or null. */
  merged_into: Map<string, string | null>;
  /** The one survivor when all are merged by rule or decision. */
  survivor: string | null;
  /** Chosen fields in force, of the survivor; none of any other. */
  fields: ChosenFields;
  /** Who settled it; null when there is nothing to settle, or a person must. */
  by: "rule" | "person" | null;
  /** All that have the SKU and are judged, the oldest first. */
  members: string[];
  /** Products that a person must look at; empty when there is nothing to ask. */
  candidates: string[];
  facts_hash: string;
  reason: string;
}

/**
 * Duplicate SKU (the guide: merge or flag for review): two or more Dutchie *products* of one store with one SKU. Many
 * packages of one product are not. Judged over all products of the SKU at once, so the order of arrival does not count.
 * Products agree when brand, name and category, as Dutchie tells them, are equal after normalising; the survivor is the
 * oldest Dutchie id. What a person chose is in force exactly as long as the decision is: it follows from the facts and
 * the decision alone, so taking the decision back takes back everything.
 */
export function planDuplicates(
  products: readonly ProductRow[],
  rule: Settings["duplicate_sku"],
  decision: DuplicateDecision | null,
): DuplicatePlan {
  const group = products.filter(isDuplicateCandidate).map(dutchieSide).sort(byAge);
  const merged_into = new Map<string, string | null>(products.map(({ product_id }) => [product_id, null]));
  const facts_hash = contentHash(group.map((product) => [product.product_id, agreementKey(product)]));
  const members = group.map(({ product_id }) => product_id);
  const plan: DuplicatePlan = {
    merged_into,
    survivor: null,
    fields: {},
    by: null,
    members,
    candidates: [],
    facts_hash,
    reason: "",
  };
  if (group.length < 2) return plan;
  if (decision?.facts_hash === facts_hash) {
    plan.by = "person";
    if (decision.action === "keep_both") return plan;
    plan.survivor = mergeInto(group, decision.into, merged_into);
    plan.fields = decision.fields;
    return plan;
  }
  const mergeByRule = (reason: string): DuplicatePlan => {
    const survivor = mergeInto(group, null, merged_into);
    return { ...plan, by: "rule", survivor, reason: `${group.length} products with this SKU were merged: ${reason}` };
  };
  if (rule === "merge") return mergeByRule("the store's rule is to merge duplicates");
  const clusters = rule === "auto" ? clusterBy(group, agreementKey) : group.map((product) => [product]);
  if (clusters.length === 1) return mergeByRule("brand, name and category agree");
  for (const cluster of clusters) mergeInto(cluster, null, merged_into);
  plan.candidates = clusters.flatMap((cluster) => cluster.slice(0, 1).map(({ product_id }) => product_id));
  plan.reason =
    rule === "review"
      ? `${group.length} products have this SKU, and the store's rule is to review duplicates`
      : `${plan.candidates.length} products have this SKU but differ in ${differences(group).join(", ")}`;
  return plan;
}

/** Deleted products are gone, provisional ones are not known well enough to judge, ReUp's own have no Dutchie product. */
function isDuplicateCandidate(product: ProductRow): boolean {
  return (product.status === "active" || product.status === "inactive") && product.dutchie_product_id !== null;
}

function mergeInto(group: readonly ProductRow[], into: string | null, merged_into: Map<string, string | null>) {
  const survivor = group.find(({ product_id }) => product_id === into) ?? group[0];
  for (const { product_id } of group) {
    if (survivor !== undefined && product_id !== survivor.product_id) merged_into.set(product_id, survivor.product_id);
  }
  return survivor?.product_id ?? null;
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
  const [x, y] = [a, b].map(({ dutchie_product_id }) =>
    /^\d+$/.test(dutchie_product_id ?? "") ? Number(dutchie_product_id) : Infinity,
  );
  if (x !== undefined && y !== undefined && x !== y) return x - y;
  return a.product_id < b.product_id ? -1 : 1;
}
