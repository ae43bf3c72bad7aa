import { afterEach, describe, expect, it, vi } from "vitest";
import type { WebhookMessage } from "../../../src/contract/messages.ts";
import type { LocationRow } from "../../../src/db/locations.ts";
import { appWith, call, hmac, token, working } from "../api/support.ts";
import { rows } from "../databases.ts";
import { deliver, Rig, SYNC, WEBHOOKS } from "../faults/support.ts";
import { answering, json, later } from "../runs/support.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const HMAC: LocationRow["webhook_scheme"] = { kind: "hmac", header: "X-Signature", encoding: "hex", prefix: "" };
const DAY = 86_400_000;
/** With the clock that the test moves. */
const app = appWith(working, () => Date.now());

/** A store under a custom scheme whose package 1 has Dutchie's quantity, and a sender of its events. */
async function open() {
  const rig = await Rig.open({ size: 10 }, { webhook_scheme: HMAC });
  const jwt = await token();
  const rotated = await call("POST", `/v1/locations/${rig.id}/webhook/rotate`, { token: jwt, body: {}, env: rig.env });
  const { secret } = await rotated.json<{ secret: string }>();
  const dutchie = { quantity: 5 };
  const asked = answering(rig, (path) =>
    path.includes("inventory")
      ? json([
          {
            inventoryId: 1,
            productId: 10,
            sku: "SKU-1",
            productName: "Blue Dream",
            quantityAvailable: dutchie.quantity,
          },
        ])
      : null,
  );
  await rig.start("initial");
  await rig.drain();
  asked.length = 0;

  const send = async (body: object) => {
    const raw = new TextEncoder().encode(JSON.stringify(body));
    const mac = await hmac(new TextEncoder().encode(secret), raw);
    const headers = { "x-signature": [...mac].map((byte) => byte.toString(16).padStart(2, "0")).join("") };
    const queued: WebhookMessage[] = [];
    const given = { ...rig.env, WEBHOOKS: { send: async (each: WebhookMessage) => void queued.push(each) } };
    const to = `/webhooks/dutchie/${rig.id}`;
    const response = await call("POST", to, { raw, headers, env: given as unknown as Env, app });
    expect(response.status).toBe(202);
    expect(await deliver(WEBHOOKS, queued)).toEqual(queued.map(() => "ack"));
    return (await response.json<{ event_id: string }>()).event_id;
  };
  const stock = async () => {
    const found = await rows<{ quantity: number }>(
      "select quantity from inventory where location_id = ? and dutchie_inventory_id = '1'",
      rig.id,
    );
    return found.map(({ quantity }) => quantity);
  };
  const ledger = async () => (await rig.location.listEvents({ outcome: null, cursor: null, limit: 50 })).data;
  return { rig, dutchie, asked, send, stock, ledger };
}

const restock = (quantity: number, more: object = {}) => ({
  type: "inventory.updated",
  data: { inventoryId: 1, productId: 10, sku: "SKU-1", productName: "Blue Dream", quantityAvailable: quantity },
  ...more,
});

describe("F79: content is no identity", () => {
  it("F79: quantities 5, 4, 5 without a signed id end at 5", async () => {
    const { rig, dutchie, asked, send, stock, ledger } = await open();
    for (const quantity of [5, 4, 5]) {
      dutchie.quantity = quantity;
      later(6 * 60_000);
      const event_id = await send(restock(quantity));
      expect(event_id).toMatch(/^[0-9a-f]{64}$/);
      expect(await rig.location.getEvent(event_id)).toMatchObject({
        outcome: "applied",
        reason: expect.stringMatching(/no id/),
      });
      await rig.drain();
      expect(await stock()).toEqual([quantity]);
    }
    expect(await ledger()).toHaveLength(3);
    expect(asked.filter((path) => path.includes("inventory")).length).toBeGreaterThanOrEqual(3);
    const runs = await rows<{ trigger: string }>("select distinct trigger from runs where location_id = ?", rig.id);
    expect(runs.map(({ trigger }) => trigger).sort()).toEqual(["manual", "webhook"]);
  });

  it.each<[string, () => object]>([
    ["without an id", () => ({ occurred_at: new Date().toISOString() })],
    ["without a time", () => ({ id: "evt_1" })],
    ["with a time that cannot be read", () => ({ id: "evt_1", occurred_at: "yesterday" })],
    [
      "older than the ledger remembers",
      () => ({ id: "evt_1", occurred_at: new Date(Date.now() - 31 * DAY).toISOString() }),
    ],
    [
      "from the future, which never gets old",
      () => ({ id: "evt_1", occurred_at: new Date(Date.now() + DAY).toISOString() }),
    ],
  ])("F79: no row of an event %s is applied, and the store is read", async (_, more) => {
    const { rig, asked, send, stock } = await open();
    const event_id = await send(restock(400, more()));
    expect(await stock()).toEqual([5]);
    expect(await rig.location.getEvent(event_id)).toMatchObject({
      outcome: "applied",
      reason: expect.stringMatching(/read the store/),
    });
    await rig.drain();
    expect(asked.some((path) => path.includes("inventory"))).toBe(true);
    expect(await stock()).toEqual([5]);
  });

  it("F79: an event with a signed id and time is applied once, as it came", async () => {
    const { rig, asked, send, stock } = await open();
    later(10 * 60_000);
    const event = restock(7, { id: "evt_9", occurred_at: new Date().toISOString() });
    expect(await send(event)).toBe("evt_9");
    expect(await stock()).toEqual([7]);
    await send(event);
    expect((await rig.status()).last_24h.webhooks).toMatchObject({ received: 1, applied: 1, duplicate: 1 });
    expect(asked).toEqual([]);
    expect(rig.queue).toEqual([]);
  });

  it("F79: an event that is no longer in the ledger is not applied again", async () => {
    const { dutchie, rig, send, stock } = await open();
    later(10 * 60_000);
    const captured = restock(7, { id: "evt_9", occurred_at: new Date().toISOString() });
    await send(captured);
    later(31 * DAY);
    dutchie.quantity = 2;
    while ((await rig.location.sweep()).more);
    expect(await rig.location.getEvent("evt_9")).toBeNull();
    await send(captured);
    await rig.drain();
    expect(await stock()).toEqual([2]);
  });

  it("F79: any number of such events cause one read, and one more after a run that goes on", async () => {
    const { rig, send } = await open();
    for (let n = 0; n < 5; n++) await send(restock(n));
    const refreshes = () => rig.queue.filter(({ body }) => (body as { kind: string }).kind === "refresh");
    expect(refreshes()).toHaveLength(1);
    const refresh = refreshes()[0];
    rig.queue.length = 0;
    await rig.start("full");
    const step = rig.queue.splice(0);
    expect(await deliver(SYNC, [refresh?.body], rig.env)).toEqual(["ack"]);
    expect((await rig.location.currentRun())?.trigger).toBe("manual");
    const again = rig.queue.splice(0);
    expect(again.map(({ body }) => body)).toEqual([refresh?.body]);
    rig.queue.push(...step, ...again);
    await rig.drain();
    const [last] = await rows<{ trigger: string }>(
      "select trigger from runs where location_id = ? order by run_id desc limit 1",
      rig.id,
    );
    expect(last?.trigger).toBe("webhook");
  });
});
