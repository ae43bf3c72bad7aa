import { findReview } from "../../db/reviews.ts";
import { isSharedByTooMany } from "../../domain/identity/duplicates.ts";
import { chooseFields } from "../../domain/identity/merge.ts";
import type { Decider } from "../../domain/records/change.ts";
import { whyFinal } from "../../domain/reviews/decided.ts";
import { conflict, DECIDED, invalid, type ReviewCommand, type ReviewResult } from "../../domain/reviews/decision.ts";
import {
  asDecided,
  asUndone,
  type ReviewAction,
  type ReviewKind,
  type ReviewRow,
} from "../../domain/reviews/review.ts";
import type { SnapshotResource } from "../../domain/snapshots/absence.ts";
import type { StoreContext } from "../context.ts";
import { resolveConflict } from "../pushes/edit-conflicts.ts";
import { decideReview } from "../records/duplicates.ts";
import { writeRecords } from "../records/write-records.ts";
import { askAgain, confirmHeld, keepHeld } from "../snapshots/held.ts";
import { candidatesOf } from "./candidates.ts";
import { linkReview, unlinkReview } from "./review-links.ts";

/** What a person decides, and who it is. */
type Decision = ReviewCommand & Decider;

const ACTIONS: Record<ReviewKind, readonly ReviewAction[]> = {
  duplicate_sku: ["merge", "keep_both"],
  ambiguous_match: ["merge", "keep_both"],
  held_snapshot: ["confirm", "discard"],
  edit_conflict: ["keep_dutchie", "keep_reup"],
};

/** Decides a review, within the store's serial section. Records, their change log and the review commit together. */
export async function resolveReview(
  context: StoreContext,
  review_id: string,
  decision: Decision,
): Promise<ReviewResult> {
  const { action, into, fields, count, by, reason } = decision;
  const review = await findReview(context.db, context.location.location_id, review_id);
  if (review === null) return { ok: false, reason: "not_found" };
  if (!ACTIONS[review.kind].includes(action)) {
    return invalid("action", `must be ${ACTIONS[review.kind].join(" or ")} for a review of this kind`);
  }
  const chosen = Object.keys(fields).length > 0;
  if (action !== "merge" && (into !== null || chosen)) {
    return invalid(chosen ? "fields" : "into", "belongs to the action merge");
  }
  if (count !== undefined && action !== "confirm") return invalid("count", "belongs to the action confirm");
  if (review.state === "resolved") return conflict("The review is resolved already. Undo it to decide again.");
  switch (review.kind) {
    case "duplicate_sku":
      return resolveDuplicate(context, review, decision);
    case "ambiguous_match":
      return linkReview(context, review, decision);
    case "held_snapshot":
      return resolveHeld(context, review, decision);
    case "edit_conflict":
      return resolveConflict(context, review, {
        action: action === "keep_reup" ? "keep_reup" : "keep_dutchie",
        by,
        reason,
      });
  }
}

/** Undoes a decision, and restores what it changed. */
export async function undoReview(context: StoreContext, review_id: string, who: Decider): Promise<ReviewResult> {
  const review = await findReview(context.db, context.location.location_id, review_id);
  if (review === null) return { ok: false, reason: "not_found" };
  const before = asUndone(review, who, context.now);
  if (before === null || review.action === null) return conflict("There is no decision to undo.");
  const why = whyFinal({ kind: review.kind, action: review.action, by: review.resolved_by });
  if (why !== null) return conflict(why);
  if (review.kind === "held_snapshot")
    return askAgain(context, review.subject as SnapshotResource, { ...who, at: context.now });
  if (review.kind === "ambiguous_match") return unlinkReview(context, review, { after: before, who });
  await writeDecided(context, before, who);
  return DECIDED;
}

async function resolveDuplicate(
  context: StoreContext,
  review: ReviewRow,
  { by, reason, ...command }: Decision,
): Promise<ReviewResult> {
  const { now } = context;
  const who = { by, reason };
  if (command.action === "keep_both") {
    return writeDecision(
      context,
      asDecided(review, { action: "keep_both", into: null, resolution: null }, who, now),
      who,
    );
  }
  if (isSharedByTooMany(review)) {
    return conflict("Too many products have this SKU to be one: give them SKUs of their own in Dutchie.");
  }
  const candidates = await candidatesOf(context, review);
  const into = command.into ?? review.candidates[0] ?? "";
  if (!candidates.some(({ product_id }) => product_id === into)) return invalid("into", "is not one of the candidates");
  const choice = chooseFields(candidates, into, command.fields);
  if ("issue" in choice) return invalid(choice.issue.path, choice.issue.message);
  const resolution = { fields: choice.fields, link: null };
  return writeDecision(context, asDecided(review, { action: "merge", into, resolution }, who, now), who);
}

async function writeDecision(context: StoreContext, decision: ReviewRow, who: Decider): Promise<ReviewResult> {
  const state = await writeDecided(context, decision, who);
  // The review is open again, now with the facts as they are: the decision rested on others.
  return state === "open" ? conflict("The products have changed. Open the review again.") : DECIDED;
}

async function writeDecided(
  context: StoreContext,
  decision: ReviewRow,
  who: Decider,
): Promise<ReviewRow["state"] | undefined> {
  const result = await decideReview(context, decision, who);
  await writeRecords(context, result.statements, result);
  return result.reviews.find(({ review_id }) => review_id === decision.review_id)?.state;
}

function resolveHeld(context: StoreContext, review: ReviewRow, given: Decision): Promise<ReviewResult> {
  const { action, count, by, reason } = given;
  const decision = { resource: review.subject as SnapshotResource, by, reason };
  return action === "confirm" ? confirmHeld(context, { ...decision, count }) : keepHeld(context, decision);
}
