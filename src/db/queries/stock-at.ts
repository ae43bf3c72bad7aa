import { and, eq, gte } from "drizzle-orm";
import { MAX_STOCK_PAGES } from "../../domain/bounds.ts";
import { firstSequence, sequenceKey } from "../../domain/records/sequence.ts";
import { stockAt } from "../../domain/records/stock-at.ts";
import { beganAt } from "../../domain/runs/run.ts";
import type { RecordsDb } from "../databases.ts";
import { ofPackages, thesePackages } from "../history.ts";
import { entries } from "../schema/records.ts";
import { type InventoryKey, type ListedInventory, listInventory } from "./list-inventory.ts";

/**
 * Packages that were in stock at an earlier time, as they were then, in the order of their keys. `next`: where the list goes
 * on; a page may be short, because packages that came later are left out.
 */
export async function listStockAt(
  db: RecordsDb,
  location_id: string,
  at: number,
  page: { after: InventoryKey | null; limit: number },
): Promise<{ rows: ListedInventory[]; next: InventoryKey | null }> {
  const rows: ListedInventory[] = [];
  let after = page.after;
  for (let read = 0; read < MAX_STOCK_PAGES; read++) {
    const wanted = page.limit - rows.length;
    const stored = await listInventory(db, location_id, {}, { after, limit: wanted });
    const later = await changesSince(db, location_id, stored, at);
    for (const row of stored) {
      const began_at = row.created_by === null ? null : beganAt(row.created_by);
      const then = stockAt({ ...row, began_at }, later.get(row.inventory_id) ?? [], at);
      if (then !== null && then.quantity !== 0) rows.push({ ...row, ...then });
    }
    const last = stored.at(-1);
    if (last === undefined || stored.length < wanted) return { rows, next: null };
    after = [last.dutchie_inventory_id, last.inventory_id];
    if (rows.length >= page.limit) break;
  }
  return { rows, next: after };
}

/** Only later changes of these packages are read. */
async function changesSince(db: RecordsDb, location_id: string, rows: readonly { inventory_id: string }[], at: number) {
  const packages = thesePackages(
    location_id,
    rows.map((row) => row.inventory_id),
  );
  const found = await db
    .select({ record_id: entries.record_id, change_id: entries.change_id, fields: entries.fields })
    .from(entries)
    .where(
      and(
        eq(entries.location_id, location_id),
        ofPackages(location_id, packages, sequenceKey(firstSequence(at))),
        gte(entries.at, at),
      ),
    );
  return Map.groupBy(
    found.map((entry) => ({ ...entry, fields: entry.fields ?? {} })),
    ({ record_id }) => record_id,
  );
}
