import { laneOf } from "../domain/limits/pace.ts";
import type { StoreContext } from "./context.ts";

/**
 * The queue whose consumers read this store now. Slow stores have a queue of their own, so that others do not wait for
 * them.
 */
export const laneQueue = ({ env, store }: Pick<StoreContext, "env" | "store">): Queue =>
  laneOf(store.get("pace") ?? 0) === "slow" ? env.SLOW : env.SYNC;
