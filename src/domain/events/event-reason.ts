import { MAX_EVENT_REASONS, MAX_REASON } from "../bounds.ts";
import type { RowFailure } from "../records/model.ts";

/** Why rows of an event failed, in one text that is bounded: the first few, and how many more; null: none did. */
export function reasonOf(failures: readonly RowFailure[], more = 0): string | null {
  if (failures.length === 0) return null;
  const told = failures
    .slice(0, MAX_EVENT_REASONS)
    .map(({ dutchie_id, reason }) => `${dutchie_id ?? "row"}: ${reason}`.slice(0, MAX_REASON).toWellFormed());
  const rest = failures.length - told.length + more;
  return rest === 0 ? told.join("; ") : `${told.join("; ")}; and ${rest} more rows`;
}
