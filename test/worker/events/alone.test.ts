import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { logInsert } from "../../../src/db/change-log.ts";
import { recordsDb } from "../../../src/db/databases.ts";
import { headOf } from "../../../src/db/queries/read-feed.ts";
import { writeBatch } from "../../../src/db/write.ts";
import { MAX_EVENT_TRIES, MAX_TRIES_TOGETHER } from "../../../src/domain/bounds.ts";
import { logRowsOf } from "../../../src/domain/feed/log-rows.ts";
import type { Change } from "../../../src/domain/records/change.ts";
import { numberChanges } from "../../../src/domain/records/sequence.ts";
import { call, token } from "../api/support.ts";
import { rows, withDatabases } from "../databases.ts";
import { deliver, Rig, WEBHOOKS } from "../faults/support.ts";
import { answering, json, later } from "../runs/support.ts";

let logged: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  logged = vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const event = (rig: Rig, event_id: string, type: string, data: unknown) => ({
  location_id: rig.id,
  event_id,
  received_at: Date.now(),
  body: { type, occurred_at: new Date().toISOString(), data },
});

const outcomeOf = async (rig: Rig, id: string) => (await rig.location.getEvent(id))?.outcome;

/** The store's database refuses whatever names this. */
function refusing(given: Env, word: string, message: string): Env {
  return withDatabases(
    given,
    (d1) =>
      new Proxy(d1, {
        get(target, key) {
          const value: unknown = Reflect.get(target, key);
          if (key !== "prepare") return typeof value === "function" ? value.bind(target) : value;
          return (query: string) => {
            const statement = target.prepare(query);
            const bind = statement.bind.bind(statement);
            statement.bind = (...parameters: unknown[]) => {
              const isWritten = /^\s*insert/i.test(query) && JSON.stringify(parameters).includes(word);
              if (isWritten) throw message === "" ? new TypeError("x is not a function") : new Error(message);
              return bind(...parameters);
            };
            return statement;
          };
        },
      }),
  );
}

describe("an event of another store", () => {
  it.each([
    ["inventory.updated", { inventoryId: 1, productId: 1, quantityAvailable: 5 }],
    ["product.updated", { productId: 1, productName: "Theirs", price: 5 }],
    ["sale.completed", { transactionId: 1, transactionDate: "2026-01-01T00:00:00Z", total: 5, items: [] }],
  ])(
    "%s changes nothing and says why, also when it is replayed; one that names this store is applied",
    async (type, row) => {
      const rig = await Rig.open();
      const ours = Number(rig.row.dutchie_location_id);
      const named = (id: string, location: number) => {
        const sent = event(rig, id, type, [row]);
        return { ...sent, body: { ...sent.body, locationId: location } };
      };
      const count = async () =>
        (
          await rows(
            `select product_id from products where location_id = ?1 union all select inventory_id from inventory where location_id = ?1
           union all select sale_id from sales where location_id = ?1`,
            rig.id,
          )
        ).length;
      const theirs = {
        outcome: "invalid",
        reason: `row: it belongs to Dutchie's location ${ours + 1}, not to ${ours}`,
      };
      await deliver(WEBHOOKS, [named("evt_theirs", ours + 1)]);
      expect(await rig.location.getEvent("evt_theirs")).toMatchObject(theirs);
      await rig.location.replayEvent("evt_theirs");
      await deliver(
        WEBHOOKS,
        rig.queue.splice(0).map(({ body }) => body),
      );
      expect(await rig.location.getEvent("evt_theirs")).toMatchObject(theirs);
      expect(await count()).toBe(0);
      await deliver(WEBHOOKS, [named("evt_ours", ours)]);
      expect(await outcomeOf(rig, "evt_ours")).toBe("applied");
      expect(await count()).toBeGreaterThan(0);
    },
  );

  it.each([
    ["inventory.updated", { inventoryId: 1, productId: 1, quantityAvailable: 5 }],
    ["product.updated", { productId: 1, productName: "Theirs", price: 5 }],
    ["sale.completed", { transactionId: 1, transactionDate: "2026-01-01T00:00:00Z", total: 5, items: [] }],
  ])("%s: a row that names another store changes nothing; the rows beside it are applied", async (type, row) => {
    const rig = await Rig.open();
    const ours = Number(rig.row.dutchie_location_id);
    const named = (id: number, location: number) => {
      const [key = ""] = Object.keys(row);
      return { ...row, [key]: id, locationId: location };
    };
    const stored = async () =>
      rows<{ id: string }>(
        `select dutchie_product_id as id from products where location_id = ?1
         union all select dutchie_inventory_id from inventory where location_id = ?1
         union all select dutchie_transaction_id from sales where location_id = ?1`,
        rig.id,
      );
    await deliver(WEBHOOKS, [event(rig, "evt_alone", type, named(7, ours + 1))]);
    expect(await rig.location.getEvent("evt_alone")).toMatchObject({
      outcome: "invalid",
      reason: `7: it belongs to Dutchie's location ${ours + 1}, not to ${ours}`,
    });
    expect(await stored()).toEqual([]);
    await deliver(WEBHOOKS, [event(rig, "evt_both", type, [named(8, ours + 1), named(9, ours)])]);
    expect(await outcomeOf(rig, "evt_both")).toBe("applied");
    const ids = (await stored()).map(({ id }) => id);
    expect(ids).toContain("9");
    expect(ids).not.toContain("8");
  });
});

