import type { StoreContext } from "./context.ts";

/** The store may have been disconnected and is connected again: its edits are sent. It may be repeated. */
export async function takeUp({ store, now }: StoreContext): Promise<void> {
  store.outbox.goOn(now);
}
