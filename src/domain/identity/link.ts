import { diff } from "../records/decide.ts";
import { dutchieSide } from "../records/overrides.ts";
import { pickProductContent, productHash } from "../records/product.ts";
import type { ProductRow } from "../records/records.ts";

/** Links a product of ReUp's own to one of Dutchie's, as if it had been matched when Dutchie first listed that one. */
export function linkProducts(own: ProductRow, dutchie: ProductRow, now: number): ProductRow {
  const { source_at, source_rank } = dutchie;
  const stated = Object.entries(pickProductContent(dutchieSide(dutchie))).filter(([, value]) => value !== null);
  const content = { ...pickProductContent(own), ...Object.fromEntries(stated) };
  const version = { source_at, source_rank, content_hash: productHash(content) };
  return { ...own, ...content, ...version, merged_into: null, overrides: null, unsettled: null, updated_at: now };
}

/** Both products as before the link, Dutchie's with the changes since. */
export function unlinkProducts(
  before: { own: ProductRow; dutchie: ProductRow; linked: ProductRow },
  current: ProductRow,
  now: number,
): { own: ProductRow; dutchie: ProductRow } {
  const is = dutchieSide(current);
  const since = diff(pickProductContent(before.linked), pickProductContent(is));
  const changed = Object.fromEntries(Object.entries(since).map(([field, [, value]]) => [field, value]));
  const isSame = is.source_at === before.linked.source_at && is.content_hash === before.linked.content_hash;
  const { source_at, source_rank, content_hash } = isSame ? before.dutchie : is;
  return {
    own: { ...before.own, updated_at: now },
    dutchie: {
      ...dutchieSide(before.dutchie),
      ...changed,
      source_at,
      source_rank,
      content_hash,
      // Statements since then were about the linked product, so they do not decide whether this one is unsettled.
      unsettled: isSame ? (before.dutchie.unsettled ?? null) : null,
      updated_at: now,
    },
  };
}
