import { hashOf } from "../records/decide.ts";
import type { ProductContent } from "../records/model.ts";
import { dutchieSide } from "../records/overrides.ts";
import { EMPTY_PRODUCT, pickProductContent } from "../records/product.ts";
import { type Hint, type ProductRow, productId, type Unsettled } from "../records/records.ts";
import type { Read, Version } from "../records/version.ts";
import type { Match, MatchIndex } from "./match.ts";

/** All that lies in, or was sold of, one product belongs to another from now on. */
export interface Relink {
  from: string;
  to: string;
}

/** A product of Dutchie's that may be one of several of ReUp's own: it stays on its own, and a person is asked. */
export interface Doubt {
  product: ProductRow;
  candidates: ProductRow[];
  reason: string;
}

/** What Dutchie's catalogue and webhooks said of a product, as far as they said anything. */
export type StatedContent = Partial<ProductContent>;

/** Where a product belongs by all that is known of it. */
export interface Place {
  /** The product of ReUp's own that it is; null: a product by itself. */
  own: ProductRow | null;
  /** The product that stood for it until now, when that is another one. */
  replaced: ProductRow | null;
  doubt: Omit<Doubt, "product"> | null;
}

/** What was told of a product that is not settled yet. */
export function statedOf(known: ProductRow | undefined): StatedContent {
  if (known?.unsettled == null) return {};
  const row = dutchieSide(known);
  return Object.fromEntries(fieldsOf(known.unsettled.told).map((field) => [field, row[field]]));
}

const fieldsOf = (told: Unsettled["told"]) => Object.keys(told) as (keyof ProductContent)[];

/**
 * What is told after a row of the time `at`. The newest word on each field stands, of two of one time the greater, so
 * that rows of some fields add up to the same in any order.
 */
export function addStated(
  state: Unsettled,
  told: StatedContent,
  content: StatedContent,
  at: number,
): { state: Unsettled; told: StatedContent; isMore: boolean } {
  const times = { ...state.told };
  const values: Record<string, unknown> = { ...told };
  let isMore = false;
  for (const [key, value] of Object.entries(content)) {
    const field = key as keyof ProductContent;
    const before = times[field];
    const isOlder = before !== undefined && (at < before || (at === before && !isGreater(value, values[field])));
    if (isOlder || value === undefined) continue;
    if (before === undefined || values[field] !== value) isMore = true;
    times[field] = at;
    values[field] = value;
  }
  return { state: { ...state, told: times }, told: values as StatedContent, isMore };
}

const isGreater = (a: unknown, b: unknown) => JSON.stringify(a) > JSON.stringify(b);

/** A hint says what no hint has said before. */
export function addHint(state: Unsettled, hint: Hint): Unsettled {
  const added = Object.entries(hint).filter(([field, value]) => state.hint[field as keyof Hint] === null && value);
  return added.length === 0 ? state : { ...state, hint: { ...state.hint, ...Object.fromEntries(added) } };
}

/**
 * The catalogue told SKU and name: it tells all there is. From then on the product stays where it is, whatever its SKU
 * becomes. A webhook may tell of some fields only, and the next may tell what it left out.
 */
export function isSettledBy({ told }: Unsettled, read: Read): boolean {
  return read.kind === "snapshot" && told.sku !== undefined && told.product_name !== undefined;
}

/** Enough was told to ask a person; of less, the rest is waited for. */
const isAskedAbout = ({ told }: Unsettled, read: Read | null): boolean =>
  told.product_name !== undefined && (told.sku !== undefined || read?.kind === "snapshot");

/** `read` null: a hint, on whose word nobody is asked. */
export function placeOf(
  known: ProductRow | undefined,
  { state, told, read }: { state: Unsettled; told: StatedContent; read: Read | null },
  match: MatchIndex,
): Place {
  const before = state.own === null || known === undefined ? undefined : asOwn(known, state.own);
  const found = match.find(factsOf(state, told), before);
  const own = found.kind === "one" ? found.product : null;
  const stays = known === undefined || (own?.product_id ?? productIdOf(known)) === known.product_id;
  return { own, replaced: stays ? null : known, doubt: isAskedAbout(state, read) ? doubtOf(found) : null };
}

const productIdOf = ({ dutchie_product_id }: ProductRow) => productId(dutchie_product_id ?? "");

const doubtOf = (found: Match) =>
  found.kind === "ambiguous" ? { candidates: found.products, reason: found.reason } : null;

/** By what a product is recognised: what was told, and of the rest what packages and sales call it. */
function factsOf({ hint }: Unsettled, told: StatedContent): StatedContent {
  const hinted = Object.entries(hint).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(hinted), ...told };
}

/** The content that follows from all that is known; nothing of it depends on what was known first. */
export function contentOf(
  dutchie_product_id: string,
  own: ProductContent | null,
  state: Unsettled,
  told: StatedContent,
): ProductContent {
  const { hint } = state;
  const isHinted = fieldsOf(state.told).length === 0;
  const base: ProductContent = own ?? {
    ...EMPTY_PRODUCT,
    ...hint,
    product_name: hint.product_name ?? hint.sku ?? `#${dutchie_product_id}`,
    dutchie_product_id,
    status: isHinted ? "provisional" : "active",
  };
  return { ...base, ...told, dutchie_product_id };
}

/** A product of ReUp's own as it was before it was linked. */
export function asOwn(row: ProductRow, own: ProductContent): ProductRow {
  const version: Version = { source_at: 0, source_rank: 0, content_hash: hashOf(own) };
  return { ...row, ...own, ...version, merged_into: null, overrides: null, told: null, unsettled: null };
}

/** The content that ReUp's own product had before it was linked to this one. */
export const ownContent = (place: Place): ProductContent | null =>
  place.own === null ? null : { ...pickProductContent(place.own), dutchie_product_id: null };
