import { and, eq, getTableColumns, isNull, ne, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { MAX_ROOMS } from "../domain/bounds.ts";
import type { SaleItem } from "../domain/records/model.ts";
import type { InventoryRow, ProductRow, RoomRow, SaleRow } from "../domain/records/records.ts";
import { inList } from "./bulk.ts";
import type { RecordsDb } from "./databases.ts";
import { rangesOf } from "./id-ranges.ts";
import { prepared } from "./prepared.ts";
import { readBatch } from "./read.ts";
import { inventory, products, rooms, sales } from "./schema/records.ts";

/**
 * Loads the stored records that incoming rows are compared with; all ids go in one parameter. Row values and `indexed by`
 * are needed: without statistics SQLite assumes ten rows a store, and would read the whole store for one id. A test
 * checks the query plans.
 */
const LOCATION = sql.placeholder("location_id");
const AMONG = sql`(select ${LOCATION}, value from json_each(${sql.placeholder("ids")}))`;
const among = (location_id: string, ids: Iterable<string>) => ({ location_id, ids: JSON.stringify([...new Set(ids)]) });
const RANGES = sql`json_each(${sql.placeholder("ranges")}) r`;
const within = (location_id: SQLiteColumn, id: SQLiteColumn) =>
  sql`${location_id} = ${LOCATION} and ${id} between r.value->>0 and r.value->>1`;
const LIMIT = sql.placeholder("limit");

/** A product without what only searches read. */
const { search: _, ...columns } = getTableColumns(products);
export const PRODUCT_COLUMNS = columns;

const productsByDutchieId = prepared((db: RecordsDb) =>
  db
    .select(PRODUCT_COLUMNS)
    .from(products)
    .where(sql`(${products.location_id}, ${products.dutchie_product_id}) in ${AMONG}`)
    .prepare(),
);
const productsWithin = prepared((db: RecordsDb) =>
  db
    .select(PRODUCT_COLUMNS)
    .from(RANGES)
    .crossJoin(products)
    .where(within(products.location_id, products.dutchie_product_id))
    .limit(LIMIT)
    .prepare(),
);
const productsById = prepared((db: RecordsDb) =>
  db
    .select(PRODUCT_COLUMNS)
    .from(products)
    .where(sql`(${products.location_id}, ${products.product_id}) in ${AMONG}`)
    .prepare(),
);
const inventoryByDutchieId = prepared((db: RecordsDb) =>
  db
    .select()
    .from(inventory)
    .where(sql`(${inventory.location_id}, ${inventory.dutchie_inventory_id}) in ${AMONG}`)
    .prepare(),
);
const inventoryWithin = prepared((db: RecordsDb) =>
  db
    .select(getTableColumns(inventory))
    .from(RANGES)
    .crossJoin(inventory)
    .where(within(inventory.location_id, inventory.dutchie_inventory_id))
    .limit(LIMIT)
    .prepare(),
);
const salesById = prepared((db: RecordsDb) =>
  db.select().from(sales).where(sql`(${sales.location_id}, ${sales.sale_id}) in ${AMONG}`).prepare(),
);
const salesWithin = prepared((db: RecordsDb) =>
  db
    .select(getTableColumns(sales))
    .from(RANGES)
    .crossJoin(sales)
    .where(within(sales.location_id, sales.sale_id))
    .limit(LIMIT)
    .prepare(),
);

type Query<R> = (db: RecordsDb) => { all(values: Record<string, unknown>): Promise<R[]> };

/** Fewer ids are searched for one by one: what else lies between them may be more. */
const MANY_IDS = 20;

/**
 * The rows of these ids. Dutchie lists most records in the order of their ids, so many ids are nearly all that is stored between the
 * first and the last of them. To read that range costs one row read for each row, a search three for each id. If much else
 * lies in between, each id is searched for after all.
 */
async function rowsOf<R>(
  db: RecordsDb,
  /** `a_row`: so many rows for each id the ranges may have. */
  given: { location_id: string; ids: Iterable<string>; a_row: number },
  { range, search, idOf }: { range: Query<R>; search: Query<R>; idOf: (row: R) => string | null },
): Promise<R[]> {
  const { location_id, a_row } = given;
  const ids = new Set(given.ids);
  if (ids.size === 0) return [];
  const ranges = ids.size < MANY_IDS ? null : rangesOf([...ids]);
  if (ranges !== null) {
    const limit = a_row * ids.size;
    const rows = await range(db).all({ location_id, ranges: JSON.stringify(ranges), limit });
    if (rows.length < limit) return rows.filter((row) => ids.has(idOf(row) ?? ""));
  }
  return search(db).all(among(location_id, ids));
}

/** By Dutchie's id. */
export async function loadProducts(
  db: RecordsDb,
  location_id: string,
  ids: Iterable<string>,
): Promise<Map<string, ProductRow>> {
  const given = { location_id, ids, a_row: 3 };
  const rows = await rowsOf(db, given, {
    range: productsWithin,
    search: productsByDutchieId,
    idOf: (row) => row.dutchie_product_id,
  });
  return new Map(rows.map((row) => [row.dutchie_product_id ?? "", row]));
}

export function loadProductsById(db: RecordsDb, location_id: string, ids: Iterable<string>): Promise<ProductRow[]> {
  return productsById(db).all(among(location_id, ids));
}

/** By the SKU's key, the first `limit` of each SKU by their ids: a whole catalogue may have the same. */
export function loadProductsBySku(
  db: RecordsDb,
  location_id: string,
  keys: Iterable<string>,
  limit: number,
): Promise<ProductRow[]> {
  return productsBySku(db).all({ location_id, keys: JSON.stringify([...new Set(keys)]), limit });
}

const productsBySku = prepared((db: RecordsDb) =>
  db
    .select(PRODUCT_COLUMNS)
    .from(products)
    .where(sql`(${products.location_id}, ${products.product_id}) in (
      select first.location_id, first.product_id
      from json_each(${sql.placeholder("keys")}) sku
      cross join ${products} first
      where first.location_id = ${LOCATION} and first.product_id in (
        select p.product_id from ${products} p indexed by products_sku
        where p.location_id = ${LOCATION} and p.sku_key = sku.value
        order by p.product_id limit ${LIMIT}))`)
    .prepare(),
);

/**
 * Products that may be what a row without a product's id means, the first `limit` of each SKU, UPC and name by their ids: a
 * whole catalogue may have the same. By UPC and name it reads the store's products: only for rows that name no id.
 */
export function loadProductsAlike(
  db: RecordsDb,
  location_id: string,
  keys: { skus: readonly string[]; upcs: readonly string[]; names: readonly string[] },
  limit: number,
): Promise<ProductRow[]> {
  const first = (column: SQLiteColumn, values: readonly string[]) => sql`
    select product_id from (
      select product_id, row_number() over (partition by ${column} order by product_id) as place from ${products}
      where ${products.location_id} = ${location_id} and ${inList(column, values)} and status <> 'deleted')
    where place <= ${limit}`;
  const chosen = sql.join(
    [first(products.sku_key, keys.skus), first(products.upc_key, keys.upcs), first(products.name_key, keys.names)],
    sql` union `,
  );
  const key = sql`(${products.location_id}, ${products.product_id})`;
  return db
    .select(PRODUCT_COLUMNS)
    .from(products)
    .where(sql`${key} in (select ${location_id}, product_id from (${chosen}))`);
}

/** Products without a link to one of Dutchie's: ReUp's own, and those known only from rows without a product id. */
export function loadFreeProducts(db: RecordsDb, location_id: string): Promise<ProductRow[]> {
  return freeProducts(db).all({ location_id });
}

const freeProducts = prepared((db: RecordsDb) =>
  db
    .select(PRODUCT_COLUMNS)
    .from(products)
    .where(and(eq(products.location_id, LOCATION), isNull(products.dutchie_product_id), ne(products.status, "deleted")))
    .prepare(),
);

/** Which products Dutchie's ids mean. */
export interface ProductLinks {
  /** ReUp's product ids, by Dutchie's. */
  links: Map<string, string>;
  /** Dutchie's ids of the products that its catalogue has not stated, the first `limit` of the store's. */
  unsettled: string[];
}

/**
 * Reads nothing of the products themselves: the ids stand in the index, and most stores have no unsettled product once the
 * catalogue was read. A thousand sales name thousands of products.
 */
export async function loadProductLinks(
  db: RecordsDb,
  location_id: string,
  ids: Iterable<string>,
  limit: number,
): Promise<ProductLinks> {
  const asked = [...new Set(ids)];
  const [unsettled = [], links = []] = await readBatch(db, [
    sql`select dutchie_product_id from ${products} indexed by products_unsettled
      where location_id = ${location_id} and unsettled is not null and dutchie_product_id is not null limit ${limit}`,
    ...(asked.length === 0 ? [] : [linksOf(location_id, asked)]),
  ]);
  return {
    links: new Map(links.map((row) => [String(row.dutchie_product_id), String(row.product_id)])),
    unsettled: unsettled.map((row) => String(row.dutchie_product_id)),
  };
}

const linksOf = (location_id: string, ids: readonly string[]) => sql`
  select dutchie_product_id, product_id from ${products} indexed by products_dutchie
  where (location_id, dutchie_product_id) in (select ${location_id}, value from json_each(${JSON.stringify(ids)}))`;

/** All rooms of the packages, tombstones too, by Dutchie's inventory id. */
export async function loadInventory(
  db: RecordsDb,
  location_id: string,
  ids: Iterable<string>,
): Promise<Map<string, InventoryRow[]>> {
  // A package has a row for each of its rooms, and sold-out ones lie in between.
  const given = { location_id, ids, a_row: 4 };
  const rows = await rowsOf(db, given, {
    range: inventoryWithin,
    search: inventoryByDutchieId,
    idOf: (row) => row.dutchie_inventory_id,
  });
  const byPackage = new Map<string, InventoryRow[]>();
  for (const row of rows) {
    const rooms = byPackage.get(row.dutchie_inventory_id);
    if (rooms === undefined) byPackage.set(row.dutchie_inventory_id, [row]);
    else rooms.push(row);
  }
  return byPackage;
}

/** With their lines, by Dutchie's transaction id. */
export async function loadSales(
  db: RecordsDb,
  location_id: string,
  ids: Iterable<string>,
): Promise<Map<string, SaleRow & { lines: SaleItem[] | null }>> {
  const given = { location_id, ids, a_row: 3 };
  const rows = await rowsOf(db, given, { range: salesWithin, search: salesById, idOf: (row) => row.sale_id });
  return new Map(rows.map((row) => [row.dutchie_transaction_id, row]));
}

/** The store's rooms. A store has a dozen; the bound is for one that never ends. */
export function loadRooms(db: RecordsDb, location_id: string): Promise<RoomRow[]> {
  return roomsOf(db).all({ location_id });
}

const roomsOf = prepared((db: RecordsDb) =>
  db.select().from(rooms).where(eq(rooms.location_id, LOCATION)).orderBy(rooms.room_key).limit(MAX_ROOMS).prepare(),
);
