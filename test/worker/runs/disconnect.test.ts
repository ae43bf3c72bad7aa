import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { accountsDb, shardsOf } from "../../../src/db/databases.ts";
import { findLocation, updateLocation } from "../../../src/db/locations.ts";
import { subscriptionFailures } from "../../../src/db/schema/accounts.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import type { Location } from "../../../src/location/location.ts";
import { raiseAlert } from "../../../src/location/status/alerts.ts";
import { forgetCustomers } from "../../../src/pipeline/chores/forget-customers.ts";
import { sweep } from "../../../src/pipeline/chores/sweep.ts";
import { call, token } from "../api/support.ts";
import { rows } from "../databases.ts";
import { Shelf } from "../faults/shelf.ts";
import { deliver, Rig, SYNC } from "../faults/support.ts";
import { PushRig } from "../pushes/support.ts";
import { alarm, emptyEnd, goAndComeBack, later } from "./support.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const both = { settings: { ...DEFAULT_SETTINGS, direction: "bidirectional" as const } };

async function synced(): Promise<Rig> {
  const rig = await Rig.open({}, both);
  await rig.start("initial");
  await rig.drain();
  return rig;
}

const object = (rig: Rig) => env.LOCATION.get(env.LOCATION.idFromName(rig.id));
const timer = (rig: Rig) => runInDurableObject(object(rig), (_, { storage }) => storage.getAlarm());
const other = ({ row }: Rig) => (row.shard === "00" ? "01" : "00");
const product = (rig: Rig) => `prd_${[...rig.dutchie.world.products.values()][0]?.id}`;

/** What makes the store's timer run, beside the alerts that time fires. */
const DUE: [string, (rig: Rig) => Promise<unknown>][] = [
  ["only alerts are due", async () => {}],
  ["a run waits for its reader", (rig) => rig.start("full")],
  ["an edit waits to be sent", (rig) => rig.location.editProduct(product(rig), { unit_price: 3 }, "ann")],
  ["its records move", (rig) => rig.location.startMove(other(rig))],
];

describe("the timer of a disconnected store stands still", () => {
  it.each(DUE)("at once, and also after a late call and a new instance: %s", async (_, begin) => {
    const rig = await synced();
    await begin(rig);
    expect(await timer(rig)).not.toBeNull();
    const removed = await call("DELETE", `/v1/locations/${rig.id}`, { token: await token(), env: rig.env });
    expect(removed.status).toBe(204);
    expect(await timer(rig)).toBeNull();
    await rig.location.tick(Date.now());
    expect(await timer(rig)).toBeNull();
    await evictDurableObject(object(rig));
    await rig.location.changedOutside();
    expect(await timer(rig)).toBeNull();
  });

  it.each(DUE)("after it has fired once, if nobody told the store: %s", async (_, begin) => {
    const rig = await synced();
    await begin(rig);
    await updateLocation(accountsDb(env), rig.id, { deleted_at: Date.now() });
    expect(await alarm(rig)).toBe(true);
    expect(await timer(rig)).toBeNull();
    expect(await rig.location.currentRun()).toBeNull();
    expect(await rig.location.currentMove()).toBeNull();
  });
});

/** Disconnects the store while this goes on in its Location. Both have ended then. */
async function disconnectDuring(rig: Rig, task: (location: Location) => Promise<unknown>): Promise<void> {
  await runInDurableObject(object(rig), async (location: Location) => {
    const underWay = task(location);
    await updateLocation(accountsDb(env), rig.id, { deleted_at: Date.now() });
    const told = location.disconnect();
    await Promise.all([underWay, told]);
  });
  expect(await rig.location.currentRun()).toBeNull();
  expect(await rig.location.currentMove()).toBeNull();
  expect(await timer(rig)).toBeNull();
}

/** Purges the store, whose Location says that it is disconnected, and expects that no row is left. */
async function purge(rig: Rig): Promise<void> {
  rig.queue.splice(0);
  await rig.env.CHORES.send({ kind: "purge", location_id: rig.id });
  for (let next = rig.queue.shift(); next !== undefined; next = rig.queue.shift()) {
    expect(await deliver(SYNC, [next.body], rig.env)).toEqual(["ack"]);
  }
  for (const table of ["rooms", "products", "inventory", "sales", "changes", "runs", "counts", "alerts"]) {
    const left = await rows<{ location_id: string }>(`select location_id from ${table}`);
    expect(
      left.filter(({ location_id }) => location_id === rig.id),
      table,
    ).toEqual([]);
  }
}

