import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../../simulator/lies/faults.ts";
import {
  DutchieClock,
  imported,
  MINUTE,
  nth,
  openStage,
  productsOf,
  quantities,
  quantityOf,
  statusOf,
  stockOf,
  WEEK,
} from "./faults-support.ts";
import { type Stage, type Store, until } from "./support.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ WATCHDOG_MS: "5000" });
});
afterAll(() => stage.close());

const INVENTORY = "/reporting/inventory";

const waiting = (store: Store, run_id: string) =>
  until(
    () => store.run(run_id),
    (run) => run.state === "waiting",
  );

describe.concurrent("F01: rate limits (429) pause a run and never end it", () => {
  it("F01: a run waits and finishes by itself with 429 on 30 % of the calls and a long rate limit in between", async () => {
    const paged = { guidePaging: "cursor", guidePageSize: 50 } as const;
    const store = await stage.connect({ ...WEEK, profiles: ["guide"], size: 150, seed: 2, ...paged });
    const drizzle: Fault = { kind: "429", probability: 0.3, retryAfter: 1 };
    // The rate limit begins with the third call, and more than three calls in a row meet it.
    const wall: Fault = { kind: "429", after: 2, times: 4, retryAfter: 1 };
    store.dutchie.setFaults([wall, drizzle]);
    const run = await store.start("initial");
    const paused = await waiting(store, run.run_id);
    expect(paused.error?.code).toBe("RATE_LIMITED");
    expect(Date.parse(paused.waiting_until ?? "")).toBeGreaterThan(Date.parse("2020-01-01"));
    const ended = await store.ended(run.run_id);
    expect(ended).toMatchObject({ state: "completed", error: null, failed: 0 });
    const refused = Object.values(store.dutchie.state().requests).reduce(
      (sum, counts) => sum + (counts["429"] ?? 0),
      0,
    );
    expect(refused).toBeGreaterThanOrEqual(4);
    expect(await store.differences()).toEqual([]);
  });

  it("F01: a run finishes under Dutchie's own limits without a Retry-After, too", async () => {
    const store = await stage.connect({ ...WEEK, profiles: ["pos"], seed: 3 });
    // Three calls a minute are let through and the fourth is not, until the limits are lifted.
    store.dutchie.config.limits = { scale: 0.05 };
    store.dutchie.resetCounts();
    const run = await store.start("initial");
    await waiting(store, run.run_id);
    store.dutchie.config.limits = "off";
    expect((await store.ended(run.run_id)).state).toBe("completed");
    expect(await store.differences()).toEqual([]);
  });
});

