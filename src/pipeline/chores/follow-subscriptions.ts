import { accountsDb } from "../../db/databases.ts";
import { listConnected } from "../../db/locations.ts";
import { locationStub } from "../../location/stub.ts";

/** Stores that one message takes care of: a call each, and some reads in D1. */
const STORES_A_STEP = 50;

/**
 * Lets the retailer's stores take over who is told of their changes. Returns the store after which the next message goes on; null:
 * done. A store that fails fails the message, and all of it is done again.
 */
export async function followSubscriptions(
  env: Env,
  { retailer_id, after }: { retailer_id: string; after: string | null },
): Promise<string | null> {
  const ids = await listConnected(accountsDb(env), retailer_id, { after, limit: STORES_A_STEP });
  await Promise.all(ids.map((location_id) => locationStub(env, location_id).followSubscriptions()));
  return ids.length < STORES_A_STEP ? null : (ids.at(-1) ?? null);
}
