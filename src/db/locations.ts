import { and, asc, desc, eq, getTableColumns, gt, isNotNull, isNull, ne, not, type SQL, sql } from "drizzle-orm";
import type { HealthFacts } from "../domain/alerts/health.ts";
import { inList } from "./bulk.ts";
import type { AccountsDb } from "./databases.ts";
import { prepared } from "./prepared.ts";
import { type LocationRow, locations } from "./schema/accounts.ts";

export type { LocationRow } from "./schema/accounts.ts";

export async function findLocation(db: AccountsDb, location_id: string): Promise<LocationRow | null> {
  const [row] = await byId(db).all({ location_id });
  return row ?? null;
}

/** Several stores in one query. A row that cannot be read fails it. */
export async function findLocations(db: AccountsDb, ids: Iterable<string>): Promise<Map<string, LocationRow>> {
  const rows = await db.select().from(locations).where(inList(locations.location_id, ids));
  return new Map(rows.map((row) => [row.location_id, row]));
}

const byId = prepared((db: AccountsDb) =>
  db
    .select()
    .from(locations)
    .where(eq(locations.location_id, sql.placeholder("location_id")))
    .prepare(),
);

/** Which stores a caller sees: the retailer's, or those of them that the token names. */
export interface Visible {
  retailer_id: string;
  location_ids: ReadonlySet<string> | null;
}

const visible = (who: Visible): SQL | undefined => and(ownedBy(who), isNull(locations.deleted_at));

/** Connected or not. */
function ownedBy({ retailer_id, location_ids }: Visible): SQL | undefined {
  // One JSON parameter: a token may name more stores than D1 allows parameters.
  const named =
    location_ids === null
      ? undefined
      : sql`${locations.location_id} in (select value from json_each(${JSON.stringify([...location_ids])}))`;
  return and(eq(locations.retailer_id, retailer_id), named);
}

/** Connected stores by id; up to `limit` after `after`. */
export function listLocations(
  db: AccountsDb,
  who: Visible,
  page: { after: string | null; limit: number },
): Promise<LocationRow[]> {
  const after = page.after === null ? undefined : gt(locations.location_id, page.after);
  return db
    .select()
    .from(locations)
    .where(and(visible(who), after))
    .orderBy(asc(locations.location_id))
    .limit(page.limit);
}

export interface LocationSummary {
  location_id: string;
  shard: string;
  name: string;
  state: LocationRow["state"];
  last_success_at: number | null;
  error_rate_24h: number;
  created_at: number;
  /** When it was disconnected, ms; null: it is connected. */
  deleted_at: number | null;
  standing: LocationRow["standing"];
  settings: HealthFacts["settings"];
}

/** The overview of a retailer's connected stores, without what their records say. */
export const listSummaries = (db: AccountsDb, who: Visible): Promise<LocationSummary[]> => summaries(db, visible(who));

/** The disconnected stores whose records are still there. One that is being deleted has no endpoint any more. */
export const listDisconnected = (db: AccountsDb, who: Visible): Promise<LocationSummary[]> =>
  summaries(db, and(ownedBy(who), isNotNull(locations.deleted_at), ne(locations.endpoint, "")));

function summaries(db: AccountsDb, which: SQL | undefined): Promise<LocationSummary[]> {
  return db
    .select({
      location_id: locations.location_id,
      shard: locations.shard,
      name: locations.name,
      state: locations.state,
      last_success_at: locations.last_success_at,
      error_rate_24h: locations.error_rate_24h,
      created_at: locations.created_at,
      deleted_at: locations.deleted_at,
      standing: locations.standing,
      // Without the words and rooms, which may be a hundred times longer.
      settings: sql<string>`json_object('frequency', ${locations.settings}->>'$.frequency', 'alerts',
        ${locations.settings}->'$.alerts', 'data_types', ${locations.settings}->'$.data_types')`.mapWith(JSON.parse),
    })
    .from(locations)
    .where(which)
    .orderBy(asc(locations.name), asc(locations.location_id));
}

