import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { rows } from "../databases.ts";
import { Shelf } from "./shelf.ts";
import { deliver, failingOnce, WEBHOOKS } from "./support.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

type Row = Record<string, unknown>;
const RULE = "mass_change";
const FREE = { price: 0, recPrice: 0, medPrice: 0 };

/** A store with fifteen products, which Dutchie lists in each read as `change` makes them of what they are. */
class Catalogue {
  change: (row: Row, index: number, all: readonly Row[]) => Row = (row) => row;
  private readonly rows: Row[] = [];

  private constructor(readonly shelf: Shelf) {}

  static async open(packages = 1): Promise<Catalogue> {
    const shelf = await Shelf.open(packages);
    const catalogue = new Catalogue(shelf);
    shelf.products = (listed) => {
      if (catalogue.rows.length === 0) {
        const plain = (listed as Row[]).map((row, n) => ({
          ...row,
          sku: `SKU-${n}`,
          category: "Flower",
          isActive: true,
          ...{ thcContent: 20 + n / 10, thcContentUnit: "%", cbdContent: 1, cbdContentUnit: "%" },
          ...{ price: 10 + n, recPrice: 10 + n, medPrice: 10 + n, unitCost: 4 },
        }));
        catalogue.rows.push(...plain);
      }
      const lastModifiedDateUTC = new Date().toISOString();
      return catalogue.rows.map((row, n, all) => ({ ...catalogue.change(row, n, all), lastModifiedDateUTC }));
    };
    await shelf.sync(61, "full");
    return catalogue;
  }

  get size(): number {
    return this.rows.length;
  }

  alerts() {
    return this.shelf.alerts(RULE);
  }
}

/** What became of the store's alert: its state, and which notice the channels had last. */
const stored = (shelf: Shelf) =>
  rows<{ state: string; message: string; notice: string }>(
    "select state, message, last_notice->>'kind' as notice from alerts where location_id = ? and rule = ?",
    shelf.rig.id,
    RULE,
  );