describe.concurrent("F02: nothing becomes zero without confirmation", () => {
  it.each<[string, Fault]>([
    ["an answer of 500", { kind: "500", path: INVENTORY }],
    ["a list that breaks off", { kind: "cutBody", path: INVENTORY, end: "destroy" }],
    ["a list that ends as if it were whole", { kind: "cutBody", path: INVENTORY, end: "close" }],
    ["a list cut before its first row", { kind: "cutBody", path: INVENTORY, share: 0, end: "close" }],
    ["a page of HTML", { kind: "html200", path: INVENTORY }],
  ])("F02: %s zeroes nothing, and the run does not count as a success", async (_, fault) => {
    const store = await imported(stage, { seed: 5 });
    const before = await statusOf(store);
    store.dutchie.setFaults([fault]);
    const run = await store.start("full");
    const cut = await until(
      () => store.run(run.run_id),
      ({ state, error }) => state === "failed" || (state === "waiting" && error !== null),
    );
    expect(cut.error).not.toBeNull();
    expect(cut.deleted).toBe(0);
    expect(await store.differences()).toEqual([]);
    expect((await statusOf(store)).last_success_at).toBe(before.last_success_at);
    if (cut.state === "waiting") {
      // The window is read again, and then it is whole.
      store.dutchie.clearFaults();
      expect(await store.ended(run.run_id)).toMatchObject({ state: "completed", deleted: 0 });
      expect(await store.differences()).toEqual([]);
    }
  });

  it.each<[string, Fault]>([
    ["an empty list", { kind: "empty200", path: INVENTORY }],
    ["a list that lacks half of its rows", { kind: "missingRows", path: INVENTORY, share: 0.5 }],
  ])("F02: %s is held, zeroes nothing, and is released when the next list is whole", async (_, fault) => {
    const store = await imported(stage, { seed: 6 });
    store.dutchie.setFaults([fault]);
    expect(await store.sync("incremental")).toMatchObject({ deleted: 0 });
    expect(await store.differences()).toEqual([]);
    const held = await statusOf(store);
    expect(held.held_snapshot?.resource).toBe("inventory");
    expect(held.held_snapshot?.rows).toBeGreaterThan(10);
    expect(held.state).toBe("degraded");
    store.dutchie.clearFaults();
    expect(await store.sync("incremental")).toMatchObject({ state: "completed", deleted: 0 });
    expect(await store.differences()).toEqual([]);
    expect((await statusOf(store)).held_snapshot).toBeNull();
  });

  it("F02: an empty catalogue is held as well", async () => {
    const store = await imported(stage, { seed: 7 });
    store.dutchie.setFaults([{ kind: "empty200", path: "/reporting/products" }]);
    await store.sync("full");
    expect(await store.differences()).toEqual([]);
    expect((await statusOf(store)).held_snapshot?.resource).toBe("products");
  });

  it("F02: a second complete list confirms the first: one package is left", async () => {
    // Dutchie's clock moves from behind to ahead: so much is corrected for, and more than S apart.
    const clock = new DutchieClock(-4 * MINUTE);
    const store = await imported(stage, { seed: 8, now: clock.now });
    // An empty list would confirm nothing.
    for (const { id } of [...store.dutchie.world.packages.values()].slice(1)) store.dutchie.removePackage(id);
    expect(await store.sync("incremental")).toMatchObject({ deleted: 0 });
    // So soon it may be the same stale answer again.
    expect(await store.sync("incremental")).toMatchObject({ deleted: 0 });
    expect((await quantities(stage, store)).size).toBeGreaterThan(10);
    clock.set(2 * MINUTE);
    const second = await store.sync("incremental");
    expect(second.deleted).toBeGreaterThan(10);
    expect((await quantities(stage, store)).size).toBe(1);
    expect(await store.differences()).toEqual([]);
    expect((await statusOf(store)).held_snapshot).toBeNull();
  });

  it("F02: a second empty answer does not confirm the first if a whole list came in between", async () => {
    const store = await imported(stage, { seed: 9 });
    const empty: Fault = { kind: "empty200", path: INVENTORY };
    store.dutchie.setFaults([empty]);
    await store.sync("incremental");
    store.dutchie.clearFaults();
    await store.sync("incremental");
    store.dutchie.setFaults([empty]);
    expect(await store.sync("incremental")).toMatchObject({ deleted: 0 });
    expect(await store.differences()).toEqual([]);
  });

  it.each<[string, Fault]>([
    ["missing", { kind: "missingFields", path: INVENTORY, fields: ["quantityAvailable", "roomQuantities"] }],
    ["null", { kind: "nulls", path: INVENTORY, share: 0.5, fields: ["quantityAvailable", "roomQuantities"] }],
  ])(
    "F02: a quantity that is %s is not a zero: the row is listed as failed and keeps its quantity",
    async (_, fault) => {
      const store = await imported(stage, { seed: 10 });
      store.dutchie.setFaults([fault]);
      const run = await store.sync("full");
      expect(run).toMatchObject({ state: "completed_with_errors", deleted: 0 });
      expect(run.failures[0]).toMatchObject({ resource: "inventory", reason: expect.stringMatching(/quantity/) });
      expect(await store.differences()).toEqual([]);
    },
  );
});

