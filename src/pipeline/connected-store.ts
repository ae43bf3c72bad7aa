import { accountsDb } from "../db/databases.ts";
import { findLocation, findLocations } from "../db/locations.ts";
import type { LocationRow } from "../db/schema/accounts.ts";

/** The store of a message; null: it was disconnected meanwhile, and its messages end quietly. */
export async function connectedStore(env: Env, location_id: string): Promise<LocationRow | null> {
  return connected(await findLocation(accountsDb(env), location_id));
}

/** The same for the stores of a batch of messages: read together, once. */
export function connectedStores(
  env: Env,
  ids: readonly string[],
): (location_id: string) => Promise<LocationRow | null> {
  if (ids.length < 2) return (location_id) => connectedStore(env, location_id);
  const together = findLocations(accountsDb(env), ids);
  return async (location_id) => {
    try {
      return connected((await together).get(location_id) ?? null);
    } catch {
      // One row that cannot be read fails all: each store by itself then.
      return connectedStore(env, location_id);
    }
  };
}

const connected = (location: LocationRow | null): LocationRow | null =>
  location === null || location.deleted_at !== null ? null : location;
