import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { accountsDb } from "../../../src/db/databases.ts";
import { findLocation, updateLocation } from "../../../src/db/locations.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { Meter } from "../../../src/dutchie/http/meter.ts";
import { sendDueStores } from "../../../src/pipeline/chores/due-stores.ts";
import { clientOf, openConnection } from "../../../src/pipeline/reading/connection.ts";
import { rows } from "../databases.ts";
import { deliver, Rig, recordsOf, SYNC, truthOf, WEBHOOKS } from "../faults/support.ts";
import { alarm, answering, emptyEnd, firing, HOUR, json, later, MINUTE, page, tick } from "./support.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Delivers the message that is queued; when it was due, ms from now. */
async function next(rig: Rig): Promise<number> {
  const message = rig.queue.shift();
  if (message === undefined) throw new Error("Nothing is queued.");
  const wait = message.due - Date.now();
  if (wait > 0) later(wait);
  expect(await deliver(SYNC, [message.body], rig.env)).toEqual(["ack"]);
  return wait;
}

/** Delivers queued messages until only steps with a long rate limit are left. */
async function untilItWaits(rig: Rig): Promise<number> {
  for (let deliveries = 0; deliveries < 20; deliveries++) {
    const run = await rig.location.currentRun();
    const wait = Date.parse(run?.waiting_until ?? "") - Date.now();
    if (run?.state === "waiting" && wait > MINUTE) return wait;
    await next(rig);
  }
  throw new Error("It does not wait.");
}

it.each(["0", "-1", "0.001", "Thu, 01 Jan 1970 00:00:00 GMT", "soon"])(
  "F41: eight rate limits with Retry-After %s are not eight requests in four seconds",
  async (header) => {
    const rig = await Rig.open();
    answering(rig, (path) => (path === "/room/rooms" ? json({}, 429, { "retry-after": header }) : null));
    await rig.start("full");
    const start = Date.now();
    for (let wall = 0; wall < 8; wall++) await next(rig);
    expect(Date.now() - start).toBeGreaterThan(30_000);
  },
);

it.each(["86400", "999999999", "99999999999999999", "Thu, 31 Dec 2099 23:59:59 GMT"])(
  "F41: Retry-After %s makes a run wait an hour at most, and a person can start it at once",
  async (header) => {
    const rig = await Rig.open();
    let isLimited = true;
    answering(rig, (path) =>
      isLimited && path === "/reporting/products" ? json({}, 429, { "retry-after": header }) : null,
    );
    const first = await rig.start("full");
    const wait = await untilItWaits(rig);
    // The others were read meanwhile: their requests count against the same minute's limit.
    expect(wait).toBeLessThanOrEqual(HOUR);
    expect(wait).toBeGreaterThan(HOUR - 3 * MINUTE);
    // Cron does not disturb it, a person does: at once, though the budget of these endpoints was closed.
    expect(await rig.location.startRun({ mode: "full", trigger: "schedule", heal: false })).toMatchObject({
      ok: false,
    });
    isLimited = false;
    const [waiting] = rig.queue.splice(0);
    const second = await rig.start("full");
    expect(second.ok).toBe(true);
    await rig.drain();
    const { last_run } = await rig.status();
    expect(last_run?.state).toBe("completed");
    expect(last_run?.duration_ms).toBeLessThan(MINUTE);
    // The message of the one that waited comes in its time, and finds nothing to do.
    later(HOUR);
    expect(await deliver(SYNC, [waiting?.body], rig.env)).toEqual(["ack"]);
    const id = first.ok ? first.run.run_id : "";
    const [ended] = await rows<{ state: string; document: string }>(
      "select state, document from runs where run_id = ?",
      id,
    );
    expect(ended?.state).toBe("cancelled");
    expect(JSON.parse(ended?.document ?? "{}").error).toMatchObject({
      code: "SUPERSEDED",
      message: "The sync waited for Dutchie when somebody started another one",
    });
    expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
  },
);

