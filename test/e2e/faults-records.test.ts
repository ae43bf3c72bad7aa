import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Package } from "../../simulator/world/records.ts";
import {
  allApplied,
  DutchieClock,
  deliver,
  imported,
  MINUTE,
  nth,
  openStage,
  productsOf,
  quantities,
  quantityOf,
  settled,
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

/** Packages with stock, in one room each. */
const shelf = ({ dutchie }: Store): Package[] =>
  [...dutchie.world.packages.values()].filter(({ rooms }) => rooms.length === 1);

const iso = (at: number) => new Date(at).toISOString();

/** An inventory row as the real API states it, for events that a test makes. */
const row = (item: Package, quantity: number, modified: number) => ({
  inventoryId: item.id,
  productId: item.productId,
  quantityAvailable: quantity,
  roomQuantities: [{ roomId: 101, room: "Sales Floor", quantityAvailable: quantity }],
  lastModifiedDateUtc: iso(modified),
});

describe.concurrent("F12: quantities are set, never added", () => {
  it("F12: the quantity is 9 after 5, 4 and 9 with sales, repeats and polls in between", async () => {
    const store = await imported(stage, { seed: 21 });
    const { dutchie } = store;
    const item = nth(shelf(store), 0);
    store.sendWebhooks({ duplicate: 1, reorder: 0.5 });
    dutchie.setPackage(item.id, { room: 101, quantity: 5 });
    const poll = store.start("incremental");
    dutchie.setPackage(item.id, { quantity: 4 });
    // The sale also states the sold unit, which must not be subtracted again.
    const sold = { transactionItemId: 1, productId: item.productId, inventoryId: item.id, quantity: 1, unitPrice: 10 };
    const sale = { transactionId: 99_000_001, transactionDate: iso(Date.now()), total: 10, items: [sold] };
    for (const id of ["sale_a", "sale_b"]) await deliver(store, { id, type: "sale.completed", data: sale });
    await store.ended((await poll).run_id);
    dutchie.setPackage(item.id, { quantity: 9 });
    await allApplied(store, 2);
    expect(await quantityOf(stage, store, item.id)).toBe(9);
    await store.sync("full");
    expect(await quantityOf(stage, store, item.id)).toBe(9);
    expect((await store.differences()).filter((line) => !line.startsWith("sale 99000001"))).toEqual([]);
  });

  it.each(["pos", "guide"] as const)(
    "F12: profile %s: doubled, late and shuffled events between snapshots give Dutchie's quantities",
    async (profile) => {
      const store = await imported(stage, { seed: 22, profiles: [profile] });
      store.sendWebhooks({ duplicate: 0.3, reorder: 0.3, late: 0.2, lateMs: 700 });
      for (let round = 0; round < 3; round++) {
        store.dutchie.act({ count: 15 });
        await store.sync(round === 1 ? "full" : "incremental");
      }
      store.dutchie.act({ count: 15 });
      await allApplied(store);
      expect(await store.differences()).toEqual([]);
    },
  );
});

describe.concurrent("F14: a deleted record stays deleted", () => {
  it("F14: a package that was sold out at t=10 is not brought back by an update of t=9, in any order of arrival", async () => {
    const store = await imported(stage, { seed: 23 });
    const t = Date.now() - 30_000;
    const events = { created: [7, t + 8_000], updated: [5, t + 9_000], deleted: [0, t + 10_000] } as const;
    const orders: (keyof typeof events)[][] = [
      ["created", "updated", "deleted"],
      ["created", "deleted", "updated"],
      ["updated", "created", "deleted"],
      ["updated", "deleted", "created"],
      ["deleted", "created", "updated"],
      ["deleted", "updated", "created"],
    ];
    const cases = orders.flatMap((order, index) => {
      const known = nth(shelf(store), index);
      // One package that ReUp knows, and one that it does not know.
      return [known, { ...known, id: 7_000_000 + index }].map((item) => ({ order, item }));
    });
    for (const place of [0, 1, 2]) {
      const arrived = cases.map(async ({ order, item }) => {
        const name = nth(order, place);
        const [quantity, at] = events[name];
        const id = `${item.id}_${name}`;
        await deliver(store, { id, type: "inventory.updated", occurred_at: iso(at), data: row(item, quantity, at) });
        return settled(store, id);
      });
      await Promise.all(arrived);
    }
    const held = await quantities(stage, store);
    const back = cases.filter(({ item }) => held.has(String(item.id))).map(({ order }) => order.join(", "));
    expect(back).toEqual([]);
  });

  it("F14: a product that left the catalogue is not brought back by an earlier update, but by a later one", async () => {
    const store = await imported(stage, { seed: 24 });
    const { dutchie } = store;
    const gone = nth(
      [...dutchie.world.products.values()].filter(({ id }) => !dutchie.world.paired.has(id)),
      3,
    );
    const statusOfGone = async () =>
      (await productsOf(stage, store)).find((each) => each.dutchie_product_id === String(gone.id))?.status;
    dutchie.removeProduct(gone.id);
    await store.sync("full");
    expect(await statusOfGone()).toBe("deleted");
    // Longer ago than Dutchie's products may lag.
    const late = Date.now() - 180 * MINUTE;
    const product = { productId: gone.id, productName: gone.name, isActive: true };
    const stated = (at: number) => ({ ...product, lastModifiedDateUTC: iso(at) });
    await deliver(store, { id: "late", type: "product.updated", occurred_at: iso(late), data: stated(late) });
    expect((await settled(store, "late")).outcome).toBe("stale");
    expect(await statusOfGone()).toBe("deleted");
    const at = Date.now();
    await deliver(store, { id: "again", type: "product.created", occurred_at: iso(at), data: stated(at) });
    expect((await settled(store, "again")).outcome).toBe("applied");
    expect(await statusOfGone()).toBe("active");
  });

  it("F14: a package that a snapshot no longer listed is not brought back by a late update", async () => {
    const store = await imported(stage, { seed: 25 });
    const item = nth(shelf(store), 2);
    store.dutchie.removePackage(item.id);
    await store.sync("incremental");
    expect(await quantityOf(stage, store, item.id)).toBe(0);
    const late = Date.now() - 30 * MINUTE;
    const event = { id: "late", type: "inventory.updated", occurred_at: iso(late), data: row(item, 6, late) };
    await deliver(store, event);
    expect((await settled(store, "late")).outcome).toBe("stale");
    expect(await quantityOf(stage, store, item.id)).toBe(0);
  });
});

describe.concurrent("F16: an outage is repaired, whatever changed meanwhile", () => {
  it.each(["pos", "guide"] as const)(
    "F16: profile %s: a full sync repairs what became inactive, sold out, deleted, void or new meanwhile",
    async (profile) => {
      const store = await imported(stage, { seed: 26, profiles: [profile] });
      const { dutchie } = store;
      dutchie.setFaults([{ kind: "expiredKey" }]);
      expect((await store.sync("incremental")).state).toBe("failed");
      const products = [...dutchie.world.products.values()].filter(({ id }) => !dutchie.world.paired.has(id));
      for (const { id } of products.slice(0, 4)) dutchie.setProduct(id, { isActive: false });
      for (const { id } of products.slice(4, 7)) dutchie.removeProduct(id);
      const [sold, removed] = [shelf(store).slice(0, 4), shelf(store).slice(4, 7)];
      for (const { id } of sold) dutchie.setPackage(id, { quantity: 0 });
      for (const { id } of removed) dutchie.removePackage(id);
      for (const kind of ["void", "return", "create", "receive", "move"] as const) dutchie.act({ count: 3, kind });
      expect((await store.differences()).length).toBeGreaterThan(20);
      dutchie.clearFaults();
      expect((await store.sync("full")).state).toBe("completed");
      expect(await store.differences()).toEqual([]);
    },
  );
});

describe.concurrent("F17: a deletion arrives in every way", () => {
  it.each(["pos", "guide"] as const)(
    "F17: profile %s: a deletion arrives by webhook, by poll and by absence from a full snapshot",
    async (profile) => {
      const store = await imported(stage, { seed: 27, profiles: [profile] });
      const { dutchie } = store;
      const [byWebhook, byPoll, byFull] = [0, 1, 2].map((index) => nth(shelf(store), index).id) as [
        number,
        number,
        number,
      ];
      const product = nth(
        [...dutchie.world.products.values()].filter(({ id }) => !dutchie.world.paired.has(id)),
        5,
      );
      store.sendWebhooks();
      dutchie.setPackage(byWebhook, { quantity: 0 });
      await allApplied(store);
      expect(await quantityOf(stage, store, byWebhook)).toBe(0);

      dutchie.setPackage(byPoll, { quantity: 0 }, { silent: true });
      expect(await quantityOf(stage, store, byPoll)).toBeGreaterThan(0);
      expect((await store.sync("incremental")).deleted).toBe(1);
      expect(await quantityOf(stage, store, byPoll)).toBe(0);

      dutchie.removePackage(byFull);
      dutchie.removeProduct(product.id);
      expect((await store.sync("full")).deleted).toBe(2);
      expect(await quantityOf(stage, store, byFull)).toBe(0);
      expect(await store.differences()).toEqual([]);
      // Never as a row removed: it can still be asked what became of it.
      const kept = (await productsOf(stage, store)).find((each) => each.dutchie_product_id === String(product.id));
      expect(kept?.status).toBe("deleted");
    },
  );
});

describe.concurrent("F19: changes during a read are not lost", () => {
  it.each(["pos", "guide"] as const)(
    "F19: profile %s: the poll after changes during a whole sync ends equal to Dutchie",
    async (profile) => {
      // Dutchie's clock is moved on before the second poll: absence counts for rows older than its staleness only.
      const clock = new DutchieClock(-3 * MINUTE);
      const paged = { guidePaging: "cursor", guidePageSize: 25 } as const;
      const store = await stage.connect({ ...WEEK, seed: 28, profiles: [profile], now: clock.now, ...paged });
      store.dutchie.setFaults([{ kind: "slow", ms: 60 }]);
      const run = await store.start("initial");
      let changes = 0;
      const ended = await until(
        () => {
          changes += store.dutchie.act({ count: 2 }).length;
          return store.run(run.run_id);
        },
        ({ state }) => !["queued", "running", "waiting"].includes(state),
      );
      expect(ended.state).toBe("completed");
      expect(changes).toBeGreaterThan(10);
      expect(await store.differences()).not.toEqual([]);
      store.dutchie.clearFaults();
      clock.set(4 * MINUTE);
      expect((await store.sync("incremental")).state).toBe("completed");
      expect(await store.differences()).toEqual([]);
    },
  );

  it("F19: the next poll finds changes during polls, without a full sync", async () => {
    const clock = new DutchieClock(-3 * MINUTE);
    const paged = { guidePaging: "url", guidePageSize: 20 } as const;
    const store = await stage.connect({ ...WEEK, seed: 29, profiles: ["guide"], now: clock.now, ...paged });
    await store.sync("initial");
    store.dutchie.setFaults([{ kind: "slow", ms: 40 }]);
    for (let poll = 0; poll < 2; poll++) {
      const run = await store.start("incremental");
      await until(
        () => {
          store.dutchie.act({ count: 2 });
          return store.run(run.run_id);
        },
        ({ state }) => state === "completed",
      );
    }
    store.dutchie.clearFaults();
    clock.set(4 * MINUTE);
    await store.sync("incremental");
    expect(await store.differences()).toEqual([]);
  });
});

describe.concurrent("F31: an absence is a zero only if it is proven, and never a deleted product", () => {
  it("F31: a sold-out package keeps its quantity through lists that broke off, is 0 after a whole list, and its product stays", async () => {
    const store = await imported(stage, { seed: 30 });
    const { dutchie } = store;
    const item = nth(shelf(store), 1);
    const before = await quantityOf(stage, store, item.id);
    dutchie.setPackage(item.id, { quantity: 0 }, { silent: true });
    dutchie.setFaults([{ kind: "cutBody", path: "/reporting/inventory", share: 0.95 }]);
    const run = await store.start("incremental");
    await until(
      () => store.run(run.run_id),
      ({ state }) => state === "waiting",
    );
    expect(await quantityOf(stage, store, item.id)).toBe(before);
    dutchie.clearFaults();
    expect(await store.ended(run.run_id)).toMatchObject({ state: "completed", deleted: 1 });
    expect(await quantityOf(stage, store, item.id)).toBe(0);
    const stored = (await stockOf(stage, store)).find((each) => each.dutchie_inventory_id === String(item.id));
    expect(stored).toMatchObject({ quantity: 0 });
    const product = (await productsOf(stage, store)).find((each) => each.product_id === stored?.product_id);
    expect(["active", "inactive"]).toContain(product?.status);
    expect(await store.differences()).toEqual([]);
  });

  it("F31: a package that was received after the list was read is not absent", async () => {
    const store = await imported(stage, { seed: 31 });
    const { dutchie } = store;
    store.sendWebhooks();
    dutchie.act({ kind: "receive", count: 3 });
    await allApplied(store);
    dutchie.setFaults([{ kind: "stale", path: "/reporting/inventory", ms: 5 * MINUTE }]);
    expect(await store.sync("incremental")).toMatchObject({ state: "completed", deleted: 0 });
    expect(await store.differences()).toEqual([]);
  });
});

describe.concurrent("F32: many packages of one product are not duplicates", () => {
  it.each(["pos", "guide"] as const)(
    "F32: profile %s: three packages of one SKU are one product with their sum, without a review",
    async (profile) => {
      // So small a store has no duplicate SKUs of its own.
      const store = await stage.connect({ ...WEEK, size: 15, seed: 32, profiles: [profile] });
      const { dutchie } = store;
      const product = nth(dutchie.world.products.values(), 0);
      for (const { id } of [...dutchie.world.packages.values()]) {
        if (dutchie.world.packages.get(id)?.productId === product.id) dutchie.removePackage(id);
      }
      const three = shelf(store).slice(0, 3);
      for (const [index, { id }] of three.entries()) {
        dutchie.setPackage(id, { productId: product.id, quantity: 10 + index, unitCost: 3 + index });
      }
      await store.sync("initial");
      const rows = (await productsOf(stage, store)).filter((each) => each.dutchie_product_id === String(product.id));
      expect(rows).toEqual([expect.objectContaining({ quantity: 33, merged_into: null })]);
      store.sendWebhooks();
      for (const { id } of three) dutchie.setPackage(id, { quantity: 20 });
      await allApplied(store);
      expect((await statusOf(store)).open_reviews).toBe(0);
      expect(await store.differences()).toEqual([]);
      const same = (await productsOf(stage, store)).filter((each) => each.dutchie_product_id === String(product.id));
      expect(same).toEqual([expect.objectContaining({ quantity: 60, merged_into: null })]);
    },
  );
});

describe.concurrent("F33: an old answer does not undo newer states", () => {
  it.each(["pos", "guide"] as const)(
    "F33: profile %s: polls that read a state before the webhooks undo nothing, and the next fresh poll agrees",
    async (profile) => {
      const store = await imported(stage, { seed: 33, profiles: [profile] });
      const { dutchie } = store;
      store.sendWebhooks();
      dutchie.act({ count: 40 });
      await allApplied(store);
      expect(await store.differences()).toEqual([]);
      const stated = await quantities(stage, store);
      dutchie.setFaults([{ kind: "stale", ms: 5 * MINUTE }]);
      for (const mode of ["incremental", "full"]) {
        expect(await store.sync(mode)).toMatchObject({ state: "completed", created: 0, updated: 0, deleted: 0 });
        expect(await quantities(stage, store)).toEqual(stated);
        expect(await store.differences()).toEqual([]);
      }
      dutchie.clearFaults();
      await store.sync("incremental");
      expect(await store.differences()).toEqual([]);
      // A second read is on its way, whatever this one has shown.
      expect(Date.parse((await statusOf(store)).next_sync_at ?? "")).toBeGreaterThan(Date.now());
    },
  );
});
