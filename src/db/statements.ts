import { type SQL, sql } from "drizzle-orm";
import { MIN_DETAIL_DAYS } from "../domain/bounds.ts";
import type { ProductRow, SaleRow, SaleWithItems } from "../domain/records/records.ts";
import { inReUpsWords } from "../domain/records/reup-words.ts";
import { endsBefore } from "../domain/retention.ts";
import { nameKey, skuKey, upcKey } from "../domain/values/identifiers.ts";
import { searchText } from "../domain/values/search.ts";
import { bulkUpsert, chunks, type Guard, jsonChunks, ROWS_A_STATEMENT, type Versioned } from "./bulk.ts";
import { recount, untilOf } from "./roll-up.ts";
import { storedLines } from "./sale-lines.ts";
import type { LocationRow } from "./schema/accounts.ts";
import { products, sales } from "./schema/records.ts";

/** Products with the keys by which they are found, and with ReUp's words for what they are. */
export function productsUpsert(
  { location_id, settings }: Pick<LocationRow, "location_id" | "settings">,
  rows: readonly ProductRow[],
  guard: Guard,
): SQL[] {
  const keyed = (row: ProductRow) => {
    const { category, subcategory } = inReUpsWords(row, settings.categories);
    return {
      ...row,
      location_id,
      reup_category: category,
      reup_subcategory: subcategory,
      sku_key: skuKey(row.sku),
      upc_key: upcKey(row.upc),
      name_key: nameKey(row.product_name),
      search: searchText(row),
    };
  };
  if (guard === "differs") return bulkUpsert(products, rows.map(keyed), guard);
  const ids = new Set(rows.map(({ product_id }) => product_id));
  const before = [...(guard.before as Iterable<ProductRow>)].filter(({ product_id }) => ids.has(product_id));
  // The other keys were loaded.
  return bulkUpsert(products, rows.map(keyed), { ...guard, before: before.map((row) => ({ ...keyed(row), ...row })) });
}

/**
 * Products as they were planned. Those in `filled` are written whatever their version, for filling a gap is no newer one: they were
 * read in the store's serial section.
 */
export function plannedProducts(
  store: Pick<LocationRow, "location_id" | "settings">,
  { rows, filled }: { rows: readonly ProductRow[]; filled: ReadonlySet<string> },
  guard: Versioned,
): SQL[] {
  const isFilled = ({ product_id }: ProductRow) => filled.has(product_id);
  return [
    ...productsUpsert(
      store,
      rows.filter((row) => !isFilled(row)),
      guard,
    ),
    ...productsUpsert(store, rows.filter(isFilled), "differs"),
  ];
}

/**
 * Sales with their lines; without them (null) the stored ones stay. A sale whose day is rolled up keeps none: what it sells is in
 * the day's sums.
 */
export function salesUpsert(
  store: { location_id: string; time_zone: string },
  rows: readonly SaleWithItems[],
  guard: Versioned,
): SQL[] {
  const { location_id } = store;
  const values = rows.map(({ sale, items }) => ({ location_id, ...sale, lines: items && storedLines(items) }));
  const stated = rows.filter(({ items }) => items !== null).map(({ sale }) => sale);
  const before = new Map([...(guard.before as Iterable<SaleRow>)].map((sale) => [sale.sale_id, sale]));
  const youngest = endsBefore(MIN_DETAIL_DAYS, guard.newer);
  const isOld = (sale: SaleRow | undefined) => sale !== undefined && sale.completed_at < youngest;
  const old = rows.map(({ sale }) => sale).filter((sale) => isOld(sale) || isOld(before.get(sale.sale_id)));
  const until = untilOf(location_id);
  return [
    ...bulkUpsert(sales, values as unknown as (typeof sales.$inferInsert)[], guard),
    ...chunks(old, ROWS_A_STATEMENT).flatMap((some) => recount(store, some, before)),
    // Those that a build without `counted` rolled up.
    ...chunks(stated, ROWS_A_STATEMENT).map(
      // The first condition names no table: if all of them are younger, SQLite looks for none.
      (some) => sql`update ${sales} set lines = null
        where ${until} > ${Math.min(...some.map(({ completed_at }) => completed_at))}
        and (location_id, sale_id) in (
          select ${location_id}, value from json_each(${JSON.stringify(some.map(({ sale_id }) => sale_id))}))
        and lines is not null and completed_at < ${until}`,
    ),
  ];
}

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
