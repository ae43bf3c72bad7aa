import { type SQL, sql } from "drizzle-orm";
import type { Decider, Named, NumberedChange } from "../domain/records/change.ts";
import {
  AFTER_SEQUENCE,
  changeIdOf,
  firstSequence,
  IDS_AN_ENTRY,
  sequenceKey,
  sequenceOf,
} from "../domain/records/sequence.ts";
import { contentHash } from "../domain/records/version.ts";
import { shorten } from "../domain/values/shorten.ts";
import { chunks, jsonChunks } from "./bulk.ts";
import { changes } from "./schema/records.ts";

/** An entry that has its number. */
export interface Entry {
  change_id: string;
  resource: string;
  record_id: string;
  record_ids: readonly string[] | null;
  fields: NumberedChange["fields"];
  cause: string;
  ref: string | null;
  at: number;
  previous: string | null;
  decided: Decider | null;
}

const shortened = (fields: NumberedChange["fields"]): NumberedChange["fields"] =>
  Object.fromEntries(
    Object.entries(fields).map(([field, [before, after]]) => [field, [shorten(before), shorten(after)]]),
  );

const entryOf = ({
  digest: _,
  source_at: __,
  fields,
  previous = null,
  decided = null,
  ...change
}: NumberedChange): Entry => ({
  ...change,
  fields: shortened(fields),
  previous,
  decided,
  record_ids: null,
});

/** The entries of records that have none of their own, after a number: each takes a number for each record, and has the last. */
function entriesOf({ resource, ids, cause, ref, at }: Named, after: number): Entry[] {
  let last = Math.max(after, firstSequence(at));
  return chunks(ids, IDS_AN_ENTRY).map((some) => {
    last += some.length;
    const change_id = changeIdOf(last, contentHash([resource, ...some]));
    const none = { record_id: "", fields: {}, previous: null, decided: null };
    return { change_id, resource, record_ids: some, cause, ref, at, ...none };
  });
}

/** All that a batch adds to the log, after a number. */
export function entriesOfLog(changes: readonly NumberedChange[], named: readonly Named[], head: number): Entry[] {
  const entries = changes.map(entryOf);
  for (const each of named) {
    const last = entries.at(-1);
    entries.push(...entriesOf(each, last === undefined ? head : sequenceOf(last.change_id)));
  }
  return entries;
}

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
] as const satisfies readonly (keyof Entry)[];

/**
 * Adds numbered entries to the log. Must come first in the batch, and fails it if the log has gone on since they were numbered: a
 * Location that was replaced while its batch was on its way must not write behind what readers have seen. A batch that is sent
 * again because its answer got lost adds nothing.
 */
export function logInsert(location_id: string, entries: readonly Entry[]): SQL[] {
  const [first] = entries;
  if (first === undefined) return [];
  // The first number that these take.
  const from = sequenceKey(sequenceOf(first.change_id) + 1 - (first.record_ids?.length ?? 1));
  const own = sql`select 1 from ${changes} where ${changes.location_id} = ${location_id} and`;
  return [
    // No id is null.
    sql`insert into ${changes} (location_id, change_id, resource, record_id, fields, cause, at)
      select ${location_id}, null, '', '', '{}', '', 0 where exists (${own} ${changes.change_id} >= ${from})
        and not exists (${own} ${changes.change_id} = ${first.change_id})`,
    ...jsonChunks(entries.map((entry) => FIELDS.map((field) => entry[field]))).map(
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
