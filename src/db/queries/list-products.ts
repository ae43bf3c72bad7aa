import { and, asc, eq, gt, isNull, ne, not, type Placeholder, type SQL, sql } from "drizzle-orm";
import { skuKey } from "../../domain/values/identifiers.ts";
import type { RoomType } from "../../domain/vocabulary/reup.ts";
import type { RecordsDb } from "../databases.ts";
import { PRODUCT_COLUMNS } from "../load-records.ts";
import { prepared } from "../prepared.ts";
import { inventory, products } from "../schema/records.ts";
import { hasText, productsWithText, productsWithWords } from "./search.ts";
import { countUpTo, isActive, isBrand, isCategory, nameInOrder, type Span, withoutTail } from "./span.ts";

export interface ProductFilter {
  q?: string | undefined;
  sku?: string | undefined;
  category?: string | undefined;
  status?: typeof products.$inferSelect.status | undefined;
  include_merged: boolean;
  brand?: string | undefined;
  search?: string | undefined;
  active?: boolean | undefined;
  /** Products of ReUp's own that are linked to none of Dutchie's. */
  own?: boolean;
  room_type?: RoomType | undefined;
  /** Products with stock, of which at most so much is available. */
  available_at_most?: number | undefined;
}

const LOCATION = sql.placeholder("location_id");

/** What numbered pages are sorted by. */
export const PRODUCT_ORDERS = {
  product_name: nameInOrder,
  unit_price: sql`${products.unit_price}`,
  quantity: sql`listed_quantity`,
};

export type ListedProduct = Omit<typeof products.$inferSelect, "search"> & { quantity: number };

/**
 * Products that are searched one by one first. If they fill a page, the text is common. If not, it is rare, and the index is asked.
 */
const NEAR = 2_000;

/** Up to `limit` products by id after `after`. */
export async function listProducts(
  db: RecordsDb,
  location_id: string,
  filter: ProductFilter,
  { after, limit, offset, order }: Span<string>,
): Promise<ListedProduct[]> {
  const from = after === null ? undefined : gt(products.product_id, after);
  const page = (condition: SQL | undefined) =>
    selectProducts(db, location_id, and(condition, from))
      .orderBy(...(order === undefined ? [] : [order]), asc(products.product_id))
      .limit(limit)
      .offset(offset ?? 0);
  const { q = "", ...others } = filter;
  if (q === "") return page(filtered(location_id, others));
  if (order === undefined) {
    const last = sql`(select p.product_id from ${products} p where p.location_id = ${location_id}
      and p.product_id > ${after ?? ""} order by p.product_id limit 1 offset ${NEAR})`;
    // An empty blob is greater than any text. A column in its place would keep SQLite from using the key, so it would read all rows.
    const isNear = sql`${products.product_id} <= coalesce(${last}, x'')`;
    const near = await page(and(filtered(location_id, others), hasText(q), isNear));
    if (near.length === limit) return near;
  }
  return page(and(filtered(location_id, others), productsWithText(location_id, q)));
}

export function countProducts(db: RecordsDb, location_id: string, filter: ProductFilter): Promise<number> {
  const { q = "", ...others } = filter;
  const { include_merged: _, own = false, ...narrowing } = others;
  // Then the index has all that is asked for.
  const isTextAlone = !own && Object.values(narrowing).every((value) => value === undefined);
  const [index, text] = isTextAlone
    ? [sql`indexed by products_sku`, hasText(q)]
    : [sql``, productsWithText(location_id, q)];
  const condition = and(
    eq(products.location_id, location_id),
    filtered(location_id, others),
    q === "" ? undefined : text,
  );
  return countUpTo(db, sql`select 1 from ${products} ${index} where ${condition}`);
}

