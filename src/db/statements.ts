import { type SQL, sql } from "drizzle-orm";
import type { Change, SaleWithItems } from "../domain/records.ts";
import { bulkUpsert, chunks } from "./bulk.ts";
import { changes, saleItems, sales } from "./schema.ts";

/** Entries of the change log; one that is already there (a batch tried again) stays. */
export function changesInsert(location_id: string, entries: readonly Change[]): SQL[] {
  return bulkUpsert(
    changes,
    entries.map((change) => ({ location_id, ...change })),
    "differs",
  );
}

/**
 * The lines of changed sales, replaced whole: a line that Dutchie took out goes. Only where the stored sale is the one
 * just written: its content hash tells, so a sale that the version guard refused keeps its lines.
 */
export function itemsReplace(location_id: string, rows: readonly SaleWithItems[]): SQL[] {
  const replaced = rows.flatMap(({ sale, items }) =>
    items === null ? [] : [{ sale_id: sale.sale_id, content_hash: sale.content_hash, items }],
  );
  return chunks(replaced, 500).flatMap((chunk) => {
    const parameter = JSON.stringify(chunk);
    const isCurrent = sql`exists (select 1 from ${sales} where ${sales.location_id} = ${location_id}
      and ${sales.sale_id} = sale.value->>'sale_id' and ${sales.content_hash} = sale.value->>'content_hash')`;
    return [
      sql`delete from ${saleItems} where ${saleItems.location_id} = ${location_id} and ${saleItems.sale_id} in
        (select sale.value->>'sale_id' from json_each(${parameter}) as sale where ${isCurrent})`,
      sql`insert into ${saleItems} (location_id, sale_id, line_id, product_id, dutchie_product_id, quantity,
          unit_price, unit_cost, discount, total, is_returned)
        select ${location_id}, sale.value->>'sale_id', line.value->>'line_id', line.value->>'product_id',
          line.value->>'dutchie_product_id', line.value->>'quantity', line.value->>'unit_price',
          line.value->>'unit_cost', line.value->>'discount', line.value->>'total', line.value->>'is_returned'
        from json_each(${parameter}) as sale, json_each(sale.value->'items') as line where ${isCurrent}
        on conflict do nothing`,
    ];
  });
}
