import { MAX_EVENT_REASONS, MAX_REASON } from "../bounds.ts";
import { clockText } from "../clock.ts";
import type { RowFailure } from "../records/model.ts";
import { believedStamp } from "../records/version.ts";

/** The reason when an event or one of its rows has a time too far after our now to be believed; null: none has. */
export function timeReason(times: readonly (number | null)[], received_at: number): string | null {
  const last = Math.max(...times.map((at) => at ?? 0), 0);
  if (believedStamp(last, received_at) !== null) return null;
  return `its time is ${clockText(last - received_at)} of ReUp's clock and does not count; have Dutchie's clock checked`;
}

/** Why rows of an event failed, as one bounded text: the first few reasons and the number of others; null: none failed. */
export function reasonOf(failures: readonly RowFailure[], more = 0): string | null {
  if (failures.length === 0) return null;
  const listed = failures
    .slice(0, MAX_EVENT_REASONS)
    .map(({ dutchie_id, reason }) => `${dutchie_id ?? "row"}: ${reason}`.slice(0, MAX_REASON).toWellFormed());
  const rest = failures.length - listed.length + more;
  return rest === 0 ? listed.join("; ") : `${listed.join("; ")}; and ${rest} more rows`;
}