describe("F72: a row that throws fails alone", () => {
  it.each([
    ["our own code", ""],
    ["the database's bound", "D1_ERROR: string or blob too big: SQLITE_TOOBIG"],
    ["the database's rules", "D1_ERROR: NOT NULL constraint failed: products.product_name"],
  ])(
    "F72: an event with a row that fails on %s: its neighbours in the event and in the batch are applied",
    async (_, message) => {
      const rig = await Rig.open();
      await rig.withEnv(refusing(rig.env, "SKU-BAD", message));
      const product = (id: number, sku: string) => ({ productId: id, sku, productName: `Product ${id}` });
      const bad = event(rig, "evt_bad", "product.updated", [product(1, "A"), product(2, "SKU-BAD"), product(3, "C")]);
      const good = event(rig, "evt_good", "product.updated", product(4, "D"));
      expect(await deliver(WEBHOOKS, [bad, good])).toEqual(["ack", "ack"]);
      const found = await rows<{ sku: string }>("select sku from products where location_id = ? order by sku", rig.id);
      expect(found.map(({ sku }) => sku)).toEqual(["A", "C", "D"]);
      expect(await rig.location.getEvent("evt_bad")).toMatchObject({
        outcome: "applied",
        reason: "2: ReUp could not process it; the fault is on ReUp's side",
      });
      expect(await outcomeOf(rig, "evt_good")).toBe("applied");
      expect(JSON.stringify(logged.mock.calls)).toContain("row_not_applied");
    },
  );

  it("F72: a row that throws in a sync is a failed row, the others apply, and its record is not absent", async () => {
    const rig = await Rig.open();
    const product = (id: number, price: number) => ({
      productId: id,
      sku: id === 2 ? "SKU-BAD" : `S${id}`,
      productName: `Product ${id}`,
      isActive: true,
      price,
    });
    const listing = (price: number) =>
      answering(rig, (path) => {
        if (path.includes("products")) return json([1, 2, 3].map((id) => product(id, price)));
        return path.includes("inventory") || path.includes("transactions") ? json([]) : null;
      });
    listing(5);
    await rig.start("initial");
    await rig.drain();
    const skus = () =>
      rows<{ sku: string; status: string }>(
        "select sku, status from products where location_id = ? order by sku",
        rig.id,
      );
    expect((await skus()).map(({ sku }) => sku)).toEqual(["S1", "S3", "SKU-BAD"]);
    listing(9);
    const given = refusing(rig.env, "SKU-BAD", "");
    await rig.withEnv(given);
    await rig.start("full");
    await rig.drain(given);
    const [run] = await rows<{ state: string; failed: number }>(
      "select state, failed from runs where location_id = ? order by run_id desc limit 1",
      rig.id,
    );
    expect(run).toEqual({ state: "completed_with_errors", failed: 1 });
    expect(await skus()).toEqual(["S1", "S3", "SKU-BAD"].map((sku) => ({ sku, status: "active" })));
  });
});