describe("what is under way while a store is disconnected does not come back, and a purge leaves nothing", () => {
  it("a run that starts", async () => {
    const rig = await synced();
    await disconnectDuring(rig, (location) => location.startRun({ mode: "full", trigger: "manual", heal: false }));
    await purge(rig);
  });

  it("a step that ends", async () => {
    const rig = await synced();
    await rig.start("full");
    const run = await rig.location.currentRun();
    const begun = await rig.location.beginStep(run?.run_id ?? "", 0);
    if (begun.kind !== "read") throw new Error("The step is free.");
    await disconnectDuring(rig, (location) => location.endStep(begun.attempt, emptyEnd()));
    await purge(rig);
  });

  it("a chunk of a move", async () => {
    const rig = await synced();
    await rig.location.startMove(other(rig));
    // Up to the first table that has rows.
    for (let steps = 0; steps < 2; steps++) await rig.location.moveStep();
    await disconnectDuring(rig, (location) => location.moveStep());
    await purge(rig);
  });

  it("an edit", async () => {
    const rig = await synced();
    await disconnectDuring(rig, (location) => location.editProduct(product(rig), { unit_price: 7 }, "ann"));
    await purge(rig);
  });
});

describe("a store that is connected again sends the edits that waited", () => {
  it.each<[string, (store: PushRig) => Promise<unknown>]>([
    ["one that waited", async () => {}],
    ["one whose sender died", (store) => store.rig.location.claimPushes()],
  ])("%s", async (_, before) => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    await store.edit(id, { unit_price: 77 });
    store.advance(1_500);
    await before(store);
    await goAndComeBack(store.rig.id);
    // Longer than a sender's lease.
    store.advance(4 * 60_000);
    await store.send();
    expect(store.inDutchie(id).price).toBe(77);
    expect(await store.pushes()).toMatchObject([{ state: "done" }]);
  });
});

describe("a store that was disconnected on its way to another database, and is connected again", () => {
  const rowsIn = async (rig: Rig, shard: string) => {
    const d1 = shardsOf(env).get(shard);
    const found = await d1?.prepare("select count(*) as n from products where location_id = ?").bind(rig.id).all();
    return found?.results[0]?.n;
  };

  it.each<[string, number, boolean]>([
    ["while its records were copied", 4, false],
    ["after its row named the other one", 500, true],
  ])("%s: the rows that are not its own go, and chores go on", async (_, most, isSwitched) => {
    const rig = await synced();
    const to = other(rig);
    await rig.location.startMove(to);
    for (let steps = 0; steps < most && (await rig.location.moveStep()) === 0; steps++);
    const now = () => findLocation(accountsDb(env), rig.id);
    const moved = await now();
    expect([moved?.shard === to, moved?.other_shard]).toEqual([isSwitched, isSwitched ? rig.row.shard : to]);
    rig.queue.splice(0);
    await goAndComeBack(rig.id);
    expect(rig.queue.map(({ body }) => body)).toContainEqual(expect.objectContaining({ kind: "move" }));
    // Whoever read its row before the disconnection may still read there.
    expect(await rowsIn(rig, moved?.other_shard ?? "")).toBeGreaterThan(0);
    await rig.drain();
    expect(await now()).toMatchObject({ shard: moved?.shard, other_shard: null });
    expect(await rowsIn(rig, moved?.other_shard ?? "")).toBe(0);
    expect(await rowsIn(rig, moved?.shard ?? "")).toBeGreaterThan(0);
    expect(await rig.location.currentMove()).toMatchObject({
      state: "failed",
      error: expect.stringContaining("discon"),
    });
    expect([await sweep(env, { location_id: rig.id }, Date.now()), await forgetCustomers(env, rig.id)]).toEqual([
      null,
      null,
    ]);
  });
});

