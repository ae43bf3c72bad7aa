import type { ReviewJson } from "../../contract/http/reviews.ts";
import type { Candidate, ListedReview, Missing } from "../../db/queries/list-reviews.ts";
import { productJson } from "../../db/record-json.ts";
import { isSharedByTooMany } from "../../domain/identity/duplicates.ts";
import { chooseFields, mergedFields } from "../../domain/identity/merge.ts";
import type { ChosenFields } from "../../domain/records/overrides.ts";
import { iso, isoOrNull } from "../../domain/values/iso.ts";
import { round6 } from "../../domain/values/number.ts";

export interface Known {
  products: ReadonlyMap<string, Candidate>;
  /** What held lists leave out. */
  missing: ReadonlyMap<string, Missing>;
}

/** A review as the API answers it: its candidates, and a preview of the merged record. */
export function reviewJson(row: ListedReview, { products, missing }: Known): ReviewJson {
  const candidates = row.candidates.flatMap((id) => products.get(id) ?? []);
  return {
    review_id: row.review_id,
    kind: row.kind,
    state: row.state,
    subject: row.subject,
    reason: row.reason,
    opened_at: iso(row.opened_at),
    resolved_at: isoOrNull(row.resolved_at),
    resolved_by: row.resolved_by,
    resolved_reason: row.resolved_reason,
    undone: row.undone && { ...row.undone, at: iso(row.undone.at) },
    action: row.action,
    into: row.into,
    candidates:
      row.kind === "held_snapshot"
        ? row.candidates.map((record_id) => ({ record_id, ...(missing.get(record_id) ?? UNKNOWN) }))
        : candidates.map((product) => ({ ...productJson(product), packages: product.packages })),
    conflicts: row.conflicts ?? [],
    value_at_stake: row.value_at_stake,
    held_rows: row.held_rows,
    preview: isMergeable(row) ? previewOf(row, candidates) : null,
  };
}

const UNKNOWN: Missing = { product_name: null, package_id: null, room_name: null, quantity: null, value: null };

const isMergeable = (row: ListedReview) =>
  row.kind === "ambiguous_match" || (row.kind === "duplicate_sku" && !isSharedByTooMany(row));

function previewOf(row: ListedReview, candidates: readonly Candidate[]): ReviewJson["preview"] {
  const isMerged = row.action === "merge";
  if (!isMerged && row.kind === "ambiguous_match") return previewOfLink(candidates);
  const survivor = isMerged ? candidates.find(({ product_id }) => product_id === row.into) : candidates[0];
  if (survivor === undefined) return null;
  // After the merge the survivor already counts the packages of the others.
  const parts = isMerged ? [survivor] : candidates;
  const sum = (of: (candidate: Candidate) => number) => parts.reduce((total, each) => total + of(each), 0);
  return {
    product_id: survivor.product_id,
    quantity: round6(sum(({ quantity }) => quantity)),
    packages: sum(({ packages }) => packages),
    fields: mergedFields(survivor, isMerged ? (row.resolution?.fields ?? {}) : fieldsOf(candidates, survivor)),
  };
}

/** An ambiguous match: the first of ReUp's own products, with Dutchie's values. */
function previewOfLink([dutchie, own]: readonly Candidate[]): ReviewJson["preview"] {
  if (dutchie === undefined || own === undefined) return null;
  const fields = mergedFields(dutchie, fieldsOf([dutchie, own], dutchie));
  const { product_id } = own;
  const quantity = round6(dutchie.quantity + own.quantity);
  return { product_id, quantity, packages: dutchie.packages + own.packages, fields };
}

function fieldsOf(candidates: readonly Candidate[], survivor: Candidate): ChosenFields {
  const choice = chooseFields(candidates, survivor.product_id, {});
  return "fields" in choice ? choice.fields : {};
}
