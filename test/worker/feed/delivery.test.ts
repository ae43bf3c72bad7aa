import { env } from "cloudflare:workers";
import { and, eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Api } from "../../../scripts/support/api.ts";
import { Random } from "../../../simulator/random.ts";
import type { SavedSubscriptionJson, SubscriptionJson } from "../../../src/contract/http/subscriptions.ts";
import { logInsert } from "../../../src/db/change-log.ts";
import { accountsDb, recordsDb } from "../../../src/db/databases.ts";
import { deleteLocation } from "../../../src/db/locations.ts";
import { alerts } from "../../../src/db/schema/accounts.ts";
import { writeBatch } from "../../../src/db/write.ts";
import { logRowsOf } from "../../../src/domain/feed/log-rows.ts";
import { locationStub } from "../../../src/location/stub.ts";
import { FeedCopy } from "../../support/feed-copy.ts";
import { isSignedWith } from "../alerts/support.ts";
import { call, errorOf, seedStore, token } from "../api/support.ts";
import { withDatabases } from "../databases.ts";
import { deliver, failingOnce, Rig } from "../faults/support.ts";
import { alarm, goAndComeBack, HOUR, later } from "../runs/support.ts";

const NOTICES = "reup-dutchie-notices-development";
const URL_ = "https://receiver.example.com/hook";
const ALL = ["inventory.changed", "product.changed", "sale.recorded", "sync.completed", "sync.failed"] as const;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  for (const method of ["warn", "error"] as const) vi.spyOn(console, method).mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

interface Message {
  type: string;
  data: {
    location_id: string;
    sequence: number;
    records: { record_id: string; state: string; record: object | null }[];
  };
}

let retailers = 0;

/** A store with a simulated Dutchie, one receiver, and the queue NOTICES in the test's hands. */
class World {
  readonly notices: unknown[] = [];
  readonly received: { headers: Headers; body: string }[] = [];
  /** What the receiver does with the next request. */
  answer: () => Response = () => new Response();
  url = URL_;
  secret: string | null;
  private readonly seen = new Map<string, number>();
  readonly records = new Map<string, string>();

  private constructor(
    readonly rig: Rig,
    readonly retailer_id: string,
    readonly bindings: Env,
    readonly subscription: SavedSubscriptionJson,
  ) {
    this.secret = subscription.secret;
  }

