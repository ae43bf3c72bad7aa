import { type DuplicateDecision, planDuplicates } from "../identity/duplicates.ts";
import type { Link } from "../identity/link.ts";
import type { EditConflict } from "../pushes/push.ts";
import type { Decider } from "../records/change.ts";
import type { Settings } from "../records/model.ts";
import { type ChosenFields, dutchieSide, editsOf, override } from "../records/overrides.ts";
import type { ProductRow } from "../records/records.ts";
import { contentHash } from "../records/version.ts";
import { SNAPSHOT } from "../snapshots/absence-text.ts";
import { skuKey } from "../values/identifiers.ts";

export const REVIEW_KINDS = ["duplicate_sku", "ambiguous_match", "edit_conflict", "held_snapshot"] as const;
export type ReviewKind = (typeof REVIEW_KINDS)[number];
export const REVIEW_ACTIONS = ["merge", "keep_both", "keep_dutchie", "keep_reup", "confirm", "discard"] as const;
export type ReviewAction = (typeof REVIEW_ACTIONS)[number];

/** What a decision carries beside its action. */
export interface Resolution {
  /** For a merge: the survivor's fields that are not its own. */
  fields: ChosenFields;
  /** For an ambiguous match: the link that was made. */
  link: Link | null;
}

/** Who took back the last decision, when and why. Kept while the same question is asked, and with the decision after it. */
export interface Undone extends Decider {
  at: number;
}

export interface ReviewRow {
  review_id: string;
  kind: ReviewKind;
  state: "open" | "resolved";
  /** The SKU, the product, or the resource. */
  subject: string;
  reason: string;
  candidates: string[];
  /** For an edit conflict: both values of each field. */
  conflicts: EditConflict[] | null;
  /** For a held snapshot: quantity × price of what it leaves out. */
  value_at_stake: number | null;
  /** For a held snapshot: how many packages or products it leaves out; null: not counted yet. */
  held_rows: number | null;
  /** The decision is in force while the facts have this hash. */
  facts_hash: string;
  action: ReviewAction | null;
  into: string | null;
  resolution: Resolution | null;
  opened_at: number;
  resolved_at: number | null;
  /** A person, `auto` (the store's rule) or `snapshot` (a second snapshot). */
  resolved_by: string | null;
  /** Why, in the person's words. */
  resolved_reason: string | null;
  undone: Undone | null;
}

/** A subject always has the same review, so its decision is found again. */
export const reviewId = (kind: ReviewKind | "match", subject: string) => `rev_${contentHash([kind, subject])}`;
/** By the SKU's key, so that its spelling does not matter. */
export const duplicateReviewId = (sku: string) => reviewId("duplicate_sku", skuKey(sku) ?? sku);

export const UNDECIDED = {
  action: null,
  into: null,
  resolution: null,
  resolved_at: null,
  resolved_by: null,
  resolved_reason: null,
} as const;
export const AUTO = "auto";
/** Who decides without being a person: the rule for duplicate SKUs, and a later list. */
export const NO_PERSON: readonly string[] = [AUTO, SNAPSHOT];
/** The store's rule decided. */
export const BY_RULE: Decider = { by: AUTO, reason: null };
/** The review that asks which of ReUp's own products this product of Dutchie's is; `product_id`: as if it is none of them. */
export const matchReviewId = (product_id: string) => reviewId("match", product_id);
/** The review of a product's fields that both sides edited. */
export const conflictReviewId = (product_id: string) => reviewId("edit_conflict", product_id);

/** An open review that asks whether the first of the products, Dutchie's, is one of the others. */
export function matchReview(ids: readonly [string, ...string[]], reason: string, now: number): ReviewRow {
  const [subject] = ids;
  return {
    review_id: matchReviewId(subject),
    kind: "ambiguous_match",
    state: "open",
    subject,
    reason,
    candidates: [...ids],
    conflicts: null,
    value_at_stake: null,
    held_rows: null,
    facts_hash: contentHash(ids),
    opened_at: now,
    ...UNDECIDED,
    undone: null,
  };
}

const SHOWN_ACTIVE = { status: { value: "active", fill: false } } as const;

