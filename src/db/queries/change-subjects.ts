import { sql } from "drizzle-orm";
import type { ChangeJson } from "../../contract/http/records.ts";
import { packageOf } from "../../domain/resolve/inventory.ts";
import type { RecordsDb } from "../databases.ts";
import { inventory, products } from "../schema/records.ts";
import type { ListedChange } from "./list-changes.ts";

export type ChangeSubject = NonNullable<ChangeJson["subject"]>;

/** Which product or package each change is about, by the record's id: a log of ids says nothing to a person. */
export async function subjectsOf(
  db: RecordsDb,
  location_id: string,
  changes: readonly Pick<ListedChange, "resource" | "record_id">[],
): Promise<ReadonlyMap<string, ChangeSubject>> {
  const idsOf = (resource: string) => {
    const ids = changes.filter((change) => change.resource === resource).map(({ record_id }) => record_id);
    return [...new Set(ids)];
  };
  const packages = idsOf("inventory").map((inventory_id) => [packageOf(inventory_id), inventory_id]);
  // `cross join` keeps the order: without statistics SQLite reads the whole store and looks each record up in the list.
  const rows = await db.all<ChangeSubject & { record_id: string }>(sql`
    select p.product_id as record_id, p.product_id, p.product_name, null as package_id, null as room_name
      from json_each(${JSON.stringify(idsOf("products"))})
      cross join ${products} p on p.location_id = ${location_id} and p.product_id = json_each.value
    union all
    select i.inventory_id, i.product_id, p.product_name, i.package_id, i.room_name
      from json_each(${JSON.stringify(packages)})
      cross join ${inventory} i on i.location_id = ${location_id}
        and i.dutchie_inventory_id = json_extract(json_each.value, '$[0]') and i.inventory_id = json_extract(json_each.value, '$[1]')
      left join ${products} p on p.location_id = i.location_id and p.product_id = i.product_id`);
  return new Map(rows.map(({ record_id, ...subject }) => [record_id, subject]));
}
