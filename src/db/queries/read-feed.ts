import { and, asc, desc, eq, gte, inArray, lte, sql } from "drizzle-orm";
import { MAX_WAITING_COUNTED } from "../../domain/bounds.ts";
import { entriesWithin, type FeedEntry, keysOf, type LogRow, type Span } from "../../domain/feed/entries.ts";
import { sequenceKey, sequenceOf } from "../../domain/records/sequence.ts";
import type { RecordsDb } from "../databases.ts";
import { changes, entries } from "../schema/records.ts";

/** The newest number of the store's change log; 0: it is empty. */
export async function headOf(db: RecordsDb, location_id: string): Promise<number> {
  const [newest] = await db
    .select({ change_id: changes.change_id })
    .from(changes)
    .where(eq(changes.location_id, location_id))
    .orderBy(desc(changes.change_id))
    .limit(1);
  return newest === undefined ? 0 : sequenceOf(newest.change_id);
}

/**
 * The first `limit` entries after a number, up to `head`, of these resources. What is written later has greater numbers, so nothing
 * can appear between them.
 */
export async function readFeed<R extends string>(
  db: RecordsDb,
  location_id: string,
  given: Span & { resources: readonly R[]; limit: number },
): Promise<{ entries: FeedEntry<R>[]; more: boolean }> {
  const { resources, limit } = given;
  const { from, to } = keysOf(given);
  const rows = await db
    .select()
    .from(entries)
    .where(
      and(
        eq(entries.location_id, location_id),
        gte(entries.row_id, from),
        lte(entries.row_id, to),
        // A row that the reader is within.
        gte(entries.change_id, from),
        inArray(entries.resource, [...resources]),
      ),
    )
    .orderBy(asc(entries.row_id), asc(entries.change_id))
    .limit(limit + 1);
  const found = entriesWithin(
    rows.map((row) => ({
      ...row,
      fields: row.fields ?? {},
      resource: row.resource as R,
      cause: row.cause as LogRow["cause"],
    })),
    given,
  );
  return { entries: found.slice(0, limit), more: found.length > limit };
}

/** How many entries follow a number, as far as they are counted; an entry about several records counts once. */
export async function countWaiting(db: RecordsDb, location_id: string, after: number): Promise<number> {
  const from = sequenceKey(after + 1);
  const [row] = await db.all<{ n: number }>(sql`select count(*) as n from (select 1 from ${entries}
    where location_id = ${location_id} and row_id >= ${from} and change_id >= ${from}
    limit ${MAX_WAITING_COUNTED})`);
  return row?.n ?? 0;
}
