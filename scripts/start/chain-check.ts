import { setTimeout as pause } from "node:timers/promises";
import type { Api } from "../support/api.ts";
import { CHAIN, type Role } from "./chain-stores.ts";

/** A store in the list of all stores. */
interface Listed {
  location_id: string;
  name: string;
  health: string;
  activity: string;
  problem: { code: string } | null;
  accuracy: { value: number } | null;
}

interface Item {
  kind: string;
  location_id: string;
}

/** Longer than the minute after which a store of the chain is out of date, and than a run that tries a dead host. */
const WITHIN_MS = 120_000;
const ASK_EVERY_MS = 2_000;

/** Waits until each store is in its state, and prints them. False: some are not, and the list says which. */
export async function checkChain(api: Api): Promise<boolean> {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const lines = await compare(api);
    const isRight = lines.every((line) => line.isRight);
    if (isRight || Date.now() > deadline) {
      for (const { isRight, text } of lines) console.log(`${isRight ? "  " : "✗ "}${text}`);
      return isRight;
    }
    await pause(ASK_EVERY_MS);
  }
}

async function compare(api: Api): Promise<{ isRight: boolean; text: string }[]> {
  const [connected, disconnected, inbox] = await Promise.all([
    api.get<{ data: Listed[] }>("/v1/status"),
    api.get<{ data: Listed[] }>("/v1/status?health=disconnected"),
    api.get<{ data: Item[] }>("/v1/inbox?page=1&limit=500"),
  ]);
  const stores = [...connected.data, ...disconnected.data];
  const live = await appliedWebhooks(api, stores);
  return CHAIN.map((role) => {
    const store = stores.find(({ name }) => name === role.name);
    const items = inbox.data.filter(({ location_id }) => location_id === store?.location_id);
    const isRight = store !== undefined && isAsExpected(role, { store, items, isLive: live.has(store.location_id) });
    const state = store === undefined ? "not listed" : stateOf(store);
    const waiting = items.length === 0 ? "" : `, ${items.length} in the inbox`;
    return { isRight, text: `${role.name.padEnd(14)}${role.about}\n${" ".repeat(16)}${state}${waiting}` };
  });
}

async function appliedWebhooks(api: Api, stores: readonly Listed[]): Promise<Set<string>> {
  const atWork = CHAIN.flatMap(({ is_live, name }) => (is_live ? [name] : []));
  const asked = stores.filter(({ name }) => atWork.includes(name));
  const found = await Promise.all(
    asked.map(async ({ location_id }) => {
      const path = `/v1/locations/${location_id}/events?outcome=applied&limit=1`;
      return (await api.get<{ data: object[] }>(path)).data.length > 0 ? [location_id] : [];
    }),
  );
  return new Set(found.flat());
}

/** Stores at work have applied a webhook, and all of their records are equal to Dutchie's. */
function isAsExpected(
  { expected, inbox = {}, is_live = false }: Role,
  { store, items, isLive }: { store: Listed; items: readonly Item[]; isLive: boolean },
): boolean {
  const { health, activity, code } = expected;
  const count = (kind: string) => items.filter((item) => item.kind === kind).length;
  return (
    store.health === health &&
    store.activity === activity &&
    (store.problem?.code ?? null) === code &&
    (!is_live || (isLive && store.accuracy?.value === 1)) &&
    Object.entries(inbox).every(([kind, n]) => count(kind) >= n)
  );
}

const stateOf = ({ health, activity, problem }: Listed): string =>
  [health, ...(activity === "idle" ? [] : [activity]), ...(problem === null ? [] : [problem.code])].join(", ");