it("a verification counts a record on ReUp's side, too, if Dutchie's row of it cannot be read", async () => {
  const rig = await Rig.open();
  const listing = (read: { quantity: unknown; sold: unknown }) =>
    answering(rig, (path) => {
      if (path.includes("products")) return json([{ productId: 1, sku: "S1", productName: "P1", isActive: true }]);
      if (path.includes("inventory")) {
        const quantities = [read.quantity, 5];
        return json(
          quantities.map((quantityAvailable, id) => ({ inventoryId: id + 1, productId: 1, quantityAvailable })),
        );
      }
      if (!path.includes("transactions")) return null;
      const items = [{ transactionItemId: 1, productId: 1, quantity: read.sold }];
      return json([{ transactionId: 1, transactionDate: "2026-01-01T20:00:00Z", total: 5, totalItems: 1, items }]);
    });
  listing({ quantity: 5, sold: 1 });
  await rig.start("initial");
  await rig.drain();
  listing({ quantity: "many", sold: "one" });
  await rig.location.startRun({ mode: "verify", trigger: "manual", heal: false });
  await rig.drain();
  const { resources = [] } = (await rig.status()).last_run?.verification ?? {};
  // Sales are read in windows, and each of them has the sale here.
  expect(
    resources.map(({ resource, matching, mismatching }) => [resource, matching, Math.min(mismatching, 1)]),
  ).toEqual([
    ["products", 1, 0],
    ["inventory", 1, 1],
    ["sales", 0, 1],
  ]);
  for (const { dutchie_count, reup_count } of resources) expect(reup_count).toBe(dutchie_count);
});

