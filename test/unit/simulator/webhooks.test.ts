import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { WebhookTarget } from "../../../simulator/options.ts";
import { signStandard } from "../../../simulator/webhooks/signature.ts";
import { INVENTORY, type Json, rows, store } from "./helpers.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

interface Received {
  headers: Headers;
  body: string;
  json: { type: string; occurred_at: string; data: Json | Json[] };
}

/** A receiver in place of the network; `answer` decides the status of each call. */
function receiver(answer: (call: number) => number = () => 202) {
  const received: Received[] = [];
  let calls = 0;
  const fetch = (async (_url: string, init: RequestInit) => {
    const status = answer(++calls);
    const body = String(init.body);
    if (status < 300) received.push({ headers: new Headers(init.headers), body, json: JSON.parse(body) });
    return new Response(null, { status });
  }) as typeof globalThis.fetch;
  return { received, fetch, calls: () => calls };
}

const TARGET: WebhookTarget = { url: "http://worker/webhooks/dutchie/loc_1", secret: SECRET, profile: "pos" };

describe("the signature of a webhook", () => {
  it("the signature equals the published vector", async () => {
    const signed = await signStandard(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}');
    expect(signed).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  it("the signature of a delivery verifies with an independent HMAC", async () => {
    const { fetch, received } = receiver();
    const { simulator } = store({ webhook: TARGET, fetch });
    simulator.act({ kind: "sell" });
    await simulator.webhooks.idle();
    expect(received.map((each) => each.json.type)).toEqual(["sale.completed", "inventory.updated"]);
    for (const { headers, body } of received) {
      const content = `${headers.get("webhook-id")}.${headers.get("webhook-timestamp")}.${body}`;
      const key = Buffer.from(SECRET.slice(6), "base64");
      expect(headers.get("webhook-signature")).toBe(`v1,${createHmac("sha256", key).update(content).digest("base64")}`);
    }
    expect(new Set(received.map((each) => each.headers.get("webhook-id"))).size).toBe(2);
  });

  it("the signature of a store's own scheme covers the body, which has the id", async () => {
    const { fetch, received } = receiver();
    const scheme = { header: "x-dutchie-signature", encoding: "hex", prefix: "sha256=" } as const;
    const { simulator } = store({ webhook: { ...TARGET, secret: "plain", scheme }, fetch });
    simulator.act({ kind: "adjust" });
    await simulator.webhooks.idle();
    const [one] = received;
    const mac = createHmac("sha256", "plain")
      .update(one?.body ?? "")
      .digest("hex");
    expect(one?.headers.get("x-dutchie-signature")).toBe(`sha256=${mac}`);
    expect(one?.headers.get("webhook-id")).toBeNull();
    expect(one?.json).toMatchObject({ id: expect.stringMatching(/^msg_/) });
  });
});

describe("the simulator's events", () => {
  it("events occur one after the other and have the records of their own time", async () => {
    const { fetch, received } = receiver();
    const { simulator } = store({ webhook: TARGET, fetch });
    simulator.act({ count: 200 });
    await simulator.webhooks.idle();
    const times = received.map((each) => Date.parse(each.json.occurred_at));
    expect(times.length).toBeGreaterThan(200);
    for (const [i, time] of times.entries()) expect(time).toBeGreaterThan(times[i - 1] ?? 0);
    for (const { json } of received) {
      for (const row of [json.data].flat()) {
        const stamp = String(row.lastModifiedDateUTC ?? row.lastModifiedDateUtc);
        expect(stamp.endsWith("Z") ? stamp : `${stamp}Z`).toBe(json.occurred_at);
      }
    }
    expect(Math.max(...times)).toBeLessThanOrEqual(simulator.world.now());
  });

  it("an event of a sold-out package states that each of its rooms is empty", async () => {
    const { fetch, received } = receiver();
    const { simulator } = store({ webhook: TARGET, fetch });
    const item = [...simulator.world.packages.values()].find((each) => each.rooms.length > 1);
    if (item === undefined) throw new Error("no package in two rooms");
    simulator.setPackage(item.id, { quantity: 0 });
    simulator.setWebhooks({ ...TARGET, profile: "guide" });
    simulator.setPackage(item.id, { quantity: 5, room: "Online" });
    simulator.setPackage(item.id, { room: "Vault" });
    await simulator.webhooks.idle();
    const [soldOut, , moved] = received.map((each) => [each.json.data].flat());
    expect(soldOut).toEqual([expect.objectContaining({ inventoryId: item.id, quantityAvailable: 0 })]);
    const emptied = (soldOut?.[0]?.roomQuantities ?? []) as Json[];
    expect(emptied.map((room) => [room.roomId, room.quantityAvailable])).toEqual(
      item.rooms.map((room) => [room.roomId, 0]),
    );
    expect(moved?.map((row) => [row.roomName, row.quantity]).sort()).toEqual([
      ["Online", 0],
      ["Vault ", 5],
    ]);
  });

  it("events that are applied to the first read give the last one, under either profile", async () => {
    for (const profile of ["pos", "guide"] as const) {
      const { fetch, received } = receiver();
      const { simulator } = store({ webhook: { ...TARGET, profile }, fetch });
      const path = profile === "pos" ? INVENTORY : "/inventory";
      const held = new Map((await rows(simulator, path)).map((row) => [keyOf(row), quantityOf(row)]));
      simulator.act({ count: 400 });
      await simulator.webhooks.idle();
      for (const { json } of received.filter((each) => each.json.type === "inventory.updated")) {
        for (const row of [json.data].flat()) held.set(keyOf(row), quantityOf(row));
      }
      const stated = new Map([...held].filter(([, quantity]) => quantity !== 0));
      expect(stated).toEqual(new Map((await rows(simulator, path)).map((row) => [keyOf(row), quantityOf(row)])));
    }
  });
});

const keyOf = (row: Json) => String(row.inventoryId ?? `${row.id}/${row.roomName}`);
const quantityOf = (row: Json) => row.quantityAvailable ?? row.quantity;

describe("the delivery of webhooks", () => {
  it("a delivery is tried again under the same id, and recorded", async () => {
    const { fetch, received } = receiver((call) => (call < 3 ? 500 : 202));
    const { simulator } = store({ webhook: TARGET, fetch });
    simulator.act({ kind: "adjust" });
    await simulator.webhooks.idle();
    expect(received).toHaveLength(1);
    expect(simulator.deliveries()).toEqual([
      expect.objectContaining({
        id: received[0]?.headers.get("webhook-id"),
        state: "delivered",
        status: 202,
        attempts: 3,
        changed: [{ resource: "inventory", id: expect.any(String) }],
      }),
    ]);
  });

  it("a delivery ends after five attempts", async () => {
    const { fetch, calls } = receiver(() => 503);
    const { simulator } = store({ webhook: TARGET, fetch });
    simulator.act({ kind: "adjust" });
    await simulator.webhooks.idle();
    expect(calls()).toBe(5);
    expect(simulator.deliveries()).toMatchObject([{ state: "failed", status: 503, attempts: 5 }]);
  });

  it("deliveries are duplicated, dropped, delayed and reordered", async () => {
    const { fetch, received } = receiver();
    const { simulator } = store({ webhook: TARGET, fetch });
    const ids = () => received.splice(0).map((each) => each.headers.get("webhook-id"));
    const run = async (faults: Parameters<typeof simulator.setWebhooks>[1]) => {
      const since = simulator.deliveries().at(-1)?.seq ?? 0;
      simulator.setWebhooks(TARGET, faults);
      simulator.act({ kind: "adjust" });
      simulator.act({ kind: "adjust" });
      await simulator.webhooks.idle();
      return { sent: simulator.deliveries(since).map((each) => each.id), got: ids() };
    };
    const twice = await run({ duplicate: 1 });
    expect(twice.got).toEqual(twice.sent.flatMap((id) => [id, id]));
    expect((await run({ drop: 1 })).got).toEqual([]);
    const swapped = await run({ reorder: 1 });
    expect(swapped.got).toEqual([...swapped.sent].reverse());
    const late = await run({ late: 1, lateMs: 5 });
    expect(late.got).toEqual(late.sent);
  });
});
