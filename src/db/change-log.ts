import { type SQL, sql } from "drizzle-orm";
import type { Change, Named } from "../domain/records/change.ts";
import { AFTER_SEQUENCE, firstSequence, sequenceKey } from "../domain/records/sequence.ts";
import { contentHash } from "../domain/records/version.ts";
import { shorten } from "../domain/values/shorten.ts";
import { chunks, jsonChunks } from "./bulk.ts";
import { changes } from "./schema/records.ts";

/** What a batch writes to the change log. */
export interface Log {
  changes: readonly LoggedChange[];
  named?: readonly Named[];
}

/** Of a record, or of something else that readers are told of. */
type LoggedChange = Omit<Change, "resource"> & { resource: string };

/** Ids in one entry: some 15 KB. */
const IDS_AN_ENTRY = 500;

const shortened = (fields: Change["fields"]): Change["fields"] =>
  Object.fromEntries(
    Object.entries(fields).map(([field, [before, after]]) => [field, [shorten(before), shorten(after)]]),
  );

/** The columns of an entry as a JSON array: digest, resource, record, fields, cause, ref, time, ids, numbers that it takes. */
type Entry = readonly unknown[];

const entryOf = ({ digest, resource, record_id, fields, cause, ref, at }: LoggedChange): Entry => [
  digest,
  resource,
  record_id,
  shortened(fields),
  cause,
  ref,
  at,
  null,
  1,
];

const entriesOf = ({ resource, ids, cause, ref, at }: Named): Entry[] =>
  chunks(ids, IDS_AN_ENTRY).map((some) => [
    contentHash([resource, ...some]),
    resource,
    "",
    {},
    cause,
    ref,
    at,
    some,
    some.length,
  ]);

/**
 * Adds to the change log. The numbers are given here, within the transaction of the changes: so their order is the order of the
 * commits, whoever writes. An entry of several records takes a number for each, and is stored under the last. A batch that is
 * sent again because its answer got lost finds its first entry and adds nothing. `unless` (SQL): a condition under which nothing
 * is added either.
 */
export function logInsert(location_id: string, { changes: logged, named = [] }: Log, unless = sql`false`): SQL[] {
  const entries = [...logged.map(entryOf), ...named.flatMap(entriesOf)];
  return jsonChunks(entries).map((chunk, index) => {
    const own = index === 0 ? entries : (JSON.parse(chunk) as Entry[]);
    const first = firstSequence(Math.max(...own.map(([, , , , , , at]) => Number(at))));
    const isLogged = sql`exists (select 1 from ${changes} where ${changes.location_id} = ${location_id}
      and ${changes.change_id} >= ${sequenceKey(first)} and substr(${changes.change_id}, ${AFTER_SEQUENCE}) = ${String(own[0]?.[0])})`;
    return sql`insert into ${changes} (${COLUMNS})
      select ${location_id}, ${key(location_id, first, sql`sum(v->>8) over (order by k)`)} || (v->>0),
        v->>1, v->>2, v->>3, v->>4, v->>5, v->>6, v->>7
      from (select key as k, value as v from json_each(${chunk}) limit -1) where not ${isLogged} and not ${unless}`;
  });
}

/**
 * Logs records that the batch is about to change in SQL, so that only the database knows which: `ids` (SQL) selects `id`. Must
 * come before the statement that changes them. When the batch is sent again, they are changed already and nothing is selected.
 */
export function logSelected(location_id: string, { resource, cause, ref, at }: Omit<Named, "ids">, ids: SQL): SQL {
  const next = sql`sum(json_array_length(some)) over (order by part)`;
  return sql`insert into ${changes} (${COLUMNS})
    select ${location_id}, ${key(location_id, firstSequence(at), next)} || part, ${resource}, '', '{}', ${cause}, ${ref}, ${at}, some
    from (select part, json_group_array(id) as some
      from (select id, (row_number() over (order by id) - 1) / ${IDS_AN_ENTRY} as part from (${ids})) group by part)`;
}

const COLUMNS = sql.raw("location_id, change_id, resource, record_id, fields, cause, ref, at, record_ids");

/** The key `nth` after the newest one, or after `first`, whichever is greater. */
function key(location_id: string, first: number, nth: SQL): SQL {
  const newest = sql`(select cast(substr(c.change_id, 1, ${AFTER_SEQUENCE - 1}) as integer) from ${changes} c
    where c.location_id = ${location_id} order by c.change_id desc limit 1)`;
  return sql`format('%016d', max(coalesce(${newest}, 0), ${first}) + ${nth})`;
}
