import { MESSAGE_VERSION, type SyncMessage } from "../../contract/messages.ts";
import { mustSend, NO_REFRESH, type Refresh, refreshDelay, SECOND_REFRESH_MS } from "../../domain/events/refresh.ts";
import { parseConfig } from "../../env.ts";
import type { StoreContext } from "../context.ts";
import type { Store } from "../storage/store.ts";

/**
 * Asks for the store to be read, once for any number of events. The message is sent before it is noted: after a crash it
 * is sent twice.
 */
export async function requestRefresh(
  { env, store, location, now }: StoreContext,
  { request_id }: { request_id?: string } = {},
): Promise<void> {
  const known = refreshOf(store);
  if (!mustSend(known.asked_at, now, parseConfig(env).queued_ms)) return;
  const { location_id } = location;
  await env.SYNC.send({
    kind: "refresh",
    v: MESSAGE_VERSION,
    location_id,
    second: false,
    request_id,
  } satisfies SyncMessage);
  store.put("refresh", { ...known, asked_at: now });
}

/**
 * Starts the read that was asked for, when it is due. A second read follows the first, because Dutchie's answers lag.
 * null: done; else call again after so many ms.
 */
export async function startRefresh(
  { env, store, location, now }: StoreContext,
  { second, request_id, start }: { second: boolean; request_id?: string | undefined; start: () => Promise<unknown> },
): Promise<number | null> {
  const known = refreshOf(store);
  const delay_ms = refreshDelay(known, second, store.get("run") !== null, now);
  if (delay_ms === null || delay_ms > 0) return delay_ms;
  await start();
  if (second) {
    store.put("refresh", { ...known, begun_at: now, second_at: null });
    return null;
  }
  store.put("refresh", { asked_at: null, begun_at: now, second_at: now + SECOND_REFRESH_MS });
  if (mustSend(known.second_at, now, parseConfig(env).queued_ms)) {
    const message: SyncMessage = {
      kind: "refresh",
      v: MESSAGE_VERSION,
      location_id: location.location_id,
      second: true,
      request_id,
    };
    await env.SYNC.send(message, { delaySeconds: Math.ceil(SECOND_REFRESH_MS / 1_000) });
  }
  return null;
}

const refreshOf = (store: Store): Refresh => store.get("refresh") ?? NO_REFRESH;
