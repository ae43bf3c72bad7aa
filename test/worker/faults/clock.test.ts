import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Store } from "../../../src/location/storage/store.ts";
import { rows, write } from "../databases.ts";
import { deliver, Rig, recordsOf, truthOf, WEBHOOKS } from "./support.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

/** From here on the paths that match are answered with this Date header. */
function dated(rig: Rig, path: RegExp, date: (now: number) => string | null): void {
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    const answer = await rig.dutchie.app.request(url, init as never);
    if (!path.test(new URL(url).pathname)) return answer;
    const headers = new Headers(answer.headers);
    headers.delete("date");
    const stamp = date(Date.now());
    if (stamp !== null) headers.set("date", stamp);
    return new Response(answer.body, { status: answer.status, headers });
  });
}

const utc = (ms: number) => new Date(ms).toUTCString();

async function sync(rig: Rig, mode: "initial" | "full" | "incremental" | "verify") {
  const started = await rig.location.startRun({ mode, trigger: "manual", heal: false });
  expect(started.ok).toBe(true);
  await rig.drain();
  const run = (await rig.status()).last_run;
  if (run === null) throw new Error("a run expected");
  expect(run.state).toBe("completed");
  return run;
}

/** With the Location's own store, because it does not see writes from elsewhere. */
const within = <T>(rig: Rig, task: (own: Store) => T) =>
  runInDurableObject(env.LOCATION.get(env.LOCATION.idFromName(rig.id)), (instance) =>
    task((instance as unknown as { store: Store }).store),
  );

const clockAlert = async (rig: Rig) =>
  (await rig.status()).active_alerts.find(({ rule }) => rule === "clock_wrong")?.message ?? null;

/** The latest time that anything of the store carries. */
async function latest(rig: Rig): Promise<number> {
  const [row] = await rows<{ at: number }>(
    `select max(at) as at from (select max(source_at, package_at) as at from inventory where location_id = ?1
       union all select source_at from products where location_id = ?1
       union all select source_at from sales where location_id = ?1)`,
    rig.id,
  );
  const own = await within(rig, (store) => [
    ...Object.values(store.get("floors") ?? {}),
    store.get("cursors")?.products ?? 0,
    store.get("cursors")?.sales ?? 0,
  ]);
  return Math.max(row?.at ?? 0, ...own);
}

function stocked(rig: Rig, at: number) {
  const item = [...rig.dutchie.world.packages.values()].filter(({ rooms }) => rooms.length === 1)[at];
  if (item === undefined) throw new Error("The store is too small.");
  return item;
}

describe("F36: one wrong clock among the answers of a run", () => {
  it("F36: the alert fires at the end of the run, and ends after the next run", async () => {
    const rig = await Rig.open();
    let asked = 0;
    dated(rig, /inventory/, (now) => utc(now + (asked++ === 0 ? 7 * DAY : 0)));
    // Reads packages twice: to apply them, and to verify.
    await sync(rig, "initial");
    expect(asked).toBeGreaterThan(1);
    expect(await clockAlert(rig)).toMatch(/7 days ahead/);
    pass(15 * MINUTE);
    await sync(rig, "incremental");
    expect(await clockAlert(rig)).toBeNull();
  });
});

