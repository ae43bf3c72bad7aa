import useSWR, { type SWRConfiguration, type SWRResponse, useSWRConfig } from "swr";
import type { Answer } from "../answer.ts";
import { ok } from "../call.ts";
import type { Client } from "../client.ts";
import type { ReupError } from "../errors.ts";
import { useDutchie } from "./provider.tsx";

const CACHE = "reup-dutchie";

/** Where SWR's cache, which the app shares, has an answer. `given`: which store and record, with which parameters. */
export type Key<Given> = readonly [cache: typeof CACHE, url: string, what: string, given: Given];

export const keyOf = <Given>(url: string, what: string, given: Given): Key<Given> => [CACHE, url, what, given];

/** Whether SWR's cache has an answer of this Worker under `key`. */
export function isAnswer(key: unknown, url: string): key is Key<{ location_id?: string }> {
  return Array.isArray(key) && key[0] === CACHE && key[1] === url;
}

/** Whether that is a list or a record of this store. */
export function isRecordOf(key: unknown, url: string, location_id: string): boolean {
  if (!isAnswer(key, url)) return false;
  const [, , what, given] = key;
  return what !== "status" && given.location_id === location_id;
}

/** Asks once however many components want to know, and again as SWR is configured. Asks nothing while `given` is null. */
export function useAnswer<Given extends object, Body>(
  what: string,
  given: Given | null,
  ask: (client: Client, given: Given) => Promise<Answer<Body>>,
  options: SWRConfiguration<Body, ReupError> = {},
): SWRResponse<Body, ReupError> {
  const { client, url } = useDutchie();
  const app = useSWRConfig();
  return useSWR<Body, ReupError, Key<Given> | null>(
    given && keyOf(url, what, given),
    ([, , , asked]: Key<Given>) => ok(ask(client, asked)),
    {
      // A token may be renewed; what is forbidden or not there stays so.
      shouldRetryOnError: (error) => !error.final || error.status === 401,
      onErrorRetry: (error, key, ...[, revalidate, again]) => {
        const { errorRetryCount = Infinity } = app;
        if (error.retry_after === null) app.onErrorRetry(error, key, app, revalidate, again);
        else if (again.retryCount <= errorRetryCount)
          setTimeout(() => void revalidate(again), error.retry_after * 1_000);
      },
      ...options,
    },
  );
}
