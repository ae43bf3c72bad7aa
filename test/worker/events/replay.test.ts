import { afterEach, describe, expect, it, vi } from "vitest";
import { call, token } from "../api/support.ts";
import { rows } from "../databases.ts";
import { deliver, Rig, WEBHOOKS } from "../faults/support.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const event = (rig: Rig, event_id: string, data: unknown) => ({
  location_id: rig.id,
  event_id,
  received_at: Date.now(),
  body: { type: "inventory.updated", occurred_at: new Date().toISOString(), data },
});

const replay = async (rig: Rig, id: string) =>
  call("POST", `/v1/locations/${rig.id}/events/${id}/replay`, {
    token: await token({ role: "manager" }),
    env: rig.env,
  });

const failing = (rig: Rig, error: Error): Env =>
  ({ ...rig.env, WEBHOOKS: { send: () => Promise.reject(error) } }) as unknown as Env;

describe("F80: events that are played again", () => {
  it.each([
    ["applied", { inventoryId: 1, quantity: 5 }],
    ["invalid", { inventoryId: 1 }],
    ["stale", { inventoryId: 1, quantity: 5, lastModifiedDateUtc: "2001-01-01" }],
  ])("F80: an event that is %s does not change if a send fails", async (outcome, data) => {
    const rig = await Rig.open();
    if (outcome === "stale") await deliver(WEBHOOKS, [event(rig, "evt_0", { inventoryId: 1, quantity: 9 })]);
    await deliver(WEBHOOKS, [event(rig, "evt_1", data)]);
    const before = await rig.location.getEvent("evt_1");
    expect(before?.outcome).toBe(outcome);
    await rig.withEnv(failing(rig, new Error("queue down")));
    expect((await replay(rig, "evt_1")).status).toBe(500);
    expect(await rig.location.getEvent("evt_1")).toEqual(before);
    expect((await rig.status()).queue.pending_events).toBe(0);
    await rig.withEnv(rig.env);
    expect((await replay(rig, "evt_1")).status).toBe(202);
    expect((await rig.location.getEvent("evt_1"))?.outcome).toBe("pending");
    expect(
      await deliver(
        WEBHOOKS,
        rig.queue.splice(0).map(({ body }) => body),
      ),
    ).toEqual(["ack"]);
    expect((await rig.location.getEvent("evt_1"))?.outcome).toBe(outcome === "applied" ? "applied" : outcome);
  });

  it.each([
    ["85 KB of customers", { inventoryId: 1, quantity: 5, notes: "x".repeat(85_000) }],
    [
      "many short personal fields",
      {
        inventoryId: 1,
        quantity: 5,
        ...Object.fromEntries(Array.from({ length: 6_000 }, (_, n) => [`name${n}`, "J"])),
      },
    ],
    ["99 KB of rows", Array.from({ length: 3_000 }, (_, n) => ({ id: n + 1, quantity: 5, r: "Vault" }))],
  ])("F80: an event of %s is no larger in the ledger, and can be played again", async (_, data) => {
    const rig = await Rig.open();
    const sent = event(rig, "evt_1", data);
    expect(await deliver(WEBHOOKS, [sent])).toEqual(["ack"]);
    const kept = await rig.location.getEvent("evt_1");
    expect(JSON.stringify(kept?.body).length).toBeLessThanOrEqual(JSON.stringify(sent.body).length);
    expect((await replay(rig, "evt_1")).status).toBe(202);
    expect(
      await deliver(
        WEBHOOKS,
        rig.queue.splice(0).map(({ body }) => body),
      ),
    ).toEqual(["ack"]);
    expect((await rig.location.getEvent("evt_1"))?.outcome).toBe("applied");
    const stock = await rows("select count(*) as n from inventory where location_id = ?", rig.id);
    expect(stock).toEqual([{ n: Array.isArray(data) ? 3_000 : 1 }]);
  });
});
