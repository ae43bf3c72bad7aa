import type { SyncMessage } from "../../contract/messages.ts";
import { mustSend, NO_REFRESH, type Refresh, refreshDelay, SECOND_REFRESH_MS } from "../../domain/events/refresh.ts";
import type { StoreContext } from "../context.ts";
import type { Store } from "../storage/store.ts";

/** Asks for the store to be read, once for any number of events. Sent first and remembered after: a crash asks twice. */
export async function askToLook(
  { env, store, location, now }: StoreContext,
  { request_id }: { request_id?: string },
): Promise<void> {
  const look = lookOf(store);
  if (!mustSend(look.asked_at, now)) return;
  const { location_id } = location;
  await env.SYNC.send({ kind: "look", location_id, second: false, request_id } satisfies SyncMessage);
  store.put("look", { ...look, asked_at: now });
}

/**
 * Begins the read that was asked for, when its turn has come; the first of several is followed by one more, for Dutchie's
 * answers lag. null: nothing more to do; else ask again after so many ms.
 */
export async function takeLook(
  { env, store, location, now }: StoreContext,
  { second, request_id, start }: { second: boolean; request_id?: string | undefined; start: () => Promise<unknown> },
): Promise<number | null> {
  const look = lookOf(store);
  const delay_ms = refreshDelay(look, second, store.get("run") !== null, now);
  if (delay_ms === null || delay_ms > 0) return delay_ms;
  await start();
  if (second) {
    store.put("look", { ...look, begun_at: now, second_at: null });
    return null;
  }
  store.put("look", { asked_at: null, begun_at: now, second_at: now + SECOND_REFRESH_MS });
  if (mustSend(look.second_at, now)) {
    const message: SyncMessage = { kind: "look", location_id: location.location_id, second: true, request_id };
    await env.SYNC.send(message, { delaySeconds: Math.ceil(SECOND_REFRESH_MS / 1_000) });
  }
  return null;
}

const lookOf = (store: Store): Refresh => store.get("look") ?? NO_REFRESH;
