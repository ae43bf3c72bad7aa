import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../../simulator/lies/faults.ts";
import {
  allApplied,
  DutchieClock,
  deliver,
  imported,
  MINUTE,
  nth,
  openStage,
  productsOf,
  statusOf,
  stockOf,
  WEEK,
} from "./faults-support.ts";
import { type RunView, type Stage, type Store, until } from "./support.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ WATCHDOG_MS: "3000" });
});
afterAll(() => stage.close());

const reading = (store: Store, run_id: string, resource: string): Promise<RunView> =>
  until(
    () => store.run(run_id),
    (run) => run.phases.some((phase) => phase.resource === resource && phase.state === "running"),
  );

/** Each product once, each package and room once, each made by one entry of the change log. */
async function expectNoDuplicates(store: Store): Promise<void> {
  const { products = [], inventory = [] } = store.dutchie.oracle(["products", "inventory"]);
  expect(await productsOf(stage, store)).toHaveLength(products.length);
  expect((await stockOf(stage, store)).filter(({ quantity }) => quantity !== 0)).toHaveLength(inventory.length);
  const status = await statusOf(store);
  expect(status.records).toMatchObject({ products: products.length, inventory: inventory.length });
  expect(status.open_reviews).toBe(store.dutchie.oracle([]).duplicate_skus.filter(({ agree }) => !agree).length);
}

describe("F03: a write without an answer", () => {
  it("F03: a run that is killed twice in the middle of its writes writes nothing twice", async () => {
    const paged = { guidePaging: "cursor", guidePageSize: 60 } as const;
    const store = await stage.connect({ ...WEEK, profiles: ["guide"], size: 400, seed: 51, ...paged });
    store.dutchie.setFaults([{ kind: "slow", ms: 150 }]);
    const run = await store.start("initial");
    for (const resource of ["products", "inventory"]) {
      await until(
        () => store.run(run.run_id),
        ({ phases }) => phases.some((phase) => phase.resource === resource && phase.processed > 60),
      );
      await stage.crashAndRestart();
    }
    store.dutchie.clearFaults();
    const ended = await store.ended(run.run_id);
    expect(ended).toMatchObject({ state: "completed", failed: 0 });
    expect(await store.differences()).toEqual([]);
    await expectNoDuplicates(store);
    expect(await store.sync("full")).toMatchObject({ state: "completed", created: 0, updated: 0, deleted: 0 });
    await expectNoDuplicates(store);
  });

  it("F03: a Worker that is killed while it applies webhooks writes nothing twice when they come again", async () => {
    const store = await imported(stage, { seed: 52 });
    store.sendWebhooks();
    store.dutchie.act({ count: 40 });
    await until(
      () => statusOf(store),
      ({ last_24h: { webhooks } }) => webhooks.received > 0,
    );
    await stage.crashAndRestart();
    await store.dutchie.webhooks.idle();
    // The local queue forgets with the process, Dutchie's does not: it sends all of them again.
    const deliveries = store.dutchie.deliveries();
    for (const { id, body } of deliveries) {
      await deliver(store, { id, ...JSON.parse(body) });
    }
    await until(
      () => store.get<{ data: { outcome: string }[] }>("/events?limit=500"),
      ({ data }) => data.length === deliveries.length && data.every(({ outcome }) => outcome !== "pending"),
    );
    expect(await store.differences()).toEqual([]);
    await expectNoDuplicates(store);
  });
});

describe("F05: no run stays running", () => {
  it("F05: a run that is killed in its first step or in its verification continues by itself and ends equal to Dutchie", async () => {
    const steps: [resource: string, mode: string, path: string][] = [
      ["rooms", "full", "/room/rooms"],
      ["verify", "verify", "/reporting/inventory"],
    ];
    const clock = new DutchieClock(-3 * MINUTE);
    const store = await imported(stage, { seed: 60, now: clock.now });
    for (const [resource, mode, path] of steps) {
      if (mode === "full") store.dutchie.act({ count: 10 });
      // The answer never comes: the run is caught in this very step.
      store.dutchie.setFaults([{ kind: "timeout", path }]);
      const run = await store.start(mode);
      await reading(store, run.run_id, resource);
      await stage.crashAndRestart();
      store.dutchie.clearFaults();
      expect((await store.ended(run.run_id)).state, resource).toBe("completed");
      expect(await statusOf(store)).toMatchObject({ state: "idle", current_run: null });
    }
    // What was sold out a moment ago is absent for good once Dutchie's staleness has passed.
    clock.set(4 * MINUTE);
    await store.sync("full");
    expect(await store.differences()).toEqual([]);
  });

  it("F05: a read that takes longer than the watchdog is neither lost nor doubled, and does not block the next run", async () => {
    const store = await imported(stage, { seed: 70 });
    // Longer than the watchdog waits, twice over: the run is revived while its reader is still at it.
    store.dutchie.setFaults([{ kind: "slow", path: "/reporting/products", ms: 8_000 }]);
    const run = await store.start("full");
    const ended = await store.ended(run.run_id);
    expect(ended).toMatchObject({ state: "completed", error: null });
    store.dutchie.clearFaults();
    expect((await store.sync("full")).state).toBe("completed");
    expect(await statusOf(store)).toMatchObject({ state: "idle", current_run: null });
    expect(await store.differences()).toEqual([]);
  });

  it("F05: a product and a package that are deleted during a run fail nothing, and the next run sees that they are gone", async () => {
    const store = await imported(stage, { seed: 71 });
    const { dutchie } = store;
    const slow: Fault = { kind: "slow", path: "/reporting/inventory", ms: 800 };
    dutchie.setFaults([slow]);
    const run = await store.start("full");
    await reading(store, run.run_id, "inventory");
    const item = nth(dutchie.world.packages.values(), 4);
    dutchie.removeProduct(item.productId);
    dutchie.removePackage(item.id);
    expect(await store.ended(run.run_id)).toMatchObject({ state: "completed", failed: 0 });
    dutchie.clearFaults();
    expect((await store.sync("full")).state).toBe("completed");
    expect(await store.differences()).toEqual([]);
    expect((await statusOf(store)).current_run).toBeNull();
  });

  it("F05: a package that is deleted between the webhook of its sale and the poll fails nothing", async () => {
    const store = await imported(stage, { seed: 72 });
    store.sendWebhooks();
    store.dutchie.act({ count: 5, kind: "sell" });
    for (const { id } of [...store.dutchie.world.packages.values()].slice(0, 3)) store.dutchie.removePackage(id);
    await allApplied(store);
    expect((await store.sync("incremental")).state).toBe("completed");
    expect((await store.sync("incremental")).state).toBe("completed");
  });
});