describe("F72: an event that throws fails alone", () => {
  it("F72: an event that throws for no passing reason ends after its attempts as our fault, and the store is read", async () => {
    const rig = await Rig.open();
    await rig.start("initial");
    await rig.drain();
    const given = refusing(rig.env, "SKU-BAD", "something that nobody has seen before");
    await rig.withEnv(given);
    const bad = event(rig, "evt_bad", "product.updated", { productId: 1, sku: "SKU-BAD", productName: "A product" });
    const good = event(rig, "evt_good", "product.updated", { productId: 900, sku: "D", productName: "Another" });
    expect(await deliver(WEBHOOKS, [bad, good])).toEqual(["retry", "ack"]);
    expect(await outcomeOf(rig, "evt_bad")).toBe("pending");
    expect(await deliver(WEBHOOKS, [bad], env, MAX_EVENT_TRIES)).toEqual(["ack"]);
    expect(await rig.location.getEvent("evt_bad")).toMatchObject({
      outcome: "invalid",
      reason: expect.stringMatching(/ReUp's side/),
    });
    const firing = async () =>
      (await rig.status()).active_alerts.flatMap(({ rule, severity }) => (rule === "dead_letter" ? [severity] : []));
    expect(await firing()).toEqual(["critical"]);
    await rig.withEnv(rig.env);
    vi.setSystemTime(Date.now() + 60_000);
    await rig.drain();
    expect(await firing()).toEqual([]);
  });

  /** What becomes of events with these words in their ids, delivered together, while the database refuses the bad ones. */
  async function sixth(words: readonly string[], message: string) {
    const rig = await Rig.open();
    await rig.start("initial");
    await rig.drain();
    // Settled products: their events need no look-up, so they are applied together.
    const known = [...rig.dutchie.world.products.values()].slice(0, words.length);
    const events = known.map(({ id, name }, n) =>
      event(rig, `evt_${n}_${words[n]}`, "product.updated", { productId: id, productName: name, price: 7.77 }),
    );
    await rig.withEnv(refusing(rig.env, "BAD", message));
    const early = await deliver(WEBHOOKS, events, env, MAX_TRIES_TOGETHER);
    const late = await deliver(WEBHOOKS, events, env, MAX_TRIES_TOGETHER + 1);
    await rig.withEnv(rig.env);
    return { early, late, after: await deliver(WEBHOOKS, events, env, MAX_TRIES_TOGETHER + 2) };
  }

  it.each([
    ["first", ["BAD", "a", "b", "c"]],
    ["last", ["a", "b", "c", "BAD"]],
    ["one of two that fail", ["BAD", "a", "BAD", "b"]],
  ])(
    "F72: an event whose failure seems to pass but does not, %s of the batch, holds its neighbours for six deliveries at most",
    async (_, words) => {
      const { early, late, after } = await sixth(words, "D1_ERROR: internal error; reference = x");
      expect(early).toEqual(words.map(() => "retry"));
      expect(late).toEqual(words.map((word) => (word === "BAD" ? "retry" : "ack")));
      expect(after).toEqual(words.map(() => "ack"));
    },
  );

  it("F72: while the database is away, three are tried alone, and the others wait", async () => {
    const { late, after } = await sixth(["BAD", "BAD", "BAD", "a", "b"], "D1 DB is overloaded.");
    expect(late).toEqual(["retry", "retry", "retry", "retry", "retry"]);
    expect(after).toEqual(["ack", "ack", "ack", "ack", "ack"]);
  });

  it.each([
    ["in the same batch", true],
    ["in a later batch", false],
  ])(
    "F72: an event of known content comes again %s and its read cannot be asked for: it alone comes again, and the others are noted",
    async (_, isSameBatch) => {
      const rig = await Rig.open();
      await rig.start("initial");
      await rig.drain();
      const look = {
        ...event(rig, "evt_look", "inventory.updated", {}),
        refresh_reason: "it has no id that its signature covers",
      };
      const good = event(rig, "evt_good", "product.updated", { productId: 900, sku: "D", productName: "Another" });
      if (!isSameBatch) {
        expect(await deliver(WEBHOOKS, [look])).toEqual(["ack"]);
        vi.setSystemTime(Date.now() + 60_000);
        await rig.drain();
      }
      const SYNC = { send: async () => Promise.reject(new Error("Queue send failed: service unavailable")) };
      await rig.withEnv({ ...rig.env, SYNC } as unknown as Env);
      const batch = isSameBatch ? [look, good, look] : [good, look];
      expect(await deliver(WEBHOOKS, batch)).toEqual(batch.map((each) => (each === good ? "ack" : "retry")));
      expect(await outcomeOf(rig, "evt_good")).toBe("applied");
      expect(await outcomeOf(rig, "evt_look")).toBe(isSameBatch ? "pending" : "applied");
      await rig.withEnv(rig.env);
      expect(await deliver(WEBHOOKS, batch)).toEqual(batch.map(() => "ack"));
      expect(rig.queue.map(({ body }) => body)).toMatchObject([{ kind: "refresh", location_id: rig.id }]);
      expect((await rig.status()).last_24h.webhooks.applied).toBe(2);
    },
  );

  it("F72: an outage is no fault: the event waits", async () => {
    const rig = await Rig.open();
    await rig.withEnv(refusing(rig.env, "SKU-BAD", "D1 DB is overloaded. Requests queued for too long."));
    const bad = event(rig, "evt_bad", "product.updated", { productId: 1, sku: "SKU-BAD", productName: "A product" });
    expect(await deliver(WEBHOOKS, [bad], env, MAX_EVENT_TRIES + 1)).toEqual(["retry"]);
    expect(await outcomeOf(rig, "evt_bad")).toBe("pending");
  });
});

describe("F72: a store's log that another Location went on with meanwhile is no fault", () => {
  /** A settled store whose Location has read the log's newest number, which is no longer the newest. */
  async function overtaken() {
    const rig = await Rig.open();
    const listing = (price: number) =>
      answering(rig, (path) => {
        const product = { productId: 1, sku: "A", productName: "A product", isActive: true, price };
        if (path.includes("products")) return json([product]);
        return path.includes("inventory") || path.includes("transactions") ? json([]) : null;
      });
    listing(5);
    await rig.start("initial");
    await rig.drain();
    const db = recordsDb(env, rig.row);
    const head = await headOf(db, rig.id);
    // Numbers begin with the time: one of a little later is ahead of what the Location numbers now.
    const at = Date.now() + 60_000;
    const fields: Change["fields"] = { brand: ["One", "Another"] };
    const own = { digest: "d", resource: "products", record_id: "prd_9", cause: "user", ref: null } as const;
    const change: Change = { ...own, fields, at, source_at: at };
    await writeBatch(db, logInsert(rig.id, logRowsOf(numberChanges([change], head), [], head)));
    const price = async (id: number) => {
      const query = "select unit_price from products where location_id = ? and dutchie_product_id = ?";
      return (await rows<{ unit_price: number }>(query, rig.id, String(id)))[0]?.unit_price;
    };
    return { rig, listing, price };
  }

  it("F72: an event that is alone with its only row comes again, and is applied", async () => {
    const { rig, price } = await overtaken();
    // A product that is not known is not applied together with others.
    const data = { productId: 2, sku: "B", productName: "Another", price: 9 };
    const alone = event(rig, "evt_alone", "product.updated", data);
    expect(await deliver(WEBHOOKS, [alone])).toEqual(["retry"]);
    expect(await outcomeOf(rig, "evt_alone")).toBe("pending");
    expect(await deliver(WEBHOOKS, [alone])).toEqual(["ack"]);
    expect(await outcomeOf(rig, "evt_alone")).toBe("applied");
    expect(await price(2)).toBe(9);
  });

  it("F72: a sync that reads one changed row repeats it, and none failed", async () => {
    const { rig, listing, price } = await overtaken();
    listing(9);
    // The clock may stand still here, and of two reads at one time none is the later one.
    later(1_000);
    await rig.start("full");
    await rig.drain();
    const [run] = await rows<{ state: string; failed: number }>(
      "select state, failed from runs where location_id = ? order by run_id desc limit 1",
      rig.id,
    );
    expect(run).toEqual({ state: "completed", failed: 0 });
    expect(await price(1)).toBe(9);
  });
});

it.each(["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"])(
  "F72: “%s” is an ordinary name in an address, a query or an id",
  async (word) => {
    const rig = await Rig.open();
    const jwt = await token();
    const get = async (path: string) => (await call("GET", path, { token: jwt })).status;
    const base = `/v1/locations/${rig.id}`;
    for (const path of [
      `/v1/locations/${word}`,
      `${base}/events/${word}`,
      `${base}/products/${word}`,
      `/v1/dead-letters/${word}`,
    ])
      expect(await get(path), path).toBe(404);
    for (const path of [
      `${base}/products?${word}=1`,
      `${base}/products?q=${word}&sku=${word}`,
      `${base}/changes?record_id=${word}`,
    ])
      expect(await get(path), path).toBe(200);
    for (const path of [
      `${base}/events?outcome=${word}`,
      `${base}/products?status=${word}`,
      `${base}/changes?resource=${word}`,
    ])
      expect(await get(path), path).toBe(400);
    const data = { inventoryId: word, productId: word, sku: word, room: word, category: word, quantity: 3 };
    expect(
      await deliver(WEBHOOKS, [event(rig, `evt_${word}`, "inventory.updated", data), event(rig, word, word, data)]),
    ).toEqual(["ack", "ack"]);
    expect(await outcomeOf(rig, `evt_${word}`)).toBe("applied");
    expect(await outcomeOf(rig, word)).toBe("ignored");
  },
);
