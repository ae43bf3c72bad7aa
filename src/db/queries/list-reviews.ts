import { and, asc, desc, eq, sql } from "drizzle-orm";
import type { RecordsDb } from "../databases.ts";
import { inventory, products, reviews } from "../schema/records.ts";
import { findProducts, type ListedProduct } from "./list-products.ts";

export type ListedReview = typeof reviews.$inferSelect;

/** `[opened_at, review_id]` */
export type ReviewKey = [number, string];
export const reviewKey = (row: ListedReview): ReviewKey => [row.opened_at, row.review_id];

/** Newest first. A store's reviews are few: they are sorted, not indexed. */
export function listReviews(
  db: RecordsDb,
  location_id: string,
  filter: { state?: ListedReview["state"] | undefined; kind?: ListedReview["kind"] | undefined },
  page: { after: ReviewKey | null; limit: number },
): Promise<ListedReview[]> {
  const { after } = page;
  return db
    .select()
    .from(reviews)
    .where(
      and(
        eq(reviews.location_id, location_id),
        filter.state === undefined ? undefined : eq(reviews.state, filter.state),
        filter.kind === undefined ? undefined : eq(reviews.kind, filter.kind),
        after === null
          ? undefined
          : sql`(${reviews.opened_at} < ${after[0]} or
              (${reviews.opened_at} = ${after[0]} and ${reviews.review_id} > ${after[1]}))`,
      ),
    )
    .orderBy(desc(reviews.opened_at), asc(reviews.review_id))
    .limit(page.limit);
}

export async function findReview(db: RecordsDb, location_id: string, review_id: string): Promise<ListedReview | null> {
  const key = and(eq(reviews.location_id, location_id), eq(reviews.review_id, review_id));
  return (await db.select().from(reviews).where(key))[0] ?? null;
}

export type Candidate = ListedProduct & { packages: number };

/** The products that duplicate reviews are about, each with its quantity and the number of packages in stock. */
export async function candidatesOf(
  db: RecordsDb,
  location_id: string,
  rows: readonly ListedReview[],
): Promise<Map<string, Candidate>> {
  const ids = new Set(rows.filter(({ kind }) => kind !== "held_snapshot").flatMap(({ candidates }) => candidates));
  if (ids.size === 0) return new Map();
  const [listed, packages] = await Promise.all([
    findProducts(db, location_id, ids),
    countPackages(db, location_id, ids),
  ]);
  return new Map(
    [...listed].map(([product_id, row]) => [product_id, { ...row, packages: packages.get(product_id) ?? 0 }]),
  );
}

/** A package or a product that a held list leaves out. */
export interface Missing {
  product_name: string | null;
  package_id: string | null;
  room_name: string | null;
  quantity: number | null;
  value: number | null;
}

/** What the held lists leave out, by record. A package is found by its own id, which is within the record's (`inventoryId`): the key has it first. */
export async function missingOf(
  db: RecordsDb,
  location_id: string,
  rows: readonly ListedReview[],
): Promise<Map<string, Missing>> {
  const idsOf = (resource: string) =>
    rows
      .filter(({ kind, subject }) => kind === "held_snapshot" && subject === resource)
      .flatMap(({ candidates }) => candidates);
  const [packages, listed] = [idsOf("inventory"), new Set(idsOf("products"))];
  const [stock, named] = await Promise.all([
    packages.length === 0 ? [] : findPackages(db, location_id, packages),
    listed.size === 0 ? new Map<string, ListedProduct>() : findProducts(db, location_id, listed),
  ]);
  const nowhere = { package_id: null, room_name: null, value: null };
  return new Map([
    ...stock.map(({ inventory_id, ...row }) => [inventory_id, row] as const),
    ...[...named].map(([id, { product_name, quantity }]) => [id, { ...nowhere, product_name, quantity }] as const),
  ]);
}

function findPackages(db: RecordsDb, location_id: string, ids: readonly string[]) {
  const keys = ids.map((id) => [id.slice(4, -9), id]);
  return db.all<Missing & { inventory_id: string }>(sql`
    select i.inventory_id, p.product_name, i.package_id, i.room_name, i.quantity,
      round(i.quantity * i.unit_price, 2) as value
    from json_each(${JSON.stringify(keys)}) k cross join ${inventory} i
      left join ${products} p on p.location_id = i.location_id and p.product_id = i.product_id
    where i.location_id = ${location_id} and i.dutchie_inventory_id = k.value->>0 and i.inventory_id = k.value->>1`);
}

/** Packages of a product and of those merged into it. The indexes by name, for SQLite would read the whole store. */
async function countPackages(
  db: RecordsDb,
  location_id: string,
  ids: ReadonlySet<string>,
): Promise<Map<string, number>> {
  const rows = await db.all<{ root: string; packages: number }>(sql`
    with asked as (select value as root from json_each(${JSON.stringify([...ids])})),
    family as (
      select root, root as product_id from asked
      union all
      select root, m.product_id from asked cross join ${products} m indexed by products_merged
      where m.location_id = ${location_id} and m.merged_into = root and m.merged_into is not null)
    select root, count(distinct i.dutchie_inventory_id) as packages
    from family cross join ${inventory} i indexed by inventory_product
    where i.location_id = ${location_id} and i.product_id = family.product_id and i.quantity <> 0
    group by root`);
  return new Map(rows.map(({ root, packages }) => [root, packages]));
}
