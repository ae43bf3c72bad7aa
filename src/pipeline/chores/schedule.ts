import { and, eq, isNull, lte, or, sql } from "drizzle-orm";
import type { SyncMessage } from "../../contract/messages.ts";
import { accountsDb } from "../../db/databases.ts";
import { updateLocation } from "../../db/locations.ts";
import { locations } from "../../db/schema/accounts.ts";
import { locationStub } from "../../location/stub.ts";
import { eachAlone } from "../../platform/alone.ts";
import { log } from "../../platform/log.ts";
import { forgetCustomers } from "./forget-customers.ts";

/** Stores of one tick, the longest due first; the rest waits for the next tick. A call takes some ten milliseconds. */
const STORES_A_TICK = 1_000;
/** How many stores are called at once, and how long one may take: its Location may be busy or unreachable. */
const ALONE = { at_once: 20, within_ms: 10_000 };
/** When a failed store is called again, ms: a tick later, behind those that have been due for longer. */
const AGAIN_MS = 15 * 60_000;

/**
 * Cron: calls the stores that need somebody, whether a run is due or an alert may begin to fire. Cron may come twice,
 * late or never, so each store decides by its own state and not by cron's clock. One that says `syncing` is called all
 * the same: the call arms its watchdog again.
 */
export async function runDueStores(env: Env, now: number): Promise<{ started: string[] }> {
  const db = accountsDb(env);
  const due = await db
    .select({ location_id: locations.location_id })
    .from(locations)
    .where(and(isNull(locations.deleted_at), or(lte(locations.wake_at, now), eq(locations.state, "syncing"))))
    .orderBy(sql`${locations.wake_at} asc nulls last`)
    .limit(STORES_A_TICK);
  const started: string[] = [];
  const call = async ({ location_id }: { location_id: string }) => {
    const result = await locationStub(env, location_id).tick(now);
    if (!result?.ok) return;
    started.push(location_id);
    // Once a night, with the full sync, or in its place the first.
    if (result.run.mode !== "incremental") await tidy(env, location_id);
  };
  await eachAlone(due, ALONE, call, async ({ location_id }, error) => {
    log("run_not_scheduled", { location_id, cause: error });
    await updateLocation(db, location_id, { wake_at: now + AGAIN_MS });
  });
  return { started };
}

async function tidy(env: Env, location_id: string): Promise<void> {
  await env.SYNC.send({ kind: "sweep", location_id } satisfies SyncMessage);
  // In case the message that was to do it got lost.
  await forgetCustomers(env, location_id);
}
