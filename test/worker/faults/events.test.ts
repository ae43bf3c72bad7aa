import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { MESSAGE_VERSION, type WebhookMessage } from "../../../src/contract/messages.ts";
import { accountsDb } from "../../../src/db/databases.ts";
import { deadLetters } from "../../../src/db/schema/accounts.ts";
import { call, seedStore, token } from "../api/support.ts";
import { rows } from "../databases.ts";
import { DEAD_LETTERS, deliver, failingOnce, Rig, WEBHOOKS } from "./support.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

let events = 0;

function restock(rig: Rig, quantity: number): WebhookMessage {
  const now = Date.now();
  const data = {
    inventoryId: 1,
    productId: 10,
    sku: "SKU-1",
    productName: "Blue Dream 3.5g",
    quantityAvailable: quantity,
    roomQuantities: [{ roomId: 101, room: "Sales Floor", quantityAvailable: quantity }],
  };
  const occurred_at = new Date(now).toISOString();
  const event_id = `evt_${events++}`;
  const body = { type: "inventory.updated", occurred_at, data };
  return { v: MESSAGE_VERSION, location_id: rig.id, event_id, received_at: now, body };
}

async function expectAppliedOnce(rig: Rig, { event_id }: WebhookMessage, quantity: number): Promise<void> {
  const stock = "select quantity from inventory where location_id = ? and dutchie_inventory_id = '1'";
  expect(await rows(stock, rig.id)).toEqual([{ quantity }]);
  expect(await rows("select product_id from products where location_id = ?", rig.id)).toHaveLength(1);
  const changes = "select resource from entries where location_id = ? and ref = ? order by resource";
  expect(await rows(changes, rig.id, event_id)).toEqual([{ resource: "inventory" }, { resource: "products" }]);
  expect(await rig.location.getEvent(event_id)).toMatchObject({ outcome: "applied" });
  const { last_24h, queue } = await rig.status();
  expect(last_24h.webhooks).toMatchObject({ received: 1, applied: 1, stale: 0, invalid: 0 });
  expect(queue).toEqual({ pending_events: 0, dead_letters: 0, pending_pushes: 0 });
}

describe("F25: many copies at once", () => {
  it("F25: of 100 copies over 4 concurrent batches exactly one is applied", async () => {
    const rig = await Rig.open();
    const event = restock(rig, 12);
    const copies = Array.from({ length: 25 }, () => event);
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => deliver(WEBHOOKS, copies)));
    expect(new Set(outcomes.flat())).toEqual(new Set(["ack"]));
    await expectAppliedOnce(rig, event, 12);
    expect((await rig.status()).last_24h.webhooks.duplicate).toBe(99);
  });
});

/** A failure that passes, but not at once: the event is delivered again. */
const BUSY = "D1_ERROR: D1 DB is overloaded. Requests queued for too long.";

