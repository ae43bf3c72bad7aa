import { addDays, localDay, startOfDay } from "../values/zone.ts";
import type { FieldChanges } from "./change.ts";
import type { InventoryContent } from "./model.ts";

/** A package in a room as it is stored now. `began_at`: when the import that created it began, ms; null: the log says it. */
export interface StockNow extends InventoryContent {
  began_at: number | null;
}

/**
 * The stock of a package in a room at an earlier time: today's, with all later changes taken back. `later`: the changes from
 * that time on, in any order. null: it was not known yet.
 */
export function stockAt(
  { began_at, ...now }: StockNow,
  later: readonly { change_id: string; fields: FieldChanges }[],
  at: number,
): InventoryContent | null {
  if (began_at !== null && began_at >= at) return null;
  const before: Record<string, unknown> = {};
  for (const { fields } of [...later].sort((a, b) => (a.change_id > b.change_id ? -1 : 1))) {
    for (const [field, [was]] of Object.entries(fields)) before[field] = was;
  }
  // Before its creation a record had no quantity.
  if (before.quantity === null) return null;
  return { ...now, ...before };
}

export type DayResult = { ok: true; at: number } | { ok: false; reason: "future" | "too_early" };

/**
 * The end of a local day, ms, not included; of today, what is known now. A day that began before the store was connected is shown by what
 * was known when it ended. `since`: nothing older is known.
 */
export function endOfDay(
  day: string,
  { time_zone, since, now }: { time_zone: string; since: number; now: number },
): DayResult {
  if (day > localDay(now, time_zone)) return { ok: false, reason: "future" };
  // Of today, too: the log's clock may be ahead of ours, and what it has by now counts.
  const at = startOfDay(addDays(day, 1), time_zone);
  return at > since ? { ok: true, at } : { ok: false, reason: "too_early" };
}
