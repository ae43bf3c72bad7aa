import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createClient, type Product } from "../../../src/client/index.ts";
import { locationStub } from "../../../src/location/stub.ts";
import { failingOnce, giveBindings } from "../faults/support.ts";
import { call, errorOf, seedStore, token } from "./support.ts";

afterEach(() => void vi.useRealTimers());

const SHIRT = { product_name: "House T-shirt", sku: "SHIRT" };

async function shop() {
  const { location_id } = (await seedStore()).row;
  const jwt = await token({ role: "manager" });
  const path = `/v1/locations/${location_id}/products`;
  return {
    location_id,
    jwt,
    add: (key: string | null, body: object = SHIRT, as = jwt) =>
      call("POST", path, { token: as, body, headers: key === null ? {} : { "idempotency-key": key } }),
    names: async () => {
      const { data } = await (await call("GET", path, { token: jwt })).json<{ data: Product[] }>();
      return data.map(({ product_name }) => product_name).sort();
    },
  };
}

const idOf = async (answer: Response) => (await answer.json<Product>()).product_id;

describe("an Idempotency-Key: a product is added once", () => {
  it("the call that is repeated answers with the product of the first, also if it was edited meanwhile", async () => {
    const store = await shop();
    const first = await store.add("a");
    expect(first.status).toBe(201);
    const id = await idOf(first);
    await call("PATCH", `/v1/locations/${store.location_id}/products/${id}`, { token: store.jwt, body: { sku: "S2" } });
    const again = await store.add("a");
    expect(again.status).toBe(201);
    expect(await again.json()).toMatchObject({ product_id: id, product_name: "House T-shirt", sku: "S2" });
    expect(await store.names()).toEqual(["House T-shirt"]);
  });

  it("keys in another order, and blanks that do not count, are the same body", async () => {
    const store = await shop();
    const id = await idOf(await store.add("a"));
    const again = await store.add("a", { sku: " SHIRT ", product_name: "House T-shirt " });
    expect(await idOf(again)).toBe(id);
  });

  it("ten at once make one", async () => {
    const store = await shop();
    const answers = await Promise.all(Array.from({ length: 10 }, () => store.add("a", { product_name: "Mug" })));
    const ids = await Promise.all(answers.map(idOf));
    expect(answers.map(({ status }) => status)).toEqual(ids.map(() => 201));
    expect(new Set(ids).size).toBe(1);
    expect(await store.names()).toEqual(["Mug"]);
  });

  it("another body is 422, and nothing is made or changed", async () => {
    const store = await shop();
    const id = await idOf(await store.add("a"));
    const refused = await store.add("a", { product_name: "Mug" });
    expect(refused.status).toBe(422);
    expect(await errorOf(refused)).toMatchObject({ code: "KEY_REUSED", details: { product_id: id } });
    expect(await store.names()).toEqual(["House T-shirt"]);
  });

  it("the key of another person, and of another store, is another key", async () => {
    const [store, other] = [await shop(), await shop()];
    const mug = { product_name: "Mug" };
    await store.add("a", mug);
    expect((await store.add("a", { product_name: "Cap" }, await token({ role: "manager" }))).status).toBe(201);
    expect((await other.add("a", { product_name: "Bag" })).status).toBe(201);
    expect(await store.names()).toEqual(["Cap", "Mug"]);
    expect(await other.names()).toEqual(["Bag"]);
  });

  it("what was refused is not kept: the corrected call may have the same key", async () => {
    const store = await shop();
    await store.add(null);
    expect((await store.add("a", { ...SHIRT, product_name: "Twin" })).status).toBe(409);
    expect((await store.add("a", { product_name: "Twin", sku: "OTHER" })).status).toBe(201);
  });

  it("without a key each call adds a product", async () => {
    const store = await shop();
    await store.add(null, { product_name: "Mug" });
    await store.add(null, { product_name: "Mug" });
    expect(await store.names()).toEqual(["Mug", "Mug"]);
  });

  it.each(["", "x".repeat(256), "né"])("a key of %j is 400", async (key) => {
    const refused = await (await shop()).add(key);
    expect(refused.status).toBe(400);
    expect(await errorOf(refused)).toMatchObject({ details: { issues: [{ path: "idempotency-key" }] } });
  });

  it.each(["before commit", "after commit"] as const)("the database goes away %s: repeated, it is one", async (at) => {
    const store = await shop();
    // The write and each of its repetitions fail, so the caller hears nothing good.
    const failing = failingOnce(env, { at, nth: 1, message: "D1_ERROR: not one that passes" });
    await giveBindings(store.location_id, failing.env);
    expect((await store.add("a")).status).toBe(500);
    expect(failing.reached()).toBe(true);
    await giveBindings(store.location_id, env);
    expect((await store.add("a")).status).toBe(201);
    expect(await store.names()).toEqual(["House T-shirt"]);
  });

  it("a key is kept for a day, then swept", async () => {
    const store = await shop();
    const id = await idOf(await store.add("a", { product_name: "Mug" }));
    const sweepAfter = async (ms: number) => {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
      await locationStub(env, store.location_id).sweep();
      vi.useRealTimers();
    };
    await sweepAfter(23 * 3_600_000);
    expect(await idOf(await store.add("a", { product_name: "Mug" }))).toBe(id);
    await sweepAfter(25 * 3_600_000);
    expect(await idOf(await store.add("a", { product_name: "Mug" }))).not.toBe(id);
    const stub = env.LOCATION.get(env.LOCATION.idFromName(store.location_id));
    const kept = await runInDurableObject(stub, (_, { storage }) =>
      storage.sql.exec("select * from creations").toArray(),
    );
    expect(kept).toHaveLength(1);
  });

  it("the typed client sends one", async () => {
    const store = await shop();
    const client = createClient({
      url: "https://worker.test",
      token: store.jwt,
      fetch: (input, init) =>
        call("POST", String(input).replace("https://worker.test", ""), {
          headers: Object.fromEntries(new Headers(init?.headers)),
          ...(init?.body == null ? {} : { raw: init.body }),
        }),
    });
    const add = () =>
      client.v1.locations[":location_id"].products.$post({
        param: { location_id: store.location_id },
        header: { "idempotency-key": "a" },
        json: { product_name: "Mug" },
      });
    const [one, two] = [await (await add()).json(), await (await add()).json()];
    expect(two.product_id).toBe(one.product_id);
  });

  it("a page of another origin may send the header", async () => {
    const answer = await call("OPTIONS", "/v1/status", {
      headers: {
        origin: "https://reup.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "idempotency-key",
      },
    });
    expect(answer.headers.get("access-control-allow-headers")).toContain("idempotency-key");
  });
});
