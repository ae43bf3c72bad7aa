import { notifyDue } from "../../alerts/notify.ts";
import { log } from "../../platform/log.ts";
import { resealAll } from "../sealing/reseal-all.ts";
import { measureShards } from "./measure-shards.ts";
import { runDueStores } from "./schedule.ts";

const CHORES: Record<string, (env: Env, now: number) => Promise<unknown>> = {
  due_stores: runDueStores,
  due_alerts: notifyDue,
  sealing_anew: resealAll,
  shard_sizes: measureShards,
};

/** Cron, at its time: the chores side by side, so that none waits for another or fails with it. Never throws. */
export async function tick(env: Env, now: number): Promise<void> {
  const began = Date.now();
  const done = await Promise.all(
    Object.entries(CHORES).map(async ([kind, run]) => {
      try {
        await run(env, now);
        return true;
      } catch (error) {
        log("chore_failed", { kind, cause: error });
        return false;
      }
    }),
  );
  log("tick_ended", { outcome: done.every(Boolean) ? "done" : "failed", ms: Date.now() - began });
}
