import { and, eq, sql } from "drizzle-orm";
import type { Difference } from "../domain/records/drift.ts";
import type { RecordsDb } from "./databases.ts";
import { ofRecords, thesePackages } from "./history.ts";
import { entries } from "./schema/records.ts";

/** Records looked up at once: a report shows a hundred examples. */
const MAX_RECORDS = 100;

/**
 * The differing fields whose stored value is not the last one in the change log: somebody edited them in the database.
 * As `record_id field`.
 */
export async function findLocalEdits(
  db: RecordsDb,
  location_id: string,
  drifted: readonly Difference[],
): Promise<Set<string>> {
  const asked = drifted.slice(0, MAX_RECORDS);
  if (asked.length === 0) return new Set();
  const ids = [...new Set(asked.map((difference) => difference.record_id))];
  const logged = await db
    .select({ record_id: entries.record_id, fields: entries.fields })
    .from(entries)
    .where(
      and(
        eq(entries.location_id, location_id),
        ofRecords(location_id, {
          ids: sql`select value from json_each(${JSON.stringify(ids)})`,
          packages: thesePackages(location_id, ids),
        }),
      ),
    )
    .orderBy(entries.change_id);
  const last = new Map<string, unknown>();
  for (const { record_id, fields } of logged) {
    for (const [field, [, after]] of Object.entries(fields ?? {})) last.set(`${record_id} ${field}`, after);
  }
  const edited = asked.flatMap((difference) =>
    Object.entries(difference.fields).flatMap(([field, [before]]) => {
      const key = `${difference.record_id} ${field}`;
      return last.has(key) && last.get(key) !== before ? [key] : [];
    }),
  );
  return new Set(edited);
}
