import type { ClaimedChanges } from "../../contract/telling.ts";
import { recordsDb } from "../../db/databases.ts";
import { feedRecordJson } from "../../db/feed-json.ts";
import { feedRecords } from "../../db/queries/feed-records.ts";
import { findBriefRuns } from "../../db/queries/list-runs.ts";
import type { LocationRow } from "../../db/schema/accounts.ts";
import {
  type ChangeMessage,
  changeMessagesOf,
  RUNS,
  type ToldEntry,
  type ToldEvent,
} from "../../domain/feed/change-messages.ts";
import type { FeedEntry } from "../../domain/feed/entries.ts";

/** The messages of a window, with the records as they are now: later than the change, or as it left them. */
export async function buildMessages(
  env: Env,
  location: LocationRow,
  events: readonly ToldEvent[],
  { entries, synced_at }: ClaimedChanges,
): Promise<ChangeMessage[]> {
  const db = recordsDb(env, location);
  const { location_id } = location;
  const isOfRecord = (entry: ToldEntry): entry is FeedEntry => entry.resource !== RUNS;
  const records = await feedRecords(db, location_id, entries.filter(isOfRecord));
  const ended = entries.filter(({ resource }) => resource === RUNS).map(({ record_id }) => record_id);
  const runs = await findBriefRuns(db, location_id, ended);
  return changeMessagesOf(entries, events, (entry) =>
    isOfRecord(entry) ? feedRecordJson(entry, records, synced_at) : (runs.get(entry.record_id) ?? null),
  );
}
