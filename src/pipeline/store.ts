import { accountsDb } from "../db/databases.ts";
import { findLocation } from "../db/locations.ts";
import type { LocationRow } from "../db/schema/accounts.ts";

/** The store of a message; null: it was disconnected meanwhile, and its messages end quietly. */
export async function connectedStore(env: Env, location_id: string): Promise<LocationRow | null> {
  const location = await findLocation(accountsDb(env), location_id);
  return location === null || location.deleted_at !== null ? null : location;
}