export interface SkuDecision {
  /** All products of the SKU, with `merged_into` and `overrides` as they must be. */
  rows: ProductRow[];
  /** The review to write; null when it stays as it is. */
  review: ReviewRow | null;
}

/** Decides one SKU from its products, the store's rule and the review. To decide again changes nothing. */
export function decideSku(given: {
  /** As one of the products spells it. */
  sku: string;
  products: readonly ProductRow[];
  rule: Settings["duplicate_sku"];
  review: ReviewRow | undefined;
  now: number;
}): SkuDecision {
  const { review, now } = given;
  const plan = planDuplicates(given.products, given.rule, decisionOf(review));
  const rows = given.products.map((row) => ({
    ...override(dutchieSide(row), {
      ...(row.product_id === plan.survivor ? plan.fields : null),
      ...(plan.shownActive.includes(row.product_id) ? SHOWN_ACTIVE : null),
      ...editsOf(row.overrides),
    }),
    merged_into: plan.merged_into.get(row.product_id) ?? null,
  }));
  const base = {
    review_id: duplicateReviewId(given.sku),
    kind: "duplicate_sku" as const,
    subject: given.sku,
    conflicts: null,
    value_at_stake: null,
    held_rows: null,
    reason: plan.reason,
    facts_hash: plan.facts_hash,
    ...UNDECIDED,
    undone: review?.state === "open" ? review.undone : null,
  };
  const isCurrent = review?.facts_hash === plan.facts_hash;
  if (plan.candidates.length > 0) {
    // The survivors can change while the facts stay the same, because what is for sale changes.
    const isAsked = isCurrent && review.reason === plan.reason && review.candidates.join() === plan.candidates.join();
    if (review?.state === "open" && isAsked) return { rows, review: null };
    const opened_at = review?.state === "open" ? review.opened_at : now;
    return { rows, review: { ...base, state: "open", candidates: plan.candidates, opened_at } };
  }
  if (plan.by === "rule") {
    const isKnown =
      isCurrent && review.resolved_by === AUTO && review.action === "merge" && review.into === plan.survivor;
    if (isKnown) return { rows, review: null };
    const opened_at = review?.state === "open" ? review.opened_at : now;
    const merge = { action: "merge", into: plan.survivor, resolved_at: now, resolved_by: AUTO } as const;
    return { rows, review: { ...base, state: "resolved", candidates: plan.members, opened_at, ...merge } };
  }
  // A person's decision is kept although there is nothing to decide now: the same facts may return.
  const isOver = plan.by === null && (review?.state === "open" || (review?.resolved_by === AUTO && review.action));
  if (!review || !isOver) return { rows, review: null };
  const over = { state: "resolved", reason: "No longer a duplicate.", resolved_at: now, resolved_by: AUTO } as const;
  return { rows, review: { ...review, ...UNDECIDED, ...over, facts_hash: plan.facts_hash } };
}

/** A person's decision. The rule's own is not used: it is made again each time. */
function decisionOf(review: ReviewRow | undefined): DuplicateDecision | null {
  if (review?.state !== "resolved" || review.resolved_by === AUTO) return null;
  if (review.action !== "merge" && review.action !== "keep_both") return null;
  const { facts_hash, action, into } = review;
  return { facts_hash, action, into, fields: review.resolution?.fields ?? {} };
}

export function asDecided(
  review: ReviewRow,
  decision: { action: ReviewAction; into: string | null; resolution: Resolution | null },
  { by, reason }: Decider,
  now: number,
): ReviewRow {
  return { ...review, state: "resolved", ...decision, resolved_at: now, resolved_by: by, resolved_reason: reason };
}

/**
 * The review after its decision is undone: open again. Undoing an automatic merge, or a link that nobody asked about, is a
 * decision to keep the products apart; otherwise the next sync would merge them again. null: there is nothing to undo.
 */
export function asUndone(review: ReviewRow, who: Decider, now: number): ReviewRow | null {
  if (review.state !== "resolved" || review.action === null) return null;
  if (review.resolved_by === AUTO || review.resolution?.link?.isUnasked === true) {
    return asDecided(review, { action: "keep_both", into: null, resolution: null }, who, now);
  }
  return { ...review, state: "open", ...UNDECIDED, undone: { ...who, at: now } };
}