describe("F27: each step of the consumer fails once", () => {
  it.each(["prepare", "before commit", "after commit"] as const)(
    "F27: the event is applied once after redelivery if the Location's database fails at any step (%s)",
    async (at) => {
      let steps = 0;
      for (let nth = 1; ; nth++) {
        const rig = await Rig.open();
        const failing = failingOnce(rig.env, { at, nth, message: BUSY });
        await rig.withEnv(failing.env);
        const event = restock(rig, 30 + nth);
        let [outcome] = await deliver(WEBHOOKS, [event]);
        if (failing.reached()) {
          expect(outcome, `step ${nth}`).toBe("retry");
          steps = nth;
          [outcome] = await deliver(WEBHOOKS, [event], undefined, 2);
        }
        expect(outcome, `step ${nth}`).toBe("ack");
        await rig.withEnv(rig.env);
        await expectAppliedOnce(rig, event, 30 + nth);
        if (steps !== nth) break;
      }
      expect(steps).toBeGreaterThan(0);
    },
  );

  it("F27: if the consumer's own database fails, all its messages come again, and each is applied once", async () => {
    const rig = await Rig.open();
    const failing = failingOnce(rig.env, { at: "prepare", nth: 1 });
    const event = restock(rig, 8);
    expect(await deliver(WEBHOOKS, [event], failing.env)).toEqual(["retry"]);
    expect(await deliver(WEBHOOKS, [event])).toEqual(["ack"]);
    // Acknowledged, but the acknowledgement was lost.
    expect(await deliver(WEBHOOKS, [event])).toEqual(["ack"]);
    await expectAppliedOnce(rig, event, 8);
  });

  it("F27: one store that fails delays no other of its batch", async () => {
    const [broken, sound] = [await Rig.open(), await Rig.open()];
    await broken.withEnv(failingOnce(broken.env, { at: "before commit", nth: 1, message: BUSY }).env);
    const [bad, good] = [restock(broken, 5), restock(sound, 6)];
    expect(await deliver(WEBHOOKS, [bad, good, bad])).toEqual(["retry", "ack", "retry"]);
    await expectAppliedOnce(sound, good, 6);
    expect(await deliver(WEBHOOKS, [bad])).toEqual(["ack"]);
    await expectAppliedOnce(broken, bad, 5);
  });

  it("F27: an event that used up its retries is kept, shown in the status, and applied once when it is replayed", async () => {
    const rig = await Rig.open();
    const event = restock(rig, 9);
    expect((await rig.status()).queue.dead_letters).toBe(0);
    const failing = failingOnce(rig.env, { at: "prepare", nth: 1 });
    expect(await deliver(DEAD_LETTERS, [event], failing.env)).toEqual(["retry"]);
    expect(await deliver(DEAD_LETTERS, [event])).toEqual(["ack"]);
    expect((await rig.status()).queue.dead_letters).toBe(1);
    const as = { token: await token({ role: "manager", location_ids: [rig.id] }), env: rig.env };
    const list = await (await call("GET", "/v1/dead-letters", as)).json<{ data: Record<string, unknown>[] }>();
    expect(list.data).toEqual([expect.objectContaining({ location_id: rig.id, queue: "webhooks", kind: "system" })]);
    const replayed = await call("POST", `/v1/dead-letters/${String(list.data[0]?.dead_letter_id)}/replay`, as);
    expect(replayed.status).toBe(202);
    expect(
      await deliver(
        WEBHOOKS,
        rig.queue.map(({ body }) => body),
      ),
    ).toEqual(["ack"]);
    expect((await rig.status()).queue.dead_letters).toBe(0);
    await expectAppliedOnce(rig, event, 9);
  });

  it.each([{}, { location_id: 1 }, [], 7, "text", null].map((body) => [JSON.stringify(body), body]))(
    "F27: an unreadable message (%s) becomes a dead letter after its retries, without its content",
    async (_, body) => {
      await env.DB.exec("delete from dead_letters");
      expect(await deliver(WEBHOOKS, [body])).toEqual(["retry"]);
      expect(await deliver(DEAD_LETTERS, [body])).toEqual(["ack"]);
      const kept = await accountsDb(env).select({ body: deadLetters.body }).from(deadLetters);
      expect(kept).toEqual([{ body: null }]);
    },
  );
});

describe("F28: who caused a failure", () => {
  it("F28: an event without usable content is invalid in the ledger and acknowledged", async () => {
    const rig = await Rig.open();
    const bodies = [
      { type: "inventory.updated", data: [] },
      { type: "inventory.updated", data: { inventoryId: 1, quantityAvailable: "abc" } },
      { type: "product.updated", data: { name: "no id" } },
      { type: "sale.completed", data: { transactionId: 5, transactionDate: "never" } },
      { type: "sale.completed", data: 7 },
    ];
    for (const [index, body] of bodies.entries()) {
      const event_id = `evt_bad_${index}`;
      const message = { location_id: rig.id, event_id, received_at: Date.now(), body };
      expect(await deliver(WEBHOOKS, [message])).toEqual(["ack"]);
      const reason = expect.stringMatching(/\w/);
      expect(await rig.location.getEvent(event_id)).toMatchObject({ outcome: "invalid", reason });
    }
    const { last_24h, queue } = await rig.status();
    expect(last_24h.webhooks.invalid).toBe(bodies.length);
    expect(queue).toEqual({ pending_events: 0, dead_letters: 0, pending_pushes: 0 });
  });

  it("F28: events and steps of a store that is not connected end without an error", async () => {
    const message = { location_id: "loc_gone", event_id: "evt", received_at: 1, body: {} };
    expect(await deliver(WEBHOOKS, [message])).toEqual(["ack"]);
    expect(await rows("select 1 from dead_letters where location_id = 'loc_gone'")).toEqual([]);
  });

  it("F28: only dead letters by our own fault raise an alert", async () => {
    const rig = await Rig.open();
    const { location_id } = (await seedStore({ deleted_at: Date.now() })).row;
    const gone = { kind: "step", location_id, run_id: "run", step: 0 };
    const unreadable = { location_id: rig.id, nonsense: true };
    expect(await deliver(DEAD_LETTERS, [gone, unreadable])).toEqual(["ack", "ack"]);
    const kinds = await rows(
      "select kind from dead_letters where location_id in (?, ?) order by kind",
      rig.id,
      location_id,
    );
    expect(kinds).toEqual([{ kind: "config" }, { kind: "data" }]);
    const alerts = "select rule from alerts where location_id = ?";
    expect(await rows(alerts, rig.id)).toEqual([]);
    expect(await deliver(DEAD_LETTERS, [restock(rig, 1)])).toEqual(["ack"]);
    expect(await rows(alerts, rig.id)).toEqual([{ rule: "dead_letter" }]);
  });
});