describe("F36: a Date header that is wrong", () => {
  it.each<[string, (now: number) => string | null, RegExp | null]>([
    ["7 days ahead", (now) => utc(now + 7 * DAY), /7 days ahead/],
    ["the year 2099", () => "Thu, 01 Jan 2099 00:00:00 GMT", /years ahead/],
    ["a day behind", (now) => utc(now - DAY), /24 hours behind/],
    ["12 minutes ahead", (now) => utc(now + 12 * MINUTE), /12 minutes ahead/],
    ["4 minutes ahead, which is corrected", (now) => utc(now + 4 * MINUTE), null],
    ["4 minutes behind, which is corrected", (now) => utc(now - 4 * MINUTE), null],
    ["garbage", () => "soon", null],
    ["missing", () => null, null],
  ])(
    "F36: with a Date header of %s polls and webhooks apply, nothing lies after our now, and an alert says so",
    async (_, date, words) => {
      const rig = await Rig.open();
      await sync(rig, "initial");
      pass(15 * MINUTE);
      dated(rig, /inventory/, date);
      await sync(rig, "incremental");
      expect(await latest(rig)).toBeLessThanOrEqual(Date.now());
      const alert = await clockAlert(rig);
      if (words === null) expect(alert).toBeNull();
      else expect(alert).toMatch(words);

      // Later polls and webhooks apply.
      dated(rig, /inventory/, utc);
      pass(15 * MINUTE);
      rig.dutchie.setPackage(stocked(rig, 0).id, { quantity: 4711 }, { silent: true });
      await sync(rig, "incremental");
      expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
      expect(await clockAlert(rig)).toBeNull();
      pass(MINUTE);
      const [event] = rig.dutchie.setPackage(stocked(rig, 1).id, { quantity: 815 }, { silent: true });
      if (event === undefined) throw new Error("an event expected");
      const body = rig.dutchie.eventBody(event);
      const message = { location_id: rig.id, event_id: "evt_after", received_at: Date.now(), body };
      expect(await deliver(WEBHOOKS, [message])).toEqual(["ack"]);
      expect(await rig.location.getEvent("evt_after")).toMatchObject({ outcome: "applied" });
      expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
    },
  );

  const FAR = "2099-01-01T00:00:00Z";
  it.each([
    ["occurred in 2099", { occurred_at: FAR }, {}],
    ["states a change in 2099", {}, { lastModifiedDateUtc: FAR }],
    ["does both", { occurred_at: FAR }, { lastModifiedDateUtc: FAR }],
  ])(
    "F36: a webhook that %s has the time of its receipt, says so, and the next poll overrules it",
    async (_, on_event, on_row) => {
      const rig = await Rig.open();
      await sync(rig, "initial");
      pass(MINUTE);
      const { id, productId } = stocked(rig, 0);
      const data = {
        inventoryId: id,
        productId,
        quantityAvailable: 3,
        room: "Vault",
        ...on_row,
      };
      const body = { type: "inventory.updated", ...on_event, data };
      const message = { location_id: rig.id, event_id: "evt_2099", received_at: Date.now(), body };
      expect(await deliver(WEBHOOKS, [message])).toEqual(["ack"]);
      expect(await rig.location.getEvent("evt_2099")).toMatchObject({
        outcome: "applied",
        reason: expect.stringMatching(/^its time is \d+ years ahead of ReUp's clock and does not count/),
        occurred_at: new Date(message.received_at).toISOString(),
      });
      expect(await latest(rig)).toBeLessThanOrEqual(Date.now());
      pass(15 * MINUTE);
      await sync(rig, "incremental");
      expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
    },
  );
});

/** As one answer with a wrong clock used to leave a store; then Dutchie changes a package, sells one out and edits a product. */
async function poisoned(): Promise<Rig> {
  const rig = await Rig.open();
  await sync(rig, "initial");
  const week = Date.now() + 7 * DAY;
  for (const table of ["inventory", "products", "sales"]) {
    const also = table === "inventory" ? ", package_at = ?1" : "";
    await write(`update ${table} set source_at = ?1${also} where location_id = ?2`, week, rig.id);
  }
  await within(rig, (store) => {
    store.put("floors", { products: week, inventory: week });
    store.put("cursors", { products: week, sales: week, customers: null });
  });
  pass(30 * MINUTE);
  rig.dutchie.setPackage(stocked(rig, 0).id, { quantity: 4711 }, { silent: true });
  rig.dutchie.removePackage(stocked(rig, 1).id);
  const [product] = rig.dutchie.world.products.values();
  rig.dutchie.setProduct(product?.id ?? 0, { price: 99.5 }, { silent: true });
  pass(2 * HOUR);
  return rig;
}

describe("F36: a store whose stored times are impossible", () => {
  it("F37: a verification finds the differences and reports them", async () => {
    const rig = await poisoned();
    const { verification } = await sync(rig, "verify");
    const of = (resource: string) => verification?.resources.find((each) => each.resource === resource);
    expect(of("inventory")).toMatchObject({ mismatching: 1, extra: 1, in_flight: 0 });
    expect(of("products")).toMatchObject({ mismatching: 1, in_flight: 0 });
    expect(verification?.accuracy).toBeLessThan(1);
    expect((await rig.status()).active_alerts.map(({ rule }) => rule)).toContain("drift");
    expect(verification?.examples).toContainEqual(
      expect.objectContaining({ dutchie_id: String(stocked(rig, 0).id), field: "quantity", dutchie_value: 4711 }),
    );
  });

  it.each(["full", "incremental"] as const)("F36: one sync of mode %s corrects the store", async (mode) => {
    const rig = await poisoned();
    await sync(rig, mode);
    expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
    expect(await latest(rig)).toBeLessThanOrEqual(Date.now());
    expect((await sync(rig, "verify")).verification?.accuracy).toBe(1);
  });

  it("F36: a rebuild corrects the store", async () => {
    const rig = await poisoned();
    expect((await rig.location.rebuild()).ok).toBe(true);
    await rig.drain();
    expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
    expect(await latest(rig)).toBeLessThanOrEqual(Date.now());
  });
});

describe("F63: records in flight in a verification", () => {
  it("F63: unstamped packages that changed since the last poll neither match nor drift, and match after the next poll", async () => {
    const rig = await Rig.open();
    const unstamp = () => {
      for (const item of rig.dutchie.world.packages.values()) {
        rig.dutchie.world.packages.put({ ...item, modified: null as never });
      }
    };
    unstamp();
    await sync(rig, "initial");
    pass(12 * MINUTE);
    rig.dutchie.setPackage(stocked(rig, 0).id, { quantity: 4711 }, { silent: true });
    unstamp();
    const flying = (await sync(rig, "verify")).verification;
    expect(flying?.resources.find(({ resource }) => resource === "inventory")).toMatchObject({
      mismatching: 0,
      in_flight: 1,
    });
    expect(flying?.accuracy).toBeLessThan(1);
    expect((await rig.status()).active_alerts).toEqual([]);
    await sync(rig, "incremental");
    expect((await sync(rig, "verify")).verification?.accuracy).toBe(1);
  });

  it("F37: a webhook of the last minutes puts a record in flight while Dutchie's list is still old", async () => {
    const rig = await Rig.open();
    await sync(rig, "initial");
    pass(HOUR);
    const item = stocked(rig, 0);
    const body = {
      type: "inventory.updated",
      occurred_at: new Date(Date.now()).toISOString(),
      data: { inventoryId: item.id, productId: item.productId, quantityAvailable: 1, room: "Vault" },
    };
    await deliver(WEBHOOKS, [{ location_id: rig.id, event_id: "evt_flight", received_at: Date.now(), body }]);
    pass(MINUTE);
    const young = (await sync(rig, "verify")).verification;
    expect(young?.resources.find(({ resource }) => resource === "inventory")).toMatchObject({ mismatching: 0 });
    expect(young?.accuracy).toBeLessThan(1);
    pass(10 * MINUTE);
    const old = (await sync(rig, "verify")).verification;
    const counts = old?.resources.find(({ resource }) => resource === "inventory");
    expect([counts?.in_flight, (counts?.mismatching ?? 0) + (counts?.missing ?? 0) > 0]).toEqual([0, true]);
  });
});

describe("F48: Dutchie's clock and the sales since the last poll", () => {
  it.each<[string, number, number]>([
    ["is 12 minutes behind", -12 * MINUTE, -12 * MINUTE],
    ["is 12 minutes ahead", 12 * MINUTE, 12 * MINUTE],
    ["is 3 hours behind", -3 * HOUR, -3 * HOUR],
    ["falls back by 3 hours", 0, -3 * HOUR],
  ])("F48: the next poll finds a sale of a minute after a poll when the clock %s", async (_, first, then) => {
    let off = 0;
    const rig = await Rig.open({ now: () => Date.now() + off });
    await sync(rig, "initial");
    pass(15 * MINUTE);
    off = first;
    await sync(rig, "incremental");
    off = then;
    pass(MINUTE);
    const known = new Set([...rig.dutchie.world.sales.values()].map(({ id }) => id));
    rig.dutchie.act({ kind: "sell" });
    const sold = [...rig.dutchie.world.sales.values()].filter(({ id }) => !known.has(id));
    // The simulator's own order of events never goes back; its stamps are what its clock says.
    for (const sale of sold) rig.dutchie.world.sales.put({ ...sale, modified: Date.now() + off });
    expect(sold.length).toBeGreaterThan(0);
    pass(14 * MINUTE);
    await sync(rig, "incremental");
    expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
    const { verification } = await sync(rig, "verify");
    expect(verification?.resources.find(({ resource }) => resource === "sales")).toMatchObject({
      mismatching: 0,
      missing: 0,
    });
  });
});
