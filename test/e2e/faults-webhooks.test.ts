import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { webhookHeaders } from "../../simulator/webhooks/signature.ts";
import {
  allApplied,
  DutchieClock,
  deliver,
  imported,
  type LedgerView,
  MINUTE,
  nth,
  openStage,
  quantityOf,
  settled,
  statusOf,
  WEEK,
} from "./faults-support.ts";
import { type Stage, type Store, until } from "./support.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ WATCHDOG_MS: "5000" });
});
afterAll(() => stage.close());

/** An event that sets the quantity of one of the store's packages. */
function restock(store: Store, quantity: number, index = 0) {
  const item = nth(
    [...store.dutchie.world.packages.values()].filter(({ rooms }) => rooms.length === 1),
    index,
  );
  const now = new Date().toISOString();
  const rooms = [{ roomId: 101, room: "Sales Floor", quantityAvailable: quantity }];
  const data = { inventoryId: item.id, productId: item.productId, quantityAvailable: quantity, roomQuantities: rooms };
  return { id: item.id, event: { type: "inventory.updated", occurred_at: now, data } };
}

const post = (store: Store, body: string, headers: Record<string, string>) =>
  fetch(store.webhook.url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body });

describe.concurrent("F25: one event is applied once", () => {
  it("F25: of 100 concurrent copies exactly one is applied and 99 are duplicates", async () => {
    const store = await imported(stage, { seed: 41 });
    const { id, event } = restock(store, 77);
    const copies = Array.from({ length: 100 }, () => deliver(store, { id: "evt_100", ...event }));
    const answers = await Promise.all(copies);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 202));
    const { last_24h } = await allApplied(store, 100);
    expect(last_24h.webhooks).toMatchObject({ received: 1, applied: 1, duplicate: 99, stale: 0, invalid: 0 });
    expect(await quantityOf(stage, store, id)).toBe(77);
    const ledger = await store.get<{ data: LedgerView[] }>("/events");
    expect(ledger.data).toEqual([expect.objectContaining({ event_id: "evt_100", outcome: "applied" })]);
    const changes = await stage.api.all<{ cause: string }>(`/v1/locations/${store.id}/changes`);
    // The package left one room for another: one change each, and none twice.
    const logged = changes.filter(({ cause }) => cause === "webhook");
    expect(logged.length).toBeGreaterThan(0);
    expect(new Set(logged.map((change) => JSON.stringify(change))).size).toBe(logged.length);
  });
});

describe.concurrent("F26: only what is signed counts", () => {
  it("F26: a forged event with the id of a future one is refused, and the real one is applied", async () => {
    const store = await imported(stage, { seed: 42 });
    const { id, event } = restock(store, 66);
    const forged = { "webhook-signature": `v1,${Buffer.alloc(32, 1).toString("base64")}` };
    const wrong = { ...event, data: { ...event.data, quantityAvailable: 0, roomQuantities: [] } };
    for (let attempt = 0; attempt < 3; attempt++) {
      expect((await deliver(store, { id: "evt_future", ...wrong }, forged)).status).toBe(401);
    }
    expect((await deliver(store, { id: "evt_future", ...event })).status).toBe(202);
    expect((await settled(store, "evt_future")).outcome).toBe("applied");
    expect(await quantityOf(stage, store, id)).toBe(66);
    expect((await statusOf(store)).last_24h.webhooks).toMatchObject({ received: 1, applied: 1, duplicate: 0 });
  });

  it("F26: one body under a custom scheme is one event, whatever its unsigned headers say", async () => {
    const store = await imported(stage, { seed: 43 });
    const scheme = { kind: "hmac", header: "x-dutchie-signature", encoding: "hex", prefix: "sha256=" };
    const { secret } = await store.post<{ secret: string }>("/webhook/rotate", { scheme });
    const { id, event } = restock(store, 55);
    const body = JSON.stringify({ id: "evt_custom", ...event });
    const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
    for (const other of ["a", "b", "c"]) {
      const headers = { "x-dutchie-signature": signature, "webhook-id": other, "x-request-id": other };
      const answer = await post(store, body, headers);
      expect(answer.status).toBe(202);
      expect(await answer.json()).toEqual({ status: "accepted", event_id: "evt_custom" });
    }
    const { last_24h } = await allApplied(store, 3);
    expect(last_24h.webhooks).toMatchObject({ received: 1, applied: 1, duplicate: 2 });
    expect(await quantityOf(stage, store, id)).toBe(55);
  });

  it("F26: the simulator's events under a custom scheme are accepted", async () => {
    const store = await imported(stage, { seed: 44 });
    const scheme = { kind: "hmac", header: "x-dutchie-signature", encoding: "base64", prefix: "" };
    const { secret } = await store.post<{ secret: string }>("/webhook/rotate", { scheme });
    const sender = { header: "x-dutchie-signature", encoding: "base64" } as const;
    store.dutchie.setWebhooks({ url: store.webhook.url, secret, profile: "pos", scheme: sender });
    store.dutchie.act({ kind: "receive" });
    await until(
      async () => nth(store.dutchie.deliveries(), 0),
      ({ status }) => status !== null,
    );
    expect(nth(store.dutchie.deliveries(), 0).status).toBe(202);
  });
});

