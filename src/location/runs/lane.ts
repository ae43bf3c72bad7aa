import { laneOf } from "../../domain/runs/pace.ts";
import type { Store } from "../storage/store.ts";

/** The queue whose consumers read this store now: a slow one holds only those of slow stores. */
export const laneQueue = (env: Env, store: Store): Queue =>
  laneOf(store.get("pace") ?? 0) === "slow" ? env.SLOW : env.SYNC;
