import { type SQL, sql } from "drizzle-orm";
import { firstNumberOf, type NewLogRow } from "../domain/feed/log-rows.ts";
import type { Named } from "../domain/records/change.ts";
import { AFTER_SEQUENCE, firstSequence, IDS_AN_ENTRY, sequenceKey } from "../domain/records/sequence.ts";
import { jsonChunks } from "./bulk.ts";
import { changes } from "./schema/records.ts";

const FIELDS = [
  "change_id",
  "resource",
  "record_id",
  "record_ids",
  "fields",
  "cause",
  "ref",
  "at",
  "previous",
  "decided",
  "packed",
] as const satisfies readonly (keyof NewLogRow)[];

/**
 * Adds numbered rows to the log. Must come first in the batch, and fails it if the log has gone on since they were numbered: a
 * Location that was replaced while its batch was on its way must not write behind what readers have seen. A batch that is sent
 * again because its answer got lost adds nothing.
 */
export function logInsert(location_id: string, rows: readonly NewLogRow[]): SQL[] {
  const [first] = rows;
  if (first === undefined) return [];
  const from = sequenceKey(firstNumberOf(first));
  const own = sql`select 1 from ${changes} where ${changes.location_id} = ${location_id} and`;
  return [
    // No id is null.
    sql`insert into ${changes} (location_id, change_id, resource, record_id, fields, cause, at)
      select ${location_id}, null, '', '', '{}', '', 0 where exists (${own} ${changes.change_id} >= ${from})
        and not exists (${own} ${changes.change_id} = ${first.change_id})`,
    ...jsonChunks(rows.map((row) => FIELDS.map((field) => row[field]))).map(
      (chunk) => sql`insert into ${changes} (location_id, ${sql.raw(FIELDS.join(", "))})
        select ${location_id}, ${sql.raw(FIELDS.map((_, at) => `v->>${at}`).join(", "))}
        from (select value as v from json_each(${chunk}) limit -1) where true on conflict do nothing`,
    ),
  ];
}

/** Whether a batch failed because the log had gone on. */
export const isOvertaken = (error: unknown): boolean =>
  [error, error instanceof Error ? error.cause : null].some((each) =>
    /NOT NULL constraint failed: changes\.change_id/.test(each instanceof Error ? each.message : ""),
  );

/** The newest id of the store's log. */
export const newestId = (location_id: string): SQL =>
  sql`select change_id from ${changes} where location_id = ${location_id} order by change_id desc limit 1`;

/**
 * Logs records that the batch is about to change in SQL, so that only the database knows which: `ids` (SQL) selects `id`. Must
 * come before the statement that changes them, and after the entries with numbers. When the batch is sent again, they are changed
 * already and nothing is selected.
 */
export function logSelected(location_id: string, { resource, cause, ref, at }: Omit<Named, "ids">, ids: SQL): SQL {
  const newest = sql`(select cast(substr(change_id, 1, ${AFTER_SEQUENCE - 1}) as integer) from (${newestId(location_id)}))`;
  const last = sql`max(coalesce(${newest}, 0), ${firstSequence(at)}) + sum(json_array_length(some)) over (order by part)`;
  return sql`insert into ${changes} (location_id, change_id, resource, record_id, fields, cause, ref, at, record_ids)
    select ${location_id}, format('%016d', ${last}) || part, ${resource}, '', '{}', ${cause}, ${ref}, ${at}, some
    from (select part, json_group_array(id) as some
      from (select id, (row_number() over (order by id) - 1) / ${IDS_AN_ENTRY} as part from (${ids})) group by part)`;
}
