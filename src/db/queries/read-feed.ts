import { and, asc, desc, eq, gte, inArray, lte } from "drizzle-orm";
import { entriesAfter, type FeedEntry, type FeedResource, type LogRow } from "../../domain/feed/entries.ts";
import { sequenceKey, sequenceOf } from "../../domain/records/sequence.ts";
import type { RecordsDb } from "../databases.ts";
import { changes } from "../schema/records.ts";

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
export async function readFeed(
  db: RecordsDb,
  location_id: string,
  given: { after: number; head: number; resources: readonly FeedResource[]; limit: number },
): Promise<{ entries: FeedEntry[]; more: boolean }> {
  const { after, head, resources, limit } = given;
  const rows = await db
    .select()
    .from(changes)
    .where(
      and(
        eq(changes.location_id, location_id),
        gte(changes.change_id, sequenceKey(after + 1)),
        // The ids go on behind the number.
        lte(changes.change_id, `${sequenceKey(head)}~`),
        inArray(changes.resource, [...resources]),
      ),
    )
    .orderBy(asc(changes.change_id))
    .limit(limit + 1);
  const entries = entriesAfter(rows as LogRow[], after);
  return { entries: entries.slice(0, limit), more: entries.length > limit };
}
