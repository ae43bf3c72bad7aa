import { MESSAGE_VERSION, type SyncMessage } from "../../contract/messages.ts";
import type { Visible } from "../../db/locations.ts";
import { log } from "../../platform/log.ts";
import { type ResealStep, resealStores } from "./reseal.ts";
import { resealTargets, TARGET_ID } from "./reseal-targets.ts";

type Reseal = Extract<SyncMessage, { kind: "reseal" }>;

/** One bounded step of sealing all of a retailer's secrets with the ring's first key. */
export async function resealStep(env: Env, who: Visible, after: string | null): Promise<ResealStep> {
  const stores = await resealStores(env, who, after);
  if (stores.after !== null) return stores;
  // A retailer has 20 channels and 20 subscriptions at most: all of them go with the last stores.
  const all = [stores];
  for (const kind of ["channels", "subscriptions"] as const) all.push(await resealTargets(env, kind, who, null));
  return {
    resealed: all.reduce((sum, { resealed }) => sum + resealed, 0),
    remaining: all.reduce((sum, { remaining }) => sum + remaining, 0),
    unopened: all.flatMap(({ unopened }) => unopened),
    after: null,
  };
}

/** Cron: brings the secrets of all retailers under the first key, so that a rotation ends by itself. */
export async function sendReseals(env: Env): Promise<void> {
  const first: Reseal[] = [
    { kind: "reseal", v: MESSAGE_VERSION, what: "stores", after: null },
    { kind: "reseal", v: MESSAGE_VERSION, what: "channels", after: null },
    { kind: "reseal", v: MESSAGE_VERSION, what: "subscriptions", after: null },
  ];
  await env.CHORES.sendBatch(first.map((body) => ({ body })));
}

/** One message: a bounded step, and a message for the next. */
export async function reseal(env: Env, { what, after }: Reseal): Promise<null> {
  const step = await (what === "stores" ? resealStores(env, null, after) : resealTargets(env, what, null, after));
  const kind = what === "stores" ? "location_id" : TARGET_ID[what];
  const { resealed, remaining, unopened } = step;
  if (resealed > 0) log("secrets_resealed", { kind, count: resealed, remaining });
  for (const id of unopened) log("secret_not_opened", { [kind]: id });
  if (step.after !== null)
    await env.CHORES.send({ kind: "reseal", v: MESSAGE_VERSION, what, after: step.after } satisfies Reseal);
  return null;
}
