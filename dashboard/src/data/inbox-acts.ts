import useSWR from "swr";
import { ok } from "../../../src/client/index.ts";
import { client } from "../client.ts";
import type { InboxItem } from "./inbox.ts";

const store = client.v1.locations[":location_id"];
const letters = client.v1["dead-letters"];

type ResolveJson = Parameters<(typeof store.reviews)[":review_id"]["resolve"]["$post"]>[0]["json"];
export type Decision = Pick<ResolveJson, "action" | "into" | "fields" | "count">;
export type DecisionItem = Extract<InboxItem, { kind: "decision" }>;

/** What can be done with an item. Each rejects with a `ReupError` that says why. */
export const acts = {
  decide: ({ location_id, review }: DecisionItem, decision: Decision) =>
    ok(
      store.reviews[":review_id"].resolve.$post({
        param: { location_id, review_id: review.review_id },
        json: decision as ResolveJson,
      }),
    ),
  undo: (location_id: string, review_id: string) =>
    ok(store.reviews[":review_id"].undo.$post({ param: { location_id, review_id } })),
  markSeen: (alert_id: string) => ok(client.v1.alerts[":alert_id"].acknowledge.$post({ param: { alert_id } })),
  sendMessage: (dead_letter_id: string) => ok(letters[":dead_letter_id"].replay.$post({ param: { dead_letter_id } })),
  deleteMessage: (dead_letter_id: string) => ok(letters[":dead_letter_id"].$delete({ param: { dead_letter_id } })),
  sendEdit: (location_id: string, push_id: string) =>
    ok(store.pushes[":push_id"].retry.$post({ param: { location_id, push_id } })),
};

/** One failed message with its content; lists have none. */
export function useMessage(dead_letter_id: string) {
  return useSWR(["message", dead_letter_id], () => ok(letters[":dead_letter_id"].$get({ param: { dead_letter_id } })));
}

/** Decisions of a store that were taken, the newest first. */
export function useDecided(location_id: string) {
  return useSWR(["reviews", location_id, "resolved"], () =>
    ok(store.reviews.$get({ param: { location_id }, query: { state: "resolved", limit: 50 } })),
  );
}