it.each(["products", "inventory", "transactions"])(
  "F41: a rate limit at %s that lasts for hours stops no other data type",
  async (limited) => {
    const rig = await Rig.open();
    await rig.start("initial");
    await rig.drain();
    let isLimited = true;
    const asked = answering(rig, (path) =>
      isLimited && path === `/reporting/${limited}` ? json({}, 429, { "retry-after": "86400" }) : null,
    );
    const others = ["products", "inventory", "transactions"].filter((each) => each !== limited);
    const polls = { [limited]: 0 } as Record<string, number>;
    for (let ticks = 0; ticks < 12; ticks++) {
      later(16 * MINUTE);
      asked.length = 0;
      await sendDueStores(rig.env, Date.now());
      // What falls due within this quarter of an hour; what waits longer stays queued.
      const end = Date.now() + 10 * MINUTE;
      for (let at = rig.queue.findIndex(({ due }) => due <= end); at !== -1; ) {
        const [message] = rig.queue.splice(at, 1);
        if (message !== undefined && message.due > Date.now()) vi.setSystemTime(message.due);
        await deliver(SYNC, [message?.body], rig.env);
        at = rig.queue.findIndex(({ due }) => due <= end);
      }
      for (const each of [...others, limited]) {
        polls[each] = (polls[each] ?? 0) + (asked.includes(`/reporting/${each}`) ? 1 : 0);
      }
    }
    for (const each of others) expect(polls[each], each).toBeGreaterThan(9);
    expect(polls[limited]).toBeLessThan(8);
    const { data_types } = await rig.status();
    const type = limited === "transactions" ? "sales" : limited;
    expect(data_types[type as "sales"]?.error?.code).toBe("RATE_LIMITED");
    isLimited = false;
    later(HOUR);
    await tick(rig);
    later(16 * MINUTE);
    await tick(rig);
    expect(await rig.status()).toMatchObject({ state: "idle", last_error: null });
    expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
  },
);

it("F41: a run that really reads is not replaced", async () => {
  const rig = await Rig.open();
  const first = await rig.start("full");
  const second = await rig.start("full");
  expect(second).toEqual({ ok: false, reason: "running", run_id: first.ok && first.run.run_id });
  expect(await rig.location.rebuild()).toMatchObject({ ok: false, reason: "running" });
});

it("F41: a run that only waits raises alerts for its length and for stale data, by the timer alone and by cron alone", async () => {
  for (const call of [alarm, (rig: Rig) => rig.location.tick(0)]) {
    const rig = await Rig.open();
    const alerts = { ...DEFAULT_SETTINGS.alerts, max_duration_seconds: 600 };
    await updateLocation(accountsDb(env), rig.id, { settings: { ...DEFAULT_SETTINGS, alerts } });
    await rig.start("initial");
    await rig.drain();
    answering(rig, (path) => (path === "/reporting/products" ? json({}, 429, { "retry-after": "86400" }) : null));
    await rig.start("incremental");
    await untilItWaits(rig);
    later(11 * MINUTE);
    await call(rig);
    expect(await firing(rig)).toEqual([expect.stringMatching(/^long_duration: .* 1[12] minutes\. It waits: Too many/)]);
    later(54 * MINUTE);
    await call(rig);
    expect((await firing(rig)).map((line) => line.split(":")[0])).toEqual(["long_duration", "stale"]);
    expect((await rig.location.currentRun())?.state).toBe("waiting");
    answering(rig, () => null);
    await rig.drain();
    expect(await firing(rig)).toEqual([]);
  }
});

it.each<[string, () => Response]>([
  ["a web page", page],
  ["{Message, TraceId} with 200", () => json({ Message: "An error has occurred", TraceId: "t" })],
  ['{"Result": false} with 200', () => json({ Result: false, Message: "No" })],
  ["404", () => json({}, 404)],
])("F42: %s in the middle of a run is waited for, twice, and zeroes nothing", async (_, answer) => {
  const rig = await Rig.open();
  await rig.start("initial");
  await rig.drain();
  const before = await recordsOf(rig.id);
  let left = 3;
  answering(rig, (path) => (path === "/reporting/inventory" && left-- > 0 ? answer() : null));
  await rig.start("full");
  await next(rig);
  await next(rig);
  await next(rig);
  expect(await rig.location.currentRun()).toMatchObject({ state: "waiting", deleted: 0 });
  await rig.drain();
  expect((await rig.status()).last_run).toMatchObject({ state: "completed", deleted: 0, error: null });
  expect(await recordsOf(rig.id)).toEqual(before);
});

it("F60: a reader whose headers are late again and again is not declared dead", async () => {
  const rig = await Rig.open();
  await rig.start("full");
  const run = await rig.location.currentRun();
  const begun = await rig.location.beginStep(run?.run_id ?? "", 0);
  if (begun.kind !== "read") throw new Error("The step is free.");
  const location = await findLocation(accountsDb(env), rig.id);
  const connection = location && (await openConnection(rig.env, location));
  if (!connection) throw new Error("The store is connected.");
  const client = clientOf(connection, { stub: rig.location, reader: begun.attempt, meter: new Meter() });
  // /whoami and three pages of the list: each needs 50 s, and the watchdog checks after 90.
  for (let request = 0; request < 5; request++) {
    expect((await client.whoami()).ok).toBe(true);
    later(50_000);
    await alarm(rig);
    expect(await rig.location.applyRows(begun.attempt, Date.now(), { resource: "rooms", rows: [] }, [])).toEqual({
      kind: "ok",
    });
  }
  // Nothing more comes of it: now it is.
  later(200_000);
  await alarm(rig);
  expect((await rig.location.beginStep(run?.run_id ?? "", 0)).kind).toBe("read");
  expect(await rig.location.endStep(begun.attempt, emptyEnd())).toEqual({ kind: "superseded" });
});