  static async open(events: readonly string[] = ALL): Promise<World> {
    const retailer_id = `ret_feed${retailers++}`;
    const rig = await Rig.open({ size: 12, salesDays: 1 }, { retailer_id });
    const bindings = { ...rig.env } as Env;
    const input = [{ url: URL_, events, enabled: true }];
    const response = await call("PUT", "/v1/subscriptions", {
      token: await token({ retailer_id }),
      body: input,
      env: { ...bindings, CHORES: { send: async () => {} } } as unknown as Env,
    });
    expect(response.status).toBe(200);
    const [subscription] = await response.json<SavedSubscriptionJson[]>();
    if (subscription === undefined) throw new Error("The subscription was not saved.");
    const world = new World(rig, retailer_id, bindings, subscription);
    Object.assign(bindings, { NOTICES: { send: async (body: unknown) => void world.notices.push(body) } });
    await rig.withEnv(bindings);
    const toDutchie = globalThis.fetch;
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) =>
      url === world.url ? world.hear(init) : toDutchie(url, init),
    );
    await locationStub(env, rig.id).followSubscriptions();
    return world;
  }

  private async hear(init: RequestInit | undefined): Promise<Response> {
    const [headers, body] = [new Headers(init?.headers), String(init?.body)];
    const request = { url: URL_, headers, body, redirect: init?.redirect };
    expect(await isSignedWith(this.secret, request)).toBe(true);
    this.received.push({ headers, body });
    const answer = this.answer();
    if (answer.headers.has("x-not-stored")) return answer;
    this.store(JSON.parse(body) as Message);
    if (answer.headers.has("x-lost")) throw new Error("the connection was lost");
    return answer;
  }

  /** As the API's description tells receivers to do. */
  private store({ data: { location_id, sequence, records } }: Message): void {
    if (sequence <= (this.seen.get(location_id) ?? 0)) return;
    this.seen.set(location_id, sequence);
    for (const { record_id, state, record } of records) {
      expect(state).not.toBe("omitted");
      if (state === "gone") this.records.delete(record_id);
      else this.records.set(record_id, JSON.stringify(record));
    }
  }

  /** The timer, then what the queue has. */
  async pass(given: Env = this.bindings, wait = 2_000): Promise<void> {
    later(wait);
    await alarm(this.rig);
    for (const body of this.notices.splice(0)) {
      const [outcome] = await deliver(NOTICES, [body], given);
      if (outcome === "retry") this.notices.push(body);
    }
  }

  async settle(): Promise<void> {
    for (let turns = 0; turns < 60; turns++) {
      const before = this.received.length;
      await this.pass(this.bindings, 61_000);
      if (this.notices.length === 0 && this.received.length === before && turns > 1) return;
    }
    throw new Error("The receiver never has all of it.");
  }

  async sync(mode: "initial" | "incremental" | "full"): Promise<void> {
    const started = await this.rig.start(mode);
    if (!started.ok) throw new Error(`The sync did not start: ${started.reason}`);
    await this.rig.drain(this.bindings);
  }

  messages(): Message[] {
    return this.received.map(({ body }) => JSON.parse(body) as Message);
  }

  async shown(): Promise<SubscriptionJson> {
    const response = await call("GET", "/v1/subscriptions", { token: await token({ retailer_id: this.retailer_id }) });
    const [shown] = await response.json<SubscriptionJson[]>();
    if (shown === undefined) throw new Error("There is no subscription.");
    return shown;
  }

  /** What the lists show and the receiver has differently, without what follows from other records and times of our own. */
  async differences(): Promise<string[]> {
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      const { pathname, search } = new URL(url);
      return call(init?.method ?? "GET", `${pathname}${search}`, {
        token: await token({ retailer_id: this.retailer_id }),
      });
    });
    const copy = new FeedCopy(new Api("https://api.test", ""), (path) => `/v1/locations/${this.rig.id}${path}`);
    for (const [id, text] of this.records) copy.set(id, JSON.parse(text) as Record<string, unknown>);
    return copy.differences();
  }
}

