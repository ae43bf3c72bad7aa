import { type SQL, sql } from "drizzle-orm";
import type { Change } from "../domain/records/change.ts";
import type { SaleItem } from "../domain/records/model.ts";
import type { ProductRow, SaleRow, SaleWithItems } from "../domain/records/records.ts";
import { inReUpsWords } from "../domain/records/reup-words.ts";
import { nameKey, skuKey, upcKey } from "../domain/values/identifiers.ts";
import { shorten } from "../domain/values/shorten.ts";
import { arraysOf, bulkUpsert, type Guard, jsonChunks } from "./bulk.ts";
import { untilOf } from "./roll-up.ts";
import type { LocationRow } from "./schema/accounts.ts";
import { changes, products, saleItems, sales } from "./schema/records.ts";

/** Products with the keys by which they are found, and with ReUp's words for what they are. */
export function productsUpsert(
  { location_id, settings }: Pick<LocationRow, "location_id" | "settings">,
  rows: readonly ProductRow[],
  guard: Guard,
): SQL[] {
  const keyed = rows.map((row) => {
    const { category, subcategory } = inReUpsWords(row, settings.categories);
    return {
      ...row,
      location_id,
      reup_category: category,
      reup_subcategory: subcategory,
      sku_key: skuKey(row.sku),
      upc_key: upcKey(row.upc),
      name_key: nameKey(row.product_name),
    };
  });
  return bulkUpsert(products, keyed, guard);
}

const shortened = (fields: Change["fields"]): Change["fields"] =>
  Object.fromEntries(
    Object.entries(fields).map(([field, [before, after]]) => [field, [shorten(before), shorten(after)]]),
  );

/** Inserts entries of the change log. An entry that is already there (from a first try of the batch) stays. */
export function changesInsert(location_id: string, entries: readonly Change[]): SQL[] {
  return bulkUpsert(
    changes,
    entries.map(({ fields, ...change }) => ({ location_id, ...change, fields: shortened(fields) })),
    "differs",
  );
}

/**
 * Replaces all lines of changed sales, so that a line that Dutchie removed is deleted. Only where the stored sale has the
 * content hash just written: a sale that the version guard refused keeps its lines. A sale whose lines are rolled up into
 * days gets none: they would count twice.
 */
export function itemsReplace(location_id: string, rows: readonly SaleWithItems[]): SQL[] {
  const replaced = rows.flatMap(({ sale, items }) => (items === null ? [] : [{ sale, items }]));
  const heads = replaced.map(({ sale }) => [sale.sale_id, sale.content_hash]);
  const lines = replaced.flatMap(({ sale: { sale_id, content_hash }, items }) =>
    items.map((item) => [sale_id, content_hash, ...LINE_FIELDS.map((field) => item[field])]),
  );
  const isCurrent = sql`exists (select 1 from ${sales} where ${sales.location_id} = ${location_id}
    and ${sales.sale_id} = v->>0 and ${sales.content_hash} = v->>1
    and ${sales.completed_at} >= ${untilOf(location_id)})`;
  return [
    ...jsonChunks(heads).map(
      (chunk) => sql`delete from ${saleItems} where (${saleItems.location_id}, ${saleItems.sale_id}) in
        (select ${location_id}, v->>0 from ${arraysOf(chunk)} where ${isCurrent})`,
    ),
    ...jsonChunks(lines).map(
      (chunk) => sql`insert into ${saleItems} (location_id, sale_id, ${sql.raw(LINE_FIELDS.join(", "))})
        select ${location_id}, v->>0, ${sql.raw(LINE_FIELDS.map((_, at) => `v->>${at + 2}`).join(", "))}
        from ${arraysOf(chunk)} where ${isCurrent} on conflict do nothing`,
    ),
  ];
}

const LINE_FIELDS = [
  "line_id",
  "product_id",
  "dutchie_product_id",
  "quantity",
  "unit_price",
  "unit_cost",
  "discount",
  "total",
  "is_returned",
] as const satisfies readonly (keyof SaleItem)[];

/** Sets the customers of sales that did not change otherwise; their versions stay. */
export function customersUpdate(
  location_id: string,
  keyed: readonly Pick<SaleRow, "sale_id" | "customer_key">[],
): SQL[] {
  return jsonChunks(keyed).map(
    (chunk) => sql`update ${sales} set customer_key = told.value->>'customer_key' from json_each(${chunk}) told
      where ${sales.location_id} = ${location_id} and ${sales.sale_id} = told.value->>'sale_id'`,
  );
}
