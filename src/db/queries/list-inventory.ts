import { and, asc, eq, getTableColumns, not, or, type SQL, sql } from "drizzle-orm";
import { packageOf } from "../../domain/resolve/inventory.ts";
import { skuKey } from "../../domain/values/identifiers.ts";
import type { RoomType } from "../../domain/vocabulary/reup.ts";
import type { RecordsDb } from "../databases.ts";
import { familyOf } from "../family.ts";
import { inventory, products } from "../schema/records.ts";
import { packagesWithWords } from "./search.ts";
import { countUpTo, isActive, isBrand, isCategory, nameInOrder, type Span, withoutTail } from "./span.ts";

export type ListedInventory = typeof inventory.$inferSelect & { product_name: string | null };

export interface InventoryFilter {
  product_id?: string | undefined;
  room_type?: RoomType | undefined;
  /** Live stock of which at most so much is available. */
  available_at_most?: number | undefined;
  sku?: string | undefined;
  category?: string | undefined;
  brand?: string | undefined;
  search?: string | undefined;
  /** Whether the product is active. */
  active?: boolean | undefined;
}

/** What numbered pages are sorted by. */
export const INVENTORY_ORDERS = {
  product_name: nameInOrder,
  quantity: sql`${inventory.quantity}`,
};

/** `[dutchie_inventory_id, inventory_id]`, the order of the primary key. */
export type InventoryKey = [string, string];

export function listInventory(
  db: RecordsDb,
  location_id: string,
  filter: InventoryFilter,
  { after, limit, offset, order }: Span<InventoryKey>,
): Promise<ListedInventory[]> {
  const from =
    after === null
      ? undefined
      : sql`(${inventory.dutchie_inventory_id}, ${inventory.inventory_id}) > (${after[0]}, ${after[1]})`;
  return selectInventory(db, location_id, and(filtered(location_id, filter), from), order)
    .limit(limit)
    .offset(offset ?? 0);
}

export const countInventory = (db: RecordsDb, location_id: string, filter: InventoryFilter): Promise<number> =>
  countUpTo(
    db,
    sql`select 1 from ${inventory} left join ${products} on ${ofItsProduct}
      where ${and(eq(inventory.location_id, location_id), filtered(location_id, filter))}`,
  );

function filtered(location_id: string, filter: InventoryFilter): SQL | undefined {
  const { category, brand, search, active } = filter;
  return and(
    filter.product_id === undefined ? undefined : ofProducts(location_id, familyOf(location_id, filter.product_id)),
    filter.room_type === undefined ? undefined : eq(inventory.room_type, filter.room_type),
    filter.available_at_most === undefined
      ? undefined
      : sql`${inventory.quantity} <> 0
          and ${withoutTail(available)} <= ${filter.available_at_most}`,
    filter.sku === undefined ? undefined : withSku(location_id, filter.sku),
    category === undefined ? undefined : isShown(isCategory(category, shown)),
    brand === undefined ? undefined : isShown(isBrand(brand, shown)),
    active === undefined ? undefined : active ? isLive : not(isLive),
    search === undefined ? undefined : packagesWithWords(search),
  );
}

const available = sql`${inventory.quantity} - ${inventory.reserved_quantity}`;

const shown = {
  reup_category: sql`shown.reup_category`,
  category: sql`shown.category`,
  brand: sql`shown.brand`,
  status: sql`shown.status`,
};
/** About the product whose quantity has the package: of a merged one, that into which it was merged. */
const isShown = (condition: SQL): SQL => sql`exists (select 1 from ${products} shown
  where shown.location_id = ${products.location_id}
    and shown.product_id = coalesce(${products.merged_into}, ${products.product_id}) and ${condition})`;
/** A package without a product is not. */
const isLive = isShown(isActive(shown));

const ofItsProduct = and(
  eq(products.location_id, inventory.location_id),
  eq(products.product_id, inventory.product_id),
);

/** Spelled so on the package itself, or any way on its product. */
function withSku(location_id: string, sku: string): SQL | undefined {
  const ids = sql`select p.product_id from ${products} p indexed by products_sku
    where p.location_id = ${location_id} and p.sku_key = ${skuKey(sku) ?? sku}`;
  return or(eq(inventory.sku, sku), ofProducts(location_id, ids));
}

/** A product has a handful of packages; a thousand is a bound, not an expectation. */
const MAX_OF_PRODUCT = 1_000;

/** The packages that make up a product's quantity: its own and those of the products merged into it. */
export const inventoryOfProduct = (
  db: RecordsDb,
  location_id: string,
  product_id: string,
): Promise<ListedInventory[]> => listInventory(db, location_id, { product_id }, { after: null, limit: MAX_OF_PRODUCT });

/** Packages in rooms, by their own ids. The package's id, with which the key begins, is within them. */
export async function inventoryById(
  db: RecordsDb,
  location_id: string,
  ids: readonly string[],
): Promise<Map<string, ListedInventory>> {
  const keys = JSON.stringify(ids.map((id) => [packageOf(id), id]));
  const rows = await selectInventory(
    db,
    location_id,
    sql`(${inventory.location_id}, ${inventory.dutchie_inventory_id}, ${inventory.inventory_id}) in (
      select ${location_id}, value->>0, value->>1 from json_each(${keys}))`,
  );
  return new Map(rows.map((row) => [row.inventory_id, row]));
}

function selectInventory(db: RecordsDb, location_id: string, condition: SQL | undefined, order?: SQL) {
  return db
    .select({ ...getTableColumns(inventory), product_name: products.product_name })
    .from(inventory)
    .leftJoin(products, ofItsProduct)
    .where(and(eq(inventory.location_id, location_id), condition))
    .orderBy(...(order === undefined ? [] : [order]), asc(inventory.dutchie_inventory_id), asc(inventory.inventory_id));
}

/**
 * Packages of the products that `ids` (SQL) gives. The index is named: without statistics SQLite assumes ten
 * rows in a store and reads all of them to find a product's packages.
 */
function ofProducts(location_id: string, ids: SQL): SQL {
  return sql`(${inventory.dutchie_inventory_id}, ${inventory.inventory_id}) in (
    select i.dutchie_inventory_id, i.inventory_id from ${inventory} i indexed by inventory_product
    where i.location_id = ${location_id} and i.product_id in (${ids}))`;
}
