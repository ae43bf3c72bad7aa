import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { call, token } from "../api/support.ts";
import { withDatabases } from "../databases.ts";
import { deliver, SYNC } from "../faults/support.ts";
import { fakeDates, MINUTE, PushRig } from "./support.ts";

fakeDates();

describe("a write to Dutchie that fails", () => {
  it("a rate limit (429) makes a write wait, does not count, and ends", async () => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    store.dutchie.setFaults([{ kind: "429", path: "/products/location-overrides", times: 1, retryAfter: 40 }]);
    await store.edit(id, { unit_price: 33.25 });
    await store.send();
    const [waiting] = await store.pushes();
    expect(waiting).toMatchObject({ state: "waiting", attempts: 0, error: { code: "RATE_LIMITED" } });
    store.advance(60_000);
    await store.send();
    expect(store.inDutchie(id).price).toBe(33.25);
    expect(await store.pushes()).toMatchObject([{ state: "done" }]);
  });

  it("a write is tried ten times with growing waits, then parked with an alert, and a person sends it again", async () => {
    const store = await PushRig.open();
    const { id, price } = store.anyProduct();
    store.dutchie.setFaults([{ kind: "500", path: "/products/location-overrides", times: 1_000 }]);
    await store.edit(id, { unit_price: 33.25 });
    const waits: number[] = [];
    for (let attempt = 0; attempt < 10; attempt++) {
      await store.send();
      const [push] = await store.pushes();
      const next = push?.next_attempt_at;
      if (next == null) break;
      waits.push(Date.parse(next) - Date.now());
      vi.setSystemTime(Date.parse(next));
    }
    expect(waits).toHaveLength(9);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    const [parked] = await store.pushes();
    expect(parked).toMatchObject({ state: "parked", attempts: 10, next_attempt_at: null });
    expect(parked?.error?.code).toBe("UPSTREAM_5XX");
    expect(await store.alerts()).toContain("push_parked");
    expect(await store.product(id)).toMatchObject({
      unit_price: 33.25,
      pending: [{ field: "unit_price", dutchie_value: price }],
    });

    store.dutchie.clearFaults();
    const reason = "Dutchie is back";
    expect((await store.api("POST", `/pushes/${parked?.push_id}/retry`, { reason })).status).toBe(202);
    const decided = await store.decidedEdits();
    expect(decided).toMatchObject([
      {
        kind: "edit",
        action: "retry",
        decision: { by: expect.any(String), reason },
        details: { product_id: `prd_${id}` },
      },
    ]);
    expect(decided[0]?.details.error).toBe(parked?.error?.message);
    await store.send();
    expect(store.inDutchie(id).price).toBe(33.25);
    expect(await store.alerts()).not.toContain("push_parked");
    expect((await store.api("POST", `/pushes/${parked?.push_id}/retry`)).status).toBe(409);
    expect((await store.api("POST", "/pushes/psh_none/retry")).status).toBe(404);
  });

  it.each([
    ["leaves out", { op: "drop" }],
    ["empties", { op: "null" }],
    ["changes", { op: "type", value: "list" }],
  ] as const)(
    "what only one of two answers says about a product is not written back: one %s a field",
    async (_how, lie) => {
      const store = await PushRig.open();
      const { id } = store.anyProduct();
      const before = store.dutchie.product(id);
      // Of the location's fields none goes with the whole product; the lie is about each row of one answer.
      store.dutchie.setLies([
        { on: "products", via: "read", target: "field", field: "netWeightUnit", times: 500, ...lie },
      ]);
      await store.edit(id, { brand: "Night Shift" });
      let answers = 0;
      const { app } = store.dutchie;
      vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
        const response = await app.request(url, init as never);
        if (new URL(url).pathname === "/reporting/products" && ++answers === 1) {
          const body = await response.text();
          store.dutchie.lies.stop();
          return new Response(body, response);
        }
        return response;
      });
      await store.send();
      expect(store.dutchie.lies.list()[0]?.struck).toBeGreaterThan(0);
      expect(store.dutchie.product(id)).toEqual(before);
      expect(await store.pushes()).toMatchObject([{ state: "waiting", attempts: 1, error: { code: "BAD_RESPONSE" } }]);
      store.advance(60_000);
      await store.send();
      expect(await store.pushes()).toMatchObject([{ state: "done" }]);
      expect(store.dutchie.product(id)).toMatchObject({
        brandName: "Night Shift",
        netWeightUnit: before?.netWeightUnit,
      });
    },
  );

  it("a write is parked at once if the endpoint cannot be written", async () => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    const { app } = store.dutchie;
    vi.stubGlobal("fetch", (url: string, init?: RequestInit) =>
      init?.method === "POST" ? new Response(null, { status: 405 }) : app.request(url, init as never),
    );
    await store.edit(id, { unit_price: 33.25 });
    await store.send();
    const [push] = await store.pushes();
    expect(push).toMatchObject({ state: "parked", attempts: 1, error: { code: "NOT_WRITABLE" } });
    expect(push?.error?.message).toContain("cannot be written");
  });

  it("a price reaches Dutchie with a name that the key may not write, and after it", async () => {
    const store = await PushRig.open();
    const { id, name } = store.anyProduct();
    const { app } = store.dutchie;
    vi.stubGlobal("fetch", (url: string, init?: RequestInit) =>
      url.endsWith("/products/product") ? new Response(null, { status: 404 }) : app.request(url, init as never),
    );
    await store.edit(id, { product_name: "Wedding Cake 1g", unit_price: 12 });
    await store.send();
    expect(store.inDutchie(id)).toMatchObject({ name, price: 12 });
    expect(await store.pushes()).toMatchObject([{ state: "parked", error: { code: "NOT_WRITABLE" } }]);
    expect((await store.product(id)).pending.map(({ field }) => field)).toEqual(["product_name"]);
    await store.edit(id, { unit_price: 13 });
    await store.send();
    expect(store.inDutchie(id)).toMatchObject({ name, price: 13 });
    expect(await store.alerts()).toEqual(["push_parked"]);
  });

  it("a price beside a name that the key may not write is tried again after a passing failure", async () => {
    const store = await PushRig.open();
    const { id, name } = store.anyProduct();
    const { app } = store.dutchie;
    vi.stubGlobal("fetch", (url: string, init?: RequestInit) =>
      url.endsWith("/products/product") ? new Response(null, { status: 404 }) : app.request(url, init as never),
    );
    store.dutchie.setFaults([{ kind: "500", path: "/products/location-overrides", times: 1 }]);
    await store.edit(id, { product_name: "Wedding Cake 1g", unit_price: 12 });
    await store.send();
    const [push] = await store.pushes();
    expect(push).toMatchObject({ state: "waiting", error: { code: "UPSTREAM_5XX" } });
    vi.setSystemTime(Date.parse(push?.next_attempt_at ?? ""));
    await store.send();
    expect(store.inDutchie(id)).toMatchObject({ name, price: 12 });
    expect(await store.pushes()).toMatchObject([{ state: "parked", error: { code: "NOT_WRITABLE" } }]);
  });

  it("a write that Dutchie accepts and ignores is parked, and the error names the field", async () => {
    const store = await PushRig.open();
    const { id, strainType } = store.anyProduct();
    const { app } = store.dutchie;
    vi.stubGlobal("fetch", (url: string, init?: RequestInit) => {
      // The real API copies the type from the strain.
      const body = init?.method === "POST" ? { ...JSON.parse(String(init.body)), strainType } : undefined;
      return app.request(url, { ...init, ...(body && { body: JSON.stringify(body) }) } as never);
    });
    await store.edit(id, { strain_type: strainType === "Indica" ? "Sativa" : "Indica", brand: "A brand of ReUp's" });
    await store.send();
    const [push] = await store.pushes();
    expect(push).toMatchObject({ state: "parked", error: { code: "REJECTED" } });
    expect(push?.error?.message).toContain("kept subcategory as it was");
    expect(store.inDutchie(id).brand).toBe("A brand of ReUp's");
    expect((await store.product(id)).pending.map(({ field }) => field)).toEqual(["subcategory"]);
  });

  it("a write that Dutchie answers 200 and does not save opens a review once its list shows so", async () => {
    const store = await PushRig.open();
    const [a, b] = [...store.dutchie.world.products.values()].filter(({ price }) => price !== null);
    if (a === undefined || b === undefined) throw new Error("Two products with a price are needed.");
    const price = a.price;
    const { app } = store.dutchie;
    vi.stubGlobal("fetch", (url: string, init?: RequestInit) => {
      if (init?.method !== "POST") return app.request(url, init as never);
      const rows = (JSON.parse(String(init.body)) as { productId: number }[]).filter(
        ({ productId }) => productId !== a.id,
      );
      return app.request(url, { ...init, body: JSON.stringify(rows) } as never);
    });
    await store.edit(a.id, { unit_price: 33.25 });
    await store.edit(b.id, { unit_price: 44.25 });
    await store.send();
    expect(store.inDutchie(b.id).price).toBe(44.25);
    expect((await store.pushes()).map(({ state }) => state)).toEqual(["done", "done"]);
    expect(await store.reviews()).toEqual([]);
    store.advance(65 * MINUTE);
    await store.rig.start("full");
    await store.rig.drain();
    expect(await store.product(a.id)).toMatchObject({ unit_price: price });
    expect(await store.product(b.id)).toMatchObject({ unit_price: 44.25 });
    const [review, ...others] = await store.reviews();
    expect(others).toEqual([]);
    expect(review).toMatchObject({
      reason: expect.stringContaining("without an error"),
      conflicts: [{ field: "unit_price", dutchie_value: price, reup_value: 33.25 }],
    });
    // A person has it sent again.
    vi.stubGlobal("fetch", (url: string, init?: RequestInit) => app.request(url, init as never));
    await store.api("POST", `/reviews/${review?.review_id}/resolve`, { action: "keep_reup" });
    await store.send();
    expect(store.inDutchie(a.id).price).toBe(33.25);
    store.advance(65 * MINUTE);
    await store.rig.start("full");
    await store.rig.drain();
    expect(await store.reviews()).toEqual([]);
  });

  it("a price that somebody in Dutchie sets back is theirs, and opens no review", async () => {
    const store = await PushRig.open();
    const { id, price } = store.anyProduct();
    await store.edit(id, { unit_price: 33.25 });
    await store.send();
    store.advance(2 * MINUTE);
    store.dutchie.setProduct(id, { price });
    store.advance(65 * MINUTE);
    await store.rig.start("full");
    await store.rig.drain();
    expect(await store.product(id)).toMatchObject({ unit_price: price });
    expect(await store.reviews()).toEqual([]);
  });

  it("nothing is written with a key that leads to another store", async () => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    const { app } = store.dutchie;
    const written: string[] = [];
    vi.stubGlobal("fetch", (url: string, init?: RequestInit) => {
      if (init?.method === "POST") written.push(url);
      return url.endsWith("/whoami") ? Response.json({ locationId: 1 }) : app.request(url, init as never);
    });
    await store.edit(id, { unit_price: 33.25 });
    await store.send();
    expect(written).toEqual([]);
    expect(await store.pushes()).toMatchObject([{ state: "waiting", error: { code: "WRONG_LOCATION" } }]);
  });

  it("a failing write of one product does not delay the others", async () => {
    const store = await PushRig.open();
    const [a, b] = [...store.dutchie.world.products.values()].slice(0, 2);
    if (a === undefined || b === undefined) throw new Error("Two products are needed.");
    await store.edit(a.id, { unit_price: 11 });
    await store.edit(b.id, { unit_price: 12 });
    const { app } = store.dutchie;
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) =>
      init?.method === "POST" && String(init.body).includes(String(a.id))
        ? Response.json({ message: "The price is out of range", propertyErrors: null }, { status: 400 })
        : app.request(url, init as never),
    );
    await store.send();
    expect(store.inDutchie(b.id).price).toBe(12);
    const pushes = await store.pushes();
    expect(pushes.map(({ state }) => state).sort()).toEqual(["done", "parked"]);
    expect(pushes.find(({ state }) => state === "parked")?.error).toMatchObject({
      code: "REJECTED",
      message: expect.stringContaining("out of range"),
    });
  });

  it("a write that was saved (500) is recognised as done, and not repeated", async () => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    const { app } = store.dutchie;
    let writes = 0;
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      const response = await app.request(url, init as never);
      if (init?.method !== "POST") return response;
      writes++;
      return new Response("Something went wrong.", { status: 500 });
    });
    await store.edit(id, { product_name: "Saved all the same" });
    await store.send();
    expect(await store.pushes()).toMatchObject([{ state: "waiting", attempts: 1 }]);
    store.advance(MINUTE);
    await store.send();
    expect(writes).toBe(1);
    expect(await store.pushes()).toMatchObject([{ state: "done" }]);
    expect(await store.product(id)).toMatchObject({ product_name: "Saved all the same", pending: [] });
  });
});

