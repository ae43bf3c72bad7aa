import { useSWRConfig } from "swr";
import useSWRSubscription, { type SWRSubscriptionOptions } from "swr/subscription";
import { isRecordOf, type Key, keyOf } from "./answer.ts";
import { followStore } from "./follow-store.ts";
import { useDutchie } from "./provider.tsx";

type StreamKey = Key<{ location_id: string }>;

/**
 * Whether the store's status stream is connected. However many components ask, there is one stream per store; it ends with
 * the last of them. What it tells goes to SWR's cache: the status itself, and that lists have to be read again.
 */
export function useLive(location_id: string | null): boolean {
  const { client, url } = useDutchie();
  const { mutate } = useSWRConfig();
  const subscribe = ([, , , store]: StreamKey, { next }: SWRSubscriptionOptions<boolean, never>) =>
    followStore(client, store.location_id, {
      onConnection: (live) => next(null, live),
      onStatus: (status) => void mutate(keyOf(url, "status", store), status, { revalidate: false }),
      onRecords: () => void mutate((key) => isRecordOf(key, url, store.location_id)),
    });
  const key = location_id === null ? null : keyOf(url, "stream", { location_id });
  return useSWRSubscription<boolean, never, StreamKey | null>(key, subscribe).data ?? false;
}
