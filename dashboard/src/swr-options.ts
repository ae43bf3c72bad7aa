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

export const swrOptions: SWRConfiguration = {
  dedupingInterval: FRESH_MS,
  errorRetryCount: 2,
  shouldRetryOnError: (error: unknown) => !(error instanceof ReupError && error.final),
  onError: endIfRefused,
};
