import { and, desc, eq, getViewSelectedFields, gte, isNotNull, lt, ne, type SQL, sql } from "drizzle-orm";
import { RUNS } from "../../domain/feed/change-messages.ts";
import type { FieldChanges } from "../../domain/records/change.ts";
import { changeId, ENTRIES_A_ROW, firstSequence, sequenceKey, sequenceOf } from "../../domain/records/sequence.ts";
import { beganAt } from "../../domain/runs/run.ts";
import type { RecordsDb } from "../databases.ts";
import { familyOf } from "../family.ts";
import { type Asked, ofRecords, thesePackages } from "../history.ts";
import { entries, inventory, products } from "../schema/records.ts";

/** An entry about one record. */
export interface ListedChange extends Omit<typeof entries.$inferSelect, "row_id" | "record_ids" | "previous"> {
  fields: FieldChanges;
}

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

/** Newest first: a change's id begins with its number. The log of one record ends with the import that created it. */
export async function listChanges(
  db: RecordsDb,
  location_id: string,
  filter: ChangeFilter,
  page: ChangePage,
): Promise<ListedChange[]> {
  const condition = and(
    filter.resource === undefined ? undefined : eq(entries.resource, filter.resource),
    filter.since === undefined ? undefined : sinceTime(filter.since),
  );
  const { record_id, resource, since = 0 } = filter;
  if (record_id === undefined) return selectChanges(db, location_id, condition, page);
  const { ids, packages } = recordOf(location_id, record_id);
  const logged = await selectChanges(db, location_id, and(condition, ofRecords(location_id, { ids, packages })), page);
  const created = await creations(db, location_id, { product: sql`p.product_id = ${ids}`, packages });
  const wanted = created.filter((each) => each.at >= since && (resource ?? each.resource) === each.resource);
  return newest([...logged, ...wanted], page);
}

const recordOf = (location_id: string, record_id: string): Asked => ({
  ids: sql`${record_id}`,
  packages: thesePackages(location_id, [record_id]),
});

/**
 * No entry since then has a smaller number: the bound on it ends the scan, or a poll for what is new would read the log to its
 * beginning. The bound on `at` is what counts.
 */
const sinceTime = (since: number): SQL | undefined =>
  and(gte(entries.at, since), gte(entries.row_id, sequenceKey(firstSequence(since))));

/** Why a product is as it is: its own changes and those of the packages that make up its quantity. */
export async function changesOfProduct(
  db: RecordsDb,
  location_id: string,
  product_id: string,
  page: ChangePage,
): Promise<ListedChange[]> {
  const family = familyOf(location_id, product_id);
  const packages = sql`indexed by inventory_product where i.product_id in (${family})`;
  const [logged, created] = await Promise.all([
    selectChanges(db, location_id, ofRecords(location_id, { ids: family, packages }), page),
    creations(db, location_id, { product: sql`p.product_id in (${family})`, packages }),
  ]);
  return newest([...logged, ...created], page);
}

/**
 * How an import created these records. The log has no entry for that (`creationBy`): it is made from the record, without
 * fields, since the record and its later changes show them.
 */
async function creations(db: RecordsDb, location_id: string, where: { product: SQL; packages: SQL }) {
  const rows = await db.all<{ resource: string; record_id: string; run_id: string }>(sql`
    select 'products' as resource, p.product_id as record_id, p.created_by as run_id from ${products} p
      where p.location_id = ${location_id} and p.created_by is not null and ${where.product}
    union all
    select 'inventory', i.inventory_id, i.created_by from ${inventory} i
      ${where.packages} and i.location_id = ${location_id} and i.created_by is not null`);
  return rows.map(({ run_id, ...record }): ListedChange => {
    const at = beganAt(run_id);
    const change_id = changeId(at, record.record_id);
    return { location_id, change_id, ...record, fields: {}, cause: "initial", ref: run_id, decided: null, at };
  });
}

/** Newest first, behind the page before. */
function newest(rows: readonly ListedChange[], { after, limit }: ChangePage): ListedChange[] {
  return rows
    .filter(({ change_id }) => after === null || change_id < after)
    .sort((a, b) => (a.change_id < b.change_id ? 1 : -1))
    .slice(0, limit);
}

/** A page's last entry may be within a row: the row, and so the bound on the rows' ids, is further on. */
const before = (change_id: string): SQL | undefined =>
  and(lt(entries.row_id, sequenceKey(sequenceOf(change_id) + ENTRIES_A_ROW)), lt(entries.change_id, change_id));

async function selectChanges(
  db: RecordsDb,
  location_id: string,
  condition: SQL | undefined,
  page: ChangePage,
): Promise<ListedChange[]> {
  const after = page.after === null ? undefined : before(page.after);
  const { row_id, record_ids: _, previous: __, ...entry } = getViewSelectedFields(entries);
  const rows = await db
    .select(entry)
    .from(entries)
    .where(
      and(
        eq(entries.location_id, location_id),
        isNotNull(entries.fields),
        ne(entries.resource, RUNS),
        condition,
        after,
      ),
    )
    // In the order of the key, or SQLite would sort the log.
    .orderBy(desc(row_id), desc(entries.change_id))
    .limit(page.limit);
  return rows.map((row) => ({ ...row, fields: row.fields ?? {} }));
}
