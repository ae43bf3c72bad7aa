import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Settings } from "../../../src/domain/records/model.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { call, token } from "../api/support.ts";
import { deliver, Rig, WEBHOOKS } from "./support.ts";

// Noon in the store: no nightly sync comes in between.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-10-30T19:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const MINUTE = 60_000;
const later = (minutes: number) => void vi.setSystemTime(Date.now() + minutes * MINUTE);

type Row = Record<string, unknown>;
/** What a transaction of the API says in money. */
const AMOUNTS = ["subtotal", "totalBeforeTax", "totalDiscount", "tax", "total", "paid", "unitPrice", "totalPrice"];
const scaled = (row: Row, factor: number): Row =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => {
      if (key === "items" && Array.isArray(value)) return [key, value.map((line: Row) => scaled(line, factor))];
      return [key, AMOUNTS.includes(key) && typeof value === "number" ? value * factor : value];
    }),
  );

/** A store whose register counts in what `unit` says. */
class Till {
  unit = 1;
  private constructor(readonly rig: Rig) {}

  static async open(unit: number, salesDays = 2, settings: Settings = DEFAULT_SETTINGS): Promise<Till> {
    const rig = await Rig.open({ size: 30, salesDays, salesPerDay: 15 }, { settings });
    const till = new Till(rig);
    till.unit = unit;
    const simulator = globalThis.fetch;
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      const answer = await simulator(url, init);
      // The simulator's clock is the machine's.
      answer.headers.delete("date");
      if (new URL(url).pathname !== "/reporting/transactions") return answer;
      return Response.json((await answer.json<Row[]>()).map((row) => scaled(row, till.unit)));
    });
    await rig.start("initial");
    await rig.drain();
    return till;
  }

  async poll(mode: "incremental" | "full" = "incremental"): Promise<void> {
    later(16);
    await this.rig.start(mode);
    await this.rig.drain();
  }

  /** So many sales, told by webhooks that write this unit. */
  async sell(count: number, unit: number): Promise<void> {
    const received_at = Date.now();
    for (let n = 0; n < count; n++) {
      const [event] = this.rig.dutchie.act({ count: 1, kind: "sell" });
      if (event?.type !== "sale.completed") throw new Error("Nothing was sold");
      const { id, total, lines } = event.sale;
      const items = lines.map((line) => ({
        transactionItemId: line.id,
        productId: line.productId,
        quantity: line.quantity,
        unitPrice: line.unitPrice * unit,
        totalPrice: line.total * unit,
      }));
      const data = {
        transactionId: id,
        transactionDate: new Date(received_at + n).toISOString(),
        total: total * unit,
        items,
      };
      const body = { type: "sale.completed", occurred_at: new Date(received_at + n).toISOString(), data };
      const message = { location_id: this.rig.id, event_id: `sale-${id}-${unit}`, received_at, body };
      await deliver(WEBHOOKS, [message], this.rig.env);
    }
  }

  async alarm(minutes: number): Promise<void> {
    later(minutes);
    await runDurableObjectAlarm(env.LOCATION.getByName(this.rig.id));
  }

  async alerts() {
    const { active_alerts } = await this.rig.status();
    return active_alerts.filter(({ rule }) => rule === "mass_change");
  }

  async isCheckDue(): Promise<boolean> {
    return runInDurableObject(
      env.LOCATION.getByName(this.rig.id),
      (_, { storage }) => storage.sql.exec("select 1 from kv where key = 'check_sales_at'").toArray().length > 0,
    );
  }
}

const TOLD = {
  severity: "critical",
  message: expect.stringMatching(/^\d+ of \d+ latest sales differ 8-fold or more from the prices /),
};

it("F49: sales in cents are told after the first import, which nothing came before, and end when they are right", async () => {
  const till = await Till.open(100);
  expect(await till.alerts()).toMatchObject([{ message: expect.stringContaining("20 of 20 latest sales") }]);
  expect(await till.isCheckDue()).toBe(false);
  till.unit = 1;
  await till.poll("full");
  expect(await till.alerts()).toEqual([]);
});

it("F49: a register that begins to count in cents is told by the next poll, once", async () => {
  const till = await Till.open(1);
  expect(await till.alerts()).toEqual([]);
  till.rig.dutchie.act({ count: 8, kind: "sell" });
  await till.poll();
  expect(await till.alerts()).toEqual([]);
  till.unit = 100;
  till.rig.dutchie.act({ count: 14, kind: "sell" });
  await till.poll();
  const [alert] = await till.alerts();
  expect(alert).toMatchObject(TOLD);
  // A person has seen it: the same is no news, until sales were right in between.
  const path = `/v1/alerts/${alert?.alert_id}/acknowledge`;
  const seen = await call("POST", path, { token: await token(), body: { started_at: alert?.started_at } });
  expect(seen.status).toBe(200);
  expect(await till.alerts()).toEqual([]);
  till.rig.dutchie.act({ count: 5, kind: "sell" });
  await till.poll();
  expect(await till.alerts()).toEqual([]);
});

it("F49: sales in cents that only webhooks bring are told by the timer", async () => {
  const till = await Till.open(1, 1, { ...DEFAULT_SETTINGS, frequency: "daily" });
  await till.sell(20, 100);
  expect([await till.alerts(), await till.isCheckDue()]).toEqual([[], true]);
  await till.alarm(21);
  expect([await till.alerts(), await till.isCheckDue()]).toMatchObject([[TOLD], false]);
  await till.sell(20, 1);
  await till.alarm(21);
  expect(await till.alerts()).toEqual([]);
});

it("F49: sales at a hundredth of the prices, as where only prices are in cents, are told and end, too", async () => {
  const till = await Till.open(0.01);
  expect(await till.alerts()).toMatchObject([TOLD]);
  await till.sell(20, 1);
  await till.alarm(21);
  expect(await till.alerts()).toEqual([]);
});
