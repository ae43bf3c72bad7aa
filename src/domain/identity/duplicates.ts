import { MAX_SHARED_SHOWN, MAX_SKU_PRODUCTS } from "../bounds.ts";
import type { Settings } from "../records/model.ts";
import { type ChosenFields, dutchieSide } from "../records/overrides.ts";
import { type ProductRow, productId } from "../records/records.ts";
import { contentHash } from "../records/version.ts";
import { categoryKey, nameKey, skuKey } from "../values/identifiers.ts";

/** A person's decision about one SKU. It is in force while the facts that it rested on stay the same. */
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
  /** Survivors that Dutchie has switched off while a product merged into them is for sale. */
  shownActive: string[];
  /** The survivor's chosen fields that are in force. */
  fields: ChosenFields;
  /** Who decided; null: there is nothing to decide, or a person has to. */
  by: "rule" | "person" | null;
  /** The products that were compared, the oldest first. */
  members: string[];
  /** Products that a person has to decide about; empty when there is no question. */
  candidates: string[];
  facts_hash: string;
  reason: string;
}

/**
 * Duplicate SKU (the guide: merge or flag for review): two or more Dutchie *products* of one store with one SKU. Many
 * packages of one product are not. The plan is made over all products of the SKU at once, so the order of arrival does not
 * matter. Products agree when Dutchie's brand, name and category have equal keys (`identifiers.ts`). A product that is for
 * sale survives, else the one with the oldest Dutchie id. The plan follows from the facts and the decision alone, so
 * undoing a decision undoes all that it did. A SKU that too many products share identifies none: nothing is
 * merged, and `products` may be only some of them.
 */
export function planDuplicates(
  products: readonly ProductRow[],
  rule: Settings["duplicate_sku"],
  decision: DuplicateDecision | null,
): DuplicatePlan {
  if (products.length >= MAX_SKU_PRODUCTS) return planShared(products, decision);
  const group = products.map(dutchieSide).filter(isDuplicateCandidate).sort(byAge);
  const merged_into = new Map<string, string | null>(products.map(({ product_id }) => [product_id, null]));
  const facts_hash = contentHash(group.map((product) => [idInDutchie(product), agreementKey(product)]));
  const members = group.map(({ product_id }) => product_id);
  const plan: DuplicatePlan = {
    merged_into,
    survivor: null,
    shownActive: [],
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
    plan.survivor = mergeInto(group, decision.into, plan);
    plan.fields = decision.fields;
    return plan;
  }
  const mergeByRule = (reason: string): DuplicatePlan => {
    const survivor = mergeInto(group, null, plan);
    return { ...plan, by: "rule", survivor, reason: `${group.length} products with this SKU were merged: ${reason}` };
  };
  if (rule === "merge") return mergeByRule("the store's rule is to merge duplicates");
  const clusters = rule === "auto" ? [...Map.groupBy(group, agreementKey).values()] : group.map((product) => [product]);
  if (clusters.length === 1) return mergeByRule("brand, name and category agree");
  plan.candidates = clusters.flatMap((cluster) => mergeInto(cluster, null, plan) ?? []);
  plan.reason =
    rule === "review"
      ? `${group.length} products have this SKU, and the store's rule is to review duplicates`
      : `${plan.candidates.length} products have this SKU but differ in ${differences(group).join(", ")}`;
  return plan;
}

/** The facts hash of every SKU that too many products share: it stays the same when more come. */
const SHARED_HASH = contentHash(["shared by too many"]);

/** Whether it is about a SKU that too many products share. */
export const isSharedByTooMany = ({ facts_hash }: { facts_hash: string }): boolean => facts_hash === SHARED_HASH;

