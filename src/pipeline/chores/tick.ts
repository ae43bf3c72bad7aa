import { tellDue } from "../../alerts/tell.ts";
import { causeOf } from "../../platform/failures.ts";
import { resealAll } from "../sealing/reseal-all.ts";
import { runDueStores } from "./schedule.ts";

const CHORES: Record<string, (env: Env, now: number) => Promise<unknown>> = {
  "due stores": runDueStores,
  "due alerts": tellDue,
  "sealing anew": resealAll,
};

/** Cron, at its time: the chores side by side, so that none waits for another or fails with it. Never throws. */
export async function tick(env: Env, now: number): Promise<void> {
  await Promise.all(
    Object.entries(CHORES).map(async ([chore, run]) => {
      try {
        await run(env, now);
      } catch (error) {
        console.error({ message: "chore failed, the next tick tries again", chore, cause: causeOf(error) });
      }
    }),
  );
}
