import { notifyDue } from "../../alerts/notify.ts";
import { log } from "../../platform/log.ts";
import { sendReseals } from "../sealing/reseal-all.ts";
import { CRONS } from "./crons.ts";
import { sendDueStores } from "./due-stores.ts";
import { measureShards } from "./measure-shards.ts";

type Chore = (env: Env, now: number) => Promise<unknown>;

/**
 * What each cron does. Whatever a chore finds to do in one store or for one retailer is a message of its own, or a bounded
 * step.
 */
const CHORES = new Map<string, Record<string, Chore>>([
  [CRONS.due_stores, { due_stores: sendDueStores }],
  [CRONS.notices, { due_alerts: notifyDue, shard_sizes: measureShards }],
  [CRONS.night, { sealing_anew: sendReseals }],
]);

const ALL: Record<string, Chore> = Object.assign({}, ...CHORES.values());

/**
 * The chores of one cron, or all of them for a call by hand without one. Side by side, so that none waits for another or
 * fails with it. Never throws.
 */
export async function tick(env: Env, cron: string, now: number): Promise<void> {
  const began = Date.now();
  const chores = CHORES.get(cron) ?? ALL;
  const done = await Promise.all(
    Object.entries(chores).map(async ([kind, run]) => {
      try {
        await run(env, now);
        return true;
      } catch (error) {
        log("chore_failed", { kind, cause: error });
        return false;
      }
    }),
  );
  const kind = Object.keys(chores).join("+");
  log("tick_ended", { kind, outcome: done.every(Boolean) ? "done" : "failed", ms: Date.now() - began });
}