describe("changes told to a receiver", () => {
  it("an import, a webhook and a poll arrive signed and in order; the receiver has every record", async () => {
    const world = await World.open();
    await world.sync("initial");
    await world.settle();
    for (let acts = 0; acts < 5; acts++) world.rig.dutchie.act();
    later(HOUR);
    await world.sync("incremental");
    await world.settle();
    const messages = world.messages();
    const numbers = messages.map(({ data }) => data.sequence);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(new Set(messages.map(({ type }) => type))).toEqual(
      new Set(["inventory.changed", "product.changed", "sale.recorded", "sync.completed"]),
    );
    for (const { body } of world.received) expect(body.length).toBeLessThanOrEqual(100_000);
    const ends = messages.filter(({ type }) => type === "sync.completed");
    expect(ends.map(({ data }) => data.records[0]?.record)).toMatchObject([
      { mode: "initial" },
      { mode: "incremental" },
    ]);
    expect(JSON.stringify(messages)).not.toContain("key-of-the-store");
    expect(await world.shown()).toMatchObject({ state: "ok", waiting: 0, failures: [] });
    expect(await world.differences()).toEqual([]);
  });

  it.each([1, 2, 3])(
    "whatever dies at any step, a receiver that drops doubles ends with every record (%i)",
    async (seed) => {
      const world = await World.open();
      const random = new Random(seed * 7_919);
      await world.sync("initial");
      for (let step = 0; step < 14; step++) {
        if (random.chance(0.5)) {
          for (let acts = random.int(1, 4); acts > 0; acts--) world.rig.dutchie.act();
          later(10 * 60_000);
          await world.sync("incremental");
        }
        world.answer = random.pick([
          () => new Response(),
          () => new Response("no", { status: 503, headers: { "x-not-stored": "1" } }),
          () => new Response(null, { headers: { "x-lost": "1" } }),
          () => {
            if (random.chance(0.5)) return new Response();
            throw new Error("refused");
          },
        ]);
        const nth = random.int(1, 6);
        const faulty = random.pick([
          world.bindings,
          failingOnce(world.bindings, { at: "prepare", nth }).env,
          failingOnce(world.bindings, { at: "after commit", nth }).env,
        ]);
        await world.rig.withEnv(random.chance(0.3) ? faulty : world.bindings);
        await world.pass(faulty, random.pick([2_000, 70_000, HOUR]));
        // A message that comes twice, at once.
        if (random.chance(0.3)) {
          const again = { location_id: world.rig.id, subscription_id: world.subscription.subscription_id };
          await Promise.all([1, 2].map(() => deliver(NOTICES, [again], world.bindings)));
        }
        await world.rig.withEnv(world.bindings);
      }
      world.answer = () => new Response();
      later(HOUR);
      await world.settle();
      expect(await world.differences()).toEqual([]);
    },
  );

  it.each([101, 250, 500, 1_100])(
    "a window that ends within an entry of %i records is sent whole again",
    async (many) => {
      const world = await World.open();
      const db = recordsDb(env, world.rig.row);
      const ids = Array.from({ length: many }, (_, n) => `s${n}`);
      const named = [{ resource: "sales", ids, cause: "poll", ref: "run", at: Date.now() }] as const;
      await writeBatch(db, logInsert(world.rig.id, logRowsOf([], named, 0)));
      // Every window is refused once.
      let isRefused = false;
      const stored: string[] = [];
      world.answer = () => {
        isRefused = !isRefused;
        if (isRefused) return new Response("no", { status: 503, headers: { "x-not-stored": "1" } });
        stored.push(...(world.messages().at(-1)?.data.records ?? []).map(({ record_id }) => record_id));
        return new Response();
      };
      await world.settle();
      expect(stored).toEqual(ids);
    },
  );

  it("a receiver gets only what it asked for, and only of its stores", async () => {
    const other = await Rig.open({ size: 10 }, { retailer_id: "ret_other" });
    const world = await World.open(["sale.recorded", "sync.failed"]);
    await world.sync("initial");
    await world.settle();
    expect(new Set(world.messages().map(({ type }) => type))).toEqual(new Set(["sale.recorded"]));
    expect(await locationStub(env, other.id).claimChanges(world.subscription.subscription_id, [...ALL])).toBeNull();
  });

  it("a receiver that fails is shown with the error and what waits; then an alert, and after a day the changes are parked; a replay sends them", async () => {
    const world = await World.open();
    await world.sync("initial");
    world.answer = () => new Response("secret words", { status: 500, headers: { "x-not-stored": "1" } });
    await world.pass();
    expect(await world.shown()).toMatchObject({
      state: "failing",
      failing_stores: 1,
      last_error: { code: "UPSTREAM_5XX", message: expect.stringContaining("receiver.example.com") },
    });
    expect((await world.shown()).waiting).toBeGreaterThan(3);
    const firing = () =>
      accountsDb(env)
        .select()
        .from(alerts)
        .where(and(eq(alerts.location_id, world.rig.id), eq(alerts.rule, "receiver_failing")));
    expect(await firing()).toEqual([]);
    for (let hours = 0; hours < 26; hours++) await world.pass(world.bindings, HOUR);
    const parked = await world.shown();
    expect(parked).toMatchObject({ state: "parked", parked_stores: 1 });
    expect(parked.failures[0]).toMatchObject({ location_id: world.rig.id, next_attempt_at: null });
    expect(await firing()).toMatchObject([
      {
        rule: "receiver_failing",
        state: "firing",
        severity: "critical",
        message: expect.stringContaining("stopped trying"),
      },
    ]);
    const tried = world.received.length;
    await world.pass(world.bindings, 2 * HOUR);
    expect(world.received.length).toBe(tried);
    const manager = await token({ retailer_id: world.retailer_id, role: "manager" });
    type Letters = { data: { dead_letter_id: string; queue: string; kind: string; reason: string }[] };
    const letters = await (await call("GET", "/v1/dead-letters", { token: manager })).json<Letters>();
    expect(letters.data).toMatchObject([
      { queue: "notices", kind: "receiver", reason: expect.stringContaining("24 hours") },
    ]);
    world.answer = () => new Response();
    const path = `/v1/dead-letters/${letters.data[0]?.dead_letter_id}/replay`;
    expect((await call("POST", path, { token: manager, env: world.bindings })).status).toBe(202);
    await world.settle();
    expect(await world.shown()).toMatchObject({ state: "ok", waiting: 0 });
    expect(await firing()).toMatchObject([{ state: "resolved" }]);
    expect(await world.differences()).toEqual([]);
  });

  it("another address ends what failed: it is tried at once, and neither failure, alert nor parked message is left", async () => {
    const world = await World.open();
    await world.sync("initial");
    world.answer = () => new Response("no", { status: 410, headers: { "x-not-stored": "1" } });
    for (let hours = 0; hours < 27; hours++) await world.pass(world.bindings, HOUR);
    expect(await world.shown()).toMatchObject({ state: "parked" });
    world.answer = () => new Response();
    const { subscription_id } = world.subscription;
    const moved = `${URL_}?moved`;
    const body = [{ subscription_id, url: moved, events: ALL, enabled: true }];
    const admin = await token({ retailer_id: world.retailer_id });
    const [saved] = await (await call("PUT", "/v1/subscriptions", { token: admin, body })).json<
      SavedSubscriptionJson[]
    >();
    // The old receiver must not be able to sign for the new one.
    expect(saved?.secret).toMatch(/^whsec_/);
    expect(saved?.secret).not.toBe(world.subscription.secret);
    await locationStub(env, world.rig.id).followSubscriptions();
    expect(await world.shown()).toMatchObject({ state: "ok", failures: [] });
    const rows = await accountsDb(env).select().from(alerts).where(eq(alerts.location_id, world.rig.id));
    expect(rows.filter(({ rule }) => rule === "receiver_failing").map(({ state }) => state)).toEqual(["resolved"]);
    const letters = await call("GET", "/v1/dead-letters", { token: admin });
    expect((await letters.json<{ data: { healed_at: string | null }[] }>()).data).toMatchObject([
      { healed_at: expect.any(String) },
    ]);
    world.secret = saved?.secret ?? null;
    world.url = moved;
    await world.settle();
    expect(await world.differences()).toEqual([]);
  });

  it("a store that was disconnected and comes back goes on where its receiver was", async () => {
    const world = await World.open();
    await world.sync("initial");
    await world.settle();
    const last = world.messages().at(-1)?.data.sequence ?? 0;
    await goAndComeBack(world.rig.id);
    world.rig.dutchie.act();
    later(HOUR);
    await world.sync("incremental");
    await world.settle();
    const after = world.messages().map(({ data }) => data.sequence);
    expect(after.filter((sequence) => sequence <= last)).toEqual([...new Set(after)].filter((each) => each <= last));
    expect(Math.max(...after)).toBeGreaterThan(last);
    expect(await world.differences()).toEqual([]);
  });

  it("what was accepted is sent again from a sequence that somebody names", async () => {
    const world = await World.open();
    await world.sync("initial");
    await world.settle();
    const before = world.messages();
    const { subscription_id } = world.subscription;
    const replay = async (retailer_id: string, body: object) =>
      call("POST", `/v1/subscriptions/${subscription_id}/replay`, { token: await token({ retailer_id }), body });
    const after = before[0]?.data.sequence ?? 0;
    expect((await replay(world.retailer_id, { location_id: world.rig.id, after })).status).toBe(202);
    await world.settle();
    const again = world.messages().slice(before.length);
    expect(again.at(-1)?.data.sequence).toBe(before.at(-1)?.data.sequence);
    expect(again.every(({ data }) => data.sequence > after)).toBe(true);
    expect((await replay("ret_other", { location_id: world.rig.id })).status).toBe(404);
    expect((await replay(world.retailer_id, { location_id: "loc_none" })).status).toBe(404);
  });

  it("a replay must begin where the log has changes: a sequence that is not there yet or is deleted is refused, and nothing stops", async () => {
    const world = await World.open();
    await world.sync("initial");
    await world.settle();
    const replay = async (after: number) =>
      call("POST", `/v1/subscriptions/${world.subscription.subscription_id}/replay`, {
        token: await token({ retailer_id: world.retailer_id }),
        body: { location_id: world.rig.id, after },
      });
    const head = world.messages().at(-1)?.data.sequence ?? 0;
    for (const after of [head + 1_000_000, Number.MAX_SAFE_INTEGER]) {
      const refused = await replay(after);
      expect(refused.status).toBe(400);
      expect((await refused.json<{ error: { message: string } }>()).error.message).toContain("after: is greater than");
    }
    expect((await replay(head)).status).toBe(202);
    const before = world.received.length;
    world.rig.dutchie.act();
    later(HOUR);
    await world.sync("incremental");
    await world.settle();
    expect(world.received.length).toBeGreaterThan(before);
    later(120 * 24 * HOUR);
    const gone = await replay(head);
    expect(gone.status).toBe(410);
    expect(await gone.json()).toMatchObject({ error: { code: "GONE" } });
  });

  it("a receiver that was parked when its store was disconnected is told again when the store comes back", async () => {
    const world = await World.open();
    await world.sync("initial");
    world.answer = () => new Response("no", { status: 500, headers: { "x-not-stored": "1" } });
    for (let hours = 0; hours < 26; hours++) await world.pass(world.bindings, HOUR);
    expect(await world.shown()).toMatchObject({ state: "parked" });
    world.answer = () => new Response();
    await goAndComeBack(world.rig.id);
    const manager = await token({ retailer_id: world.retailer_id, role: "manager" });
    expect(await (await call("GET", "/v1/dead-letters", { token: manager })).json()).toMatchObject({
      data: [{ healed_at: expect.any(String) }],
    });
    world.rig.dutchie.act();
    later(HOUR);
    await world.sync("incremental");
    await world.settle();
    expect(await world.shown()).toMatchObject({ state: "ok" });
    expect(await world.differences()).toEqual([]);
  });

  it("a fault of our own in a window is told like a receiver's: shown, alerted on, parked; and it ends when it is mended", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const world = await World.open();
    await world.sync("initial");
    // The records cannot be read; everything else can.
    const given = withDatabases(
      world.bindings,
      (d1) =>
        new Proxy(d1, {
          get(target, key) {
            const value: unknown = Reflect.get(target, key);
            if (key !== "prepare") return typeof value === "function" ? value.bind(target) : value;
            return (query: string) => {
              if (/from "?(products|inventory|sales)"?/.test(query)) throw new Error("a record that nobody can read");
              return target.prepare(query);
            };
          },
        }),
    );
    await world.pass(given);
    expect(world.notices).toEqual([]);
    const shown = await world.shown();
    expect(shown).toMatchObject({ state: "failing", last_error: { code: "NOT_PREPARED" } });
    expect(shown.failures[0]).toMatchObject({ attempts: 1 });
    expect(JSON.stringify(logged.mock.calls)).toContain("a record that nobody can read");
    for (let hours = 0; hours < 26; hours++) await world.pass(given, HOUR);
    expect(await world.shown()).toMatchObject({ state: "parked" });
    const fired = await accountsDb(env).select().from(alerts).where(eq(alerts.location_id, world.rig.id));
    expect(fired.find(({ rule }) => rule === "receiver_failing")).toMatchObject({ severity: "critical" });
    const admin = await token({ retailer_id: world.retailer_id });
    const path = `/v1/subscriptions/${world.subscription.subscription_id}/replay`;
    expect((await call("POST", path, { token: admin, body: { location_id: world.rig.id } })).status).toBe(202);
    await world.settle();
    expect(await world.shown()).toMatchObject({ state: "ok" });
    expect(await world.differences()).toEqual([]);
  });

  it("a store that a receiver no longer names sends it nothing, though the store has not heard of that yet", async () => {
    const world = await World.open();
    await world.sync("initial");
    const { subscription_id, url } = world.subscription;
    const another = (await seedStore({ retailer_id: world.retailer_id })).row.location_id;
    const body = [{ subscription_id, url, events: ALL, enabled: true, location_ids: [another] }];
    const admin = await token({ retailer_id: world.retailer_id });
    expect((await call("PUT", "/v1/subscriptions", { token: admin, body })).status).toBe(200);
    await world.pass();
    await world.pass();
    expect(world.received).toEqual([]);
    later(HOUR);
    expect(await locationStub(env, world.rig.id).claimChanges(subscription_id, [...ALL])).toBeNull();
  });

  it("one that is switched off gets nothing, and begins anew when it is on again; a store without receivers keeps nothing", async () => {
    const world = await World.open();
    const stub = locationStub(env, world.rig.id);
    const { subscription_id, url } = world.subscription;
    const put = async (body: object[]) =>
      call("PUT", "/v1/subscriptions", { token: await token({ retailer_id: world.retailer_id }), body });
    const own = { subscription_id, url, events: ALL };
    expect((await put([{ ...own, enabled: false }])).status).toBe(200);
    await stub.followSubscriptions();
    await world.sync("initial");
    await world.settle();
    expect(world.received).toEqual([]);
    later(HOUR);
    const saved = await (await put([{ ...own, enabled: true }])).json<SavedSubscriptionJson[]>();
    // The hint keeps address and secret.
    expect(saved).toMatchObject([{ secret: null, url, state: "ok" }]);
    await stub.followSubscriptions();
    world.rig.dutchie.act();
    later(HOUR);
    await world.sync("incremental");
    await world.settle();
    expect(world.messages().length).toBeGreaterThan(0);
    expect(JSON.stringify(world.messages())).not.toContain('"mode":"initial"');
    await put([]);
    await stub.followSubscriptions();
    expect(await stub.claimChanges(subscription_id, [...ALL])).toBeNull();
  });
});

