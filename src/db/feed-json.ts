import type { FeedEntryJson, FeedRecordJson } from "../contract/http/feed.ts";
import type { FeedEntry } from "../domain/feed/entries.ts";
import type { FeedRecords } from "./queries/feed-records.ts";
import { changeJson, inventoryJson, productJson, saleJson } from "./record-json.ts";

/** The record of an entry as the API shows it; null: it is gone. `synced_at`: as of a package. */
export function feedRecordJson(
  { resource, record_id }: Pick<FeedEntry, "resource" | "record_id">,
  records: FeedRecords,
  synced_at: number | null,
): FeedRecordJson {
  switch (resource) {
    case "products": {
      const product = records.products.get(record_id);
      return product === undefined ? null : productJson(product);
    }
    case "inventory": {
      const row = records.inventory.get(record_id);
      return row === undefined ? null : inventoryJson(row, synced_at);
    }
    case "sales": {
      const sale = records.sales.get(record_id);
      return sale === undefined ? null : saleJson(sale);
    }
  }
}

export function feedEntryJson(entry: FeedEntry, records: FeedRecords, synced_at: number | null): FeedEntryJson {
  // Without what people said: it is for the store alone.
  const row = { ...entry, location_id: "", change_id: "", decided: null };
  const { change_id: _, subject: __, decided: ___, ...change } = changeJson(row, new Map());
  const { sequence, resource } = entry;
  return { sequence, ...change, resource, record: feedRecordJson(entry, records, synced_at) };
}
