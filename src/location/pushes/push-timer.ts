import type { SyncMessage } from "../../contract/messages.ts";
import type { StoreContext } from "../context.ts";
import { laneQueue } from "../lane.ts";
import type { Store } from "../storage/store.ts";

/** A message that asks for pushes is taken within this time, or is taken for lost. */
const PATIENCE_MS = 30_000;

/** When there is something to ask the queue for, ms; null: nothing waits. */
export function pushesDueAt(store: Store): number | null {
  const due = store.outbox.nextAt();
  return due && Math.max(due, (store.get("pushes_asked_at") ?? 0) + PATIENCE_MS);
}

/** Asks the store's queue for what is due; asked for again when nobody has taken it within a while. */
export async function askForPushes(context: StoreContext): Promise<void> {
  const { store, location, now } = context;
  const due = pushesDueAt(store);
  if (due === null || due > now) return;
  store.put("pushes_asked_at", now);
  const message: SyncMessage = { kind: "push", location_id: location.location_id };
  await laneQueue(context).send(message);
}
