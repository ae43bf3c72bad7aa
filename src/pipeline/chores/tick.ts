import { notifyDue } from "../../alerts/notify.ts";
import { log } from "../../platform/log.ts";
import { sendReseals } from "../sealing/reseal-all.ts";
import { sendDueStores } from "./due-stores.ts";

type Chore = (env: Env, now: number) => Promise<unknown>;

/**
 * What each cron of wrangler.toml is for. Whatever a chore finds to do in one store or for one retailer is a message of its
 * own, or a bounded step.
 */
export const CRONS: Record<string, Record<string, Chore>> = {
  // Stores that need somebody: polls are due every quarter of an hour.
  "*/5 * * * *": { due_stores: sendDueStores },
  // Notices that are repeated, or were left out by a crash.
  "7-59/15 * * * *": { due_alerts: notifyDue },
  // Nightly, in North America: what may take its time.
  "27 9 * * *": { sealing_anew: sendReseals },
};

const ALL: Record<string, Chore> = Object.assign({}, ...Object.values(CRONS));

/**
 * The chores of one cron, or all of them for a call by hand without one. Side by side, so that none waits for another or
 * fails with it. Never throws.
 */
export async function tick(env: Env, cron: string, now: number): Promise<void> {
  const began = Date.now();
  const chores = CRONS[cron] ?? ALL;
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
