import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ok, type Push } from "../../../src/client/index.ts";
import { client } from "../client.ts";

const pushes = client.v1.locations[":location_id"].pushes;

export function usePushes(location_id: string, state: Push["state"] | null, cursor: string | null) {
  return useQuery({
    queryKey: ["pushes", location_id, state, cursor],
    queryFn: () => {
      const query = { limit: 50, ...(state === null ? {} : { state }), ...(cursor === null ? {} : { cursor }) };
      return ok(pushes.$get({ param: { location_id }, query }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: cursor === null ? 3_000 : false,
  });
}

export function useRetryPush(location_id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (push_id: string) => ok(pushes[":push_id"].retry.$post({ param: { location_id, push_id } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["pushes", location_id] }),
  });
}
