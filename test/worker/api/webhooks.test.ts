import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { storeQuota } from "../../../src/api/routes/public/webhooks.ts";
import { newWebhookSecret } from "../../../src/api/webhooks/secrets.ts";
import { networkOf } from "../../../src/api/webhooks/strangers.ts";
import { MESSAGE_VERSION, type WebhookMessage } from "../../../src/contract/messages.ts";
import { accountsDb } from "../../../src/db/databases.ts";
import { updateLocation } from "../../../src/db/locations.ts";
import { parseConfig } from "../../../src/env.ts";
import { appWith, call, envWith, errorOf, fakeLocation, hmac, seedStore, signed, token, working } from "./support.ts";

const EVENT = JSON.stringify({ type: "inventory.updated", data: { inventoryId: 1, quantityAvailable: 5 } });

/** Instead of the queue: what was sent, in order. */
function recorder() {
  const sent: WebhookMessage[] = [];
  return { sent, env: envWith({ WEBHOOKS: { send: async (message: WebhookMessage) => void sent.push(message) } }) };
}

let store: Awaited<ReturnType<typeof seedStore>>;
let path = "";
beforeAll(async () => {
  store = await seedStore();
  path = `/webhooks/dutchie/${store.row.location_id}`;
});

/** A JSON text of exactly so many bytes. */
function sized(bytes: number): string {
  const empty = JSON.stringify({ type: "inventory.updated", data: [], pad: "" });
  return JSON.stringify({ type: "inventory.updated", data: [], pad: "x".repeat(bytes - empty.length) });
}