describe("a mass of products that lose a value in one read", () => {
  it.each<[string, "incremental" | "full", Row, string]>([
    ["F49: the price is 0, in a poll", "incremental", FREE, "lost their price"],
    [
      "F49: the price is null, in a full sync",
      "full",
      { price: null, recPrice: null, medPrice: null },
      "lost their price",
    ],
    ["F52: the SKU is N/A", "incremental", { sku: "N/A" }, "lost their SKU"],
    ["F38: the products are inactive", "full", { isActive: false }, "became inactive"],
  ])("%s: an alert fires at once, and ends when the values are back", async (_, mode, change, words) => {
    const catalogue = await Catalogue.open();
    expect(await catalogue.alerts()).toEqual([]);
    catalogue.change = (row) => ({ ...row, ...change });
    await catalogue.shelf.sync(61, mode);
    const { size } = catalogue;
    expect(await catalogue.alerts()).toMatchObject([
      {
        severity: "critical",
        message: expect.stringContaining(`${size} of ${size} products ${words} in the hour before`),
      },
    ]);
    // What repeats itself is no news, and does not end.
    await catalogue.shelf.sync(61, "full");
    expect(await stored(catalogue.shelf)).toMatchObject([{ state: "firing", notice: "fired" }]);
    catalogue.change = (row) => row;
    await catalogue.shelf.sync(61, mode);
    expect(await catalogue.alerts()).toEqual([]);
    expect(await stored(catalogue.shelf)).toMatchObject([
      { state: "resolved", notice: "resolved", message: expect.stringContaining("again.") },
    ]);
  });

  it.each<[string, (row: Row, n: number, all: readonly Row[]) => Row, string]>([
    [
      "prices in cents",
      (row) => ({ ...row, price: Number(row.price) * 100, recPrice: Number(row.price) * 100, medPrice: null }),
      "changed their price 8-fold or more",
    ],
    ["costs in thousands", (row) => ({ ...row, unitCost: 0.004 }), "changed their cost 8-fold or more"],
    [
      "prices a tenth",
      (row) => ({ ...row, price: Number(row.price) / 10, recPrice: Number(row.price) / 10, medPrice: null }),
      "changed their price 8-fold or more",
    ],
    [
      "price and cost exchanged",
      (row) => ({ ...row, price: row.unitCost, recPrice: row.unitCost, medPrice: null, unitCost: row.price }),
      "have their price as their cost, and their cost as their price,",
    ],
    [
      "names one row too low",
      (row, n, all) => ({ ...row, productName: all.at(n - 1)?.productName }),
      "have another name",
    ],
    ["SKUs one row too low", (row, n, all) => ({ ...row, sku: all.at(n - 1)?.sku }), "have the SKU of another product"],
    ["percent for mg/g", (row) => ({ ...row, thcContentUnit: "mg/g" }), "changed their THC or CBD 8-fold or more"],
    ["no potency at all", (row) => ({ ...row, thcContent: null, cbdContent: null }), "lost their THC and CBD"],
    ["all in another category", (row) => ({ ...row, category: "Topical" }), "are in another category"],
  ])("F49: %s in one list: an alert fires at once, and ends when the values are back", async (_, change, words) => {
    const catalogue = await Catalogue.open();
    catalogue.change = change;
    await catalogue.shelf.sync(61, "full");
    const { size } = catalogue;
    const message = expect.stringContaining(`${size} of ${size} products ${words}`);
    expect(await catalogue.alerts()).toMatchObject([{ severity: "critical", message }]);
    await catalogue.shelf.sync(61, "full");
    expect(await catalogue.alerts()).toHaveLength(1);
    catalogue.change = (row) => row;
    await catalogue.shelf.sync(61, "full");
    expect(await catalogue.alerts()).toEqual([]);
  });

  it.each<[string, (row: Row, n: number) => Row]>([
    [
      "a sale day with a fifth off everything",
      (row) => ({ ...row, price: Number(row.price) * 0.8, recPrice: Number(row.price) * 0.8, medPrice: null }),
    ],
    ["a brand that halves its prices and costs", (row, n) => (n < 9 ? { ...row, price: 1, recPrice: 1 } : row)],
    ["costs that rise above the prices", (row) => ({ ...row, unitCost: Number(row.price) + 1 })],
    ["names that get their brand and size", (row) => ({ ...row, productName: `Kiva | ${row.productName} | 3.5 g` })],
    ["a category in the plural", (row) => ({ ...row, category: "Flowers" })],
    ["a new harvest", (row) => ({ ...row, thcContent: Number(row.thcContent) * 1.3, cbdContent: 0.5 })],
  ])("F49: %s raises no alert", async (_, change) => {
    const catalogue = await Catalogue.open();
    catalogue.change = change;
    await catalogue.shelf.sync(61, "full");
    expect(await catalogue.alerts()).toEqual([]);
  });

  it("F49: nine products are no mass, and a few more within the hour are one", async () => {
    const catalogue = await Catalogue.open();
    catalogue.change = (row, n) => (n < 9 ? { ...row, ...FREE } : row);
    await catalogue.shelf.sync(15);
    expect(await catalogue.alerts()).toEqual([]);
    catalogue.change = (row, n) => (n < 12 ? { ...row, ...FREE } : row);
    await catalogue.shelf.sync(15);
    expect((await catalogue.alerts())[0]?.message).toContain("12 of 15 products lost their price");
  });

  it("F49: a few products each day are no mass", async () => {
    const catalogue = await Catalogue.open();
    for (let day = 1; day <= 3; day++) {
      catalogue.change = (row, n) => (n < day * 5 ? { ...row, ...FREE } : row);
      await catalogue.shelf.sync(24 * 60, "full");
    }
    expect(await catalogue.alerts()).toEqual([]);
  });

  it("F49: a person's acknowledgement ends the alert; the same loss raises no other, another mass does", async () => {
    const catalogue = await Catalogue.open();
    catalogue.change = (row) => ({ ...row, ...FREE });
    await catalogue.shelf.sync(15);
    const [alert] = await catalogue.alerts();
    const seen = await catalogue.shelf.call("POST", `/v1/alerts/${alert?.alert_id}/acknowledge`);
    expect(await seen.json()).toMatchObject({ rule: RULE, state: "resolved" });
    for (const mode of ["incremental", "full"] as const) {
      await catalogue.shelf.sync(15, mode);
      expect(await catalogue.alerts()).toEqual([]);
    }
    catalogue.change = (row) => row;
    await catalogue.shelf.sync(15);
    catalogue.change = (row) => ({ ...row, ...FREE });
    await catalogue.shelf.sync(15);
    expect(await catalogue.alerts()).toHaveLength(1);
  });

  it("F49: a verification that writes nothing raises no alert", async () => {
    const catalogue = await Catalogue.open();
    catalogue.change = (row) => ({ ...row, ...FREE });
    await catalogue.shelf.rig.location.startRun({ mode: "verify", trigger: "manual", heal: false });
    await catalogue.shelf.rig.drain();
    expect(await catalogue.alerts()).toEqual([]);
  });

  it.each([1, 2, 3])(
    "F49: an alert fires even if the database breaks off after the write, at write %i",
    async (nth) => {
      const catalogue = await Catalogue.open();
      catalogue.change = (row) => ({ ...row, ...FREE });
      const { rig } = catalogue.shelf;
      // Two reads of one moment would be ordered by their hash.
      vi.setSystemTime(Date.now() + 15 * 60_000);
      await rig.start("full");
      const failing = failingOnce(rig.env, { at: "after commit", nth });
      await rig.withEnv(failing.env);
      await rig.drain();
      await rig.withEnv(rig.env);
      expect(failing.reached()).toBe(true);
      expect(await catalogue.alerts()).toHaveLength(1);
    },
  );
});

