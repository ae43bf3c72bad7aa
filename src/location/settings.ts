import { accountsDb } from "../db/databases.ts";
import { updateLocation } from "../db/locations.ts";
import { enabledTypes } from "../domain/runs/data-type.ts";
import { nextNightAt } from "../domain/runs/schedule.ts";
import { statesAfterSettings } from "../domain/runs/type-states.ts";
import type { StoreContext } from "./context.ts";
import { followSubscriptions } from "./feed/subscribers.ts";
import { endBothWays } from "./pushes/edit-conflicts.ts";
import { reapplySettings } from "./reviews/reapply-settings.ts";
import { evaluate } from "./status/evaluate.ts";
import { typeStates } from "./storage/type-states.ts";
import { takeUp } from "./take-up.ts";

/** Applies new or changed settings to what is stored, and makes a poll due. */
export async function configure(context: StoreContext): Promise<void> {
  const { env, store, location, now } = context;
  const { settings, location_id } = location;
  await takeUp(context);
  if (settings.direction === "dutchie_to_reup") await endBothWays(context);
  await reapplySettings(context);
  const due = { next_sync_at: now, next_full_at: nextNightAt(settings, location.time_zone, now, location_id) };
  store.put("types", statesAfterSettings(typeStates(store, location), enabledTypes(settings), now));
  await updateLocation(accountsDb(env), location_id, due);
  await followSubscriptions(context);
  await evaluate({ ...context, location: { ...location, ...due } });
}
