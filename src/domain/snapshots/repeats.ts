import { MAX_KNOWN_IDS } from "../bounds.ts";
import type { DutchiePackage, DutchieProduct, DutchieSale, RowFailure } from "../records/model.ts";
import { quickHashOf } from "../values/quick-hash.ts";

/**
 * The rows of one answer or event, each record once. A repeated record must be equal, or newer by its stamp. Otherwise the answer
 * contradicts itself, and the later row is listed as failed. Beyond `MAX_KNOWN_IDS` records, rows pass unchecked.
 */
export class Repeats {
  /** Where a record stands in the two lists: of numbers alone, which V8 keeps without an object for each. */
  private readonly places = new Map<string, number>();
  private readonly contents: number[] = [];
  /** Infinity: the row has no stamp, so none is newer. */
  private readonly stamps: number[] = [];

  sift<R extends DutchieProduct | DutchiePackage | DutchieSale>(
    rows: readonly R[],
  ): { rows: R[]; failures: RowFailure[] } {
    const passed: R[] = [];
    const failures: RowFailure[] = [];
    for (const row of rows) {
      const { resource, id } = idOf(row);
      const content = quickHashOf(row);
      const place = this.places.get(id) ?? this.contents.length;
      const isRepeated = place < this.contents.length;
      if (isRepeated && this.contents[place] === content) continue;
      if (isRepeated && (row.modified_at ?? 0) <= (this.stamps[place] as number)) {
        failures.push({ resource, dutchie_id: id, reason: TWICE });
        continue;
      }
      if (place < MAX_KNOWN_IDS) {
        if (!isRepeated) this.places.set(id, place);
        this.contents[place] = content;
        this.stamps[place] = row.modified_at ?? Number.POSITIVE_INFINITY;
      }
      passed.push(row);
    }
    return { rows: passed, failures };
  }
}

const TWICE = "it is listed twice in one answer or event with different values; the first counts until the next list";

function idOf(row: DutchieProduct | DutchiePackage | DutchieSale) {
  if ("dutchie_transaction_id" in row) return { resource: "sales", id: row.dutchie_transaction_id } as const;
  if ("dutchie_inventory_id" in row) return { resource: "inventory", id: row.dutchie_inventory_id } as const;
  return { resource: "products", id: row.dutchie_product_id } as const;
}
