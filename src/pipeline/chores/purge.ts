import { eq } from "drizzle-orm";
import { accountsDb, recordsDb } from "../../db/databases.ts";
import { deleteRecords } from "../../db/delete-store.ts";
import { deleteLocation, findLocation } from "../../db/locations.ts";
import { endFailuresOf } from "../../db/queries/subscriptions.ts";
import { alerts, deadLetterCounts, deadLetters, settledItems } from "../../db/schema/accounts.ts";
import { locationStub } from "../../location/stub.ts";

/** The error with which `Location.forget` ends. */
const PURGED = "purged";

/**
 * Deletes a disconnected store, one bounded step a message, its own row last: until then a failed message is tried again.
 * Afterwards no table names the store. null: done; otherwise the wait before the next step, ms.
 */
export async function purge(env: Env, { location_id }: { location_id: string }): Promise<number | null> {
  const accounts = accountsDb(env);
  const location = await findLocation(accounts, location_id);
  if (location === null || location.deleted_at === null) return null;
  const { shard, other_shard } = location;
  // A store that was disconnected on its way to another database has rows in both.
  for (const each of other_shard === null ? [shard] : [other_shard, shard]) {
    if (await deleteRecords(recordsDb(env, { location_id, shard: each }), location_id)) return 0;
  }
  await accounts.delete(alerts).where(eq(alerts.location_id, location_id));
  await accounts.delete(deadLetters).where(eq(deadLetters.location_id, location_id));
  await accounts.delete(settledItems).where(eq(settledItems.location_id, location_id));
  await accounts.delete(deadLetterCounts).where(eq(deadLetterCounts.location_id, location_id));
  await endFailuresOf(accounts, location_id);
  await forget(env, location_id);
  await deleteLocation(accounts, location_id);
  return null;
}

/** The Location aborts itself once its storage is deleted, so its success is an error with this message. */
async function forget(env: Env, location_id: string): Promise<void> {
  try {
    await locationStub(env, location_id).forget();
  } catch (error) {
    if (!(error instanceof Error) || error.message !== PURGED) throw error;
  }
}
