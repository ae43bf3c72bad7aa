import type { SWRConfiguration } from "swr";
import { ReupError } from "../../src/client/index.ts";
import { endSession } from "./session.ts";

/** ms; a page that opens shows what is known, and asks again if that is older. */
const FRESH_MS = 5_000;

/** A refused token ends the session, wherever the refusal came. */
export function endIfRefused(error: unknown): void {
  if (error instanceof ReupError && error.status === 401) endSession(`${error.message} Sign in again.`);
}

/** For the pages, searches and filters of one store's list: the page before stays until the next has loaded. Never across stores. */
export const keepPage = { keepPreviousData: true } satisfies SWRConfiguration;

/** ms between tries while there is no answer: the pause doubles, up to the longest. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;
/** One per list: coming back to the page asks at once, and must not begin a second row of tries. */
const tries = new Map<string, ReturnType<typeof setTimeout>>();

/** SWR stops polling a list that failed. A page that stays open all day must find ReUp again by itself. */
const tryAgain: SWRConfiguration["onErrorRetry"] = (error: unknown, key, _, revalidate, asked) => {
  const told_ms = error instanceof ReupError ? (error.retry_after ?? 0) * 1_000 : 0;
  // The first pages of a chain opened together must not ask together.
  const pause_ms =
    Math.min(FIRST_PAUSE_MS * 2 ** (asked.retryCount - 1), LONGEST_PAUSE_MS) * (0.75 + Math.random() / 4);
  clearTimeout(tries.get(key));
  const timer = setTimeout(
    () => {
      tries.delete(key);
      void revalidate(asked);
    },
    Math.max(told_ms, pause_ms),
  );
  tries.set(key, timer);
};

export const swrOptions: SWRConfiguration = {
  dedupingInterval: FRESH_MS,
  shouldRetryOnError: (error: unknown) => !(error instanceof ReupError && error.final),
  onErrorRetry: tryAgain,
  onError: endIfRefused,
};
