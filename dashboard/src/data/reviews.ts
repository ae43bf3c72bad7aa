import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ok, type Review } from "../../../src/client/index.ts";
import { client } from "../client.ts";

const reviews = client.v1.locations[":location_id"].reviews;

export type Resolve = Parameters<(typeof reviews)[":review_id"]["resolve"]["$post"]>[0]["json"];

export function useReviews(location_id: string, state: Review["state"], cursor: string | null) {
  return useQuery({
    queryKey: ["reviews", location_id, state, cursor],
    queryFn: () => {
      const query = { limit: 20, state, ...(cursor === null ? {} : { cursor }) };
      return ok(reviews.$get({ param: { location_id }, query }));
    },
    placeholderData: keepPreviousData,
  });
}

export function useResolveReview(location_id: string) {
  return useReviewChange(location_id, ({ review_id, ...json }: Resolve & { review_id: string }) =>
    ok(reviews[":review_id"].resolve.$post({ param: { location_id, review_id }, json })),
  );
}

export function useUndoReview(location_id: string) {
  return useReviewChange(location_id, (review_id: string) =>
    ok(reviews[":review_id"].undo.$post({ param: { location_id, review_id } })),
  );
}

function useReviewChange<Given, Answer>(location_id: string, mutationFn: (given: Given) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () =>
      Promise.all(
        ["reviews", "records", "pushes"].map((key) => queries.invalidateQueries({ queryKey: [key, location_id] })),
      ),
  });
}
