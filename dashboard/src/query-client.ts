import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ReupError } from "../../src/client/index.ts";
import { endSession } from "./session.ts";

function onError(error: unknown): void {
  if (error instanceof ReupError && error.status === 401) endSession(`${error.message} Sign in again.`);
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => count < 2 && !(error instanceof ReupError && error.final),
    },
  },
});