describe.concurrent("F06: one bad row fails alone", () => {
  it("F06: the other rows apply, and the bad rows are listed with their reason and keep what is stored", async () => {
    const store = await imported(stage, { seed: 11 });
    const { dutchie } = store;
    const before = await quantities(stage, store);
    const stocked = [...dutchie.world.packages.values()].filter(({ rooms }) => rooms.length > 0);
    for (const { id } of stocked) dutchie.setPackage(id, { quantity: 500 + (id % 100) }, { silent: true });
    dutchie.setFaults([{ kind: "poison", path: INVENTORY, every: 10 }]);
    const run = await store.sync("incremental");
    expect(run.state).toBe("completed_with_errors");
    expect(run.failed).toBe(Math.ceil(stocked.length / 10));
    expect(run.failures).toHaveLength(run.failed);
    expect(new Set(run.failures.map(({ reason }) => reason))).toEqual(new Set(["the quantity is not a number"]));
    const poisoned = new Set(run.failures.map(({ dutchie_id }) => dutchie_id));
    const after = await quantities(stage, store);
    for (const { id } of stocked) {
      const expected = poisoned.has(String(id)) ? before.get(String(id)) : 500 + (id % 100);
      expect(after.get(String(id)), `package ${id}`).toBe(expected);
    }
    dutchie.clearFaults();
    expect((await store.sync("incremental")).state).toBe("completed");
    expect(await store.differences()).toEqual([]);
  });

  it.each([
    ["products", "/reporting/products"],
    ["sales", "/reporting/transactions"],
  ])(
    "F06: a row of %s without an id is listed, the others apply, and nothing counts as absent",
    async (resource, path) => {
      const store = await imported(stage, { seed: 12 });
      const { dutchie } = store;
      dutchie.act({ count: 40 });
      dutchie.setFaults([{ kind: "poison", path, every: 15 }]);
      const run = await store.sync("full");
      expect(run.state).toBe("completed_with_errors");
      expect(run.failures.length).toBeGreaterThan(0);
      expect(run.failures.every((failure) => failure.resource === resource && failure.reason !== "")).toBe(true);
      const poisoned = await store.differences();
      expect(poisoned.filter((line) => line.includes("not in Dutchie"))).toEqual([]);
      expect((await productsOf(stage, store)).filter(({ status }) => status === "deleted")).toEqual([]);
      dutchie.clearFaults();
      expect((await store.sync("full")).state).toBe("completed");
      expect(await store.differences()).toEqual([]);
    },
  );
});

describe.concurrent("F09: the quantity that a store wants", () => {
  it("F09: the quantity is on hand or minus the allocation, by the setting, and a changed setting applies from the next poll", async () => {
    const minus = { ...WEEK.settings, quantity_basis: "available_minus_allocated" };
    const store = await stage.connect({ ...WEEK, profiles: ["pos"], seed: 13, settings: minus });
    const { dutchie } = store;
    const big = [...dutchie.world.packages.values()].find(({ rooms }) => (rooms[0]?.quantity ?? 0) > 10);
    const id = nth([big?.id ?? 0], 0);
    dutchie.setPackage(id, { room: 101, quantity: 20, allocated: 3 }, { silent: true });
    await store.sync("initial");
    expect(await quantityOf(stage, store, id)).toBe(17);

    store.sendWebhooks();
    dutchie.setPackage(id, { quantity: 18, allocated: 5 });
    await until(
      () => quantityOf(stage, store, id),
      (quantity) => quantity === 13,
    );

    await stage.api.call("PATCH", `/v1/locations/${store.id}`, { settings: { quantity_basis: "available" } });
    await store.sync("incremental");
    expect(await quantityOf(stage, store, id)).toBe(18);
    expect(await store.differences()).toEqual([]);
  });
});

describe.concurrent("F15: a failed run is not a success", () => {
  it("F15: a run that fails at any step moves neither last_success_at nor the due time, and the next success does", async () => {
    const store = await imported(stage, { seed: 14 });
    const before = await statusOf(store);
    expect(before.last_success_at).not.toBeNull();
    const steps = ["/room/rooms", "/whoami", "/reporting/products", INVENTORY, "/reporting/transactions"];
    const modes = ["full", "incremental", "verify"];
    let failed = 0;
    for (const mode of modes) {
      for (const path of steps) {
        // A verification reads no rooms.
        if (mode === "verify" && path === "/room/rooms") continue;
        store.dutchie.setFaults([{ kind: "expiredKey", path }]);
        const run = await store.sync(mode);
        expect(run, `${mode} at ${path}`).toMatchObject({ state: "failed", error: { code: "UNAUTHORIZED" } });
        failed++;
        const after = await statusOf(store);
        expect(after.last_success_at, `${mode} at ${path}`).toBe(before.last_success_at);
        expect(after.next_sync_at, `${mode} at ${path}`).toBe(before.next_sync_at);
        expect(after).toMatchObject({ state: "failing", current_run: null, last_error: { code: "UNAUTHORIZED" } });
        expect(after.last_24h.failed_runs).toBe(failed);
      }
    }
    store.dutchie.clearFaults();
    expect((await store.sync("incremental")).state).toBe("completed");
    const healed = await statusOf(store);
    expect(Date.parse(healed.last_success_at ?? "")).toBeGreaterThan(Date.parse(before.last_success_at ?? ""));
    expect(healed.state).toBe("idle");
  });

  it("F15: the next successful run reads what changed while runs failed", async () => {
    const store = await imported(stage, { seed: 15 });
    store.dutchie.act({ count: 20 });
    store.dutchie.setFaults([{ kind: "expiredKey", path: "/reporting/transactions" }]);
    expect((await store.sync("incremental")).state).toBe("failed");
    store.dutchie.act({ count: 20 });
    store.dutchie.clearFaults();
    expect((await store.sync("incremental")).state).toBe("completed");
    const sales = (await store.differences()).filter((line) => line.startsWith("sale"));
    expect(sales).toEqual([]);
  });
});

