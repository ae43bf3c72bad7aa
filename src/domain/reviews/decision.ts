import type { AskedFields } from "../identity/merge.ts";
import type { ReviewAction } from "./review.ts";

/** A person's decision about a review. */
export interface ReviewCommand {
  action: ReviewAction;
  into: string | null;
  fields: AskedFields;
  /** How many packages or products the person was shown who ends them; undefined: not told. */
  count?: number | undefined;
}

/** The result of a decision. */
export type ReviewResult =
  | { ok: true }
  | { ok: false; reason: "not_found" }
  | { ok: false; reason: "conflict"; message: string }
  | { ok: false; reason: "invalid"; path: string; message: string };

export const DECIDED: ReviewResult = { ok: true };

export const conflict = (message: string): ReviewResult => ({ ok: false, reason: "conflict", message });

export const invalid = (path: string, message: string): ReviewResult => ({
  ok: false,
  reason: "invalid",
  path,
  message,
});