describe.concurrent("F27: a body is accepted or refused as a whole", () => {
  it.each([127, 128, 129, 256])("F27: a body of %d KB is a clean 413, signed or not", async (kilobytes) => {
    const store = await stage.connect({ ...WEEK, profiles: ["pos"] });
    const head = JSON.stringify({ type: "inventory.updated", data: [], pad: "" });
    const body = head.replace('""', `"${"x".repeat(kilobytes * 1024 - head.length)}"`);
    expect(Buffer.byteLength(body)).toBe(kilobytes * 1024);
    const signed = await webhookHeaders(store.webhook, "evt_big", Math.floor(Date.now() / 1000), body);
    for (const headers of [signed, {}]) {
      const answer = await post(store, body, headers);
      expect(answer.status).toBe(413);
      expect(await answer.json()).toMatchObject({ error: { code: "PAYLOAD_TOO_LARGE" } });
    }
    expect((await store.get<{ data: unknown[] }>("/events")).data).toEqual([]);
  });

  it("F27: the largest body that is accepted passes through the queue and is applied", async () => {
    const store = await imported(stage, { seed: 45 });
    const { id, event } = restock(store, 44);
    const rest = 100 * 1024 - JSON.stringify({ ...event, pad: "" }).length;
    const body = JSON.stringify({ ...event, pad: "x".repeat(rest) });
    expect(Buffer.byteLength(body)).toBe(100 * 1024);
    const headers = await webhookHeaders(store.webhook, "evt_full", Math.floor(Date.now() / 1000), body);
    expect((await post(store, body, headers)).status).toBe(202);
    expect((await settled(store, "evt_full")).outcome).toBe("applied");
    expect(await quantityOf(stage, store, id)).toBe(44);
  });
});

describe.concurrent("F28: a failure that a sender or a user caused is not ours", () => {
  it("F28: an unreadable event is invalid in the ledger, with a reason, and never a dead letter", async () => {
    const store = await imported(stage, { seed: 46 });
    const bad: Record<string, unknown> = {
      no_rows: [],
      no_id: { quantityAvailable: 4 },
      no_quantity: { inventoryId: 1 },
      text: { inventoryId: 1, quantityAvailable: "abc" },
      not_an_object: [1, "two", null],
    };
    for (const [id, data] of Object.entries(bad)) {
      expect((await deliver(store, { id, type: "inventory.updated", data })).status).toBe(202);
      const event = await settled(store, id);
      expect(event.outcome, id).toBe("invalid");
      expect(event.reason, id).toMatch(/\w/);
    }
    await deliver(store, { id: "other", type: "loyalty.changed", data: {} });
    expect((await settled(store, "other")).outcome).toBe("ignored");
    const status = await statusOf(store);
    expect(status.queue).toMatchObject({ pending_events: 0, dead_letters: 0 });
    expect(status.last_24h.webhooks.invalid).toBe(Object.keys(bad).length);
    expect(await store.differences()).toEqual([]);
  });

  it.each([
    ["a key that was revoked", "expiredKey", "UNAUTHORIZED"],
    ["a key of another store", "wrongLocation", "WRONG_LOCATION"],
  ] as const)("F28: %s is reported as such with what to do, and is no dead letter", async (_, kind, code) => {
    const store = await imported(stage, { seed: 47 });
    store.dutchie.setFaults([{ kind }]);
    const run = await store.sync("full");
    expect(run).toMatchObject({ state: "failed", error: { code } });
    expect(run.error?.hint).toMatch(/key/);
    const status = await statusOf(store);
    expect(status.queue.dead_letters).toBe(0);
    expect(status.last_error?.code).toBe(code);
    expect(await store.differences()).toEqual([]);
  });
});

describe.concurrent("F29: missed webhooks are found and repaired", () => {
  it.each([
    ["5 % of the events, which the poll counts", 0.05],
    ["no event, so that the poll finds nothing", 0],
  ])("F29: a poll repairs what webhooks missed: %s", async (_, drop) => {
    // The store opens five minutes ago, so that its events lie further back than a webhook may be late.
    const clock = new DutchieClock(-5 * MINUTE);
    const opening = stage.connect({ ...WEEK, profiles: ["pos"], size: 150, seed: 48, now: clock.now });
    clock.set(0);
    const store = await opening;
    await store.sync("initial");
    clock.set(-4 * MINUTE);
    store.sendWebhooks({ drop });
    store.dutchie.act({ count: 200 });
    await allApplied(store);
    const dropped = store.dutchie.deliveries().filter(({ state }) => state === "dropped");
    expect(dropped.length > 0).toBe(drop > 0);
    expect((await store.differences()).length > 0).toBe(drop > 0);
    // Late enough for absence to count.
    clock.set(2 * MINUTE);
    expect((await store.sync("incremental")).state).toBe("completed");
    expect(await store.differences()).toEqual([]);
    const { missed } = (await statusOf(store)).last_24h.webhooks;
    expect(missed > 0).toBe(drop > 0);
  });
});