describe("a mass of packages that lose a value", () => {
  it.each<[string, "pos" | "guide", number, boolean]>([
    ["F38: 20 of 40 rows say 0", "pos", 20, true],
    ["F38: all rows say 0, guide", "guide", 40, true],
    ["F38: nine rows say 0", "pos", 9, false],
  ])("an alert fires only for a mass of packages: %s", async (_, profile, sold, isTold) => {
    const shelf = await Shelf.open(40, profile);
    const stock = [...shelf.stock.keys()];
    for (const id of stock.slice(0, sold)) shelf.stock.set(id, { Vault: 0 });
    await shelf.sync(15);
    expect(await shelf.count()).toBe(40 - sold);
    const words = expect.stringContaining(`${sold} of 40 packages fell to quantity 0`);
    expect(await shelf.alerts(RULE)).toMatchObject(isTold ? [{ message: words }] : []);
    for (const id of stock) shelf.stock.set(id, { Vault: 5 });
    await shelf.sync(15);
    expect(await shelf.count()).toBe(40);
    expect(await shelf.alerts(RULE)).toEqual([]);
  });

  it("F38: packages that moved to another room lost nothing", async () => {
    const shelf = await Shelf.open(40, "guide");
    for (const id of shelf.stock.keys()) shelf.stock.set(id, { Vault: 0, Safe: 5 });
    await shelf.sync(15);
    expect(await shelf.count()).toBe(40);
    expect(await shelf.alerts(RULE)).toEqual([]);
  });

  it.each(["pos", "guide"] as const)(
    "F49: packages that moved into quarantine raise an alert, which ends when they are back: %s",
    async (profile) => {
      const shelf = await Shelf.open(40, profile);
      const stock = [...shelf.stock.keys()];
      for (const id of stock.slice(0, 15)) shelf.stock.set(id, { Quarantine: 5 });
      await shelf.sync(15);
      const message = expect.stringContaining("15 of 40 packages moved into quarantine or out of it");
      expect(await shelf.alerts(RULE)).toMatchObject([{ message }]);
      await shelf.sync(61);
      expect(await shelf.alerts(RULE)).toHaveLength(1);
      for (const id of stock) shelf.stock.set(id, { Vault: 5 });
      await shelf.sync(15);
      expect(await shelf.alerts(RULE)).toEqual([]);
    },
  );

  it("F49: rooms that all become quarantine raise an alert for their packages, and a person's own map of rooms does not", async () => {
    const shelf = await Shelf.open(40);
    const asked = globalThis.fetch;
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      const answer = await asked(url, init);
      if (!new URL(url).pathname.endsWith("/room/rooms")) return answer;
      return Response.json((await answer.json<Row[]>()).map((row) => ({ ...row, isQuarantineRoom: true })));
    });
    await shelf.sync(24 * 60, "full");
    const message = expect.stringContaining("40 of 40 packages moved into quarantine or out of it");
    expect(await shelf.alerts(RULE)).toMatchObject([{ message }]);
    vi.stubGlobal("fetch", asked);
    await shelf.sync(24 * 60, "full");
    expect(await shelf.alerts(RULE)).toEqual([]);
    const settings = { room_types: { Vault: "quarantine" } };
    expect((await shelf.call("PATCH", `/v1/locations/${shelf.rig.id}`, { settings })).status).toBe(200);
    await shelf.sync(24 * 60, "full");
    expect(await shelf.alerts(RULE)).toEqual([]);
  });

  it.each<[number, boolean]>([
    [15, false],
    [30, true],
  ])("F49: only most packages in another kind of room raise an alert: %i of 40", async (moved, isTold) => {
    const shelf = await Shelf.open(40);
    for (const id of [...shelf.stock.keys()].slice(0, moved)) shelf.stock.set(id, { "Sales Floor": 5 });
    await shelf.sync(15);
    const message = expect.stringContaining(`${moved} of 40 packages moved to another kind of room`);
    expect(await shelf.alerts(RULE)).toMatchObject(isTold ? [{ message }] : []);
  });

  it("F49: packages whose quantities are a thousand times as high raise an alert, which ends with the right ones", async () => {
    const shelf = await Shelf.open(40);
    for (const id of shelf.stock.keys()) shelf.stock.set(id, { Vault: 5_000 });
    await shelf.sync(15);
    expect(await shelf.alerts(RULE)).toMatchObject([
      { message: expect.stringContaining("40 of 40 packages changed their quantity 20-fold or more") },
    ]);
    for (const id of shelf.stock.keys()) shelf.stock.set(id, { Vault: 4 });
    await shelf.sync(15);
    expect(await shelf.alerts(RULE)).toEqual([]);
  });

  it("F49: packages that all belong to another product raise an alert", async () => {
    const shelf = await Shelf.open(40);
    const [, other] = [...shelf.rig.dutchie.world.products.values()].map(({ id }) => id);
    shelf.answer = (all) => (all as Row[]).map((row) => ({ ...row, productId: other }));
    await shelf.sync(15);
    expect(await shelf.alerts(RULE)).toMatchObject([
      { message: expect.stringContaining("40 of 40 packages moved to another product") },
    ]);
    shelf.answer = (all) => all;
    await shelf.sync(15);
    expect(await shelf.alerts(RULE)).toEqual([]);
  });

  it("F49: packages that lose their price raise an alert", async () => {
    const shelf = await Shelf.open(40);
    shelf.answer = (all) => (all as Row[]).map((row) => ({ ...row, unitPrice: 0 }));
    await shelf.sync(15);
    expect(await shelf.alerts(RULE)).toMatchObject([
      { message: expect.stringContaining("40 of 40 packages lost their price") },
    ]);
  });

  it("F49: who acknowledges a mass leaves one that joined it since: the answer is 409 and says to look again", async () => {
    const shelf = await Shelf.open(40);
    shelf.answer = (all) => (all as Row[]).map((row, n) => (n < 15 ? { ...row, unitPrice: 0 } : row));
    await shelf.sync(15);
    const [shown] = await shelf.alerts(RULE);
    shelf.answer = (all) => (all as Row[]).map((row) => ({ ...row, unitPrice: 0 }));
    await shelf.sync(15);
    const [joined] = await shelf.alerts(RULE);
    expect(joined?.started_at).not.toBe(shown?.started_at);
    const acknowledge = (started_at?: string) =>
      shelf.call("POST", `/v1/alerts/${shown?.alert_id}/acknowledge`, { started_at });
    const refused = await acknowledge(shown?.started_at);
    expect([refused.status, await refused.json()]).toEqual([
      409,
      {
        error: expect.objectContaining({ code: "CONFLICT", message: expect.stringContaining(`${joined?.started_at}`) }),
      },
    ]);
    expect(await shelf.alerts(RULE)).toEqual([joined]);
    expect((await acknowledge("yesterday")).status).toBe(400);
    expect(await (await acknowledge(joined?.started_at)).json()).toMatchObject({ state: "resolved" });
  });
});

