import { and, eq, isNull, lte, or } from "drizzle-orm";
import { accountsDb } from "../db/records.ts";
import { locations } from "../db/schema.ts";
import { dueMode } from "../domain/schedule.ts";
import { causeOf } from "../failures.ts";
import { locationStub } from "../location/stub.ts";
import { forgetCustomers } from "./forget-customers.ts";
import type { SyncMessage } from "./messages.ts";

/**
 * Cron: starts the run of every store that is due. Cron may come twice, late or never, so it selects by the stores'
 * state and not by its own clock; a store that runs already answers so.
 */
export async function runDueStores(env: Env, now: number): Promise<{ started: string[] }> {
  const due = await accountsDb(env)
    .select({
      location_id: locations.location_id,
      next_sync_at: locations.next_sync_at,
      next_full_at: locations.next_full_at,
    })
    .from(locations)
    .where(
      and(
        isNull(locations.deleted_at),
        or(lte(locations.next_sync_at, now), lte(locations.next_full_at, now), eq(locations.state, "syncing")),
      ),
    );
  const started: string[] = [];
  for (const store of due) {
    const mode = dueMode(store, now);
    try {
      const stub = locationStub(env, store.location_id);
      // A store that says `syncing` and is not due is called all the same: the call arms its watchdog again.
      if (mode === null) await stub.currentRun();
      else if ((await stub.startRun({ mode, trigger: "schedule", heal: false })).ok) {
        started.push(store.location_id);
        // Once a night, with the full sync.
        if (mode === "full") await tidy(env, store.location_id);
      }
    } catch (error) {
      console.error({ message: "scheduled run not started", location_id: store.location_id, cause: causeOf(error) });
    }
  }
  return { started };
}

async function tidy(env: Env, location_id: string): Promise<void> {
  await env.SYNC.send({ kind: "sweep", location_id } satisfies SyncMessage);
  // Should the message that was to do it have got lost.
  await forgetCustomers(env, location_id);
}
