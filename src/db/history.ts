import { type SQL, sql } from "drizzle-orm";
import { changes, inventory } from "./schema/records.ts";

/** Records whose changes are asked for: their ids (SQL), and which packages `i` (from `where`, or an index, on) are among them. */
export interface Asked {
  ids: SQL;
  packages: SQL;
}

/**
 * Changes of these records: of packages from their last one back, each of which names the one before; of others by their index, which is
 * named: without statistics SQLite reads the log from its end until it has found enough of them.
 */
export function ofRecords(location_id: string, { ids, packages }: Asked): SQL {
  return sql`${changes.change_id} in (
    with recursive history(id) as (
      select i.last_change from ${inventory} i ${packages} and i.location_id = ${location_id} and i.last_change is not null
      union all
      select c.previous from history cross join ${changes} c on c.location_id = ${location_id} and c.change_id = history.id
      where c.previous is not null)
    select id from history
    union all
    select c.change_id from ${changes} c indexed by changes_record
    where c.location_id = ${location_id} and c.resource <> 'inventory' and c.record_ids is null and c.record_id in (${ids}))`;
}
