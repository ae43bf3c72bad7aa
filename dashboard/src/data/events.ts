import useSWR, { useSWRConfig } from "swr";
import { ok, type WebhookEvent } from "../../../src/client/index.ts";
import { client } from "../client.ts";
import { keepPage } from "../swr-options.ts";
import { useChange } from "../use-change.ts";

const { events } = client.v1.locations[":location_id"];

/** ms; the first page is where new webhooks come. */
const EVERY_MS = 3_000;

export function useEvents(location_id: string, outcome: WebhookEvent["outcome"] | null, cursor: string | null) {
  return useSWR(
    ["events", location_id, outcome, cursor],
    () => {
      const query = { limit: 50, ...(outcome === null ? {} : { outcome }), ...(cursor === null ? {} : { cursor }) };
      return ok(events.$get({ param: { location_id }, query }));
    },
    { ...keepPage, refreshInterval: cursor === null ? EVERY_MS : 0 },
  );
}

/** So many are read for the chart of their delay: one request. */
const CHARTED_EVENTS = 500;

/** The newest webhooks that were applied, for the chart of their delay. */
export function useAppliedEvents(location_id: string) {
  return useSWR(
    ["events", location_id, "charted"],
    async () => {
      const query = { limit: CHARTED_EVENTS, outcome: "applied" as const };
      return (await ok(events.$get({ param: { location_id }, query }))).data;
    },
    { refreshInterval: 30_000, dedupingInterval: 30_000 },
  );
}

export function useEvent(location_id: string, event_id: string) {
  return useSWR(["events", location_id, "one", event_id], () =>
    ok(events[":event_id"].$get({ param: { location_id, event_id } })),
  );
}

export function useReplayEvent(location_id: string) {
  const { mutate } = useSWRConfig();
  return useChange(
    `replay ${location_id}`,
    (event_id: string) => ok(events[":event_id"].replay.$post({ param: { location_id, event_id } })),
    () => mutate((key) => Array.isArray(key) && key[0] === "events" && key[1] === location_id),
  );
}
