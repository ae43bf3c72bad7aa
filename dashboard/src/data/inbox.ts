import useSWR, { useSWRConfig } from "swr";
import { type Alert, type DeadLetter, ok, type Push, type Review } from "../../../src/client/index.ts";
import { client } from "../client.ts";
import { useMay } from "../session.ts";
import { endIfRefused } from "../swr-options.ts";
import { type FleetStore, useFleet } from "./fleet.ts";

/** Something that waits for a person, of any store. */
export type InboxItem = { item_id: string; location_id: string; since: string; value_at_stake: number | null } & (
  | { kind: "alert"; alert: Alert }
  | { kind: "decision"; review: Review }
  | { kind: "message"; letter: DeadLetter }
  | { kind: "edit"; push: Push }
);
export const INBOX_KINDS = ["decision", "alert", "message", "edit"] as const;
export type InboxKind = (typeof INBOX_KINDS)[number];

/** What a sync changed comes at once while a store's page is open. */
const EVERY_MS = 30_000;
/** Requests at once: more would only queue in the browser. */
const AT_ONCE = 6;
/** Of one list. Nobody decides more before the list is loaded again. */
const PAGE = 200;

/** The rule whose alert an item replaces: it says more, and has the buttons. */
function ruleToldBy(item: InboxItem): string | null {
  if (item.kind === "decision") return item.review.kind === "held_snapshot" ? "held_snapshot" : null;
  return item.kind === "message" ? "dead_letter" : "push_parked";
}

/** All that waits for a person, the worst first. */
export function useInbox() {
  const { data: stores, error: fleetError } = useFleet();
  const maySeeMessages = useMay("manager");
  const asking = stores?.filter(({ open_reviews }) => (open_reviews ?? 1) > 0).map(({ location_id }) => location_id);
  const inbox = useSWR(
    stores === undefined ? null : ["inbox", maySeeMessages, (asking ?? []).join()],
    () => load(asking ?? [], maySeeMessages),
    { refreshInterval: EVERY_MS },
  );
  return { ...inbox, error: inbox.error ?? fleetError, stores };
}

/** Loads the inbox again, and the stores, whose counters it changed. */
export function useRefreshInbox(): () => Promise<unknown> {
  const { mutate } = useSWRConfig();
  return () => mutate((key) => Array.isArray(key) && ["inbox", "fleet", "reviews"].includes(String(key[0])));
}

export interface Inbox {
  items: InboxItem[];
  /** Stores whose decisions or edits could not be read: they fail alone. */
  missing: string[];
}

async function load(asking: readonly string[], maySeeMessages: boolean): Promise<Inbox> {
  const [alerts, letters, reviews] = await Promise.all([
    ok(client.v1.alerts.$get({ query: { state: "firing", limit: PAGE } })),
    maySeeMessages ? ok(client.v1["dead-letters"].$get({ query: { limit: PAGE } })) : { data: [] },
    ofEach(asking, openReviews),
  ]);
  const parked = alerts.data.filter(({ rule }) => rule === "push_parked").map(({ location_id }) => location_id);
  const edits = await ofEach([...new Set(parked)], parkedEdits);
  const items: InboxItem[] = [...reviews.found, ...edits.found, ...letters.data.map(messageItem)];
  const told = new Set(items.map((item) => `${ruleToldBy(item)} ${item.location_id}`));
  const untold = alerts.data.filter(
    ({ rule, location_id, acknowledged_at }) => acknowledged_at === null && !told.has(`${rule} ${location_id}`),
  );
  const missing = [...new Set([...reviews.missing, ...edits.missing])];
  return { items: worstFirst([...items, ...untold.map(alertItem)]), missing };
}

async function openReviews(location_id: string): Promise<InboxItem[]> {
  const { reviews } = client.v1.locations[":location_id"];
  const { data } = await ok(reviews.$get({ param: { location_id }, query: { state: "open", limit: PAGE } }));
  return data.map((review) => ({
    kind: "decision",
    item_id: `${location_id}:${review.review_id}`,
    location_id,
    since: review.opened_at,
    value_at_stake: review.value_at_stake,
    review,
  }));
}

async function parkedEdits(location_id: string): Promise<InboxItem[]> {
  const { pushes } = client.v1.locations[":location_id"];
  const { data } = await ok(pushes.$get({ param: { location_id }, query: { state: "parked", limit: PAGE } }));
  return data.map((push) => ({
    kind: "edit",
    item_id: `${location_id}:${push.push_id}`,
    location_id,
    since: push.created_at,
    value_at_stake: null,
    push,
  }));
}

const messageItem = (letter: DeadLetter): InboxItem => ({
  kind: "message",
  item_id: letter.dead_letter_id,
  location_id: letter.location_id,
  since: letter.at,
  value_at_stake: null,
  letter,
});

const alertItem = (alert: Alert): InboxItem => ({
  kind: "alert",
  item_id: alert.alert_id,
  location_id: alert.location_id,
  since: alert.started_at,
  value_at_stake: null,
  alert,
});

/** Stock that would become zero before all, then what is critical; what has mended itself comes last. */
function rankOf(item: InboxItem): number {
  switch (item.kind) {
    case "decision":
      return item.review.kind === "held_snapshot" ? 0 : 3;
    case "alert":
      return item.alert.severity === "critical" ? 1 : 2;
    case "edit":
      return 2;
    case "message":
      return item.letter.healed_at === null ? 2 : 4;
  }
}

function worstFirst(items: readonly InboxItem[]): InboxItem[] {
  const value = ({ value_at_stake }: InboxItem) => value_at_stake ?? 0;
  return [...items].sort(
    (a, b) =>
      rankOf(a) - rankOf(b) ||
      value(b) - value(a) ||
      Date.parse(a.since) - Date.parse(b.since) ||
      (a.item_id < b.item_id ? -1 : 1),
  );
}

async function ofEach<T>(ids: readonly string[], ask: (id: string) => Promise<T[]>) {
  const waiting = [...ids];
  const found: T[] = [];
  const missing: string[] = [];
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        found.push(...(await ask(id)));
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
