import { MESSAGE_VERSION, type SyncMessage } from "../../contract/messages.ts";
import { accountsDb } from "../../db/databases.ts";
import { updateLocation } from "../../db/locations.ts";
import { locationStub } from "../../location/stub.ts";
import { inTime } from "../../platform/alone.ts";
import { log } from "../../platform/log.ts";
import { connectedStore } from "../connected-store.ts";

type Start = Extract<SyncMessage, { kind: "start" }>;
type Step = Extract<SyncMessage, { kind: "step" }>;

/** How long the store's Location may take, ms: it may be busy or unreachable. */
const PATIENCE_MS = 10_000;
/** When a store that failed is called again, ms. */
const AGAIN_MS = 15 * 60_000;

/**
 * Starts the run that is due in a store, or evaluates its alerts. Returns the step that the caller reads at once; null: there
 * is none. If the store does not answer, cron calls it again after a while; this message is done.
 */
export async function startStore(env: Env, { location_id, at }: Start): Promise<Step | null> {
  try {
    const location = await connectedStore(env, location_id);
    if (location === null) return null;
    const run = await inTime(locationStub(env, location_id).tick(Math.max(at, Date.now())), PATIENCE_MS);
    if (run === null) return null;
    // Once a night, with the full sync, or in its place the first. While the store moves, those of an earlier night may still wait.
    if (run.mode !== "incremental" && location.other_shard === null) await tidy(env, location_id);
    return run.reads ? { kind: "step", v: MESSAGE_VERSION, location_id, run_id: run.run_id, step: 0 } : null;
  } catch (error) {
    log("run_not_scheduled", { location_id, cause: error });
    await updateLocation(accountsDb(env), location_id, { wake_at: Date.now() + AGAIN_MS });
    return null;
  }
}

/** Retention; and pseudonyms that should be gone, in case the message that was to delete them got lost. */
async function tidy(env: Env, location_id: string): Promise<void> {
  const chores: SyncMessage[] = [
    { kind: "sweep", v: MESSAGE_VERSION, location_id },
    { kind: "forget_customers", v: MESSAGE_VERSION, location_id },
  ];
  await env.CHORES.sendBatch(chores.map((body) => ({ body })));
}
