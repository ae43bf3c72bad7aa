import { type SQL, sql } from "drizzle-orm";
import { packageOf } from "../domain/resolve/inventory.ts";
import { changes, inventory } from "./schema/records.ts";

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
  return sql`${changes.change_id} in (
    select id from (${history(location_id, packages, "")})
    union all
    select c.change_id from ${changes} c indexed by changes_record
    where c.location_id = ${location_id} and c.resource <> 'inventory' and c.record_ids is null and c.record_id in (${ids}))`;
}

/**
 * Changes of these packages, from a key on. By their record or resource SQLite could only look through the store's whole log: packages
 * are in no index of it.
 */
export const ofPackages = (location_id: string, packages: SQL, from = ""): SQL =>
  sql`${changes.change_id} in (${history(location_id, packages, from)})`;

/** From their last change back, each of which names the one before. */
const history = (location_id: string, packages: SQL, from: string): SQL => sql`
  with recursive history(id) as (
    select i.last_change from ${inventory} i ${packages} and i.location_id = ${location_id} and i.last_change >= ${from}
    union all
    select c.previous from history cross join ${changes} c on c.location_id = ${location_id} and c.change_id = history.id
    where c.previous >= ${from})
  select id from history`;
