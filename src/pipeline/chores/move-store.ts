import { locationStub } from "../../location/stub.ts";
import { connectedStore } from "../connected-store.ts";

/** Steps and time of one turn, ms. A message has 15 minutes: a turn, a freeze of ten, and the turn in which it ends. */
const STEPS_A_TURN = 400;
const TURN_MS = 120_000;

/** When a chore that changes records outside of the store's turn comes again while the store moves, ms. */
export const WHILE_MOVING_MS = 10 * 60_000;

/** Moves a store's records on to another database. null: done; otherwise the wait before the next message, ms. */
export async function moveStore(env: Env, location_id: string): Promise<number | null> {
  // A call to a purged Location would create it again.
  if ((await connectedStore(env, location_id)) === null) return null;
  do {
    const end = Date.now() + TURN_MS;
    for (let steps = 0; steps < STEPS_A_TURN && Date.now() < end; steps++) {
      const delay_ms = await locationStub(env, location_id).moveStep();
      if (delay_ms !== 0) return delay_ms;
    }
    // In the queue the next message may wait for other stores' chores, and this store would stand still meanwhile.
  } while (await locationStub(env, location_id).isFrozen());
  return 0;
}
