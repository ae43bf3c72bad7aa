import { loadProductsById } from "../../db/load-records.ts";
import { findOpenConflict, reviewUpsert } from "../../db/reviews.ts";
import { writeBatch } from "../../db/write.ts";
import { type EditConflict, type PushFields, pushEntries } from "../../domain/pushes/push.ts";
import type { Decider } from "../../domain/records/change.ts";
import { dutchieSide } from "../../domain/records/overrides.ts";
import { contentHash } from "../../domain/records/version.ts";
import { conflict, DECIDED, type ReviewResult } from "../../domain/reviews/decision.ts";
import { asDecided, conflictReviewId, type ReviewRow, UNDECIDED } from "../../domain/reviews/review.ts";
import type { StoreContext } from "../context.ts";
import { showEdits } from "./edits.ts";

/** When both sides changed one field: one review for each product, with both values. */

/** Opens the review, or adds to the one that is open. */
export async function openConflict(
  { db, location: { location_id }, now }: StoreContext,
  given: { product_id: string; conflicts: readonly EditConflict[]; reason: string },
): Promise<void> {
  const { product_id, conflicts, reason } = given;
  const before = await findOpenConflict(db, location_id, product_id);
  const fields = new Set(conflicts.map(({ field }) => field));
  const all = [...(before?.conflicts ?? []).filter(({ field }) => !fields.has(field)), ...conflicts];
  const review: ReviewRow = {
    review_id: conflictReviewId(product_id),
    kind: "edit_conflict",
    state: "open",
    subject: product_id,
    reason,
    candidates: [product_id],
    value_at_stake: null,
    held_rows: null,
    conflicts: all,
    facts_hash: contentHash(all),
    opened_at: before?.opened_at ?? now,
    ...UNDECIDED,
    undone: null,
  };
  await writeBatch(db, reviewUpsert(location_id, review));
}

/**
 * Applies the chosen values, and sends those that Dutchie does not have. The other fields of the edit were not in doubt and
 * are sent, too.
 */
export async function resolveConflict(
  context: StoreContext,
  review: ReviewRow,
  { action, by, reason }: Decider & { action: "keep_dutchie" | "keep_reup" },
): Promise<ReviewResult> {
  const { db, store, now } = context;
  const { outbox } = store;
  const { location_id } = context.location;
  const [row] = await loadProductsById(db, location_id, [review.subject]);
  if (row === undefined) return conflict("The product no longer exists.");
  const dutchie = dutchieSide(row);
  const stopped = outbox.ofProduct(row.product_id).filter(({ state }) => state === "conflict");
  const chosen: PushFields = {};
  for (const { fields } of stopped) {
    for (const [field, { value }] of pushEntries(fields)) chosen[field] = { value, base: dutchie[field] };
  }
  for (const { field, dutchie_value, reup_value } of review.conflicts ?? []) {
    const [value, other] = action === "keep_reup" ? [reup_value, dutchie_value] : [dutchie_value, reup_value];
    // After an overwrite ReUp may show the chosen value while Dutchie has the other one: sending finds out.
    const isOverwritten = stopped.length === 0 && dutchie[field] === value;
    chosen[field] = { value, base: isOverwritten ? other : dutchie[field] };
  }
  const open = Object.fromEntries(
    pushEntries(chosen).filter(([field, { value }]) => stopped.length === 0 || dutchie[field] !== value),
  );
  // The outbox first: no decision may be shown that is not sent.
  if (Object.keys(open).length > 0) await showEdits(context, { row, before: row, fields: open, by, reason });
  const kept = action === "keep_reup" ? "ReUp's value was kept" : "Dutchie's value was kept";
  for (const push of stopped) {
    outbox.put({ ...push, state: "cancelled", next_at: null, reason: `A person decided: ${kept}.`, updated_at: now });
  }
  const decision = asDecided(review, { action, into: null, resolution: null }, { by, reason }, now);
  await writeBatch(db, reviewUpsert(location_id, decision));
  return DECIDED;
}
