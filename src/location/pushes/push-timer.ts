import type { SyncMessage } from "../../contract/messages.ts";
import { MAX_QUEUED_MS } from "../../domain/bounds.ts";
import type { StoreContext } from "../context.ts";
import { workQueue } from "../lane.ts";
import type { Store } from "../storage/store.ts";

/** When the next message is due, ms; null: nothing waits. */
export function pushesDueAt(store: Store): number | null {
  const due = store.outbox.nextAt();
  const asked_at = store.get("pushes_asked_at");
  return due && (asked_at === null ? due : Math.max(due, asked_at + MAX_QUEUED_MS));
}

/** Sends the message that starts pushing, when pushes are due; again when it seems lost. */
export async function askForPushes(context: StoreContext): Promise<void> {
  const { store, location, now } = context;
  const due = pushesDueAt(store);
  if (due === null || due > now) return;
  const message: SyncMessage = { kind: "push", location_id: location.location_id };
  await workQueue(context, "push").send(message);
  // After sending: what could not be sent does not count as waiting.
  store.put("pushes_asked_at", now);
}