describe("a crash during a push", () => {
  it("a crash between claiming a push and writing it loses nothing: the push is claimed again", async () => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    await store.edit(id, { unit_price: 33.25 });
    store.advance(1_500);
    expect((await store.rig.location.claimPushes()).pushes).toHaveLength(1);
    await evictDurableObject(env.LOCATION.get(env.LOCATION.idFromName(store.rig.id)));
    await store.rig.withEnv(store.rig.env);
    expect((await store.rig.location.claimPushes()).pushes).toHaveLength(0);
    store.advance(4 * MINUTE);
    await store.send();
    expect(store.inDutchie(id).price).toBe(33.25);
    expect(await store.pushes()).toMatchObject([{ state: "done" }]);
  });

  it("a crash between the write and storing its result changes nothing", async () => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    await store.edit(id, { unit_price: 33.25 });
    store.advance(1_500);
    const { app } = store.dutchie;
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      const response = await app.request(url, init as never);
      if (init?.method === "POST") throw new Error("The isolate was ended.");
      return response;
    });
    await deliver(SYNC, [{ kind: "push", location_id: store.rig.id }]);
    vi.stubGlobal("fetch", (url: string, init?: RequestInit) => app.request(url, init as never));
    store.advance(4 * MINUTE);
    await store.send();
    expect(store.inDutchie(id).price).toBe(33.25);
    expect(await store.pushes()).toMatchObject([{ state: "done" }]);
    expect(await store.product(id)).toMatchObject({ unit_price: 33.25, pending: [] });
  });
});