/** Two stores are one Dutchie location when these are equal. Where Dutchie gives no id, the key counts instead. */
export type DutchieIdentity = Pick<LocationRow, "retailer_id" | "endpoint" | "dutchie_location_id" | "api_key_hint">;

const sameStore = (identity: DutchieIdentity): SQL | undefined =>
  and(sameDutchie(identity), isNull(locations.deleted_at));

function sameDutchie(identity: DutchieIdentity): SQL | undefined {
  return and(
    eq(locations.retailer_id, identity.retailer_id),
    eq(locations.endpoint, identity.endpoint),
    identity.dutchie_location_id === null
      ? and(isNull(locations.dutchie_location_id), eq(locations.api_key_hint, identity.api_key_hint))
      : eq(locations.dutchie_location_id, identity.dutchie_location_id),
  );
}

/**
 * The disconnected store with the same Dutchie location whose records are still there; the latest, if there are several.
 * `location_id`: only if it is this one; undefined: any.
 */
export async function findDisconnected(
  db: AccountsDb,
  identity: DutchieIdentity,
  location_id: string | undefined,
): Promise<LocationRow | null> {
  const asked = location_id === undefined ? undefined : eq(locations.location_id, location_id);
  const [row] = await db
    .select()
    .from(locations)
    .where(and(sameDutchie(identity), isNotNull(locations.deleted_at), asked))
    .orderBy(desc(locations.deleted_at))
    .limit(1);
  return row ?? null;
}

/** Connects a disconnected store again, unless its Dutchie location has been connected meanwhile. */
export async function reconnectLocation(
  db: AccountsDb,
  row: LocationRow,
  change: LocationChange,
): Promise<"reconnected" | "twin"> {
  const twin = sql`exists (select 1 from ${locations} where ${sameStore(row)})`;
  const { meta } = await db
    .update(locations)
    .set(change)
    .where(and(unchanged(row), isNotNull(locations.deleted_at), sameDutchie(row), not(twin)));
  return meta.changes > 0 ? "reconnected" : "twin";
}

/** False: the store was disconnected or connected again since its row was read. */
export async function disconnectLocation(db: AccountsDb, row: LocationRow, change: LocationChange): Promise<boolean> {
  const { meta } = await db.update(locations).set(change).where(unchanged(row));
  return meta.changes > 0;
}

/** As connected, or as disconnected, as when it was read. */
const unchanged = ({ location_id, deleted_at }: LocationRow) =>
  and(
    eq(locations.location_id, location_id),
    deleted_at === null ? isNull(locations.deleted_at) : eq(locations.deleted_at, deleted_at),
  );

/** The connected store, other than `except`, with the same Dutchie location. */
export async function findTwin(db: AccountsDb, identity: DutchieIdentity, except: string): Promise<string | null> {
  const [row] = await db
    .select({ location_id: locations.location_id })
    .from(locations)
    .where(and(sameStore(identity), ne(locations.location_id, except)))
    .limit(1);
  return row?.location_id ?? null;
}

/**
 * Inserts the store unless the retailer has already connected this Dutchie location. One statement, so that of two
 * requests one wins.
 */
export async function insertLocation(db: AccountsDb, row: LocationRow): Promise<"inserted" | "twin"> {
  const columns = Object.entries(getTableColumns(locations));
  const values: Record<string, unknown> = { ...row };
  const names = columns.map(([, column]) => sql.identifier(column.name));
  const parameters = columns.map(([key, column]) => sql.param(values[key] ?? null, column));
  const result = await db.run(sql`
    insert into ${locations} (${sql.join(names, sql`, `)})
    select ${sql.join(parameters, sql`, `)}
    where not exists (select 1 from ${locations} where ${sameStore(row)})`);
  return result.meta.changes > 0 ? "inserted" : "twin";
}

export type LocationChange = Partial<Omit<LocationRow, "location_id" | "retailer_id" | "created_at">>;

