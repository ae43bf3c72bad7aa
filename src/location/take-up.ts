import type { StoreContext } from "./context.ts";
import { clearAfterDisconnection } from "./move.ts";

/** The store may have been disconnected and is connected again: its edits are sent, rows of a move that was cut off go. */
export async function takeUp(context: StoreContext): Promise<void> {
  context.store.outbox.goOn(context.now);
  await clearAfterDisconnection(context);
}
