import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { notifyDue } from "../../../src/alerts/notify.ts";
import { MESSAGE_VERSION } from "../../../src/contract/messages.ts";
import { accountsDb } from "../../../src/db/databases.ts";
import { alertChannels, alerts } from "../../../src/db/schema/accounts.ts";
import { locationStub } from "../../../src/location/stub.ts";
import { startStore } from "../../../src/pipeline/chores/start-store.ts";
import { tick } from "../../../src/pipeline/chores/tick.ts";
import { resealStores } from "../../../src/pipeline/sealing/reseal.ts";
import { eachAlone, inTime } from "../../../src/platform/alone.ts";
import { seedStore } from "../api/support.ts";
import { rows } from "../databases.ts";
import { deliver, SYNC, WEBHOOKS } from "../faults/support.ts";

const NOW = Date.now();

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => void vi.restoreAllMocks());

/** The bindings with a Location that does this in place of its own work, for one store. */
function withLocation(location_id: string, methods: Record<string, () => unknown>): Env {
  const LOCATION = new Proxy(env.LOCATION, {
    get(target, key) {
      if (key === "get")
        return (id: DurableObjectId) => (id.equals(target.idFromName(location_id)) ? methods : target.get(id));
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const still = { send: async () => {}, sendBatch: async () => {} };
  const queues = { SYNC: still, IMPORTS: still, SLOW: still, CHORES: still, ALERTS: still };
  return { ...env, LOCATION, ...queues } as unknown as Env;
}

const broken = () => Promise.reject(new Error("this store's Location is broken"));
const hangs = () => new Promise<never>(() => {});

it.each<[string, () => unknown]>([
  ["throws", broken],
  [
    "throws at once",
    () => {
      throw new Error("no such method");
    },
  ],
  ["never answers", hangs],
])("F83: a store whose Location %s keeps no message in the queue, and cron calls it again", async (_, does) => {
  const hostile = (await seedStore({ next_sync_at: NOW - 9, wake_at: NOW - 9 })).row.location_id;
  const healthy = (await seedStore({ next_sync_at: NOW - 1 })).row.location_id;
  const given = withLocation(hostile, { tick: does });
  const start = (location_id: string) => ({ kind: "start", v: MESSAGE_VERSION, location_id, at: NOW }) as const;
  expect(await deliver(SYNC, [start(hostile), start(healthy)], given)).toEqual(["ack", "ack"]);
  expect(await startStore(given, start(hostile))).toBeNull();
  const [row] = await rows<{ wake_at: number }>("select wake_at from locations where location_id = ?", hostile);
  expect(row?.wake_at).toBeGreaterThanOrEqual(NOW + 15 * 60_000);
  expect(await locationStub(env, healthy).currentRun()).toMatchObject({ mode: "initial" });
});

it.each<[string, () => unknown]>([
  ["throws", broken],
  ["never answers", hangs],
])("F83: webhooks of other stores are applied if one store's Location %s", async (_, does) => {
  const [hostile, healthy] = [(await seedStore()).row.location_id, (await seedStore()).row.location_id];
  const event = (location_id: string) => ({
    location_id,
    event_id: "evt_1",
    received_at: NOW,
    body: { type: "inventory.updated", data: { inventoryId: 7, productId: 8, quantityAvailable: 3, room: "Vault" } },
  });
  const given = withLocation(hostile, { receive: does });
  expect(await deliver(WEBHOOKS, [event(hostile), event(healthy), event(hostile)], given)).toEqual([
    "retry",
    "ack",
    "retry",
  ]);
  expect(await rows("select quantity from inventory where location_id = ?", healthy)).toEqual([{ quantity: 3 }]);
});

it("F83: the rows of a batch's stores are read together, and one that cannot be read stops only its store", async () => {
  const ids = [(await seedStore()).row.location_id, (await seedStore()).row.location_id];
  const event = (location_id: string, event_id: string) => ({
    location_id,
    event_id,
    received_at: NOW,
    body: { type: "inventory.updated", data: { inventoryId: 7, productId: 8, quantityAvailable: 4, room: "Vault" } },
  });
  const prepare = vi.spyOn(env.DB, "prepare");
  const given = { ...env, DB: env.DB };
  const all = ids.map((location_id) => event(location_id, "evt_1"));
  expect(await deliver(WEBHOOKS, [...all, ...all], given)).toEqual(["ack", "ack", "ack", "ack"]);
  expect(prepare.mock.calls.filter(([query]) => query.includes('from "locations"'))).toHaveLength(1);
  prepare.mockRestore();
  const [hostile = "", healthy = ""] = ids;
  await env.DB.prepare("update locations set settings = '{' where location_id = ?").bind(hostile).run();
  const [first, second] = [event(hostile, "evt_2"), event(healthy, "evt_2")];
  expect(await deliver(WEBHOOKS, [first, second], given)).toEqual(["retry", "ack"]);
  await env.DB.prepare("delete from locations where location_id = ?").bind(hostile).run();
  expect(await deliver(WEBHOOKS, [first, second], given)).toEqual(["ack", "ack"]);
});

const alertOf = (location_id: string, retailer_id: string) => ({
  location_id,
  alert_id: `alt_${location_id}`,
  retailer_id,
  rule: "stale" as const,
  state: "firing" as const,
  severity: "warning" as const,
  message: "Old",
  started_at: NOW - 600_000,
  notice_at: NOW - 600_000,
});

it.each<[string, string]>([
  ["an alert that cannot be read", "update alerts set last_notice = '{' where retailer_id = 'hostile'"],
  ["a channel that cannot be read", "update alert_channels set rules = '[' where retailer_id = 'hostile'"],
])("F83: %s does not stop notices to other retailers", async (_, spoil) => {
  const db = accountsDb(env);
  for (const retailer_id of ["hostile", "healthy"]) {
    const { location_id } = (await seedStore({ retailer_id })).row;
    await db.insert(alerts).values(alertOf(location_id, retailer_id));
  }
  for (const retailer_id of ["hostile", "healthy"]) {
    const channel = { channel_id: `ch_${retailer_id}`, retailer_id, kind: "slack" as const, sealed: "k.x" };
    const more = { target_hint: "x", enabled: true, position: 0, created_at: NOW };
    await db.insert(alertChannels).values({ ...channel, ...more });
  }
  await env.DB.prepare(spoil).run();
  const notified: string[] = [];
  const sendBatch = async (batch: { body: { channel_id: string } }[]) =>
    void notified.push(...batch.map(({ body }) => body.channel_id));
  await notifyDue({ ...env, ALERTS: { sendBatch } } as unknown as Env, NOW);
  expect(notified).toEqual(["ch_healthy"]);
  await env.DB.prepare("delete from alerts").run();
  await env.DB.prepare("delete from alert_channels").run();
});

it.each<[string, string]>([
  ["credentials that are no envelope", "update locations set credentials = 'rubbish' where location_id = ?"],
  ["webhook secrets that are no JSON", "update locations set webhook_secrets = '[{' where location_id = ?"],
  ["settings that are no JSON", "update locations set settings = '', credentials = 'test0.x' where location_id = ?"],
])("F83: sealing again continues beside a store with %s", async (_, spoil) => {
  const hostile = (await seedStore({ location_id: "loc_0" })).row.location_id;
  const healthy = (await seedStore({ location_id: "loc_1" })).row.location_id;
  await env.DB.prepare(
    "update locations set credentials = replace(credentials, 'test1', 'test0') where location_id = ?",
  )
    .bind(healthy)
    .run();
  await env.DB.prepare(spoil).bind(hostile).run();
  const step = await resealStores(env, null, null);
  expect(step.unopened).toContain(hostile);
  await env.DB.prepare("delete from locations").run();
});

it("F83: a chore that fails stops no other chore", async () => {
  const healthy = (await seedStore({ next_sync_at: NOW - 1 })).row.location_id;
  const DB = new Proxy(env.DB, {
    get(target, key) {
      if (key === "prepare") {
        return (query: string) => {
          if (query.includes("alert")) throw new Error("no alerts today");
          return target.prepare(query);
        };
      }
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const sent: unknown[] = [];
  const SYNC = { sendBatch: async (messages: { body: unknown }[]) => void sent.push(...messages.map((m) => m.body)) };
  const CHORES = { sendBatch: async () => {} };
  await tick({ ...env, DB, SYNC, CHORES } as unknown as Env, "by hand", NOW);
  expect(sent).toContainEqual({ kind: "start", v: MESSAGE_VERSION, location_id: healthy, at: NOW });
});

it("F83: a result within the time is passed on as it is", async () => {
  expect(await inTime(Promise.resolve(7), 1_000)).toBe(7);
  await expect(inTime(Promise.reject(new Error("its own")), 1_000)).rejects.toThrow("its own");
  await expect(inTime(hangs(), 5)).rejects.toThrow("no answer within 5 ms");
});

it("F83: of several calls, one that throws, hangs or cannot be logged stops no other", async () => {
  const done: number[] = [];
  const task = async (n: number) => {
    if (n % 3 === 0) throw new Error("broken");
    if (n % 3 === 1) await hangs();
    done.push(n);
  };
  await eachAlone([0, 1, 2, 3, 4, 5, 6, 7, 8], { at_once: 2, within_ms: 20 }, task, broken);
  expect(done).toEqual([2, 5, 8]);
});
