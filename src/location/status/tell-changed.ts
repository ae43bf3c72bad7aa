import { eachAlone } from "../../platform/alone.ts";
import { log } from "../../platform/log.ts";
import { locationStub } from "../stub.ts";

/** Stores told at once, and how long each may take, ms. Whoever changed something waits for it. */
const PACE = { at_once: 10, within_ms: 1_000 };

/**
 * Something in D1 changed that these stores' statuses show: their viewers get the new status at once. What changed is
 * written already. So a store that cannot be told fails nothing: its viewers see it with the next change.
 */
export async function tellChanged(env: Env, location_ids: Iterable<string>): Promise<void> {
  await eachAlone(
    [...new Set(location_ids)],
    PACE,
    (location_id) => locationStub(env, location_id).changedOutside(),
    (location_id, cause) => log("store_not_told", { location_id, cause }),
  );
}