describe("a store that goes back to one way", () => {
  it("open pushes end visibly, and Dutchie's values are shown again", async () => {
    const store = await PushRig.open();
    const { id, price } = store.anyProduct();
    await store.edit(id, { unit_price: 33.25 });
    const admin = await token();
    const patch = { body: { settings: { direction: "dutchie_to_reup" } }, token: admin };
    expect((await call("PATCH", `/v1/locations/${store.rig.id}`, patch)).status).toBe(200);
    expect(await store.pushes()).toMatchObject([{ state: "cancelled", reason: expect.stringContaining("one way") }]);
    expect(await store.product(id)).toMatchObject({ unit_price: price, pending: [] });
    await store.send();
    expect(store.inDutchie(id).price).toBe(price);
  });
});

describe("a store that goes back to one way while its database fails", () => {
  it.each([
    ["a waiting edit, the product cannot be stored", "products", false],
    ["an edit in doubt, its review cannot be stored", "reviews", true],
  ])("%s: it ends later, and Dutchie's value is shown", async (_, table, inDoubt) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const store = await PushRig.open();
    const { id, price } = store.anyProduct();
    await store.edit(id, { unit_price: 33.25 });
    if (inDoubt) {
      store.advance(MINUTE);
      store.dutchie.setProduct(id, { price: 28 }, { silent: true });
      await store.send();
      expect(await store.reviews()).toHaveLength(1);
    }
    const { accept } = await store.refuseWrites(table);
    const patch = { body: { settings: { direction: "dutchie_to_reup" } }, token: await token() };
    await call("PATCH", `/v1/locations/${store.rig.id}`, patch);
    expect(await store.pushes()).toMatchObject([{ state: inDoubt ? "conflict" : "waiting" }]);
    await accept();
    await call("PATCH", `/v1/locations/${store.rig.id}`, patch);
    expect(await store.pushes()).toMatchObject([{ state: "cancelled" }]);
    expect(await store.reviews()).toEqual([]);
    expect(await store.product(id)).toMatchObject({ unit_price: inDoubt ? 28 : price, pending: [] });
  });

  it("a thousand and more edits end together, in few statements", async () => {
    const store = await PushRig.open();
    const { id, price } = store.anyProduct();
    await store.edit(id, { unit_price: 33.25 });
    const stub = env.LOCATION.get(env.LOCATION.idFromName(store.rig.id));
    await runInDurableObject(stub, (_, { storage: { sql } }) => {
      const columns = "dutchie_product_id, fields, attempts, edited_by, created_at, updated_at";
      sql.exec(`with recursive i(n) as (select 1 union all select n + 1 from i where n < 1300)
        insert into pushes (push_id, product_id, state, ${columns})
        select 'psh_' || n, 'prd_x' || n, iif(n % 2, 'conflict', 'parked'), ${columns} from pushes, i`);
    });
    let statements = 0;
    const counting = (d1: D1Database) =>
      new Proxy(d1, {
        get(target, key) {
          if (key === "prepare") statements++;
          const value: unknown = Reflect.get(target, key);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    await store.rig.withEnv(withDatabases(store.rig.env, counting));
    const patch = { body: { settings: { direction: "dutchie_to_reup" } }, token: await token() };
    expect((await call("PATCH", `/v1/locations/${store.rig.id}`, patch)).status).toBe(200);
    expect(statements).toBeGreaterThan(0);
    expect(statements).toBeLessThan(100);
    for (const state of ["waiting", "parked", "conflict"] as const) {
      expect(await store.rig.location.listPushes(state, null, 10)).toEqual([]);
    }
    expect(await store.product(id)).toMatchObject({ unit_price: price, pending: [] });
  });
});

describe("a store that goes back to one way without its Location knowing", () => {
  it("nothing is written to a store that is one way by the time of sending", async () => {
    const store = await PushRig.open();
    const { id, price } = store.anyProduct();
    await store.edit(id, { unit_price: 33.25 });
    await env.DB.prepare(
      "update locations set settings = json_set(settings, '$.direction', 'dutchie_to_reup') where location_id = ?",
    )
      .bind(store.rig.id)
      .run();
    await store.send();
    expect(store.inDutchie(id).price).toBe(price);
    expect(await store.pushes()).toMatchObject([{ state: "cancelled" }]);
    expect(await store.product(id)).toMatchObject({ unit_price: price, pending: [] });
  });
});

describe("edits that are refused", () => {
  it("a field in a one-way store is refused with the reason, and notes can be edited", async () => {
    const store = await PushRig.open({ direction: "dutchie_to_reup" });
    const { id } = store.anyProduct();
    const refused = await store.edit(id, { unit_price: 1, notes: "Behind the counter" });
    expect(refused.status).toBe(409);
    expect(refused.body.error.code).toBe("CONFLICT");
    expect(refused.body.error.message).toContain("one way");
    const noted = await store.edit(id, { notes: "Behind the counter" });
    expect(noted.status).toBe(200);
    expect(noted.body.notes).toBe("Behind the counter");
    await store.rig.start("full");
    await store.rig.drain();
    expect(await store.product(id)).toMatchObject({ notes: "Behind the counter" });
  });

  it.each([
    ["a quantity", { quantity: 5 }],
    ["a SKU", { sku: "OTHER" }],
    ["no price", { unit_price: null }],
  ])("the edit is refused: %s", async (_, fields) => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    const refused = await store.edit(id, fields);
    expect(refused.status).toBe(409);
    expect(refused.body.error.details).toMatchObject({ fields: [{ field: Object.keys(fields)[0] }] });
    expect(await store.pushes()).toEqual([]);
  });

  it("an unknown product is 404, and an unknown field 400", async () => {
    const store = await PushRig.open();
    expect((await store.edit(424_242, { unit_price: 1 })).status).toBe(404);
    expect((await store.edit(424_242, { colour: "green" })).status).toBe(400);
  });

  it.each(["a\u0000b", "a\ud800b", "   ", "a\nb"])(
    "a name of %j is 400, because it would not come back as it was sent",
    async (name) => {
      const store = await PushRig.open();
      const { id } = store.anyProduct();
      expect((await store.edit(id, { product_name: name })).status).toBe(400);
      expect((await store.edit(id, { notes: "two\nlines" })).status).toBe(200);
    },
  );
});

describe("a product of ReUp's own", () => {
  it("a product of ReUp's own is created and edited in any store, and not sent to Dutchie", async () => {
    const store = await PushRig.open({ direction: "dutchie_to_reup" });
    const fields = { product_name: "House T-shirt", sku: "SHIRT", unit_price: 25, notes: "In the back" };
    const made = await store.api<{ product_id: string }>("POST", "/products", fields);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ ...fields, dutchie_product_id: null, source: "reup", quantity: 0 });
    const path = `/products/${made.body.product_id}`;
    store.advance(1_000);
    const edited = await store.api("PATCH", path, { unit_price: 20, sku: "SHIRT-2", status: "inactive" });
    expect(edited.status).toBe(200);
    expect(edited.body).toMatchObject({ unit_price: 20, sku: "SHIRT-2", status: "inactive" });
    expect(await store.pushes()).toEqual([]);
    const changes = await store.api<{ data: { fields: object; cause: string; decided: object }[] }>(
      "GET",
      `${path}/changes`,
    );
    const decided = { by: expect.stringMatching(/./), reason: null };
    expect(changes.body.data).toMatchObject([
      { cause: "user", decided, fields: { unit_price: { before: 25, after: 20 } } },
      { cause: "user", decided, fields: { product_name: { before: null, after: "House T-shirt" } } },
    ]);
  });

  it("a product of ReUp's own cannot have the SKU of another product", async () => {
    const store = await PushRig.open();
    const { id, sku } = store.anyProduct();
    const refused = await store.api("POST", "/products", { product_name: "Twin", sku });
    expect(refused.status).toBe(409);
    expect(refused.body.error.details).toEqual({ product_id: `prd_${id}` });
  });
});
