import type { NumberedChange } from "./change.ts";
import type { InventoryRow } from "./records.ts";

/**
 * Links each change of a package to the one before, and its row to the last. So a package's history starts at its row. An index
 * would cost a written row for each change. `rows`: each once, as all of the changes leave it.
 */
export function linkHistory<R extends Pick<InventoryRow, "inventory_id" | "last_change">>(
  rows: readonly R[],
  changes: readonly NumberedChange[],
): { rows: R[]; changes: NumberedChange[] } {
  const last = new Map(rows.map(({ inventory_id, last_change }) => [inventory_id, last_change ?? null]));
  const linked = changes.map((change) => {
    const previous = last.get(change.record_id);
    if (change.resource !== "inventory" || previous === undefined) return change;
    last.set(change.record_id, change.change_id);
    return { ...change, previous };
  });
  return {
    rows: rows.map((row) => ({ ...row, last_change: last.get(row.inventory_id) ?? null })),
    changes: linked,
  };
}
