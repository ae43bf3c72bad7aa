import { and, eq, ne, sql } from "drizzle-orm";
import { bulkUpsert, chunks, inList } from "../db/bulk.ts";
import { loadProductsById } from "../db/load-records.ts";
import { inventory, products } from "../db/schema.ts";
import { changesInsert, productsUpsert } from "../db/statements.ts";
import { writeBatch } from "../db/write.ts";
import { planAbsence } from "../domain/absence.ts";
import { changeOf, diff } from "../domain/decide.ts";
import type { About, Change } from "../domain/records.ts";
import { tombstoneInventory } from "../domain/resolve-inventory.ts";
import { tombstoneProduct } from "../domain/resolve-products.ts";
import { type ApplyContext, aboutRows } from "./apply.ts";
import { duplicateStatements } from "./duplicates.ts";
import type { SnapshotResource } from "./store.ts";

export interface SnapshotEnd {
  gone: string[];
  held: string[];
  /** How many rows could have been absent. */
  live: number;
  changes: Change[];
  about: Map<string, About>;
}

/** The end of a complete snapshot: what it did not list is ended, or held (design, rule 3). */
export async function endSnapshot(
  context: ApplyContext,
  resource: SnapshotResource,
  given: { seen: ReadonlySet<string>; rowsRead: number; floor: number; confirmed: ReadonlySet<string> },
): Promise<SnapshotEnd> {
  const live = await liveRows(context, resource);
  const plan = planAbsence({ ...given, live });
  const ended = await endRows(context, resource, plan.gone, given.floor);
  return { gone: plan.gone, held: plan.held, live: live.length, ...ended };
}

/** Ends what an earlier snapshot held, but for rows that were told of since. */
export async function endAbsent(
  context: ApplyContext,
  resource: SnapshotResource,
  { ids, floor }: { ids: readonly string[]; floor: number },
): Promise<void> {
  const absent = new Set(ids);
  const live = await liveRows(context, resource);
  const gone = live.filter(({ id, source_at }) => absent.has(id) && source_at < floor).map(({ id }) => id);
  await endRows(context, resource, gone, floor);
}

async function endRows(
  context: ApplyContext,
  resource: SnapshotResource,
  gone: readonly string[],
  floor: number,
): Promise<Ended> {
  const result: Ended = { changes: [], about: new Map() };
  for (const ids of chunks(gone, 500)) {
    const ended = await (resource === "inventory" ? endInventory : endProducts)(context, ids, floor);
    result.changes.push(...ended.changes);
    for (const [record_id, about] of ended.about) result.about.set(record_id, about);
  }
  return result;
}

async function liveRows({ db, location_id }: ApplyContext, resource: SnapshotResource) {
  if (resource === "inventory") {
    return db
      .select({ id: inventory.inventory_id, source_at: inventory.source_at })
      .from(inventory)
      .where(and(eq(inventory.location_id, location_id), ne(inventory.quantity, 0)));
  }
  return db
    .select({ id: products.product_id, source_at: told_at })
    .from(products)
    .where(and(eq(products.location_id, location_id), sql`${products.dutchie_product_id} is not null`, isExpected));
}

/** A provisional product has no version of the catalogue's: it is as old as the row that named it. */
const told_at = sql<number>`iif(${products.status} = 'provisional', ${products.updated_at}, ${products.source_at})`;

/**
 * Products that a complete catalogue lists: those it told of, and provisional ones, unless stock lies in them. Else one
 * that a wrong row named once stays for ever. ReUp's own that only such a row linked are never in it.
 */
const isExpected = sql`(
  (${products.status} in ('active', 'inactive') and ${products.source_at} > 0)
  or (${products.status} = 'provisional' and not exists (
    select 1 from ${inventory} i
    where i.location_id = ${products.location_id} and i.product_id = ${products.product_id} and i.quantity <> 0)))`;

type Ended = Pick<SnapshotEnd, "changes" | "about">;

async function endInventory(context: ApplyContext, ids: readonly string[], floor: number): Promise<Ended> {
  const { db, location_id, now, origin } = context;
  const stored = await db
    .select()
    .from(inventory)
    .where(and(eq(inventory.location_id, location_id), inList(inventory.inventory_id, ids)));
  const rows = stored.map((row) => tombstoneInventory(row, floor, now));
  const changes = rows.map((row, index) => {
    const fields = diff({ quantity: stored[index]?.quantity }, { quantity: 0 });
    return changeOf({ resource: "inventory", record_id: row.inventory_id, fields }, row, origin, now);
  });
  if (context.write) {
    const values = rows.map((row) => ({ ...row, location_id }));
    await writeBatch(db, [...bulkUpsert(inventory, values, "version"), ...changesInsert(location_id, changes)]);
  }
  const about = aboutRows(rows.map((row) => [row.inventory_id, row.dutchie_inventory_id, row.unit_price ?? 0]));
  return { changes, about };
}

async function endProducts(context: ApplyContext, ids: readonly string[], floor: number): Promise<Ended> {
  const { db, location_id, now, origin } = context;
  const stored = await loadProductsById(db, location_id, ids);
  const rows = stored.map((row) => tombstoneProduct(row, floor, now));
  const changes = rows.map((row, index) => {
    const fields = diff({ status: stored[index]?.status }, { status: "deleted" });
    return changeOf({ resource: "products", record_id: row.product_id, fields }, row, origin, now);
  });
  if (context.write) {
    // A survivor that is gone sets its duplicates free.
    const before = new Map(stored.map((row) => [row.dutchie_product_id ?? "", row]));
    const duplicates = await duplicateStatements(context, rows, before);
    await writeBatch(db, [
      ...productsUpsert(location_id, rows.map(duplicates.settle), "version"),
      ...duplicates.statements,
      ...changesInsert(location_id, [...changes, ...duplicates.changes]),
    ]);
  }
  return { changes, about: aboutRows(rows.map((row) => [row.product_id, row.dutchie_product_id ?? "", 0])) };
}
