import { accountsDb } from "../db/databases.ts";
import { findLocation } from "../db/locations.ts";
import type { LocationRow } from "../db/schema.ts";

/** The store a message is for; null when it was disconnected meanwhile: its messages end quietly. */
export async function connectedStore(env: Env, location_id: string): Promise<LocationRow | null> {
  const location = await findLocation(accountsDb(env), location_id);
  return location === null || location.deleted_at !== null ? null : location;
}
