import type { Visible } from "../../db/locations.ts";
import { log } from "../../platform/log.ts";
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
  await walk("location_id", (after) => resealStores(env, null, after));
  await walk("channel_id", (after) => resealChannels(env, null, after));
}

async function walk(
  kind: "location_id" | "channel_id",
  take: (after: string | null) => Promise<ResealStep>,
): Promise<void> {
  let after: string | null = null;
  try {
    for (let steps = 0; steps < STEPS_A_TICK; steps++) {
      const step: ResealStep = await take(after);
      const { resealed, remaining, unopened } = step;
      if (resealed > 0) log("secrets_resealed", { kind, count: resealed, remaining });
      for (const id of unopened) log("secret_not_opened", { [kind]: id });
      after = step.after;
      if (after === null) return;
    }
  } catch (error) {
    log("secret_not_resealed", { kind, cause: error });
  }
}
