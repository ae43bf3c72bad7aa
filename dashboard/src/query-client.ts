import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ReupError } from "../../src/client/index.ts";
import { signOut } from "./session.ts";

function onError(error: unknown): void {
  if (error instanceof ReupError && error.status === 401) signOut(`${error.message} Sign in again.`);
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
