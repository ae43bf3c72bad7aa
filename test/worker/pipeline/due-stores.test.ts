import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { MESSAGE_VERSION } from "../../../src/contract/messages.ts";
import type { Settings } from "../../../src/domain/records/model.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { sendDueStores } from "../../../src/pipeline/chores/due-stores.ts";
import { seedStore } from "../api/support.ts";
import { rows } from "../databases.ts";
import { deliver, SYNC } from "../faults/support.ts";

const NOW = Date.now();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAILY: Settings = { ...DEFAULT_SETTINGS, frequency: "daily" };

beforeEach(() => env.DB.prepare("delete from locations").run());

async function store(given: Parameters<typeof seedStore>[0]): Promise<string> {
  const { row } = await seedStore(given);
  return row.location_id;
}

/** The bindings with a queue that keeps what is sent, batch by batch, and a D1 that counts its queries. */
function counting() {
  const batches: { kind: string; location_id: string }[][] = [];
  const counted = { queries: 0 };
  const SYNC_SPY = {
    sendBatch: async (messages: { body: { kind: string; location_id: string } }[]) =>
      void batches.push(messages.map(({ body }) => body)),
  };
  const DB = new Proxy(env.DB, {
    get(target, key) {
      if (key === "prepare") {
        return (query: string) => {
          counted.queries++;
          return target.prepare(query);
        };
      }
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { env: { ...env, SYNC: SYNC_SPY, DB } as unknown as Env, batches, counted };
}

const idsOf = (batches: { location_id: string }[][]) => batches.flat().map(({ location_id }) => location_id);

/** So many stores that are due, without a Location of their own yet. */
async function manyDue(count: number): Promise<void> {
  const id = await store({ wake_at: NOW - 1 });
  const columns = await env.DB.prepare("select name from pragma_table_info('locations')").all<{ name: string }>();
  const names = columns.results.map(({ name }) => name);
  const values = names.map((name) => (name === "location_id" ? "'loc_many_' || i.n" : name)).join(", ");
  await env.DB.prepare(
    `insert into locations (${names.join(", ")}) select ${values}
     from locations, (with recursive i(n) as (select 2 union all select n + 1 from i where n < ${count}) select n from i) i
     where location_id = ?`,
  )
    .bind(id)
    .run();
}

it("F58: cron sends for what is due, a store that never synced too, and for nothing else", async () => {
  const due = await store({ wake_at: NOW - 1 });
  const fresh = await store({ state: "never_synced", created_at: NOW - 1 });
  await store({ wake_at: NOW + HOUR });
  await store({ wake_at: NOW + DAY, settings: DAILY });
  await store({ wake_at: null });
  await store({ wake_at: NOW - 1, deleted_at: NOW - 1, state: "disconnected" });
  const { env: given, batches } = counting();
  expect(await sendDueStores(given, NOW)).toBe(2);
  expect(batches.flat()).toEqual([
    { kind: "start", v: MESSAGE_VERSION, location_id: fresh, at: NOW },
    { kind: "start", v: MESSAGE_VERSION, location_id: due, at: NOW },
  ]);
});

it("F36: cron sends for a store that would wait longer than any store: its clock was ahead", async () => {
  const overslept = await store({ wake_at: NOW + 2 * HOUR });
  const daily = await store({ wake_at: NOW + 30 * HOUR, settings: DAILY });
  const { env: given, batches } = counting();
  expect(await sendDueStores(given, NOW)).toBe(2);
  expect(new Set(idsOf(batches))).toEqual(new Set([overslept, daily]));
});

it("a store that reads nothing is called when it says: an alert's next notice may be hours away", async () => {
  const none = { ...DEFAULT_SETTINGS.data_types, products: false, inventory: false, sales: false };
  await store({ wake_at: NOW + 6 * HOUR, settings: { ...DEFAULT_SETTINGS, data_types: none } });
  const { env: given } = counting();
  expect(await sendDueStores(given, NOW)).toBe(0);
});

it("two thousand stores take a few queries, twenty batches, and one message each; the next tick sends none of them again", async () => {
  await manyDue(2_000);
  const { env: given, batches, counted } = counting();
  expect(await sendDueStores(given, NOW)).toBe(2_000);
  expect(counted.queries).toBeLessThanOrEqual(10);
  expect(batches.map((batch) => batch.length)).toEqual(Array.from({ length: 20 }, () => 100));
  expect(new Set(idsOf(batches)).size).toBe(2_000);
  expect(await sendDueStores(given, NOW + 5 * 60_000)).toBe(0);
  // A message that got lost is sent again after an hour.
  expect(await sendDueStores(given, NOW + 61 * 60_000)).toBe(2_000);
});

it("a store that was served before its page was marked keeps its own time", async () => {
  const id = await store({ wake_at: NOW - 1 });
  const served = NOW + 7 * 60_000;
  const { env: given } = counting();
  const quick = {
    sendBatch: async () => void (await env.DB.prepare("update locations set wake_at = ?").bind(served).run()),
  };
  await sendDueStores({ ...given, SYNC: quick } as unknown as Env, NOW);
  expect(await rows("select wake_at from locations where location_id = ?", id)).toEqual([{ wake_at: served }]);
});

it("a queue that is away leaves what is due to the next tick", async () => {
  await store({ wake_at: NOW - 1 });
  const { env: given } = counting();
  const away = { sendBatch: () => Promise.reject(new Error("Queue send failed")) };
  await expect(sendDueStores({ ...given, SYNC: away } as unknown as Env, NOW)).rejects.toThrow("Queue send failed");
  expect(await sendDueStores(given, NOW)).toBe(1);
});

it("F58: a message starts what is due by the store's own state, and a second one starts nothing", async () => {
  const night = await store({ next_sync_at: NOW - 1, next_full_at: NOW - 1 });
  const message = { kind: "start", location_id: night, at: NOW };
  const runs = () => rows("select mode from runs where location_id = ?", night);
  expect(await deliver(SYNC, [message])).toEqual(["ack"]);
  expect(await runs()).toEqual([{ mode: "initial" }]);
  expect(await deliver(SYNC, [message, message])).toEqual(["ack", "ack"]);
  expect(await runs()).toEqual([{ mode: "initial" }]);
});
