import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ok, type WebhookEvent } from "../../../src/client/index.ts";
import { client } from "../client.ts";

const events = client.v1.locations[":location_id"].events;

export function useEvents(location_id: string, outcome: WebhookEvent["outcome"] | null, cursor: string | null) {
  return useQuery({
    queryKey: ["events", location_id, outcome, cursor],
    queryFn: () => {
      const query = { limit: 50, ...(outcome === null ? {} : { outcome }), ...(cursor === null ? {} : { cursor }) };
      return ok(events.$get({ param: { location_id }, query }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: cursor === null ? 3_000 : false,
  });
}

export function useEvent(location_id: string, event_id: string) {
  return useQuery({
    queryKey: ["events", location_id, "one", event_id],
    queryFn: () => ok(events[":event_id"].$get({ param: { location_id, event_id } })),
  });
}

export function useReplayEvent(location_id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (event_id: string) => ok(events[":event_id"].replay.$post({ param: { location_id, event_id } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["events", location_id] }),
  });
}
