import { MAX_KNOWN_IDS } from "../bounds.ts";
import type { DutchiePackage, DutchieProduct, DutchieSale, RowFailure } from "../records/model.ts";
import { quickHashOf } from "../values/quick-hash.ts";

interface Known {
  content: string;
  modified_at: number | null;
}

/**
 * The rows of one answer or event, each record once. A repeated record must be equal, or newer by its stamp. Otherwise the answer
 * contradicts itself, and the later row is listed as failed. Beyond `MAX_KNOWN_IDS` records, rows pass unchecked.
 */
export class Repeats {
  private readonly known = new Map<string, Known>();

  sift<R extends DutchieProduct | DutchiePackage | DutchieSale>(
    rows: readonly R[],
  ): { rows: R[]; failures: RowFailure[] } {
    const passed: R[] = [];
    const failures: RowFailure[] = [];
    for (const row of rows) {
      const { resource, id, content } = contentOf(row);
      const before = this.known.get(id);
      if (before?.content === content) continue;
      if (before !== undefined && !isNewer(row.modified_at, before.modified_at)) {
        failures.push({ resource, dutchie_id: id, reason: TWICE });
        continue;
      }
      if (before !== undefined || this.known.size < MAX_KNOWN_IDS) {
        this.known.set(id, { content, modified_at: row.modified_at });
      }
      passed.push(row);
    }
    return { rows: passed, failures };
  }
}

const TWICE = "it is listed twice in one answer or event with different values; the first counts until the next list";

const isNewer = (at: number | null, before: number | null): boolean => at !== null && before !== null && at > before;

/** By its values: the decoder sets the keys in its own order. Rooms and lines are compared in any order. */
function contentOf(row: DutchieProduct | DutchiePackage | DutchieSale) {
  if ("dutchie_transaction_id" in row) {
    const items = row.items?.map(quickHashOf).sort() ?? null;
    return { resource: "sales", id: row.dutchie_transaction_id, content: quickHashOf({ ...row, items }) } as const;
  }
  if (!("dutchie_inventory_id" in row)) {
    return { resource: "products", id: row.dutchie_product_id, content: quickHashOf(row) } as const;
  }
  const { rooms } = row;
  const sorted =
    rooms === null || rooms.length === 1
      ? row
      : { ...row, rooms: rooms.toSorted((a, b) => (a.room_name < b.room_name ? -1 : 1)) };
  return { resource: "inventory", id: row.dutchie_inventory_id, content: quickHashOf(sorted) } as const;
}
