import { hashOf } from "./decide.ts";
import type { IncomingProduct } from "./mapping.ts";
import type { MatchIndex } from "./match.ts";
import type { ProductRow } from "./records.ts";
import { pickProductContent } from "./resolve-products.ts";

/** All that lies in, or was sold of, one product belongs to another from now on. */
export interface Relink {
  dutchie_product_id: string;
  from: string;
  to: string;
}

/** A product of Dutchie's that may be one of several of ReUp's own: created on its own, and a person is asked. */
export interface Doubt {
  product: ProductRow;
  candidates: ProductRow[];
  reason: string;
}

export interface Identity {
  /** What the row's content is laid over. */
  base: ProductRow | undefined;
  /** Whose version the row is judged against; undefined: it is new to us. */
  stored: ProductRow | undefined;
  /** The product that stood for it until now, on the word of a hint. */
  left: ProductRow | null;
  doubt: Omit<Doubt, "product"> | null;
}

/**
 * Which product a catalogue row is. One that only an inventory row or a sale has told of is judged anew now that its UPC
 * and name are known: what came first must not decide where it ends.
 */
export function identify(incoming: IncomingProduct, known: ProductRow | undefined, match: MatchIndex): Identity {
  const settled: Identity = { base: known, stored: known, left: null, doubt: null };
  if (!isUnsettled(known)) return settled;
  const linked = known !== undefined && isLinkedByHint(known);
  const told = { product_name: `#${incoming.dutchie_product_id}`, ...incoming.content };
  // A webhook of the price alone says nothing against what a hint had said.
  if (linked && (incoming.content.sku === undefined || incoming.content.product_name === undefined)) return settled;
  const found = linked
    ? match.find(told, unlinked(known))
    : match.find(known === undefined ? told : { ...pickProductContent(known), ...incoming.content });
  if (found.kind === "one") {
    if (linked && found.product.product_id === known.product_id) return settled;
    return { base: found.product, stored: undefined, left: known ?? null, doubt: null };
  }
  const doubt = found.kind === "ambiguous" ? { candidates: found.products, reason: found.reason } : null;
  return linked ? { base: undefined, stored: undefined, left: known, doubt } : { ...settled, doubt };
}

/** Not yet known by the catalogue's word: it may prove to be one of ReUp's own. */
export const isUnsettled = (row: ProductRow | undefined) =>
  row === undefined || isProvisional(row) || isLinkedByHint(row);

const isProvisional = (row: ProductRow) => row.status === "provisional";

/** Linked by an inventory row or a sale; the catalogue has not spoken yet. */
const isLinkedByHint = (row: ProductRow) => row.source === "reup" && row.source_at === 0;

/** A product of ReUp's own as it was before it was linked. */
export function unlinked(row: ProductRow): ProductRow {
  const content = { ...pickProductContent(row), dutchie_product_id: null };
  return { ...row, ...content, source_at: 0, source_rank: 0, content_hash: hashOf(content) };
}
