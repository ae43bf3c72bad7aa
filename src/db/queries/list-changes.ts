import { and, desc, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import type { RecordsDb } from "../databases.ts";
import { changes, inventory, products } from "../schema/records.ts";

export type ListedChange = typeof changes.$inferSelect;

export interface ChangeFilter {
  resource?: string | undefined;
  record_id?: string | undefined;
  /** ms */
  since?: number | undefined;
}

interface ChangePage {
  /** change_id */
  after: string | null;
  limit: number;
}

/** Newest first: a change's id begins with its time. */
export function listChanges(
  db: RecordsDb,
  location_id: string,
  filter: ChangeFilter,
  page: ChangePage,
): Promise<ListedChange[]> {
  const condition = and(
    filter.resource === undefined ? undefined : eq(changes.resource, filter.resource),
    filter.record_id === undefined ? undefined : ofRecords(location_id, sql`${filter.record_id}`),
    filter.since === undefined ? undefined : sinceTime(filter.since),
  );
  return selectChanges(db, location_id, condition, page);
}

/**
 * The key begins with the time in base 36 (`domain/records/decide.ts`): the bound on it ends the scan, or a poll for what is
 * new would read the log to its beginning. The bound on `at` is what counts.
 */
function sinceTime(since: number): SQL | undefined {
  const floor = since > 0 ? gte(changes.change_id, since.toString(36).padStart(9, "0")) : undefined;
  return and(gte(changes.at, since), floor);
}

/** Why a product is as it is: its own changes and those of the packages that make up its quantity. */
export function changesOfProduct(
  db: RecordsDb,
  location_id: string,
  product_id: string,
  page: ChangePage,
): Promise<ListedChange[]> {
  const family = sql`select p.product_id from ${products} p where p.location_id = ${location_id}
    and (p.product_id = ${product_id} or p.merged_into = ${product_id})`;
  const packages = sql`select i.inventory_id from ${inventory} i indexed by inventory_product
    where i.location_id = ${location_id} and i.product_id in (${family})`;
  return selectChanges(db, location_id, ofRecords(location_id, sql`${family} union ${packages}`), page);
}

function selectChanges(db: RecordsDb, location_id: string, condition: SQL | undefined, page: ChangePage) {
  const after = page.after === null ? undefined : lt(changes.change_id, page.after);
  return db
    .select()
    .from(changes)
    .where(and(eq(changes.location_id, location_id), condition, after))
    .orderBy(desc(changes.change_id))
    .limit(page.limit);
}

/**
 * Changes of the records that `ids` (SQL) gives. The index is named: without statistics SQLite reads the log from its
 * end until it has found enough of them.
 */
function ofRecords(location_id: string, ids: SQL): SQL {
  return sql`${changes.change_id} in (select c.change_id from ${changes} c indexed by changes_record
    where c.location_id = ${location_id} and c.record_id in (${ids}))`;
}
