import { MESSAGE_VERSION, type SyncMessage } from "../../contract/messages.ts";
import { parseConfig } from "../../env.ts";
import type { StoreContext } from "../context.ts";
import { workQueue } from "../lane.ts";

/** When the next message is due, ms; null: nothing waits. */
export function pushesDueAt({ env, store }: Pick<StoreContext, "env" | "store">): number | null {
  const due = store.outbox.nextAt();
  const asked_at = store.get("pushes_asked_at");
  return due && (asked_at === null ? due : Math.max(due, asked_at + parseConfig(env).queued_ms));
}

/** Sends the message that starts pushing, when pushes are due; again when it seems lost. */
export async function askForPushes(context: StoreContext): Promise<void> {
  const { store, location, now } = context;
  const due = pushesDueAt(context);
  if (due === null || due > now) return;
  const message: SyncMessage = { kind: "push", v: MESSAGE_VERSION, location_id: location.location_id };
  await workQueue(context, "push").send(message);
  // After sending: what could not be sent does not count as waiting.
  store.put("pushes_asked_at", now);
}