function planShared(products: readonly ProductRow[], decision: DuplicateDecision | null): DuplicatePlan {
  // Sorted by id, as they are read: the examples do not depend on which other products were loaded.
  const first = [...products].sort(byId).slice(0, MAX_SKU_PRODUCTS).map(dutchieSide).filter(isDuplicateCandidate);
  const members = first.slice(0, MAX_SHARED_SHOWN).map(({ product_id }) => product_id);
  const isSettled = decision !== null && isSharedByTooMany(decision) && decision.action === "keep_both";
  const sku = first[0]?.sku ?? "";
  return {
    merged_into: new Map(products.map(({ product_id }) => [product_id, null])),
    survivor: null,
    shownActive: [],
    fields: {},
    by: isSettled ? "person" : null,
    members,
    candidates: isSettled || members.length < 2 ? [] : members,
    facts_hash: SHARED_HASH,
    reason: `${MAX_SKU_PRODUCTS} or more products have the SKU ${sku}: it identifies none of them. Give each its own SKU in Dutchie.`,
  };
}

/**
 * Not duplicates: deleted products; provisional ones and those whose SKU or name Dutchie has not stated yet, because too
 * little is known of them; and ReUp's own, which have no Dutchie product.
 */
export function isDuplicateCandidate({ status, dutchie_product_id, unsettled }: ProductRow): boolean {
  const isKnown =
    unsettled === null || (unsettled.stated.sku !== undefined && unsettled.stated.product_name !== undefined);
  return (status === "active" || status === "inactive") && dutchie_product_id !== null && isKnown;
}

/** Fields by which it is decided who a product is, and whether it is a duplicate. */
export const IDENTITY = ["sku", "brand", "product_name", "category", "status"] as const;

/** No decision has touched the product. */
export const isUndecided = ({ merged_into, overrides }: ProductRow): boolean =>
  merged_into === null && overrides === null;

/** Merges the group into the chosen product, else into the first that is for sale, else into the first. */
function mergeInto(group: readonly ProductRow[], into: string | null, plan: DuplicatePlan): string | null {
  const survivor =
    group.find((product) => product.product_id === into || idInDutchie(product) === into) ??
    group.find(({ status }) => status === "active") ??
    group[0];
  if (survivor === undefined) return null;
  for (const { product_id } of group) {
    if (product_id !== survivor.product_id) plan.merged_into.set(product_id, survivor.product_id);
  }
  if (survivor.status !== "active" && group.some(({ status }) => status === "active"))
    plan.shownActive.push(survivor.product_id);
  return survivor.product_id;
}

/** Its id as long as it is linked to no product of ReUp's own: a link does not change who it is. */
const idInDutchie = ({ dutchie_product_id }: ProductRow): string => productId(dutchie_product_id ?? "");

/** A product without a name agrees with no other. */
function agreementKey(product: ProductRow): string {
  const name = nameOf(product) ?? `\n${idInDutchie(product)}`;
  return [nameKey(product.brand) ?? "", name, categoryKey(product.category)].join("\n");
}

/** null: the name is missing, or it is the SKU or id that is shown in its place. */
function nameOf({ product_name, sku, dutchie_product_id }: ProductRow): string | null {
  const name = nameKey(product_name);
  const isName = name !== null && product_name !== `#${dutchie_product_id}` && skuKey(product_name) !== skuKey(sku);
  return isName ? name : null;
}

function differences(group: readonly ProductRow[]): string[] {
  const differs = (keyOf: (product: ProductRow) => string | null) => new Set(group.map(keyOf)).size > 1;
  return [
    differs((product) => nameKey(product.brand)) ? "brand" : "",
    differs(nameOf) || group.some((product) => nameOf(product) === null) ? "name" : "",
    differs((product) => categoryKey(product.category)) ? "category" : "",
  ].filter((name) => name !== "");
}

/** Dutchie's ids are growing integers; other ids sort after them, as text. */
function byAge(a: ProductRow, b: ProductRow): number {
  const [x, y] = [a, b].map(({ dutchie_product_id }) =>
    /^\d+$/.test(dutchie_product_id ?? "") ? Number(dutchie_product_id) : Infinity,
  );
  if (x !== undefined && y !== undefined && x !== y) return x - y;
  return byId(a, b);
}

function byId(a: ProductRow, b: ProductRow): number {
  return a.product_id < b.product_id ? -1 : 1;
}
