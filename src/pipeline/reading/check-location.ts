import type { LocationRow } from "../../db/schema/accounts.ts";
import type { DutchieError } from "../../domain/runs/failure.ts";
import type { DutchieClient } from "../../dutchie/client.ts";
import { dutchieError } from "../../dutchie/http/errors.ts";

/**
 * With another store's key, its stock would replace this store's, and our prices would be written into it. So the key is
 * checked before the first read of a message, and again when it was changed.
 */
export async function checkLocation(client: DutchieClient, location: LocationRow): Promise<DutchieError | null> {
  if (!client.profile.whoami.required || location.dutchie_location_id === null) return null;
  const who = await client.whoami();
  if (!who.ok) return who.error;
  if (who.dutchie_location_id === location.dutchie_location_id) return null;
  return dutchieError(
    "WRONG_LOCATION",
    `The key belongs to location ${who.dutchie_location_id}, not ${location.dutchie_location_id}`,
  );
}
