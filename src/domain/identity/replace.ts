import { type Change, creationOf, type FieldChanges, type Origin } from "../records/change.ts";
import { changeOf, diff } from "../records/decide.ts";
import { override } from "../records/overrides.ts";
import { pickProductContent, productHash } from "../records/product.ts";
import { type Hint, NO_HINT, type ProductRow, productId, type Unsettled } from "../records/records.ts";
import {
  addHint,
  asOwn,
  contentOf,
  type Doubt,
  ownContent,
  type Place,
  placeOf,
  type Relink,
  statedOf,
} from "./identify.ts";
import type { MatchIndex } from "./match.ts";

/** What changes in the identity of products. */
export interface IdentityPlan {
  /** Products that turned out to be another product. */
  relinks: Relink[];
  /** Products that another one replaced and that are gone. */
  removed: string[];
  /** Products of ReUp's own whose link was undone. */
  released: ProductRow[];
  doubts: Doubt[];
  /** Ids of products about which there is no question, or no longer. */
  clear: string[];
}

export const noIdentityPlan = (): IdentityPlan => ({ relinks: [], removed: [], released: [], doubts: [], clear: [] });

/** Plans that `row` replaces the product that stood for it until now: that one is ReUp's own again, or gone. */
export function replaceProduct(
  place: Place,
  row: ProductRow,
  plan: IdentityPlan & { changes: Change[] },
  given: { match: MatchIndex; now: number; origin: Origin },
): void {
  if (place.own !== null) given.match.claim(place.own);
  const at = productId(row.dutchie_product_id ?? "");
  if (place.doubt !== null) plan.doubts.push({ product: row, ...place.doubt });
  else plan.clear.push(at);
  const { replaced } = place;
  if (replaced === null) return;
  plan.relinks.push({ from: replaced.product_id, to: row.product_id });
  const own = releasedProduct(replaced, given.now);
  if (own !== null) plan.released.push(own);
  else plan.removed.push(replaced.product_id);
  const fields: FieldChanges =
    own === null
      ? { product_id: [replaced.product_id, row.product_id] }
      : { dutchie_product_id: [replaced.dutchie_product_id, null] };
  const record = { resource: "products" as const, record_id: replaced.product_id, fields };
  plan.changes.push(changeOf(record, row, given.origin, given.now));
}

/** ReUp's own product without the link that was not certain yet; null: it has none, or is Dutchie's. */
export function releasedProduct(linked: ProductRow, now: number): ProductRow | null {
  const own = linked.unsettled?.own ?? null;
  return own === null ? null : { ...asOwn(linked, own), updated_at: now };
}

/** Whether a hint says nothing new of a known product. */
export const isSettledAs = ({ unsettled, status }: ProductRow, hint: Hint): boolean =>
  unsettled === null || status === "deleted" || addHint(unsettled, hint) === unsettled;

/**
 * The row of an unsettled product after a hint. The hint adds what nothing has said yet, and may show which of ReUp's own
 * products it is. null: the hint says nothing new.
 */
export function planHint(
  { id, hint, known }: { id: string; hint: Hint; known: ProductRow | undefined },
  plan: IdentityPlan & { changes: Change[] },
  given: { match: MatchIndex; now: number; origin: Origin },
): ProductRow | null {
  if (known !== undefined && isSettledAs(known, hint)) return null;
  const before = known?.unsettled ?? { stated: {}, hint: NO_HINT, own: null };
  const added = addHint(before, hint);
  const stated = statedOf(known);
  const place = placeOf(known, { state: added, stated, read: null }, given.match);
  const state: Unsettled = { ...added, own: ownContent(place) };
  const content = contentOf(id, state.own, state, stated);
  const moved = place.replaced !== null;
  const base = known === undefined || moved ? (place.own ?? undefined) : known;
  const row: ProductRow = {
    product_id: place.own?.product_id ?? productId(id),
    ...override(content, base?.overrides ?? null),
    source_at: known?.source_at ?? 0,
    source_rank: known?.source_rank ?? 0,
    content_hash: productHash(content),
    merged_into: base?.merged_into ?? null,
    notes: base?.notes ?? null,
    source: place.own === null ? "dutchie" : place.own.source,
    stated: known?.stated ?? null,
    unsettled: state,
    ...creationOf(base),
    updated_at: given.now,
  };
  replaceProduct(place, row, plan, given);
  const fields = diff(base && pickProductContent(base), content);
  if (Object.keys(fields).length > 0) {
    const record = { resource: "products" as const, record_id: row.product_id, fields };
    plan.changes.push(changeOf(record, row, given.origin, given.now));
  }
  return row;
}
