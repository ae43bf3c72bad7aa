import { useCallback } from "react";
import { useSWRConfig } from "swr";
import type { Api, InboxItem, Pagination, ResolvedItems } from "../api.ts";
import { ok } from "../call.ts";
import { isAnswer, useAnswer } from "./answer.ts";
import { type Asking, POLL_MS } from "./hooks.ts";
import { useDutchie } from "./provider.tsx";

/** Which items, and which page of them. */
export type InboxQuery = NonNullable<NonNullable<Parameters<Api["inbox"]["$get"]>[0]>["query"]>;
/** What a person decided about which items. */
export type Decision = Parameters<Api["inbox"]["resolve"]["$post"]>[0]["json"];

/** All that waits for a person, the worst first. `unread_stores`: stores whose items are not all here. */
export function useInbox(query: InboxQuery = {}): Asking & {
  items: InboxItem[] | undefined;
  pagination: Pagination | undefined;
  unread_stores: string[];
} {
  const { data, error, isLoading } = useAnswer("inbox", { query }, ({ v1 }, given) => v1.inbox.$get(given), {
    refreshInterval: POLL_MS,
  });
  const { data: items, pagination, unread_stores = [] } = data ?? {};
  return { items, pagination, unread_stores, error, isLoading };
}

/**
 * Gives a function that settles items of the inbox. Each item answers for itself: look at `ok` of each. It throws a
 * `ReupError` if the whole request failed. Then everything that hooks show is read again.
 */
export function useDecide(): (decision: Decision) => Promise<ResolvedItems["data"]> {
  const { client, url } = useDutchie();
  const { mutate } = useSWRConfig();
  return useCallback(
    async (json: Decision) => {
      try {
        return (await ok(client.v1.inbox.resolve.$post({ json }))).data;
      } finally {
        // Also after a failure: some items may be settled.
        void mutate((key) => isAnswer(key, url));
      }
    },
    [client, url, mutate],
  );
}
