import { parseAsInteger, parseAsString, useQueryStates } from "nuqs";
import useSWR, { useSWRConfig } from "swr";
import { ok } from "../../../src/client/index.ts";
import { client } from "../client.ts";
import { useMay } from "../session.ts";
import { endIfRefused, keepPage } from "../swr-options.ts";
import { allPages } from "./all-pages.ts";
import { type FleetStore, isUnread, useFleet } from "./fleet.ts";
import { decisionItem, editItem, type InboxItem, inboxOf, messageItem } from "./inbox-items.ts";

/** What a sync changed comes at once while a store's page is open. */
const EVERY_MS = 30_000;
/** Requests at once: more would only queue in the browser. */
const AT_ONCE = 6;
/** Stores whose decisions are read, until a person asks for those of more: a large chain would use up what it may ask in a minute. */
const STORES = 40;

/** All that waits for a person, the worst first. */
export function useInbox() {
  const { data: fleet, error: fleetError } = useFleet();
  const stores = fleet?.data;
  const maySeeMessages = useMay("manager");
  const idsOf = (isAsked: (store: FleetStore) => boolean) =>
    (stores ?? []).filter(isAsked).map((each) => each.location_id);
  const [{ store, upto }, ask] = useQueryStates({ store: parseAsString, upto: parseAsInteger.withDefault(STORES) });
  const deciding = (stores ?? []).filter(({ open_reviews }) => open_reviews !== null && open_reviews > 0);
  // First the store that is looked at, then stock that would become zero.
  const rank = ({ location_id, problem }: FleetStore) =>
    location_id === store ? 0 : problem?.code === "HELD_SNAPSHOT" ? 1 : 2;
  const ranked = [...deciding].sort((a, b) => rank(a) - rank(b));
  const asking = ranked.slice(0, upto).map(({ location_id }) => location_id);
  const left = ranked.slice(upto);
  // Their database is away. To ask each of its stores would use up what all pages together may ask.
  const unknown = idsOf(isUnread);
  const inbox = useSWR(
    stores === undefined ? null : ["inbox", maySeeMessages, upto, asking.join(), unknown.join()],
    () => load(asking, unknown, { maySeeMessages, upto }),
    { ...keepPage, refreshInterval: EVERY_MS },
  );
  return {
    ...inbox,
    error: inbox.error ?? fleetError,
    stores,
    /** Stores whose decisions are not read, how many these are, and how to read those of more. */
    left: {
      stores: left.length,
      decisions: left.reduce((sum, { open_reviews }) => sum + (open_reviews ?? 0), 0),
      more: () => ask({ upto: upto + STORES }, { history: "replace" }),
    },
  };
}

/** Loads the inbox again, and before it the stores: their counters say which of them are asked. */
export function useRefreshInbox(): () => Promise<unknown> {
  const { mutate } = useSWRConfig();
  const again = (...names: string[]) => mutate((key) => Array.isArray(key) && names.includes(String(key[0])));
  return async () => {
    await again("fleet");
    await again("inbox", "reviews");
  };
}

/** What the inbox reads of all stores at once. Edits are asked of the stores whose alerts tell of them. */
type Source = "alerts" | "messages";

export interface Inbox {
  items: InboxItem[];
  /** Stores whose decisions or edits could not all be read: they fail alone. */
  missing: string[];
  /** What could not all be read: it fails alone, too. */
  unread: Source[];
}

async function load(
  asking: readonly string[],
  unknown: readonly string[],
  { maySeeMessages, upto }: { maySeeMessages: boolean; upto: number },
): Promise<Inbox> {
  const unread = new Map<Source, unknown>();
  const alone = async <T>(source: Source, read: Promise<{ data: T[]; isWhole: boolean }>): Promise<T[]> => {
    try {
      const { data, isWhole } = await read;
      if (!isWhole) unread.set(source, null);
      return data;
    } catch (error) {
      endIfRefused(error);
      unread.set(source, error);
      return [];
    }
  };
  const [alerts, letters, reviews] = await Promise.all([
    alone(
      "alerts",
      allPages((page) => ok(client.v1.alerts.$get({ query: { state: "firing", ...page } }))),
    ),
    maySeeMessages
      ? alone(
          "messages",
          allPages((query) => ok(client.v1["dead-letters"].$get({ query }))),
        )
      : [],
    ofEach(asking, openReviews),
  ]);
  const parked = alerts.filter(({ rule }) => rule === "push_parked").map(({ location_id }) => location_id);
  // The alerts of the others are listed in the place of their edits.
  const edits = await ofEach([...new Set(parked)].slice(0, upto), parkedEdits);
  const items = inboxOf([...reviews.found, ...edits.found, ...letters.map(messageItem)], alerts);
  const missing = [...new Set([...reviews.missing, ...edits.missing, ...unknown])];
  // Nothing answers: what was shown before stays.
  const reason = unread.get("alerts") ?? unread.get("messages");
  if (reason && items.length === 0 && missing.length === asking.length + unknown.length) throw reason;
  return { items, missing, unread: [...unread.keys()] };
}

function openReviews(location_id: string) {
  const { reviews } = client.v1.locations[":location_id"];
  return allPages(async (page) => {
    const { data, next_cursor } = await ok(reviews.$get({ param: { location_id }, query: { state: "open", ...page } }));
    return { data: data.map((review) => decisionItem(location_id, review)), next_cursor };
  });
}

function parkedEdits(location_id: string) {
  const { pushes } = client.v1.locations[":location_id"];
  return allPages(async (page) => {
    const { data, next_cursor } = await ok(
      pushes.$get({ param: { location_id }, query: { state: "parked", ...page } }),
    );
    return { data: data.map((push) => editItem(location_id, push)), next_cursor };
  });
}

async function ofEach<T>(ids: readonly string[], ask: (id: string) => Promise<{ data: T[]; isWhole: boolean }>) {
  const waiting = [...ids];
  const found: T[] = [];
  const missing: string[] = [];
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        const { data, isWhole } = await ask(id);
        found.push(...data);
        if (!isWhole) missing.push(id);
      } catch (error) {
        endIfRefused(error);
        missing.push(id);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { found, missing };
}

export const storeOf = (stores: readonly FleetStore[] | undefined, id: string): FleetStore | undefined =>
  stores?.find(({ location_id }) => location_id === id);
