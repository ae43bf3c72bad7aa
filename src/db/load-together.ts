import { asc, eq, type SQL, sql } from "drizzle-orm";
import { MAX_ROOMS } from "../domain/bounds.ts";
import type { StoredRecords } from "../domain/resolve/events.ts";
import { type Answers, type Questions, soleKey } from "../domain/resolve/questions.ts";
import { duplicateReviewId, matchReviewId } from "../domain/reviews/review.ts";
import { roomBook } from "../domain/snapshots/name-rooms.ts";
import type { RecordsDb } from "./databases.ts";
import { PRODUCT_COLUMNS } from "./load-records.ts";
import { readBatch } from "./read.ts";
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

/** Answers in one call what events ask of other products; without a question in none. */
export async function answerTogether(
  db: RecordsDb,
  location_id: string,
  { skus, areNew }: Questions,
): Promise<Answers> {
  const asked = skus.flatMap(({ product_id, key, isNew }) => {
    const review_ids = [
      ...(key === null ? [] : [duplicateReviewId(key)]),
      ...(isNew ? [matchReviewId(product_id)] : []),
    ];
    return review_ids.length === 0 ? [] : [[soleKey({ product_id, key }), product_id, key, review_ids] as const];
  });
  const sole = new Set(skus.map(soleKey));
  if (asked.length === 0 && !areNew) return { sole, hasFree: false };
  const [shared = [], free = []] = await readBatch(db, [
    sql`select one.value->>0 as sole_key from json_each(${JSON.stringify(asked)}) one
      where exists (select 1 from ${products} indexed by products_sku
        where ${products.location_id} = ${location_id} and ${products.sku_key} = one.value->>2
        and ${products.product_id} <> one.value->>1)
      or exists (select 1 from json_each(one.value->'$[3]') review cross join ${reviews}
        where ${reviews.location_id} = ${location_id} and ${reviews.review_id} = review.value)`,
    ...(areNew
      ? [
          sql`select 1 from ${products} indexed by products_dutchie
            where ${products.location_id} = ${location_id} and ${products.dutchie_product_id} is null
            and ${products.status} <> 'deleted' limit 1`,
        ]
      : []),
  ]);
  for (const { sole_key } of shared) sole.delete(String(sole_key));
  return { sole, hasFree: free.length > 0 };
}
