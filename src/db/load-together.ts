import { asc, eq, type SQL, sql } from "drizzle-orm";
import { MAX_ROOMS } from "../domain/bounds.ts";
import type { ProductRow } from "../domain/records/records.ts";
import type { StoredRecords } from "../domain/resolve/events.ts";
import { duplicateReviewId } from "../domain/reviews/review.ts";
import { roomBook } from "../domain/snapshots/name-rooms.ts";
import { skuKey } from "../domain/values/identifiers.ts";
import type { RecordsDb } from "./databases.ts";
import { PRODUCT_COLUMNS } from "./load-records.ts";
import { readRows } from "./read.ts";
import { inventory, products, reviews, rooms, sales } from "./schema/records.ts";

/** Dutchie's ids of the records that a batch of events names; of sales, ReUp's. */
export interface NamedRecords {
  products: ReadonlySet<string>;
  packages: ReadonlySet<string>;
  sales: ReadonlySet<string>;
}

/** Loads all of them in one call, for a call takes longer than reading a hundred rows. */
export async function loadTogether(db: RecordsDb, location_id: string, named: NamedRecords): Promise<StoredRecords> {
  // A row value, so that each id is one search in the key: without statistics SQLite would read the whole store.
  const among = (ids: ReadonlySet<string>): SQL =>
    sql`(select ${location_id}, value from json_each(${JSON.stringify([...ids])}))`;
  const [productRows, packageRows, saleRows, roomRows] = await db.batch([
    db
      .select(PRODUCT_COLUMNS)
      .from(products)
      .where(sql`(${products.location_id}, ${products.dutchie_product_id}) in ${among(named.products)}`),
    db
      .select()
      .from(inventory)
      .where(sql`(${inventory.location_id}, ${inventory.dutchie_inventory_id}) in ${among(named.packages)}`)
      .orderBy(asc(inventory.inventory_id)),
    db
      .select()
      .from(sales)
      .where(sql`(${sales.location_id}, ${sales.sale_id}) in ${among(named.sales)}`),
    db
      .select()
      .from(rooms)
      .where(eq(rooms.location_id, location_id))
      .orderBy(asc(rooms.room_key))
      .limit(named.packages.size === 0 ? 0 : MAX_ROOMS),
  ]);
  return {
    products: new Map(productRows.map((row) => [row.dutchie_product_id ?? "", row])),
    inventory: Map.groupBy(packageRows, (row) => row.dutchie_inventory_id),
    sales: new Map(saleRows.map((row) => [row.dutchie_transaction_id, row])),
    lines: new Map(saleRows.map(({ sale_id, lines }) => [sale_id, lines ?? []])),
    rooms: roomBook(roomRows),
  };
}

/** Those of these products, by ReUp's ids, whose SKU no other product has, and no review was ever about. */
export async function loadSole(
  db: RecordsDb,
  location_id: string,
  asked: ReadonlySet<ProductRow>,
): Promise<ReadonlySet<string>> {
  const sole = new Set([...asked].map(({ product_id }) => product_id));
  const told = [...asked].flatMap(({ product_id, sku }) => {
    const key = skuKey(sku);
    return key === null ? [] : [[product_id, key, duplicateReviewId(key)]];
  });
  if (told.length === 0) return sole;
  const shared = await readRows(
    db,
    sql`select one.value->>0 as product_id from json_each(${JSON.stringify(told)}) one
      where exists (select 1 from ${products} indexed by products_sku
        where ${products.location_id} = ${location_id} and ${products.sku_key} = one.value->>1
        and ${products.product_id} <> one.value->>0)
      or exists (select 1 from ${reviews}
        where ${reviews.location_id} = ${location_id} and ${reviews.review_id} = one.value->>2)`,
  );
  for (const { product_id } of shared) sole.delete(String(product_id));
  return sole;
}
