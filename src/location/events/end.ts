import type { EventOutcome } from "../../contract/http/records.ts";
import type { IncomingEvent } from "../../contract/location.ts";
import type { LocationRow } from "../../db/schema/accounts.ts";
import { reasonOf, timeReason } from "../../domain/events/event-reason.ts";
import type { Outcome } from "../../domain/records/decide.ts";
import type { RowFailure } from "../../domain/records/model.ts";

/** What became of an event. */
export interface End {
  /** `retry`: a passing failure prevented it, deliver the event again. */
  outcome: Exclude<EventOutcome, "pending" | "duplicate"> | "retry";
  reason: string | null;
  /** When it was applied, or found to be older than what is stored. */
  applied_at: number | null;
}

export const RETRY: End = { outcome: "retry", reason: null, applied_at: null };

const without = (outcome: "ignored" | "invalid", reason: string): End => ({ outcome, reason, applied_at: null });

/** The end of an event that has no rows to apply; null: it has some. */
export function endWithoutRows({ settings }: LocationRow, event: IncomingEvent): End | null {
  if (event.isFault) return null;
  if (event.rows === null) return without("ignored", `unknown event type ${event.type}`);
  const type = event.rows.resource === "rooms" ? "inventory" : event.rows.resource;
  if (!settings.data_types[type]) return without("ignored", `the store does not sync ${type}`);
  const isEmpty = event.rows.rows.length === 0 && event.failures.length === 0 && event.refresh_reason === undefined;
  return isEmpty ? without("invalid", "no rows") : null;
}

/**
 * The end of an event by its rows: applied when any was applied, stale when all were older than what is stored, invalid when
 * none could be used.
 */
export function endOf(
  event: IncomingEvent,
  { outcomes, failures }: { outcomes: readonly (Outcome | null)[]; failures: readonly RowFailure[] },
  applied_at: number,
): End {
  const used = outcomes.filter((outcome) => outcome !== null);
  const modified = event.rows?.rows.map((row) => ("modified_at" in row ? row.modified_at : null)) ?? [];
  const reasons = [
    timeReason([event.claimed_at ?? null, ...modified], event.received_at),
    reasonOf([...event.failures, ...failures], event.failed),
  ].filter((reason) => reason !== null);
  const reason = reasons.length === 0 ? null : reasons.join("; ");
  if (used.length === 0) return { outcome: "invalid", reason, applied_at: null };
  return { outcome: used.every((outcome) => outcome === "stale") ? "stale" : "applied", reason, applied_at };
}

/** Whether Dutchie's webhook was of use: one that is too old or unreadable is as good as none. That our database is away is no silence. */
export const isOfUse = ({ refresh_reason }: IncomingEvent, end: End | undefined): boolean =>
  refresh_reason !== undefined || end?.outcome === "applied" || end?.outcome === "retry";