describe("a mass of records that lose a value by webhooks", () => {
  /** Webhooks say that packages have another quantity; the clock of the test moves, and the timer fires. */
  const state = async (shelf: Shelf, ids: string[], quantity: number, minutes: number): Promise<boolean> => {
    for (const id of ids) await shelf.webhook(`event-${id}-${Date.now()}`, id, quantity);
    vi.setSystemTime(Date.now() + minutes * 60_000);
    return shelf.alarm();
  };

  it("F38: an alert fires within 20 minutes although no list is read, and ends so when the values are back", async () => {
    const shelf = await Shelf.open(40);
    const stock = [...shelf.stock.keys()];
    expect(await state(shelf, stock.slice(0, 20), 0, 21)).toBe(true);
    const words = expect.stringContaining("20 of 40 packages fell to quantity 0");
    expect(await shelf.alerts(RULE)).toMatchObject([{ severity: "critical", message: words }]);
    expect(await state(shelf, stock.slice(0, 15), 5, 21)).toBe(true);
    expect(await shelf.alerts(RULE)).toEqual([]);
  });

  it.each(["dutchie_to_reup", "bidirectional"] as const)(
    "F49: an alert fires for prices in cents of products that only webhooks state: %s",
    async (direction) => {
      const { shelf, size } = await Catalogue.open();
      await shelf.call("PATCH", `/v1/locations/${shelf.rig.id}`, { settings: { direction } });
      const products = await rows<{ id: string; price: number }>(
        "select dutchie_product_id as id, unit_price as price from products where location_id = ? and status = 'active'",
        shelf.rig.id,
      );
      vi.setSystemTime(Date.now() + 61 * 60_000);
      const received_at = Date.now();
      for (const { id, price } of products) {
        const data = { productId: Number(id), price: price * 100, recPrice: price * 100 };
        const body = { type: "product.updated", occurred_at: new Date(received_at).toISOString(), data };
        await deliver(
          WEBHOOKS,
          [{ location_id: shelf.rig.id, event_id: `cents-${id}`, received_at, body }],
          shelf.rig.env,
        );
      }
      vi.setSystemTime(received_at + 21 * 60_000);
      await shelf.alarm();
      const message = expect.stringContaining(`${size} of ${size} products changed their price 8-fold or more`);
      expect(await shelf.alerts(RULE)).toMatchObject([{ message }]);
    },
  );

  it("F38: what sells out in a day is no mass for the list of the night", async () => {
    const shelf = await Shelf.open(40);
    const stock = [...shelf.stock.keys()];
    for (let hour = 0; hour < 5; hour++) await state(shelf, stock.slice(hour * 5, hour * 5 + 5), 0, 61);
    for (const id of stock.slice(0, 25)) shelf.stock.set(id, { Vault: 0 });
    await shelf.sync(1, "full");
    expect(await shelf.count()).toBe(15);
    expect(await shelf.alerts(RULE)).toEqual([]);
  });

  it("F38: a poll that counted them leaves nothing to the timer", async () => {
    const shelf = await Shelf.open(40);
    const stock = [...shelf.stock.keys()];
    for (const id of stock.slice(0, 3)) {
      await shelf.webhook(`event-${id}`, id, 0);
      shelf.stock.set(id, { Vault: 0 });
    }
    await shelf.sync(15);
    const due = await runInDurableObject(env.LOCATION.getByName(shelf.rig.id), (_, { storage }) =>
      storage.sql.exec("select value from kv where key = 'count_losses_at'").toArray(),
    );
    expect(due).toEqual([]);
  });
});
