import type { Visible } from "../../db/locations.ts";
import { causeOf } from "../../platform/failures.ts";
import { type ResealStep, resealStores } from "./reseal.ts";
import { resealChannels } from "./reseal-channels.ts";

/** One bounded step of sealing all of a retailer's secrets with the ring's first key. */
export async function resealStep(env: Env, who: Visible, after: string | null): Promise<ResealStep> {
  const stores = await resealStores(env, who, after);
  if (stores.after !== null) return stores;
  // A retailer has 20 channels at most: all of them go with the last stores.
  const channels = await resealChannels(env, who, null);
  return {
    resealed: stores.resealed + channels.resealed,
    remaining: stores.remaining + channels.remaining,
    unopened: [...stores.unopened, ...channels.unopened],
    after: null,
  };
}

/** Steps of one cron tick, two queries a store: an invocation has 1,000 of D1. The next tick goes on. */
const STEPS_A_TICK = 6;

/** Cron: brings the secrets of all retailers under the first key, so that a rotation ends by itself. Never throws. */
export async function resealAll(env: Env): Promise<void> {
  await walk("credentials", (after) => resealStores(env, null, after));
  await walk("alert channels", (after) => resealChannels(env, null, after));
}

async function walk(what: string, take: (after: string | null) => Promise<ResealStep>): Promise<void> {
  let after: string | null = null;
  try {
    for (let steps = 0; steps < STEPS_A_TICK; steps++) {
      const step: ResealStep = await take(after);
      const { resealed, remaining, unopened } = step;
      if (resealed > 0 || unopened.length > 0) {
        console.log({ message: `${what} sealed anew`, resealed, remaining, unopened });
      }
      after = step.after;
      if (after === null) return;
    }
  } catch (error) {
    console.error({ message: `${what} not sealed anew`, cause: causeOf(error) });
  }
}