describe("PUT /v1/subscriptions", () => {
  it.each([
    ["no https", { url: "http://receiver.example.com/hook" }, 400],
    ["a private address", { url: "https://10.0.0.1/hook" }, 400],
    ["our own host", { url: "https://localhost:8787/hook" }, 400],
    ["no events", { events: [] }, 400],
    ["an unknown event", { events: ["order.created"] }, 400],
    ["no stores", { location_ids: [] }, 400],
    ["somebody else's id", { subscription_id: "sub_other" }, 400],
    ["what is right", {}, 200],
  ])("%s", async (_, given, status) => {
    const body = [{ url: URL_, events: ["inventory.changed"], enabled: true, ...given }];
    const response = await call("PUT", "/v1/subscriptions", { token: await token({ retailer_id: "ret_put" }), body });
    expect(response.status).toBe(status);
  });

  it("a receiver names the retailer's own stores only, and keeps those that are gone by now", async () => {
    const retailer_id = "ret_names_stores";
    const { location_id } = (await seedStore({ retailer_id })).row;
    const foreign = (await seedStore({ retailer_id: "ret_of_others" })).row.location_id;
    const jwt = await token({ retailer_id });
    const wish = { url: URL_, events: ["inventory.changed"], enabled: true };
    const put = (more: object) => call("PUT", "/v1/subscriptions", { token: jwt, body: [{ ...wish, ...more }] });
    for (const id of [foreign, "loc_of_nobody", location_id.toUpperCase()]) {
      expect(await errorOf(await put({ location_ids: [location_id, id] }))).toMatchObject({
        code: "INVALID_REQUEST",
        message: `0.location_ids: ${id} is not one of your stores`,
      });
    }
    const stored = await put({ location_ids: [location_id, location_id] });
    const [{ subscription_id, url, location_ids } = {}] = await stored.json<SavedSubscriptionJson[]>();
    expect(location_ids).toEqual([location_id]);
    await deleteLocation(accountsDb(env), location_id);
    const again = await put({ subscription_id, url, location_ids, events: ["product.changed"] });
    expect(await again.json()).toMatchObject([{ location_ids, events: ["product.changed"] }]);
  });

  it("a token that is limited to some stores may not use them, nor a manager", async () => {
    const limited = await token({ location_ids: ["loc_1"] });
    expect((await call("GET", "/v1/subscriptions", { token: limited })).status).toBe(403);
    expect((await call("GET", "/v1/subscriptions", { token: await token({ role: "manager" }) })).status).toBe(403);
  });
});
