import { type SQL, sql } from "drizzle-orm";
import { packageOf } from "../domain/resolve/inventory.ts";
import { changes, entries, inventory } from "./schema/records.ts";

/** Records whose changes are asked for: their ids (SQL), and which packages `i` (from `where`, or an index, on) are among them. */
export interface Asked {
  ids: SQL;
  packages: SQL;
}

/** These packages, by the key of their table: it has Dutchie's id first, which is within ours. */
export const thesePackages = (location_id: string, ids: readonly string[]): SQL =>
  sql`where (i.location_id, i.dutchie_inventory_id, i.inventory_id) in (
    select ${location_id}, value ->> 0, value ->> 1 from json_each(${JSON.stringify(ids.map((id) => [packageOf(id), id]))}))`;

/** Changes of these records: of packages see `ofPackages`; of others by their index, which is named, for the same reason. */
export function ofRecords(location_id: string, { ids, packages }: Asked): SQL {
  return among(sql`
    select row_id, id from (${history(location_id, packages, "")})
    union all
    select c.change_id, c.change_id from ${changes} c indexed by changes_record
    where c.location_id = ${location_id} and c.resource <> 'inventory' and c.record_id <> '' and c.record_id in (${ids})`);
}

/**
 * Changes of these packages, from a key on. By their record or resource SQLite could only look through the store's whole log: packages
 * are in no index of it.
 */
export const ofPackages = (location_id: string, packages: SQL, from = ""): SQL =>
  among(history(location_id, packages, from));

/** Apart, because SQLite searches no key for pairs of a compound select. */
const among = (found: SQL): SQL =>
  sql`${entries.row_id} in (select row_id from (${found})) and ${entries.change_id} in (select id from (${found}))`;

/** From their last change back, each of which names the one before. */
const history = (location_id: string, packages: SQL, from: string): SQL => sql`
  with recursive history(id) as (
    select i.last_change from ${inventory} i ${packages} and i.location_id = ${location_id} and i.last_change >= ${from}
    union all
    select e.previous from history
    cross join ${entries} e on e.location_id = ${location_id} and e.row_id = ${rowOf(location_id)} and e.change_id = history.id
    where e.previous >= ${from})
  select ${rowOf(location_id)} as row_id, id from history`;

/** The row that has the entry, if one has: a row's id is that of its last entry. */
const rowOf = (location_id: string): SQL =>
  sql`(select min(c.change_id) from ${changes} c where c.location_id = ${location_id} and c.change_id >= history.id)`;
