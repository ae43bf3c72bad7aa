import { and, eq, isNotNull, ne, or, sql } from "drizzle-orm";
import type { RecordsDb } from "../../db/databases.ts";
import { prepared } from "../../db/prepared.ts";
import { line } from "../../db/sale-lines.ts";
import { counts, inventory, products, sales, salesDays } from "../../db/schema/records.ts";
import { asBelieved } from "../../domain/clock.ts";
import type { LiveRow, SnapshotResource } from "../../domain/snapshots/absence.ts";
import { skuKey } from "../../domain/values/identifiers.ts";
import { round2 } from "../../domain/values/number.ts";
import type { StoreContext } from "../context.ts";

/** A record that could be absent, and what it is worth. */
export interface StockRow extends LiveRow {
  quantity: number;
  unit_price: number | null;
}

/** The value of rows: quantity × price. */
export const stockValue = (rows: readonly StockRow[]): number =>
  round2(rows.reduce((sum, { quantity, unit_price }) => sum + quantity * (unit_price ?? 0), 0));

/**
 * Whether the snapshot under way has listed all that is live, by two numbers: then nothing is absent, and no row need be read for
 * that. The database's number also counts products that no snapshot lists: then they differ.
 */
export async function listsAll({ db, store, location }: StoreContext, resource: SnapshotResource): Promise<boolean> {
  // After any other change equal numbers could be of other records.
  if (!store.seen.isUndisturbed) return false;
  const [stored] = await countOf(db).all({ location_id: location.location_id, what: resource });
  return stored?.n === store.seen.countLive();
}

const countOf = prepared((db: RecordsDb) =>
  db
    .select({ n: counts.n })
    .from(counts)
    .where(and(eq(counts.location_id, sql.placeholder("location_id")), eq(counts.what, sql.placeholder("what"))))
    .prepare(),
);

/** The rows that a complete snapshot should list; a row with an impossible stored time counts as the oldest. */
export async function liveRows(context: StoreContext, resource: SnapshotResource): Promise<StockRow[]> {
  return (await storedRows(context, resource)).map((row) => asBelieved(row, context.now));
}

async function storedRows(
  { db, location: { location_id } }: StoreContext,
  resource: SnapshotResource,
): Promise<StockRow[]> {
  if (resource === "inventory") {
    const rows = await db
      .select({
        id: inventory.inventory_id,
        unit: inventory.dutchie_inventory_id,
        tag: inventory.package_id,
        source_at: inventory.source_at,
        source_rank: inventory.source_rank,
        updated_at: inventory.updated_at,
        quantity: inventory.quantity,
        unit_price: inventory.unit_price,
      })
      .from(inventory)
      .where(and(eq(inventory.location_id, location_id), ne(inventory.quantity, 0)));
    return rows.map((row) => ({ ...row, tag: skuKey(row.tag) }));
  }
  const rows = await db
    .select({
      id: products.product_id,
      source_at: told_at,
      source_rank: products.source_rank,
      updated_at: products.updated_at,
      status: products.status,
      isOnlyNamed: sql<number>`${isOnlyNamed}`,
    })
    .from(products)
    .where(and(eq(products.location_id, location_id), isDutchies, isExpected));
  // Its stock is in its packages, whose absence is decided by their own list.
  return rows.map(({ status, isOnlyNamed, ...row }) => ({
    ...row,
    unit: row.id,
    quantity: 0,
    unit_price: null,
    is_provisional: status === "provisional" || isOnlyNamed === 1,
  }));
}

/** A product of ReUp's own that packages or sales linked to a product of Dutchie's which no catalogue has listed yet. */
const isOnlyNamed = sql`(${products.source} = 'reup' and ${products.source_at} = 0
  and ${products.unsettled} is not null and ${products.dutchie_product_id} is not null)`;

/** Such a product, or a provisional one, has no version from the catalogue: it is as old as the row that named it. */
const told_at = sql<number>`iif(${products.status} = 'provisional' or ${isOnlyNamed}, ${products.updated_at}, ${products.source_at})`;

/** Also one without an id, which only rows without a product id named (`isNameless`). */
const isDutchies = or(isNotNull(products.dutchie_product_id), eq(products.source, "dutchie"));

/**
 * A package or a sale shows that the link was right; of a package that has stock of another product, an empty room does not. An
 * edit on its way to Dutchie keeps the link, too.
 */
const isStillNamed = sql`(${products.overrides} is not null
  or exists (select 1 from ${inventory} i
    where i.location_id = ${products.location_id} and i.product_id = ${products.product_id} and not exists (
      select 1 from ${inventory} j
      where j.location_id = i.location_id and j.dutchie_inventory_id = i.dutchie_inventory_id
        and j.quantity <> 0 and j.product_id is not i.product_id))
  or exists (select 1 from ${salesDays} d
    where d.location_id = ${products.location_id} and d.product_id = ${products.product_id})
  or exists (select 1 from ${sales} s, json_each(s.lines) i
    where s.location_id = ${products.location_id} and ${line.product_id} = ${products.product_id}))`;

/**
 * Products that a complete catalogue lists: those that it stated, provisional ones without stock, and those of ReUp's own whose link
 * nothing shows any more. Otherwise one that a wrong row named once stays for ever, or stays linked for ever.
 */
const isExpected = sql`(
  (${products.status} in ('active', 'inactive') and ${products.source_at} > 0)
  or (${products.status} = 'provisional' and not exists (
    select 1 from ${inventory} i
    where i.location_id = ${products.location_id} and i.product_id = ${products.product_id} and i.quantity <> 0))
  or (${isOnlyNamed} and not ${isStillNamed}))`;
