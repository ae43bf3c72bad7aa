import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fitsMessage, MESSAGE_VERSION, type WebhookMessage } from "../../../src/contract/messages.ts";
import { MAX_CALL_BYTES, MAX_MESSAGE_BYTES } from "../../../src/domain/bounds.ts";
import { keep } from "../../../src/dutchie/webhook/keep.ts";
import { call, token } from "../api/support.ts";
import { rows } from "../databases.ts";
import { deliver, Rig, WEBHOOKS } from "../faults/support.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const FULL = 100 * 1_024;
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).byteLength;

/** As many rows as fit into a body of 100 KB. */
function full(type: string, row: (n: number) => unknown): unknown {
  const data: unknown[] = [];
  for (let size = 100; ; ) {
    const each = row(data.length);
    size += bytes(each) + 1;
    if (size > FULL) return { type, occurred_at: new Date().toISOString(), data };
    data.push(each);
  }
}

let events = 0;
const message = (rig: Rig, body: unknown): WebhookMessage => {
  const ids = { v: MESSAGE_VERSION, location_id: rig.id, event_id: `evt_full${events++}` };
  const sent = { ...ids, received_at: Date.now(), body: keep(body) };
  if (!fitsMessage(sent)) throw new Error(`${bytes(sent)} bytes do not fit into a message`);
  return sent;
};

/** The bindings with a Location that says how large its calls were. */
function measured(rig: Rig): { calls: { bytes: number; events: number }[]; env: Env } {
  const calls: { bytes: number; events: number }[] = [];
  const get: Env["LOCATION"]["get"] = (id) => {
    const stub = env.LOCATION.get(id);
    return new Proxy(stub, {
      get(target, key) {
        if (key !== "receive") return Reflect.get(target, key);
        return (events: unknown[]) => {
          calls.push({ bytes: bytes(events), events: events.length });
          return target.receive(events as never);
        };
      },
    });
  };
  const LOCATION = { idFromName: (name: string) => env.LOCATION.idFromName(name), get };
  return { calls, env: { ...rig.env, LOCATION } as unknown as Env };
}

const answer = async (path: string) => {
  const response = await call("GET", path, { token: await token() });
  expect(response.status).toBe(200);
  const text = await response.text();
  return { text, body: JSON.parse(text) as { data: Record<string, unknown>[]; next_cursor: string | null } };
};

describe("F77: events are bounded in bytes", () => {
  it("F77: 100 honest events of 100 KB for one store are all applied, recorded and listed", async () => {
    const rig = await Rig.open();
    const name = "Blue Dream, a long name that a store gave it ".repeat(8);
    const event = (n: number) =>
      full("inventory.updated", (row) => ({
        inventoryId: n * 10_000 + row + 1,
        productId: (row % 5) + 1,
        sku: `SKU-${(row % 5) + 1}`,
        productName: `${name}${(row % 5) + 1}`,
        quantityAvailable: 3,
        roomQuantities: [{ roomId: 1, room: "Vault", quantityAvailable: 3 }],
      }));
    const events = Array.from({ length: 100 }, (_, n) => message(rig, event(n)));
    expect(Math.min(...events.map(bytes))).toBeGreaterThan(99_000);
    const location = measured(rig);
    // On a busy machine 10 MB need more than a consumer's patience: what it gave back comes again, as the queue brings it.
    let left = events;
    for (let attempts = 1; left.length > 0 && attempts <= 4; attempts++) {
      const answers = await deliver(WEBHOOKS, left, location.env, attempts);
      left = left.filter((_, index) => answers[index] !== "ack");
    }
    expect(left).toEqual([]);
    const stated = events.reduce((sum, { body }) => sum + (body as { data: unknown[] }).data.length, 0);
    const stock = "select count(*) as n, sum(quantity) as quantity from inventory where location_id = ?";
    expect(await rows(stock, rig.id)).toEqual([{ n: stated, quantity: stated * 3 }]);
    expect(Math.max(...location.calls.map((each) => each.bytes))).toBeLessThan(MAX_CALL_BYTES + 1_000_000);
    expect(location.calls.reduce((sum, each) => sum + each.events, 0)).toBeGreaterThanOrEqual(100);

    const { text, body } = await answer(`/v1/locations/${rig.id}/events?limit=500`);
    expect(body.data.map(({ outcome }) => outcome)).toEqual(events.map(() => "applied"));
    expect(text).not.toContain("Blue Dream");
    expect(text.length).toBeLessThan(100_000);
  });

  it.each([
    ["zeros", "inventory.updated", () => 0],
    ["rows without a quantity", "inventory.updated", (n: number) => ({ id: n + 1 })],
    ["sales without a time", "sale.completed", (n: number) => ({ id: n + 1, total: 5 })],
    ["products without an id", "product.updated", () => ({ sku: "A" })],
  ])("F77: 14 events of 100 KB of %s are finished, each with a bounded reason", async (_, type, row) => {
    const rig = await Rig.open();
    const events = Array.from({ length: 14 }, () => message(rig, full(type, row)));
    const location = measured(rig);
    expect(new Set(await deliver(WEBHOOKS, events, location.env))).toEqual(new Set(["ack"]));
    expect(Math.max(...location.calls.map((each) => each.bytes))).toBeLessThan(MAX_CALL_BYTES + 200_000);
    const { text, body } = await answer(`/v1/locations/${rig.id}/events`);
    expect(body.data).toHaveLength(14);
    for (const { outcome, reason } of body.data) {
      expect(outcome).toBe("invalid");
      expect(reason).toMatch(/; and \d+ more rows$/);
    }
    expect(text.length).toBeLessThan(14 * 4_500);
    const one = await rig.location.getEvent(events[0]?.event_id ?? "");
    expect(bytes(one?.body)).toBeLessThanOrEqual(FULL);
    expect(MAX_MESSAGE_BYTES).toBeLessThan(128_000);
  });
});