describe.concurrent("F20: a change in the shape of Dutchie's rows deletes nothing", () => {
  it("F20: fields that are new, missing, null or of another type change no record and delete none", async () => {
    const store = await imported(stage, { seed: 16 });
    const mapped = ["brandName", "category", "sku", "thcContent", "thcContentUnit", "price", "isActive"];
    const faults: Fault[] = [
      { kind: "unknownFields" },
      { kind: "missingFields" },
      { kind: "stringNumbers" },
      { kind: "nulls", share: 1 },
      { kind: "missingFields", path: "/reporting/products", fields: [...mapped, "masterCategory"] },
    ];
    for (const fault of faults) {
      store.dutchie.setFaults([fault]);
      const unmoved = { state: "completed", created: 0, updated: 0, deleted: 0, failed: 0 };
      expect(await store.sync("full"), JSON.stringify(fault)).toMatchObject(unmoved);
      expect(await store.differences(), JSON.stringify(fault)).toEqual([]);
    }
  });

  it.each<[string, Fault]>([
    ["the packages' id", { kind: "missingFields", path: INVENTORY, fields: ["inventoryId"] }],
    ["the products' id", { kind: "missingFields", path: "/reporting/products", fields: ["productId"] }],
    ["the sales' id", { kind: "missingFields", path: "/reporting/transactions", fields: ["transactionId"] }],
  ])("F20: a list that lost %s creates nothing and deletes nothing, however often it is read", async (_, fault) => {
    const store = await imported(stage, { seed: 17 });
    store.dutchie.setFaults([fault]);
    for (let read = 0; read < 2; read++) {
      const run = await store.sync("full");
      expect(run).toMatchObject({ state: "completed_with_errors", created: 0, deleted: 0 });
      expect(run.failures[0]?.reason).toMatch(/id/);
    }
    expect(await store.differences()).toEqual([]);
  });

  it("F20: a field with another type fails its rows and deletes none of them", async () => {
    const store = await imported(stage, { seed: 18 });
    const fields = ["quantityAvailable"];
    store.dutchie.setFaults([{ kind: "poison", path: INVENTORY, every: 1, fields }]);
    for (let read = 0; read < 2; read++) {
      expect(await store.sync("full")).toMatchObject({ state: "completed_with_errors", created: 0, deleted: 0 });
    }
    expect(await store.differences()).toEqual([]);
  });
});

describe.concurrent("F23: a list that breaks off is not a list that ends", () => {
  it.each<[string, string, Fault]>([
    ["packages, broken off on page 2", "inventory", { kind: "cutBody", path: "/inventory", after: 1, times: 2 }],
    [
      "packages, closed on page 3",
      "inventory",
      { kind: "cutBody", path: "/inventory", after: 2, times: 2, end: "close" },
    ],
    ["packages, refused on page 2", "inventory", { kind: "500", path: "/inventory", after: 1, times: 2 }],
    ["products, broken off on page 2", "products", { kind: "cutBody", path: "/products", after: 1, times: 2 }],
    [
      "products, an HTML page in place of page 2",
      "products",
      { kind: "html200", path: "/products", after: 1, times: 1 },
    ],
  ])("F23: %s: nothing is deleted, neither then nor after the rest was read", async (_, resource, fault) => {
    const paged = { guidePaging: "url", guidePageSize: 20 } as const;
    const store = await imported(stage, { profiles: ["guide"], seed: 19, ...paged });
    store.dutchie.setFaults([fault]);
    const run = await store.start("full");
    const cut = await until(
      () => store.run(run.run_id),
      ({ state }) => state === "waiting" || state === "failed",
    );
    expect(cut.deleted).toBe(0);
    // Packages wait for the end of their list: rows of one package may stand on different pages.
    const processed = cut.phases.find((phase) => phase.resource === resource)?.processed ?? 0;
    expect(processed > 0).toBe(resource === "products");
    expect((await stockOf(stage, store)).filter(({ quantity }) => quantity === 0)).toEqual([]);
    expect(await store.differences()).toEqual([]);
    const ended = await store.ended(run.run_id);
    expect(ended.deleted).toBe(0);
    if (ended.state === "completed") expect(ended.failed).toBe(0);
    expect(await store.differences()).toEqual([]);
  });
});