export async function updateLocation(db: AccountsDb, location_id: string, change: LocationChange): Promise<void> {
  if (Object.keys(change).length === 0) return;
  await db.update(locations).set(change).where(eq(locations.location_id, location_id));
}

/**
 * Changes the store as it was read; false: its keys, its webhook's secrets or, if the change has settings, its settings have
 * changed since, because somebody disconnected or connected it, gave it another key, made a new secret, or saved settings. A
 * change made of the old ones would undo that.
 */
export async function updateUnchanged(db: AccountsDb, read: LocationRow, change: LocationChange): Promise<boolean> {
  if (Object.keys(change).length === 0) return true;
  const { meta } = await db
    .update(locations)
    .set(change)
    .where(
      and(
        eq(locations.location_id, read.location_id),
        eq(locations.credentials, read.credentials),
        eq(locations.webhook_secrets, read.webhook_secrets),
        sql`${locations.customer_pepper} is ${read.customer_pepper && JSON.stringify(read.customer_pepper)}`,
        change.settings === undefined ? undefined : eq(locations.settings, read.settings),
      ),
    );
  return meta.changes > 0;
}

/** Sets when cron calls these stores next; one that has another time than the one read here keeps it. */
export async function putOffWake(
  db: AccountsDb,
  read: readonly Pick<LocationRow, "location_id" | "wake_at">[],
  until: number,
): Promise<void> {
  const same = sql`select value->>'location_id', value->>'wake_at' from json_each(${JSON.stringify(read)})`;
  await db
    .update(locations)
    .set({ wake_at: until })
    .where(sql`(${locations.location_id}, ${locations.wake_at}) in (${same})`);
}

/** Deletes a store's row. A store that is only disconnected keeps its row. */
export async function deleteLocation(db: AccountsDb, location_id: string): Promise<void> {
  await db.delete(locations).where(eq(locations.location_id, location_id));
}

/** Stores with an envelope without this prefix: another key than today's sealed it. `who` null: of all retailers. */
function sealedOtherwise(who: Visible | null, prefix: string): SQL | undefined {
  return and(
    who === null ? isNull(locations.deleted_at) : visible(who),
    // A row that is not valid JSON would fail the query for all stores.
    sql`(instr(${locations.credentials}, ${prefix}) <> 1 or iif(json_valid(${locations.webhook_secrets}), exists (
      select 1 from json_each(${locations.webhook_secrets}) where instr(value->>'sealed', ${prefix}) <> 1), true)
      or iif(json_valid(${locations.customer_pepper}), instr(${locations.customer_pepper}->>'sealed', ${prefix}) <> 1, false))`,
  );
}

/** Ids of a retailer's connected stores, in order; up to `limit` after `after`. */
export async function listConnected(
  db: AccountsDb,
  retailer_id: string,
  page: { after: string | null; limit: number },
): Promise<string[]> {
  const after = page.after === null ? undefined : gt(locations.location_id, page.after);
  const rows = await db
    .select({ location_id: locations.location_id })
    .from(locations)
    .where(and(eq(locations.retailer_id, retailer_id), isNull(locations.deleted_at), after))
    .orderBy(asc(locations.location_id))
    .limit(page.limit);
  return rows.map(({ location_id }) => location_id);
}

/** Ids of stores to be sealed again, in order; up to `limit` after `after`. */
export async function listSealedOtherwise(
  db: AccountsDb,
  who: Visible | null,
  prefix: string,
  page: { after: string | null; limit: number },
): Promise<string[]> {
  const after = page.after === null ? undefined : gt(locations.location_id, page.after);
  const rows = await db
    .select({ location_id: locations.location_id })
    .from(locations)
    .where(and(sealedOtherwise(who, prefix), after))
    .orderBy(asc(locations.location_id))
    .limit(page.limit);
  return rows.map(({ location_id }) => location_id);
}

export function countSealedOtherwise(db: AccountsDb, who: Visible | null, prefix: string): Promise<number> {
  return db.$count(locations, sealedOtherwise(who, prefix));
}
