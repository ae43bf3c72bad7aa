import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import type { GetSelectTableName, GetSelectTableSelection } from "drizzle-orm/query-builders/select.types";
import type { SQL, SQLWrapper } from "drizzle-orm/sql";
import type {
  SelectedFields,
  SQLiteDeleteBase,
  SQLiteInsertBuilder,
  SQLiteSelectBase,
  SQLiteTable,
  SQLiteUpdateBuilder,
  SQLiteView,
} from "drizzle-orm/sqlite-core";
import type { Subquery } from "drizzle-orm/subquery";
import type * as accounts from "./schema/accounts.ts";
import type * as records from "./schema/records.ts";

/**
 * Two kinds of database. D1 is single-threaded and ends at 10 GB, so the records of all stores are spread over several
 * databases ("shards"); what is about all stores is in one. A batch is a transaction of one database only.
 */
export type AccountsDb = Database<typeof accounts>;
export type RecordsDb = Database<typeof records>;

/** The part of Drizzle that is used. Drizzle takes any table with any database; here the compiler takes its own only. */
interface Database<Schema> {
  /** D1 itself, for batches of hand-written statements. */
  readonly $client: D1Database;
  select(): Selection<Schema, undefined>;
  select<Fields extends SelectedFields>(fields: Fields): Selection<Schema, Fields>;
  selectDistinct<Fields extends SelectedFields>(fields: Fields): Selection<Schema, Fields>;
  insert<T extends TableOf<Schema>>(into: T): SQLiteInsertBuilder<T, "async", D1Result>;
  update<T extends TableOf<Schema>>(table: T): SQLiteUpdateBuilder<T, "async", D1Result>;
  delete<T extends TableOf<Schema>>(from: T): SQLiteDeleteBase<T, "async", D1Result>;
  $count(table: TableOf<Schema>, filter?: SQL): Promise<number>;
  batch: DrizzleD1Database["batch"];
  run(query: SQLWrapper): Promise<D1Result>;
  all<Row>(query: SQLWrapper): Promise<Row[]>;
}

type TableOf<Schema> = Extract<Schema[keyof Schema], SQLiteTable>;
type SourceOf<Schema> = Extract<Schema[keyof Schema], SQLiteTable | SQLiteView>;

interface Selection<Schema, Fields extends SelectedFields | undefined> {
  from<T extends SourceOf<Schema> | Subquery | SQL>(
    source: T,
  ): SQLiteSelectBase<
    GetSelectTableName<T>,
    "async",
    D1Result,
    Fields extends undefined ? GetSelectTableSelection<T> : Exclude<Fields, undefined>,
    Fields extends undefined ? "single" : "partial"
  >;
}

/** The database of accounts: one for all stores. */
export const accountsDb = (env: Env): AccountsDb => opened(env.DB);

/** A store, as far as the place of its records goes. */
export interface Placed {
  location_id: string;
  shard: string;
}

/** The database that holds a store's records. */
export function recordsDb(env: Env, { location_id, shard }: Placed): RecordsDb {
  const d1 = shardsOf(env).get(shard);
  if (d1 === undefined) throw new UnknownShard(location_id, shard);
  return opened(d1);
}

/** A store's row names a database that this Worker has no binding for. Only this store fails. */
class UnknownShard extends Error {
  override readonly name = "UnknownShard";

  constructor(location_id: string, shard: string) {
    super(`The records of ${location_id} are on shard ${shard}, but this Worker has no binding RECORDS_${shard}.`);
  }
}

const BINDING = /^RECORDS_(\d+)$/;

/** The databases of records that this Worker is bound to, by their shard ("00" is `RECORDS_00`), in order. */
export function shardsOf(env: Env): ReadonlyMap<string, D1Database> {
  const known = bound.get(env);
  if (known !== undefined) return known;
  const bindings = Object.entries<unknown>({ ...env }).flatMap(([name, d1]): [string, D1Database][] => {
    const shard = BINDING.exec(name)?.[1];
    return shard === undefined ? [] : [[shard, d1 as D1Database]];
  });
  const shards = new Map(bindings.sort(([a], [b]) => (a < b ? -1 : 1)));
  bound.set(env, shards);
  return shards;
}

/** An isolate sees one `env`. */
const bound = new WeakMap<Env, ReadonlyMap<string, D1Database>>();

/** Drizzle is set up once for each database. */
const known = new WeakMap<D1Database, object>();

function opened<Schema>(d1: D1Database): Database<Schema> {
  const db = known.get(d1) ?? drizzle(d1);
  known.set(d1, db);
  return db as Database<Schema>;
}