function filtered(location_id: string, filter: Omit<ProductFilter, "q">): SQL | undefined {
  const { brand, active, room_type, search, available_at_most } = filter;
  return and(
    filter.sku === undefined ? undefined : withSku(location_id, filter.sku),
    filter.category === undefined ? undefined : isCategory(filter.category),
    filter.status === undefined ? undefined : eq(products.status, filter.status),
    filter.include_merged ? undefined : isNull(products.merged_into),
    brand === undefined ? undefined : isBrand(brand),
    active === undefined ? undefined : active ? isActive() : not(isActive()),
    filter.own === true ? isUnlinked : undefined,
    search === undefined ? undefined : productsWithWords(location_id, search),
    room_type === undefined ? undefined : stocked(location_id, sql`i.room_type = ${room_type}`, sql`true`),
    available_at_most === undefined
      ? undefined
      : stocked(
          location_id,
          sql`true`,
          sql`${withoutTail(sql`sum(i.quantity - i.reserved_quantity)`)} <= ${available_at_most}`,
        ),
  );
}

const isUnlinked = and(
  isNull(products.dutchie_product_id),
  eq(products.source, "reup"),
  ne(products.status, "deleted"),
);

/** Products with stock, theirs or of products merged into them, that meets both conditions: on packages, and on their sum. */
function stocked(location_id: string, packages: SQL, sum: SQL): SQL {
  return sql`${products.product_id} in (select coalesce(m.merged_into, m.product_id) from ${inventory} i
    join ${products} m on m.location_id = i.location_id and m.product_id = i.product_id
    where i.location_id = ${location_id} and i.quantity <> 0 and ${packages} group by 1 having ${sum})`;
}

export async function findProduct(
  db: RecordsDb,
  location_id: string,
  product_id: string,
): Promise<ListedProduct | null> {
  const [row] = await productById(db).all({ location_id, product_id });
  return row ?? null;
}

const productById = prepared((db: RecordsDb) =>
  selectProducts(db, LOCATION, eq(products.product_id, sql.placeholder("product_id"))).prepare(),
);

export async function findProducts(
  db: RecordsDb,
  location_id: string,
  ids: Iterable<string>,
): Promise<Map<string, ListedProduct>> {
  const rows = await productsAmong(db).all({ location_id, ids: JSON.stringify([...new Set(ids)]) });
  return new Map(rows.map((row) => [row.product_id, row]));
}

const productsAmong = prepared((db: RecordsDb) =>
  selectProducts(
    db,
    LOCATION,
    sql`(${products.location_id}, ${products.product_id}) in (select ${LOCATION}, value from json_each(${sql.placeholder("ids")}))`,
  ).prepare(),
);

/**
 * The index by name: without statistics SQLite assumes ten rows in a store and reads all of its packages for each
 * product.
 */
const byProduct = sql`indexed by inventory_product`;

/**
 * A product's quantity is the sum of its packages and of those of the products merged into it. The merged ones are
 * added up once for the store, not once a row: nothing indexes `merged_into`.
 */
function selectProducts(db: RecordsDb, location_id: string | Placeholder, condition: SQL | undefined) {
  const merged = db
    .select({
      root: sql<string>`m.merged_into`.as("root"),
      quantity: sql<number>`sum(i.quantity)`.as("merged_quantity"),
    })
    // A cross join keeps its order in SQLite: the few merged products first, then the packages of each.
    .from(sql`${products} m cross join ${inventory} i ${byProduct}`)
    .where(sql`m.location_id = ${location_id} and m.merged_into is not null
      and i.location_id = m.location_id and i.product_id = m.product_id`)
    .groupBy(sql`m.merged_into`)
    .as("merged");
  const sum = sql`coalesce(${merged.quantity}, 0) + coalesce((
    select sum(i.quantity) from ${inventory} i ${byProduct}
    where i.location_id = ${products.location_id} and i.product_id = ${products.product_id}), 0)`;
  const quantity = sql<number>`${withoutTail(sum)}`.as("listed_quantity");
  return db
    .select({ ...PRODUCT_COLUMNS, quantity })
    .from(products)
    .leftJoin(merged, eq(merged.root, products.product_id))
    .where(and(eq(products.location_id, location_id), condition));
}

/** By the index, named for the same reason. */
function withSku(location_id: string, sku: string): SQL {
  return sql`${products.product_id} in (select p.product_id from ${products} p indexed by products_sku
    where p.location_id = ${location_id} and p.sku_key = ${skuKey(sku) ?? sku})`;
}
