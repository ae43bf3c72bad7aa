import useSWR from "swr";
import { type Alert, ok, type Review } from "../../../src/client/index.ts";
import { client } from "../client.ts";
import { keepPage } from "../swr-options.ts";
import { useChange } from "../use-change.ts";
import { allPages } from "./all-pages.ts";
import { useRefreshInbox } from "./inbox.ts";
import type { InboxItem } from "./inbox-items.ts";
import { useRefreshRecords } from "./records.ts";

const store = client.v1.locations[":location_id"];
const letters = client.v1["dead-letters"];

type ResolveJson = Parameters<(typeof store.reviews)[":review_id"]["resolve"]["$post"]>[0]["json"];
export type Decision = Pick<ResolveJson, "action" | "into" | "fields" | "count"> & Reasoned;

/** Why, in the words of whoever decides; undefined: they gave none. */
interface Reasoned {
  reason?: string | undefined;
}

const because = ({ reason }: Reasoned) => (reason === undefined ? {} : { reason });
export type DecisionItem = Extract<InboxItem, { kind: "decision" }>;

/** What did not arrive: an edit, or a message. */
type UnsentItem = Extract<InboxItem, { kind: "edit" | "message" }>;

/** What can be done with an item. Each rejects with a `ReupError` that says why. */
export const acts = {
  decide: ({ location_id, review }: DecisionItem, { reason, ...decision }: Decision) =>
    ok(
      store.reviews[":review_id"].resolve.$post({
        param: { location_id, review_id: review.review_id },
        json: { ...decision, ...because({ reason }) } as ResolveJson,
      }),
    ),
  undo: (location_id: string, review_id: string) =>
    ok(store.reviews[":review_id"].undo.$post({ param: { location_id, review_id } })),
  /** As it was shown: one that began anew since is not seen yet. */
  markSeen: ({ alert_id, started_at }: Pick<Alert, "alert_id" | "started_at">, reason?: string) =>
    ok(
      client.v1.alerts[":alert_id"].acknowledge.$post({
        param: { alert_id },
        json: { started_at, ...because({ reason }) },
      }),
    ),
  sendAgain: (item: UnsentItem, reason?: string): Promise<unknown> =>
    item.kind === "edit"
      ? ok(
          store.pushes[":push_id"].retry.$post({
            param: { location_id: item.location_id, push_id: item.push.push_id },
            json: because({ reason }),
          }),
        )
      : ok(
          letters[":dead_letter_id"].replay.$post({
            param: { dead_letter_id: item.letter.dead_letter_id },
            json: because({ reason }),
          }),
        ),
  deleteMessage: (dead_letter_id: string, reason?: string) =>
    ok(letters[":dead_letter_id"].$delete({ param: { dead_letter_id }, query: because({ reason }) })),
};

/** One failed message with its content; lists have none. */
export function useMessage(dead_letter_id: string) {
  return useSWR(["message", dead_letter_id], () => ok(letters[":dead_letter_id"].$get({ param: { dead_letter_id } })));
}

const resolved = (location_id: string, kind: Review["kind"], page: { limit: number; cursor?: string }) =>
  ok(store.reviews.$get({ param: { location_id }, query: { state: "resolved", kind, ...page } }));

/** Rows of a page of decisions. */
export const DECIDED_ROWS = 50;

/** One page of what was decided in a store, or (empty) in all, the latest decision first. */
export function useDecided(location_id: string, page: number) {
  const query = {
    state: "decided",
    page,
    limit: DECIDED_ROWS,
    ...(location_id === "" ? {} : { location_id }),
  } as const;
  return useSWR(["reviews", location_id, "decided", page], () => ok(client.v1.inbox.$get({ query })), keepPage);
}

/** A store's decisions of this kind that made several products one. */
export function useMerges(location_id: string, of: "duplicate_sku" | "ambiguous_match") {
  return useSWR(["reviews", location_id, "merges", of], async () => {
    const { data } = await allPages((page) => resolved(location_id, of, page));
    return data.filter(({ action }) => action === "merge");
  });
}

/**
 * Takes a decision back: the products are as before. It waits in the inbox again, unless nobody was asked before: then undoing
 * it decides that the products stay apart.
 */
export function useUndoDecision(location_id: string, done: (isOpen: boolean) => void) {
  const refreshRecords = useRefreshRecords(location_id);
  const refreshInbox = useRefreshInbox();
  return useChange(
    `undo ${location_id}`,
    (review_id: string) => acts.undo(location_id, review_id),
    async ({ state }) => {
      done(state === "open");
      await Promise.all([refreshRecords(), refreshInbox()]);
    },
  );
}
