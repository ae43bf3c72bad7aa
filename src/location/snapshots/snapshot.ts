import { and, eq, isNotNull, ne, or, sql } from "drizzle-orm";
import { chunks } from "../../db/bulk.ts";
import type { RecordsDb } from "../../db/databases.ts";
import { loadInventory, loadProductsById } from "../../db/load-records.ts";
import { prepared } from "../../db/prepared.ts";
import { counts, inventory, products } from "../../db/schema/records.ts";
import { productsUpsert } from "../../db/statements.ts";
import { asBelieved } from "../../domain/clock.ts";
import { releasedProduct } from "../../domain/identity/replace.ts";
import type { Change } from "../../domain/records/change.ts";
import { changeOf, diff } from "../../domain/records/decide.ts";
import { pickProductContent } from "../../domain/records/product.ts";
import type { About } from "../../domain/records/records.ts";
import { packageOf, tombstoneInventory } from "../../domain/resolve/inventory.ts";
import { tombstoneProduct } from "../../domain/resolve/products.ts";
import type { LiveRow, SnapshotResource } from "../../domain/snapshots/absence.ts";
import type { StoreContext } from "../context.ts";
import { aboutRows, type Reading } from "../records/applied.ts";
import { duplicateStatements } from "../records/duplicates.ts";
import { writeRecords } from "../records/write-records.ts";

/** A record that could be absent, and what it is worth. */
export interface StockRow extends LiveRow {
  quantity: number;
  unit_price: number | null;
}

export interface Ended {
  changes: Change[];
  about: Map<string, About>;
}

/** The value of rows: quantity × price. */
export const stockValue = (rows: readonly StockRow[]): number =>
  rows.reduce((sum, { quantity, unit_price }) => sum + quantity * (unit_price ?? 0), 0);

/** What a complete snapshot with this floor did not list. */
interface Gone {
  resource: SnapshotResource;
  gone: readonly StockRow[];
  floor: number;
}

/** Ends these rows. */
export async function endRows(
  context: StoreContext,
  reading: Pick<Reading, "origin" | "write">,
  { resource, gone, floor }: Gone,
): Promise<Ended> {
  const result: Ended = { changes: [], about: new Map() };
  const all = gone.map(({ id }) => id);
  for (const ids of chunks(all, 500)) {
    const ended = await (resource === "inventory" ? endInventory : endProducts)(context, reading, { ids, floor });
    result.changes.push(...ended.changes);
    for (const [record_id, about] of ended.about) result.about.set(record_id, about);
  }
  return result;
}

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
    return db
      .select({
        id: inventory.inventory_id,
        unit: inventory.dutchie_inventory_id,
        source_at: inventory.source_at,
        source_rank: inventory.source_rank,
        updated_at: inventory.updated_at,
        quantity: inventory.quantity,
        unit_price: inventory.unit_price,
      })
      .from(inventory)
      .where(and(eq(inventory.location_id, location_id), ne(inventory.quantity, 0)));
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
 * Products that a complete catalogue lists: those that it stated, and those that only rows of packages or sales named, unless they
 * have stock. Otherwise one that a wrong row named once, or a wrong link of ReUp's own product, stays for ever.
 */
const isExpected = sql`(
  (${products.status} in ('active', 'inactive') and ${products.source_at} > 0)
  or ((${products.status} = 'provisional' or ${isOnlyNamed}) and not exists (
    select 1 from ${inventory} i
    where i.location_id = ${products.location_id} and i.product_id = ${products.product_id} and i.quantity <> 0)))`;

interface Ids {
  ids: readonly string[];
  floor: number;
}

async function endInventory(
  context: StoreContext,
  reading: Pick<Reading, "origin" | "write">,
  { ids, floor }: Ids,
): Promise<Ended> {
  const { db, location, now } = context;
  const { location_id } = location;
  const { origin, write } = reading;
  const asked = new Set(ids);
  const packages = await loadInventory(db, location_id, ids.map(packageOf));
  const stored = [...packages.values()].flat().filter(({ inventory_id }) => asked.has(inventory_id));
  const rows = stored.map((row) => tombstoneInventory(row, floor, now));
  const changes = rows.map((row, index) => {
    const fields = diff(stored[index], { quantity: 0, reserved_quantity: 0 });
    return changeOf({ resource: "inventory", record_id: row.inventory_id, fields }, row, origin, now);
  });
  if (write) {
    await writeRecords(context, [], { changes }, { rows, guard: { newer: now, before: stored } });
  }
  const about = aboutRows(rows.map((row) => [row.inventory_id, row.dutchie_inventory_id, row.unit_price ?? 0]));
  return { changes, about };
}

async function endProducts(
  context: StoreContext,
  reading: Pick<Reading, "origin" | "write">,
  { ids, floor }: Ids,
): Promise<Ended> {
  const { db, location, now } = context;
  const { location_id } = location;
  const { origin, write } = reading;
  const stored = await loadProductsById(db, location_id, ids);
  // ReUp's own product does not end with a link that was wrong.
  const rows = stored.map(
    (row) => (row.source_at === 0 ? releasedProduct(row, now) : null) ?? tombstoneProduct(row, floor, now),
  );
  const changes = rows.map((row, index) => {
    const fields = diff(pickProductContent(stored[index] ?? row), pickProductContent(row));
    return changeOf({ resource: "products", record_id: row.product_id, fields }, row, origin, now);
  });
  if (write) {
    // A survivor that is gone sets its duplicates free.
    const before = new Map(stored.map((row) => [row.dutchie_product_id ?? "", row]));
    const duplicates = await duplicateStatements(context, { origin, written: rows, before });
    const { gone = [], released = [] } = Object.groupBy(rows.map(duplicates.decided), ({ status }) =>
      status === "deleted" ? "gone" : "released",
    );
    const decided = [
      ...productsUpsert(location, gone, { newer: now, before: stored }),
      // It has the version of a product that Dutchie never stated.
      ...productsUpsert(location, released, "differs"),
    ];
    await writeRecords(context, [...decided, ...duplicates.statements], {
      changes: [...changes, ...duplicates.changes],
    });
  }
  return { changes, about: aboutRows(stored.map((row) => [row.product_id, row.dutchie_product_id ?? "", 0])) };
}