describe("POST /webhooks/dutchie/{location_id}", () => {
  it("a genuine event is queued under the id of its header before the answer 202", async () => {
    const queue = recorder();
    const headers = await signed(store.secret, "evt_1", EVENT);
    const response = await call("POST", path, { raw: EVENT, headers, env: queue.env });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ status: "accepted", event_id: "evt_1" });
    expect(queue.sent).toEqual([
      {
        v: MESSAGE_VERSION,
        location_id: store.row.location_id,
        request_id: response.headers.get("x-request-id"),
        event_id: "evt_1",
        received_at: expect.any(Number),
        body: JSON.parse(EVENT),
      },
    ]);
  });

  it("a bad signature, a missing signature, an unknown store and a disconnected store have the same 401", async () => {
    const queue = recorder();
    const gone = await seedStore({ deleted_at: Date.now(), state: "disconnected" });
    const headers = await signed(store.secret, "evt_2", EVENT);
    const wrong = await signed(gone.secret, "evt_2", EVENT);
    const answers = await Promise.all([
      call("POST", path, { raw: EVENT, headers: wrong, env: queue.env }),
      call("POST", path, { raw: EVENT, env: queue.env }),
      call("POST", path, { raw: EVENT.replace("5", "6"), headers, env: queue.env }),
      call("POST", "/webhooks/dutchie/loc_unknown", { raw: EVENT, headers, env: queue.env }),
      call("POST", `/webhooks/dutchie/${gone.row.location_id}`, {
        raw: EVENT,
        headers: await signed(gone.secret, "evt_2", EVENT),
        env: queue.env,
      }),
      call("POST", path, {
        raw: EVENT,
        headers: await signed(store.secret, "evt_2", EVENT, Date.now() - 400_000),
        env: queue.env,
      }),
    ]);
    const bodies = new Set(await Promise.all(answers.map((answer) => answer.text())));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401]);
    expect(bodies.size).toBe(1);
    expect(queue.sent).toEqual([]);
  });

  it("F26: a forged event with the id of a future one is refused, and the real one is then accepted", async () => {
    const queue = recorder();
    const forged = {
      ...(await signed(store.secret, "evt_3", EVENT)),
      "webhook-signature": `v1,${btoa("x".repeat(32))}`,
    };
    const before = await env.DB.prepare("select count(*) as n from locations").first();
    expect((await call("POST", path, { raw: EVENT, headers: forged, env: queue.env })).status).toBe(401);
    expect(queue.sent).toEqual([]);
    expect(await env.DB.prepare("select count(*) as n from locations").first()).toEqual(before);
    const headers = await signed(store.secret, "evt_3", EVENT);
    const real = await call("POST", path, { raw: EVENT, headers, env: queue.env });
    expect(await real.json()).toEqual({ status: "accepted", event_id: "evt_3" });
    expect(queue.sent).toHaveLength(1);
  });

  it("F26: under a custom scheme a replay with another unsigned header keeps its id", async () => {
    const queue = recorder();
    const scheme = { kind: "hmac", header: "X-Dutchie-Signature", encoding: "hex", prefix: "sha256=" } as const;
    const custom = await seedStore({ webhook_scheme: scheme });
    const bytes = new TextEncoder().encode(EVENT);
    const mac = await hmac(new TextEncoder().encode(custom.secret), bytes);
    const hex = [...mac].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const ids: unknown[] = [];
    for (const id of ["a", "b"]) {
      const headers = { "x-dutchie-signature": `sha256=${hex}`, "webhook-id": id };
      const to = `/webhooks/dutchie/${custom.row.location_id}`;
      const response = await call("POST", to, { raw: EVENT, headers, env: queue.env });
      expect(response.status).toBe(202);
      ids.push((await response.json<{ event_id: string }>()).event_id);
    }
    expect(ids[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(ids[1]).toBe(ids[0]);
  });

  it.each([99, 100])("F27: a body of %d KB is accepted", async (kilobytes) => {
    const queue = recorder();
    const raw = sized(kilobytes * 1024);
    const headers = await signed(store.secret, `evt_${kilobytes}`, raw);
    expect((await call("POST", path, { raw, headers, env: queue.env })).status).toBe(202);
    expect(JSON.stringify(queue.sent[0]).length).toBeLessThan(128_000);
  });

  it.each([101, 127, 128, 129, 256])("F27: a body of %d KB is 413, signed or not", async (kilobytes) => {
    const queue = recorder();
    const raw = sized(kilobytes * 1024);
    for (const headers of [await signed(store.secret, "evt_big", raw), {}]) {
      const response = await call("POST", path, { raw, headers, env: queue.env });
      expect(response.status).toBe(413);
      expect((await errorOf(response)).code).toBe("PAYLOAD_TOO_LARGE");
    }
    expect(queue.sent).toEqual([]);
  });

  it("a chunked body, which declares no length, is 413 and not read to its end", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(16_384).fill(32));
      },
    });
    const response = await call("POST", path, { raw: endless, env: recorder().env });
    expect(response.status).toBe(413);
    expect(pulled).toBeLessThan(12);
  });

  it("a small body that becomes too large for a message is 413, not 500", async () => {
    const line = '{"quantity":1,"total":1e14}';
    const raw = `{"type":"sale.completed","data":{"id":1,"items":[${`${line},`.repeat(3_600)}${line}]}}`;
    const headers = await signed(store.secret, "evt_wide", raw);
    expect(raw.length).toBeLessThan(100 * 1024);
    expect((await call("POST", path, { raw, headers, env: recorder().env })).status).toBe(413);
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["bytes that are no text", new Uint8Array([0xff, 0xfe, 0x00])],
    ["a list", "[]"],
    ["a text", '"inventory.updated"'],
    ["no type", '{"data":{}}'],
    ["a type that is no text", '{"type":7,"data":{}}'],
    ["an empty type", '{"type":" ","data":{}}'],
    ["deep nesting", `${"[".repeat(40_000)}${"]".repeat(40_000)}`],
  ])("a genuine body with %s is 400", async (_, raw) => {
    const queue = recorder();
    const headers = await signed(store.secret, "evt_4", raw);
    const response = await call("POST", path, { raw, headers, env: queue.env });
    expect(response.status).toBe(400);
    expect((await errorOf(response)).code).toBe("INVALID_REQUEST");
    expect(queue.sent).toEqual([]);
  });

  it("an event of an unknown type is accepted, and the ledger shows it as ignored", async () => {
    const raw = JSON.stringify({ event: "room.painted", data: {} });
    const headers = await signed(store.secret, "evt_5", raw);
    expect((await call("POST", path, { raw, headers, env: recorder().env })).status).toBe(202);
  });

  it("an event that the queue refuses is 503 with Retry-After, so that the sender comes again", async () => {
    const broken = envWith({ WEBHOOKS: { send: () => Promise.reject(new Error("queue down")) } });
    const headers = await signed(store.secret, "evt_6", EVENT);
    const response = await call("POST", path, { raw: EVENT, headers, env: broken });
    expect(response.status).toBe(503);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  describe("F78: only genuine webhooks use up a store's quota", () => {
    /** The two limits, counted as the platform does; per key so many, and then no more. */
    function counted(given: { store?: number; stranger?: number } = {}) {
      const spent = new Map<string, number>();
      const limiter = (name: string, limit = 1_000) => ({
        limit: async ({ key }: { key: string }) => {
          const count = (spent.get(`${name} ${key}`) ?? 0) + 1;
          spent.set(`${name} ${key}`, count);
          return { success: count <= limit };
        },
      });
      const limits = {
        WEBHOOK_LIMIT: limiter("store", given.store),
        STRANGER_LIMIT: limiter("stranger", given.stranger),
      };
      return { spent, env: { ...recorder().env, ...limits } as unknown as Env };
    }
    const from = (address: string) => ({ "cf-connecting-ip": address });

    /** As if the store had sent so many in this minute that the limiter is asked again. */
    const exhaust = async () => {
      const closed = { limit: async () => ({ success: false }) };
      while (await storeQuota.lets(closed, store.row.location_id, Date.now()));
    };

    it.each([
      ["unsigned", async () => ({})],
      [
        "signed with another secret",
        async () => signed(`whsec_${btoa("another secret of 32 bytes ....")}`, "evt", EVENT),
      ],
      ["signed long ago", async () => signed(store.secret, "evt", EVENT, Date.now() - 400_000)],
      ["with two thousand signatures", async () => ({ "webhook-signature": "v1,x ".repeat(2_000) })],
    ])(
      "F78: posts that are %s use up no quota of the store, and get 429 by address; the genuine one is accepted",
      async (_, headersOf) => {
        const { spent, env: limited } = counted({ store: 2, stranger: 3 });
        const statuses: number[] = [];
        for (let post = 0; post < 6; post++) {
          const headers = { ...(await headersOf()), ...from("198.51.100.7") };
          statuses.push((await call("POST", path, { raw: EVENT, headers, env: limited })).status);
        }
        expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
        expect(spent).toEqual(new Map([["stranger 198.51.100.7", 6]]));
        // From the same address, too: many may share it.
        for (const [id, status] of [
          ["evt_g1", 202],
          ["evt_g2", 202],
          ["evt_g3", 429],
        ] as const) {
          await exhaust();
          const headers = { ...(await signed(store.secret, id, EVENT)), ...from("198.51.100.7") };
          const response = await call("POST", path, { raw: EVENT, headers, env: limited });
          expect(response.status).toBe(status);
          if (status === 429) expect(response.headers.get("retry-after")).toBe("60");
        }
      },
    );

    it("F78: the first 600 of a minute cost no call; the limiter decides on the others, 20 at a time, and on each store alone", async () => {
      const quiet = await seedStore();
      const { spent, env: limited } = counted({ store: 1 });
      const post = async (to: typeof store, id: string) => {
        const headers = await signed(to.secret, id, EVENT);
        return (await call("POST", `/webhooks/dutchie/${to.row.location_id}`, { raw: EVENT, headers, env: limited }))
          .status;
      };
      await exhaust();
      expect([await post(quiet, "evt_q1"), await post(quiet, "evt_q2")]).toEqual([202, 202]);
      expect(spent).toEqual(new Map());
      expect([await post(store, "evt_m1"), await post(store, "evt_m2")]).toEqual([202, 202]);
      await exhaust();
      expect(await post(store, "evt_m3")).toBe(429);
      expect(spent).toEqual(new Map([[`store ${store.row.location_id}`, 2]]));
    });

    it("F78: a stranger has one limit for all stores and all requests", async () => {
      const { env: limited } = counted({ stranger: 3 });
      const post = (to: string, raw: string) =>
        call("POST", to, { raw, headers: from("2001:db8:1:2::9"), env: limited });
      expect((await post("/webhooks/dutchie/loc_unknown", EVENT)).status).toBe(401);
      expect((await post(path, sized(101 * 1024))).status).toBe(413);
      expect((await post("/webhooks/dutchie/loc_other", EVENT)).status).toBe(401);
      expect((await post(path, sized(101 * 1024))).status).toBe(429);
      // One network has 2^64 addresses, and one limit.
      const neighbour = { raw: EVENT, headers: from("2001:db8:1:2:ffff::1"), env: limited };
      expect((await call("POST", path, neighbour)).status).toBe(429);
      const other = { raw: EVENT, headers: from("2001:db8:1:3::9"), env: limited };
      expect((await call("POST", path, other)).status).toBe(401);
    });

    it("F78: with the platform's own limits, 700 unsigned posts do not stop the genuine one", async () => {
      const statuses = new Set<number>();
      // The limit is 300 a minute: whenever a minute ends meanwhile, one of the two has more.
      for (let post = 0; post < 700; post++) {
        statuses.add((await call("POST", path, { raw: "{}", headers: from("203.0.113.9") })).status);
      }
      expect(statuses).toEqual(new Set([401, 429]));
      const headers = { ...(await signed(store.secret, "evt_flooded", EVENT)), ...from("203.0.113.9") };
      expect((await call("POST", path, { raw: EVENT, headers, env: recorder().env })).status).toBe(202);
    });

    it.each([
      ["198.51.100.7", "198.51.100.7"],
      ["2001:db8::1", "2001:db8:0:0::/64"],
      ["2001:0DB8:0:0:1:2:3:4", "2001:db8:0:0::/64"],
      ["2001:db8:1:2:ffff::", "2001:db8:1:2::/64"],
      ["::1", "0:0:0:0::/64"],
      ["", ""],
    ])("F78: the address %s belongs to the network %s", (address, network) => {
      expect(networkOf(address)).toBe(network);
    });
  });

  it("an id that is too long for a key is replaced by its hash", async () => {
    const headers = await signed(store.secret, "e".repeat(5_000), EVENT);
    const response = await call("POST", path, { raw: EVENT, headers, env: recorder().env });
    expect((await response.json<{ event_id: string }>()).event_id).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("the door without its database", () => {
  /** The bindings with a database that can be switched off. */
  function switched() {
    const state = { isAway: false };
    const failing = <T extends object>(given: T): T =>
      new Proxy(given, {
        get(target, key) {
          if (state.isAway) throw new Error("D1_ERROR: Network connection lost.");
          const value: unknown = Reflect.get(target, key);
          if (typeof value !== "function") return value;
          // A prepared statement fails, too.
          return (...args: unknown[]) =>
            key === "prepare" ? failing(value.apply(target, args)) : value.apply(target, args);
        },
      });
    const DB = failing(env.DB);
    const queue = recorder();
    return { state, sent: queue.sent, env: { ...queue.env, DB } as Env };
  }

  const post = async (to: typeof store, id: string, given: { env: Env; secret?: string; at?: number }) => {
    const { env: bindings, secret = to.secret, at = Date.now() } = given;
    const headers = await signed(secret, id, EVENT, at);
    const app = appWith(working, () => at);
    return call("POST", `/webhooks/dutchie/${to.row.location_id}`, { raw: EVENT, headers, env: bindings, app });
  };

  it("F67: a known store's webhooks are accepted for an hour; later they get 503, and no answer that drops them", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const mine = await seedStore();
    const door = switched();
    const start = Date.now();
    expect((await post(mine, "evt_d0", { env: door.env, at: start })).status).toBe(202);
    door.state.isAway = true;
    for (const minutes of [0.1, 2, 30, 59]) {
      const answer = await post(mine, `evt_d${minutes}`, { env: door.env, at: start + minutes * 60_000 });
      expect([minutes, answer.status]).toEqual([minutes, 202]);
    }
    const late = await post(mine, "evt_d61", { env: door.env, at: start + 61 * 60_000 });
    expect(late.status).toBe(503);
    expect(Number(late.headers.get("retry-after"))).toBeGreaterThan(0);
    door.state.isAway = false;
    expect((await post(mine, "evt_d61", { env: door.env, at: start + 61 * 60_000 })).status).toBe(202);
    expect(door.sent.map(({ event_id }) => event_id)).toEqual([
      "evt_d0",
      "evt_d0.1",
      "evt_d2",
      "evt_d30",
      "evt_d59",
      "evt_d61",
    ]);
  });

  it.each([
    ["a store that this isolate has not met", false, undefined],
    ["a secret that this isolate does not know", true, `whsec_${btoa("another secret of 32 bytes ....")}`],
  ])("F67: %s gets 503 with Retry-After while the database is away", async (_, isKnown, secret) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const mine = await seedStore();
    const door = switched();
    if (isKnown) await post(mine, "evt_k", { env: door.env });
    door.state.isAway = true;
    for (const id of ["evt_k1", "evt_k2"]) {
      const answer = await post(mine, id, { env: door.env, ...(secret === undefined ? {} : { secret }) });
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    }
  });

  it("a new secret works at once, though another isolate made it, and the door asks once a second for a wrong one", async () => {
    const mine = await seedStore();
    const queue = recorder();
    const at = Date.now();
    expect((await post(mine, "evt_r1", { env: queue.env, at })).status).toBe(202);
    const fresh = await newWebhookSecret(parseConfig(env), mine.row.location_id);
    await updateLocation(accountsDb(env), mine.row.location_id, { webhook_secrets: [fresh.sealed] });
    expect((await post(mine, "evt_r2", { env: queue.env, secret: fresh.secret, at: at + 10 })).status).toBe(202);
    expect((await post(mine, "evt_r3", { env: queue.env, at: at + 20 })).status).toBe(401);
  });

  it("F67: a new secret is not refused while wrong signatures make the door ask the database", async () => {
    const mine = await seedStore();
    const queue = recorder();
    const at = Date.now();
    expect((await post(mine, "evt_n1", { env: queue.env, at })).status).toBe(202);
    const fresh = await newWebhookSecret(parseConfig(env), mine.row.location_id);
    await updateLocation(accountsDb(env), mine.row.location_id, { webhook_secrets: [fresh.sealed] });
    const wrong = `whsec_${btoa("another secret of 32 bytes ....")}`;
    const answers = await Promise.all(
      [wrong, fresh.secret, wrong, fresh.secret].map((secret, n) =>
        post(mine, `evt_n2${n}`, { env: queue.env, secret, at: at + 10 }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([401, 202, 401, 202]);
  });

  it("a disconnected store is refused at once where it was disconnected", async () => {
    const mine = await seedStore();
    const queue = recorder();
    expect((await post(mine, "evt_x1", { env: queue.env })).status).toBe(202);
    const jwt = await token();
    expect((await call("DELETE", `/v1/locations/${mine.row.location_id}`, { token: jwt })).status).toBe(204);
    expect((await post(mine, "evt_x2", { env: queue.env })).status).toBe(401);
  });
});

describe("POST /v1/locations/{id}/webhook/rotate", () => {
  const rotate = (location_id: string, body?: unknown, app = appWith()) =>
    token().then((jwt) =>
      call("POST", `/v1/locations/${location_id}/webhook/rotate`, {
        token: jwt,
        app,
        ...(body === undefined ? {} : { body }),
      }),
    );

  it("a new secret is shown once, and the old secret works for 24 more hours", async () => {
    const { row, secret } = await seedStore();
    const to = `/webhooks/dutchie/${row.location_id}`;
    const response = await rotate(row.location_id);
    expect(response.status).toBe(200);
    const fresh = await response.json<{ url: string; secret: string }>();
    expect(fresh).toEqual({ url: `http://localhost:8787${to}`, secret: expect.stringMatching(/^whsec_/) });
    expect(fresh.secret).not.toBe(secret);

    const sendWith = async (key: string, now: number) => {
      const headers = await signed(key, "evt_r", EVENT, now);
      const response = await call("POST", to, {
        raw: EVENT,
        headers,
        env: recorder().env,
        app: appWith(undefined, () => now),
      });
      return response.status;
    };
    const hour = 3_600_000;
    expect(await sendWith(fresh.secret, Date.now())).toBe(202);
    expect(await sendWith(secret, Date.now() + 23 * hour)).toBe(202);
    expect(await sendWith(secret, Date.now() + 25 * hour)).toBe(401);
    expect(await sendWith(fresh.secret, Date.now() + 25 * hour)).toBe(202);

    const shown = await (await call("GET", `/v1/locations/${row.location_id}`, { token: await token() })).text();
    expect(shown).not.toContain(fresh.secret);
    expect(shown).toContain(`…${fresh.secret.slice(-4)}`);
  });

  it("F36: a secret that was replaced while our clock was a year ahead works no longer than a day", async () => {
    const { row, secret } = await seedStore();
    const ahead = Date.now() + 365 * 24 * 3_600_000;
    const fresh = await (
      await rotate(
        row.location_id,
        undefined,
        appWith(undefined, () => ahead),
      )
    ).json<{
      secret: string;
    }>();
    const sendWith = async (key: string) => {
      const headers = await signed(key, "evt_ahead", EVENT);
      const to = `/webhooks/dutchie/${row.location_id}`;
      return (await call("POST", to, { raw: EVENT, headers, env: recorder().env })).status;
    };
    expect([await sendWith(secret), await sendWith(fresh.secret)]).toEqual([401, 202]);
  });

  it("a secret that leaked ends at once, and so do those that it had replaced", async () => {
    const { row, secret } = await seedStore();
    const to = `/webhooks/dutchie/${row.location_id}`;
    const sendWith = async (key: string) => {
      const headers = await signed(key, "evt_l", EVENT);
      return (await call("POST", to, { raw: EVENT, headers, env: recorder().env })).status;
    };
    const second = await (await rotate(row.location_id)).json<{ secret: string }>();
    expect(await Promise.all([secret, second.secret].map(sendWith))).toEqual([202, 202]);
    const third = await (await rotate(row.location_id, { leaked: true })).json<{ secret: string }>();
    expect(await Promise.all([secret, second.secret, third.secret].map(sendWith))).toEqual([401, 401, 202]);
    expect((await rotate(row.location_id, { leaked: "yes" })).status).toBe(400);
  });

  it("F72: the new secret is shown though the store's Location cannot be told, for nobody could read it later", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { row } = await seedStore();
    const to = `/webhooks/dutchie/${row.location_id}`;
    const away = async () => {
      throw new Error("Durable Object reset because its code was updated.");
    };
    const response = await call("POST", `/v1/locations/${row.location_id}/webhook/rotate`, {
      token: await token(),
      body: { leaked: true },
      env: fakeLocation({ configured: away, changedOutside: away }),
    });
    expect(response.status).toBe(200);
    const { secret } = await response.json<{ secret: string }>();
    const headers = await signed(secret, "evt_away", EVENT);
    expect((await call("POST", to, { raw: EVENT, headers, env: recorder().env })).status).toBe(202);
    expect(JSON.stringify(warned.mock.calls)).toContain("store_not_told");
    warned.mockRestore();
  });

  it("a new scheme is used, and the old secret still works under the old scheme", async () => {
    const { row, secret } = await seedStore();
    const to = `/webhooks/dutchie/${row.location_id}`;
    const scheme = { kind: "hmac", header: "X-Signature", encoding: "base64" };
    const fresh = await (await rotate(row.location_id, { scheme })).json<{ secret: string }>();
    const mac = await hmac(new TextEncoder().encode(fresh.secret), new TextEncoder().encode(EVENT));
    const custom = { "x-signature": btoa(String.fromCharCode(...mac)) };
    expect((await call("POST", to, { raw: EVENT, headers: custom, env: recorder().env })).status).toBe(202);
    const old = await signed(secret, "evt_old", EVENT);
    expect((await call("POST", to, { raw: EVENT, headers: old, env: recorder().env })).status).toBe(202);
    // The new secret was made for the new scheme alone.
    const mixed = await signed(fresh.secret, "evt_mixed", EVENT);
    expect((await call("POST", to, { raw: EVENT, headers: mixed, env: recorder().env })).status).toBe(401);
  });

  it("the secrets of a store are sealed: in another store they verify nothing", async () => {
    const { row, secret } = await seedStore();
    const other = await seedStore();
    await updateLocation(accountsDb(env), other.row.location_id, { webhook_secrets: row.webhook_secrets });
    expect(JSON.stringify(row.webhook_secrets)).not.toContain(secret.replace("whsec_", ""));
    const headers = await signed(secret, "evt_moved", EVENT);
    const to = `/webhooks/dutchie/${other.row.location_id}`;
    expect((await call("POST", to, { raw: EVENT, headers, env: recorder().env })).status).toBe(401);
  });

  it.each([{ scheme: { kind: "none" } }, { scheme: { kind: "hmac", header: "a b" } }, { schema: {} }])(
    "a rotation with %j is 400",
    async (body) => {
      expect((await rotate(store.row.location_id, body)).status).toBe(400);
    },
  );
});
