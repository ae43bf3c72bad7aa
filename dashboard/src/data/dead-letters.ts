import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ok } from "../../../src/client/index.ts";
import { client } from "../client.ts";

const letters = client.v1["dead-letters"];

export function useDeadLetters(cursor: string | null) {
  return useQuery({
    queryKey: ["dead-letters", cursor],
    queryFn: () => ok(letters.$get({ query: { limit: 50, ...(cursor === null ? {} : { cursor }) } })),
    placeholderData: keepPreviousData,
  });
}

/** One dead letter with its message; lists have no messages. */
export function useDeadLetter(dead_letter_id: string) {
  return useQuery({
    queryKey: ["dead-letters", "one", dead_letter_id],
    queryFn: () => ok(letters[":dead_letter_id"].$get({ param: { dead_letter_id } })),
  });
}

export function useReplayDeadLetter() {
  return useChange((dead_letter_id: string) =>
    ok(letters[":dead_letter_id"].replay.$post({ param: { dead_letter_id } })),
  );
}

export function useReplayAllDeadLetters() {
  return useChange(() => ok(letters.replay.$post()));
}

export function useDropDeadLetter() {
  return useChange((dead_letter_id: string) => ok(letters[":dead_letter_id"].$delete({ param: { dead_letter_id } })));
}

function useChange<Given, Answer>(mutationFn: (given: Given) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => queries.invalidateQueries({ queryKey: ["dead-letters"] }) });
}
