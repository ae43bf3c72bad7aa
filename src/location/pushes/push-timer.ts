import type { SyncMessage } from "../../contract/messages.ts";
import type { StoreContext } from "../context.ts";
import { laneQueue } from "../lane.ts";
import type { Store } from "../storage/store.ts";

/** A message that no consumer has handled within this time counts as lost, ms. */
const PATIENCE_MS = 30_000;

/** When the next message is due, ms; null: nothing waits. */
export function pushesDueAt(store: Store): number | null {
  const due = store.outbox.nextAt();
  return due && Math.max(due, (store.get("pushes_asked_at") ?? 0) + PATIENCE_MS);
}

/** Sends the message that starts pushing, when pushes are due; again when it seems lost. */
export async function askForPushes(context: StoreContext): Promise<void> {
  const { store, location, now } = context;
  const due = pushesDueAt(store);
  if (due === null || due > now) return;
  store.put("pushes_asked_at", now);
  const message: SyncMessage = { kind: "push", location_id: location.location_id };
  await laneQueue(context).send(message);
}
