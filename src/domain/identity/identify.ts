import type { ProductContent } from "../records/model.ts";
import { dutchieSide } from "../records/overrides.ts";
import { EMPTY_PRODUCT, pickProductContent, productHash } from "../records/product.ts";
import { type Hint, type ProductRow, productId, type Unsettled } from "../records/records.ts";
import { statedOr } from "../records/stated.ts";
import type { Read, Version } from "../records/version.ts";
import type { Match, MatchIndex } from "./match.ts";

/** The stock and the sales of one product belong to another from now on. */
export interface Relink {
  from: string;
  to: string;
}

/** A product of Dutchie's that may be one of several of ReUp's own: it stays separate, and a person is asked. */
export interface Doubt {
  product: ProductRow;
  candidates: ProductRow[];
  reason: string;
}

/** The fields that Dutchie's catalogue and webhooks have stated of a product. */
export type StatedContent = Partial<ProductContent>;

/** Which product a product of Dutchie's belongs to, by all that is known of it. */
export interface Place {
  /** The same product in ReUp's own list; null: ReUp has none. */
  own: ProductRow | null;
  /** The product that stood for it until now, if it is a different one. */
  replaced: ProductRow | null;
  doubt: Omit<Doubt, "product"> | null;
}

/** What Dutchie has stated of an unsettled product. */
export function statedOf(known: ProductRow | undefined): StatedContent {
  if (known?.unsettled == null) return {};
  const row = dutchieSide(known);
  return Object.fromEntries(fieldsOf(known.unsettled.stated).map((field) => [field, row[field]]));
}

const fieldsOf = (stated: Unsettled["stated"]) => Object.keys(stated) as (keyof ProductContent)[];

/**
 * What is stated after a row of the time `at`. Each field has its newest value, and the greater one of two of the same
 * time. So rows with only some fields give the same result in any order.
 */
export function addStated(
  state: Unsettled,
  stated: StatedContent,
  content: StatedContent,
  at: number,
): { state: Unsettled; stated: StatedContent; isMore: boolean } {
  const times = { ...state.stated };
  const values: Record<string, unknown> = { ...stated };
  let isMore = false;
  let field: keyof ProductContent;
  for (field in content) {
    const value = content[field];
    const before = times[field];
    const isOlder = before !== undefined && (at < before || (at === before && !isGreater(value, values[field])));
    if (isOlder || value === undefined) continue;
    if (before === undefined || values[field] !== value) isMore = true;
    times[field] = at;
    values[field] = value;
  }
  return { state: { ...state, stated: times }, stated: values as StatedContent, isMore };
}

const isGreater = (a: unknown, b: unknown) => JSON.stringify(a) > JSON.stringify(b);

/** Adds what no earlier hint said. */
export function addHint(state: Unsettled, hint: Hint): Unsettled {
  const added = Object.entries(hint).filter(([field, value]) => state.hint[field as keyof Hint] === null && value);
  return added.length === 0 ? state : { ...state, hint: { ...state.hint, ...Object.fromEntries(added) } };
}

/**
 * The catalogue has stated SKU and name. It will not state more, so the product is no longer unsettled, and a later change of
 * SKU does not move it. A webhook has no such effect: it may leave fields out, and the next one may have them.
 */
export function isSettledBy({ stated }: Unsettled, read: Read): boolean {
  return read.kind === "snapshot" && stated.sku !== undefined && stated.product_name !== undefined;
}

/** Whether enough is stated to ask a person; otherwise ReUp waits for the rest. */
const isAskedAbout = ({ stated }: Unsettled, read: Read | null): boolean =>
  stated.product_name !== undefined && (stated.sku !== undefined || read?.kind === "snapshot");

/** `read` null: a hint; no person is asked because of one. */
export function placeOf(
  known: ProductRow | undefined,
  { state, stated, read }: { state: Unsettled; stated: StatedContent; read: Read | null },
  match: MatchIndex,
): Place {
  const before = state.own === null || known === undefined ? undefined : asOwn(known, state.own);
  const found = match.isEmpty && before === undefined ? NONE : match.find(factsOf(state, stated), before);
  const own = found.kind === "one" ? found.product : null;
  const stays = known === undefined || (own?.product_id ?? productIdOf(known)) === known.product_id;
  return { own, replaced: stays ? null : known, doubt: isAskedAbout(state, read) ? doubtOf(found) : null };
}

const NONE: Match = { kind: "none" };

const productIdOf = ({ dutchie_product_id }: ProductRow) => productId(dutchie_product_id ?? "");

const doubtOf = (found: Match) =>
  found.kind === "ambiguous" ? { candidates: found.products, reason: found.reason } : null;

/** The content by which a product is recognised: what is stated, completed with what packages and sales say. */
function factsOf({ hint }: Unsettled, stated: StatedContent): StatedContent {
  const hinted = Object.entries(hint).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(hinted), ...stated };
}

/** The content that follows from all that is known, in whatever order it came. */
export function contentOf(
  dutchie_product_id: string,
  own: ProductContent | null,
  state: Unsettled,
  stated: StatedContent,
): ProductContent {
  const { hint } = state;
  const isHinted = fieldsOf(state.stated).length === 0;
  const base = own ?? {
    ...EMPTY_PRODUCT,
    sku: hint.sku,
    upc: hint.upc,
    product_name: hint.product_name ?? hint.sku ?? `#${dutchie_product_id}`,
    brand: hint.brand,
    category: hint.category,
    subcategory: hint.subcategory,
    status: isHinted ? ("provisional" as const) : ("active" as const),
  };
  // Field by field in the one order of all products: objects of one shape are faster than any spread.
  return {
    dutchie_product_id,
    sku: statedOr(stated.sku, base.sku),
    upc: statedOr(stated.upc, base.upc),
    product_name: statedOr(stated.product_name, base.product_name),
    brand: statedOr(stated.brand, base.brand),
    category: statedOr(stated.category, base.category),
    subcategory: statedOr(stated.subcategory, base.subcategory),
    thc_percentage: statedOr(stated.thc_percentage, base.thc_percentage),
    cbd_percentage: statedOr(stated.cbd_percentage, base.cbd_percentage),
    thc_mg: statedOr(stated.thc_mg, base.thc_mg),
    cbd_mg: statedOr(stated.cbd_mg, base.cbd_mg),
    unit_price: statedOr(stated.unit_price, base.unit_price),
    unit_cost: statedOr(stated.unit_cost, base.unit_cost),
    status: statedOr(stated.status, base.status),
  };
}

/** A product of ReUp's own as it was before it was linked. */
export function asOwn(row: ProductRow, own: ProductContent): ProductRow {
  const version: Version = { source_at: 0, source_rank: 0, content_hash: productHash(own) };
  return { ...row, ...own, ...version, merged_into: null, overrides: null, stated: null, unsettled: null };
}

/** The content that ReUp's own product had before it was linked to this one. */
export const ownContent = (place: Place): ProductContent | null =>
  place.own === null ? null : { ...pickProductContent(place.own), dutchie_product_id: null };