describe("a disconnection of which D1 has heard only half", () => {
  /** The bindings while statements that begin like this fail. */
  const without = (given: Env, failing: RegExp): Env => {
    const prepare = (query: string) => {
      if (failing.test(query)) throw new Error("the database is away");
      return env.DB.prepare(query);
    };
    return { ...given, DB: { prepare, batch: env.DB.batch.bind(env.DB) } } as unknown as Env;
  };
  const alert = { rule: "receiver_failing", subject: "sub_1", severity: "warning", message: "It fails." } as const;
  const shown = async ({ id }: Rig) => [
    (await rows("select * from subscription_failures where location_id = ?", id)).length,
    (await rows("select * from alerts where location_id = ? and state = 'firing'", id)).length,
  ];

  const HALVES: [string, RegExp][] = [
    ["its failures", /^delete from "subscription_failures"/],
    ["its alerts", /^update "alerts"/],
  ];

  async function halfGone(failing: RegExp): Promise<Rig> {
    const rig = await synced();
    const now = Date.now();
    await raiseAlert({ env: rig.env, location: rig.row, now }, alert);
    await accountsDb(env)
      .insert(subscriptionFailures)
      .values({
        subscription_id: "sub_1",
        location_id: rig.id,
        retailer_id: rig.row.retailer_id,
        sequence: 1,
        failures: 5,
        failing_since: now,
        next_at: now,
        parked_at: null,
        waiting: 3,
        error: { code: "UPSTREAM_5XX", message: "It fails.", hint: "Wait." },
        alerted: true,
      });
    vi.spyOn(console, "error").mockImplementation(() => {});
    await rig.withEnv(without(rig.env, failing));
    const removed = await call("DELETE", `/v1/locations/${rig.id}`, { token: await token(), env: rig.env });
    expect(removed.status).toBeGreaterThanOrEqual(500);
    expect(await shown(rig)).not.toEqual([0, 0]);
    await rig.withEnv(rig.env);
    return rig;
  }

  it.each(HALVES)("is completed by the store's timer, which then stands still: %s stayed", async (_, failing) => {
    const rig = await halfGone(failing);
    later(61_000);
    expect(await alarm(rig)).toBe(true);
    expect(await shown(rig)).toEqual([0, 0]);
    expect(await timer(rig)).toBeNull();
  });

  it.each(HALVES)("is completed when the store is connected again first: %s stayed", async (_, failing) => {
    const rig = await halfGone(failing);
    await updateLocation(accountsDb(env), rig.id, { deleted_at: null });
    await rig.location.configured();
    expect(await shown(rig)).toEqual([0, 0]);
  });
});

describe("an alert that only a person ends is not ended by a disconnection", () => {
  const notices = (id: string, rule: string) =>
    rows<{ state: string; message: string }>(
      "select state, message from alerts where location_id = ? and rule = ?",
      id,
      rule,
    );

  it("stock that was ended, and prices that were lost", async () => {
    const shelf = await Shelf.open(38);
    shelf.products = (all) => all.map((row) => ({ ...(row as object), price: 0, recPrice: 0, medPrice: 0 }));
    shelf.answer = (all) => all.slice(0, 8);
    for (let times = 0; times < 2; times++) await shelf.sync(61, "full");
    for (const rule of ["stock_ended", "mass_change"]) {
      const before = await shelf.alerts(rule);
      expect(before).toHaveLength(1);
      await goAndComeBack(shelf.rig.id);
      expect(await shelf.alerts(rule)).toMatchObject([{ message: before[0]?.message }]);
      await shelf.call("POST", `/v1/alerts/${before[0]?.alert_id}/acknowledge`);
      // What somebody has seen is over for good.
      await goAndComeBack(shelf.rig.id);
      expect(await notices(shelf.rig.id, rule)).toMatchObject([{ state: "resolved" }]);
    }
  });

  it("edits that could not be written; also when only cron tells the store that it is connected again", async () => {
    const store = await PushRig.open();
    await store.edit(store.anyProduct().id, { unit_price: 77 });
    const { app } = store.dutchie;
    vi.stubGlobal("fetch", (url: string, init?: RequestInit) =>
      init?.method === "POST" ? new Response(null, { status: 405 }) : app.request(url, init as never),
    );
    await store.send();
    expect(await store.alerts()).toContain("push_parked");
    const db = accountsDb(env);
    await updateLocation(db, store.rig.id, { deleted_at: Date.now() });
    await store.rig.location.disconnect();
    expect(await notices(store.rig.id, "push_parked")).toMatchObject([{ state: "resolved" }]);
    await updateLocation(db, store.rig.id, { deleted_at: null });
    await store.rig.location.tick(Date.now());
    later(1_500);
    await alarm(store.rig);
    expect(await store.alerts()).toContain("push_parked");
  });
});
