import type { ReviewResult } from "../../domain/reviews/decision.ts";
import { ApiError, invalid, notFound } from "../errors.ts";

/** Throws the error of a decision that was not taken. `what` it was about. */
export function decided(result: ReviewResult, what: "review" | "product"): void {
  if (result.ok) return;
  if (result.reason === "not_found") throw notFound(what);
  if (result.reason === "invalid") throw invalid([{ path: result.path, message: result.message }]);
  throw new ApiError("CONFLICT", result.message);
}
