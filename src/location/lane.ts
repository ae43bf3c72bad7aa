import { laneOf } from "../domain/limits/pace.ts";
import type { RunMode } from "../domain/runs/run.ts";
import type { StoreContext } from "./context.ts";
import type { Store } from "./storage/store.ts";

/** Whether the store's Dutchie keeps its readers waiting. */
export const isSlow = (store: Store): boolean => laneOf(store.get("pace") ?? 0) === "slow";

/**
 * The queue whose consumers do this work for the store. Polls and pushes do not wait for whole catalogues, and nobody waits
 * for slow stores.
 */
export function workQueue({ env, store }: Pick<StoreContext, "env" | "store">, work: RunMode | "push"): Queue {
  if (isSlow(store)) return env.SLOW;
  return work === "incremental" || work === "push" ? env.SYNC : env.IMPORTS;
}
