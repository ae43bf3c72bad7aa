import { diff, hashOf } from "../records/decide.ts";
import { dutchieSide } from "../records/overrides.ts";
import { pickProductContent } from "../records/product.ts";
import type { ProductRow } from "../records/records.ts";

/** A product of ReUp's own becomes a product of Dutchie's, as if it had been matched when that one was first told of. */
export function linkProducts(own: ProductRow, dutchie: ProductRow, now: number): ProductRow {
  const { source_at, source_rank } = dutchie;
  const told = Object.entries(pickProductContent(dutchieSide(dutchie))).filter(([, value]) => value !== null);
  const content = { ...pickProductContent(own), ...Object.fromEntries(told) };
  const version = { source_at, source_rank, content_hash: hashOf(content) };
  return { ...own, ...content, ...version, merged_into: null, overrides: null, unsettled: null, updated_at: now };
}

/** Both products as before the link, Dutchie's with what Dutchie told since. */
export function unlinkProducts(
  before: { own: ProductRow; dutchie: ProductRow; linked: ProductRow },
  current: ProductRow,
  now: number,
): { own: ProductRow; dutchie: ProductRow } {
  const is = dutchieSide(current);
  const since = diff(pickProductContent(before.linked), pickProductContent(is));
  const told = Object.fromEntries(Object.entries(since).map(([field, [, value]]) => [field, value]));
  const isSame = is.source_at === before.linked.source_at && is.content_hash === before.linked.content_hash;
  const { source_at, source_rank, content_hash } = isSame ? before.dutchie : is;
  return {
    own: { ...before.own, updated_at: now },
    dutchie: {
      ...dutchieSide(before.dutchie),
      ...told,
      source_at,
      source_rank,
      content_hash,
      // What was told since was told of the linked one: its place is not judged by it.
      unsettled: isSame ? (before.dutchie.unsettled ?? null) : null,
      updated_at: now,
    },
  };
}
