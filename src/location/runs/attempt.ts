import type { Run } from "../../domain/runs/run.ts";
import type { Store } from "../storage/store.ts";

/** The run, if `attempt` is still the one that reads it. */
export function runRead(store: Store, attempt: number): Run | null {
  const run = store.get("run");
  return run !== null && run.attempt === attempt && run.state === "running" ? run : null;
}

/** Notes that the reader of this attempt is alive. A note of the last second stands: each write costs a row. */
export function alive(store: Store, attempt: number, now: number): void {
  const run = runRead(store, attempt);
  if (run !== null && now - run.heartbeat_at >= NOTED_MS) store.put("run", { ...run, heartbeat_at: now });
}

/** Less than the watchdog ever waits (`WATCHDOG_MS`). */
const NOTED_MS = 1_000;