it("F64: misses from before the last webhook do not count: no alert after closing time", async () => {
  const rig = await Rig.open();
  await rig.start("initial");
  await rig.drain();
  const packages = [...rig.dutchie.world.packages.values()].filter(({ rooms }) => rooms.length > 0);
  const change = (quantity: number) => {
    for (const { id } of packages.slice(0, 8)) rig.dutchie.setPackage(id, { quantity }, { silent: true });
  };
  const hear = async (id: string) => {
    const item = packages[9];
    const data = { inventoryId: item?.id, productId: item?.productId, quantityAvailable: 3, room: "Vault" };
    await deliver("reup-dutchie-webhooks-development", [
      { location_id: rig.id, event_id: id, received_at: Date.now(), body: { type: "inventory.updated", data } },
    ]);
  };
  const poll = async () => {
    later(10 * MINUTE);
    await rig.start("incremental");
    await rig.drain();
  };
  const silent = async () => (await firing(rig)).filter((line) => line.startsWith("webhooks_silent"));
  await hear("evt_1");
  change(501);
  await poll();
  // The webhooks work: what was missed before this one is no sign of silence, in its hour or not.
  await hear("evt_2");
  for (let polls = 0; polls < 7; polls++) await poll();
  expect(await silent()).toEqual([]);
  // Misses after the last webhook count.
  change(502);
  for (let polls = 0; polls < 7; polls++) await poll();
  expect(await silent()).toEqual([expect.stringMatching(/^webhooks_silent: Syncs found \d+ changes/)]);
  // What we play again ourselves is no sign that webhooks come.
  for (const id of ["evt_1", "evt_2"]) await rig.location.replayEvent(id);
  for (const { body } of rig.queue.splice(0)) await deliver(WEBHOOKS, [body], rig.env);
  await poll();
  expect(await silent()).toHaveLength(1);
  await hear("evt_3");
  await poll();
  expect(await silent()).toEqual([]);
});

it.each([
  ["are hours too old", { occurred_at: () => Date.now() - 3 * HOUR, quantityAvailable: 777 }],
  ["have no quantity", { occurred_at: () => Date.now(), quantityAvailable: null }],
])(
  "webhooks that %s are none: the alert on silence fires while they come, and ends with one that counts",
  async (_why, given) => {
    const rig = await Rig.open();
    await rig.start("initial");
    await rig.drain();
    const [item, ...others] = [...rig.dutchie.world.packages.values()].filter(({ rooms }) => rooms.length > 0);
    const hear = async (id: string, occurred_at: number, quantityAvailable: number | null) => {
      const data = { inventoryId: item?.id, productId: item?.productId, quantityAvailable, room: "Vault" };
      const body = { type: "inventory.updated", occurred_at: new Date(occurred_at).toISOString(), data };
      await deliver(WEBHOOKS, [{ location_id: rig.id, event_id: id, received_at: Date.now(), body }]);
    };
    const poll = async () => {
      later(10 * MINUTE);
      await rig.start("incremental");
      await rig.drain();
    };
    for (let polls = 0; polls < 8; polls++) {
      await hear(`evt_${polls}`, given.occurred_at(), given.quantityAvailable);
      for (const { id } of others.slice(0, 2)) rig.dutchie.setPackage(id, { quantity: 501 + polls }, { silent: true });
      await poll();
    }
    expect(await firing(rig)).toContainEqual(
      expect.stringMatching(
        /^webhooks_silent: Syncs found \d+ changes .* no webhook that ReUp can use has come for \d+ minutes/,
      ),
    );
    await hear("evt_good", Date.now(), 777);
    await poll();
    expect((await firing(rig)).filter((line) => line.startsWith("webhooks_silent"))).toEqual([]);
  },
);

it("F83: while a step or an edit waits in the queue, no second message is sent for it before an hour has passed", async () => {
  const rig = await Rig.open({}, { settings: { ...DEFAULT_SETTINGS, direction: "bidirectional" } });
  await rig.start("initial");
  await rig.drain();
  const product_id = `prd_${[...rig.dutchie.world.products.values()][0]?.id}`;
  expect(await rig.location.editProduct(product_id, { unit_price: 12 }, "ann")).toMatchObject({ ok: true });
  await rig.start("full");
  for (let minute = 0; minute < 55; minute++) {
    later(MINUTE);
    await alarm(rig);
    await sendDueStores(rig.env, Date.now());
  }
  // The queue is far behind. Cron is not needed while the store's own timer works.
  const kinds = () => rig.queue.map(({ body }) => (body as { kind: string }).kind).sort();
  expect(kinds()).toEqual(["push", "step"]);
  later(10 * MINUTE);
  await alarm(rig);
  // As if they were lost.
  expect(kinds()).toEqual(["push", "push", "step", "step"]);
  await rig.drain();
  expect(await rig.status()).toMatchObject({ state: "idle", queue: { pending_pushes: 0 } });
});
