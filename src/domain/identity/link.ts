import { MAX_LOGGED_VALUE } from "../bounds.ts";
import type { FieldChanges } from "../records/change.ts";
import { diff } from "../records/decide.ts";
import { PRODUCT_FIELDS, type ProductContent } from "../records/model.ts";
import { dutchieSide } from "../records/overrides.ts";
import { pickProductContent, productHash } from "../records/product.ts";
import { type ProductRow, productId } from "../records/records.ts";
import { asOwn, contentOf, statedOf } from "./identify.ts";
import { isNameless } from "./meaning.ts";

/** A link of a product of ReUp's own with one of Dutchie's: both as they were before, and the linked one as it was made. */
export interface Link {
  own: ProductRow;
  dutchie: ProductRow;
  linked: ProductRow;
  /** A person made it although nobody had asked. */
  isUnasked?: boolean;
}

/** Links a product of ReUp's own to one of Dutchie's, as if it had been matched when Dutchie first listed that one. */
export function linkProducts(own: ProductRow, dutchie: ProductRow, now: number): ProductRow {
  const { source_at, source_rank, stated = null } = dutchie;
  const known = Object.entries(pickProductContent(dutchieSide(dutchie))).filter(([, value]) => value !== null);
  const content = { ...pickProductContent(own), ...Object.fromEntries(known) };
  const version = { source_at, source_rank, content_hash: productHash(content) };
  return {
    ...own,
    ...content,
    ...version,
    stated,
    merged_into: null,
    overrides: null,
    unsettled: null,
    updated_at: now,
  };
}

/** Both products as before the link, Dutchie's with the changes since. */
export function unlinkProducts(
  before: Link,
  current: ProductRow,
  now: number,
): { own: ProductRow; dutchie: ProductRow } {
  const is = dutchieSide(current);
  const since = diff(pickProductContent(before.linked), pickProductContent(is));
  const changed = Object.fromEntries(Object.entries(since).map(([field, [, value]]) => [field, value]));
  const isSame = is.source_at === before.linked.source_at && is.content_hash === before.linked.content_hash;
  const { source_at, source_rank } = isSame ? before.dutchie : is;
  const dutchie = { ...dutchieSide(before.dutchie), ...changed };
  const content_hash = isSame ? dutchie.content_hash : productHash(pickProductContent(dutchie));
  return {
    own: { ...before.own, notes: current.notes, updated_at: now },
    dutchie: {
      ...dutchie,
      source_at,
      source_rank,
      content_hash,
      ...(isSame ? {} : { stated: current.stated ?? null }),
      // Statements since then were about the linked product, so they do not decide whether this one is unsettled.
      unsettled: isSame ? (before.dutchie.unsettled ?? null) : null,
      updated_at: now,
    },
  };
}

/**
 * A link that a match made. What ReUp's own product was before is known until the catalogue has stated the product, and
 * afterwards from the log (`own`); null: not any more, so both keep the values of the linked one.
 */
export function matchedLink(linked: ProductRow, own: ProductContent | null): Link {
  const dutchie_product_id = linked.dutchie_product_id ?? "";
  const is = dutchieSide(linked);
  const { unsettled } = linked;
  const before = unsettled?.own ?? own ?? asOwnContent(pickProductContent(is));
  const alone =
    unsettled === null
      ? pickProductContent(is)
      : contentOf(dutchie_product_id, null, { ...unsettled, own: null }, statedOf(linked));
  return {
    own: asOwn(linked, before),
    dutchie: {
      ...is,
      ...alone,
      content_hash: productHash(alone),
      product_id: productId(dutchie_product_id),
      merged_into: null,
      overrides: null,
      notes: null,
      source: "dutchie",
      unsettled: null,
      created_by: null,
    },
    linked: is,
  };
}

/**
 * ReUp's own product as it was before a match linked it, by the product's changes, the newest first. null: the log does not reach back
 * so far, or has a value that it cut.
 */
export function contentBeforeMatch(linked: ProductRow, changes: readonly FieldChanges[]): ProductContent | null {
  const content: Record<string, unknown> = { ...pickProductContent(dutchieSide(linked)) };
  for (const fields of changes) {
    for (const field of PRODUCT_FIELDS) {
      const change = fields[`dutchie.${field}`] ?? fields[field];
      if (change === undefined) continue;
      if (isCut(change[0])) return null;
      content[field] = change[0];
    }
    const [before, after] = fields.dutchie_product_id ?? [];
    if (before === null && after === linked.dutchie_product_id) return content as unknown as ProductContent;
  }
  return null;
}

const isCut = (value: unknown): boolean => typeof value === "string" && value.length >= MAX_LOGGED_VALUE;

/** Whether Dutchie still lists it says nothing of a product of ReUp's own. */
function asOwnContent(content: ProductContent): ProductContent {
  const status = content.status === "active" ? "active" : "inactive";
  return { ...content, status, dutchie_product_id: null };
}

/** What a person's wish for a link comes to. */
export type LinkPlan =
  | { kind: "as_is" }
  /** It is so already, but a sync might still change it. */
  | { kind: "settle" }
  | { kind: "link"; dutchie: ProductRow }
  | { kind: "unlink" }
  | { kind: "refuse"; message: string };

const refuse = (message: string): LinkPlan => ({ kind: "refuse", message });

/** Rows are found by their keys again, not by a person's word: it would hold for this row and no later one. */
const whyNameless = ({ product_name }: ProductRow): string =>
  `Dutchie names "${product_name}" only in packages or sales without a product id, so it cannot be linked. Give it there the SKU or UPC of the product that it is: the next sync then puts it in its place.`;

/** A person links a product to the one of Dutchie's that is given as it is stored. */
export function planLink(product: ProductRow, dutchie: ProductRow): LinkPlan {
  const id = dutchie.dutchie_product_id ?? "";
  if (dutchie.product_id === product.product_id) return { kind: product.unsettled === null ? "as_is" : "settle" };
  if (product.source === "dutchie") {
    return refuse(
      isNameless(product)
        ? whyNameless(product)
        : `"${product.product_name}" is a product of Dutchie's itself. Only a product of ReUp's own can be linked.`,
    );
  }
  if (product.dutchie_product_id !== null) {
    return refuse(`This product is linked to Dutchie's product ${product.dutchie_product_id}. Unlink it first.`);
  }
  if (product.status === "deleted") return refuse("This product was deleted.");
  if (dutchie.product_id !== productId(id)) {
    return refuse(`Dutchie's product ${id} is linked to "${dutchie.product_name}" already. Unlink that one first.`);
  }
  if (dutchie.status === "deleted") return refuse(`Dutchie no longer lists its product ${id}.`);
  if (dutchie.merged_into !== null) {
    return refuse(
      `Dutchie's product ${id} was merged into another one of the same SKU. Link to that one, or undo the merge first.`,
    );
  }
  return { kind: "link", dutchie };
}

/** A person says that a product is none of Dutchie's. */
export function planUnlink(product: ProductRow): LinkPlan {
  if (isNameless(product)) return refuse(whyNameless(product));
  if (product.dutchie_product_id === null) return { kind: "as_is" };
  if (product.product_id === productId(product.dutchie_product_id)) {
    return refuse(`"${product.product_name}" is a product of Dutchie's itself. It is linked to none of ReUp's own.`);
  }
  return { kind: "unlink" };
}
