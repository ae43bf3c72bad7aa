import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { call, errorOf, seedStore, token } from "../api/support.ts";
import { rows } from "../databases.ts";
import { failingOnce, giveBindings, Rig } from "../faults/support.ts";
import { ReviewStore, within } from "./support.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const TOLD = { sku: "S", upc: "0123", brand: "Kiva", product_name: "Blue Dream 3.5g", unit_price: 30 };

/** Dutchie's product 77 with 5 in stock, and a product of ReUp's own that nothing matches. */
async function apart() {
  const store = await ReviewStore.open();
  await store.own("own", { category: "accessories" });
  await store.tell("77", TOLD);
  await store.stock("77", "p1", 5, "S");
  return store;
}

async function linked(reason?: string) {
  const store = await apart();
  expect((await store.link("own", "77", reason)).status).toBe(200);
  return store;
}

describe("a person links a product", () => {
  it("the product gets Dutchie's values and stock, and the other one is gone; to repeat it changes nothing", async () => {
    const store = await apart();
    const first = await store.link("own", "77", "The label says so");
    expect(first.status).toBe(200);
    expect(await first.json()).toMatchObject({
      product_id: "own",
      dutchie_product_id: "77",
      quantity: 5,
      product_name: "Blue Dream 3.5g",
      category: "accessories",
    });
    expect((await store.call("GET", "/products/prd_77")).status).toBe(404);
    const [state, log] = [await store.state(), await store.changes()];
    expect((await store.link("own", "77", "again")).status).toBe(200);
    expect([await store.state(), await store.changes()]).toEqual([state, log]);
    expect(await store.review()).toMatchObject({
      kind: "ambiguous_match",
      state: "resolved",
      action: "merge",
      into: "own",
      resolved_by: "ann",
      resolved_reason: "The label says so",
    });
  });

  it("who decided and why stands in the product's changes, also after another decision", async () => {
    const store = await linked("The label says so");
    await store.link("own", null, "It does not");
    const { data } = await (await store.call("GET", "/products/own/changes")).json<{
      data: { cause: string; decided: unknown }[];
    }>();
    expect(data.filter(({ cause }) => cause === "user").map(({ decided }) => decided)).toEqual([
      { by: "ann", reason: "It does not" },
      { by: "ann", reason: "The label says so" },
    ]);
  });

  it("events, packages and sales of Dutchie's product stay with the linked one", async () => {
    const store = await linked();
    await store.tell("77", { ...TOLD, unit_price: 31 });
    await store.stock("77", "p2", 7, "S");
    expect(await store.product("own")).toMatchObject({ unit_price: 31, quantity: 12, dutchie_product_id: "77" });
  });

  it("unlinking restores both, and no later row of Dutchie's links them again, though all agrees", async () => {
    const store = await ReviewStore.open();
    await store.own("own", { sku: "S", upc: "0123", brand: "Kiva", product_name: "Blue Dream 3.5g" });
    await store.tell("77", TOLD);
    await store.stock("77", "p1", 5, "S");
    expect(await store.product("own")).toMatchObject({ dutchie_product_id: "77", quantity: 5 });
    expect((await store.link("own", null)).status).toBe(200);
    const isApart = async (unit_price: number) => {
      expect(await store.product("own")).toMatchObject({ dutchie_product_id: null, quantity: 0, unit_price: null });
      expect(await store.product("prd_77")).toMatchObject({ dutchie_product_id: "77", quantity: 5, unit_price });
    };
    await isApart(30);
    await store.tell("77", { ...TOLD, unit_price: 31 });
    await store.stock("77", "p1", 5, "S");
    await isApart(31);
    const state = await store.state();
    expect((await store.link("own", null)).status).toBe(200);
    expect(await store.state()).toEqual(state);
    expect(await store.review()).toMatchObject({ state: "resolved", action: "keep_both", resolved_by: "ann" });
  });

  it("what ReUp's product was before a match comes back though the catalogue has settled it since", async () => {
    const store = await ReviewStore.open();
    await store.own("own", { sku: "S", product_name: "Ours", unit_price: 5, category: "accessories" });
    await store.tell("77", TOLD);
    await store.db.$client
      .prepare("update products set unsettled = null where location_id = ?")
      .bind(store.row.location_id)
      .run();
    await store.tell("77", { ...TOLD, unit_price: 31, upc: "0124" });
    expect(await store.product("own")).toMatchObject({ product_name: "Blue Dream 3.5g", unit_price: 31 });
    expect((await store.link("own", null)).status).toBe(200);
    const before = { sku: "S", upc: null, brand: null, product_name: "Ours", unit_price: 5, category: "accessories" };
    expect(await store.product("own")).toMatchObject({ ...before, dutchie_product_id: null });
    expect(await store.product("prd_77")).toMatchObject({ product_name: "Blue Dream 3.5g", unit_price: 31 });
  });

  it("a link that a match made is settled when a person confirms it: a later UPC moves it no more", async () => {
    const store = await ReviewStore.open();
    await store.own("by_sku", { sku: "S" });
    await store.own("by_upc", { upc: "0123" });
    await store.stock("77", "p1", 5, "S");
    expect((await store.link("by_sku", "77")).status).toBe(200);
    await store.tell("77", TOLD);
    expect(await store.product("by_sku")).toMatchObject({ dutchie_product_id: "77", quantity: 5 });
    expect((await store.link("by_sku", null)).status).toBe(200);
    expect(await store.product("by_sku")).toMatchObject({ sku: "S", upc: null, quantity: 0, dutchie_product_id: null });
  });

  it("a link answers an open question about the product; undoing it asks again, undoing one of one's own accord does not", async () => {
    const store = await ReviewStore.open();
    for (const id of ["own_a", "own_b"]) await store.own(id, { sku: "S" });
    await store.own("other", {});
    await store.tell("77", TOLD);
    await store.stock("77", "p1", 5, "S");
    const { review_id } = await store.review("?state=open");
    expect((await store.link("other", "77")).status).toBe(200);
    expect(await store.review()).toMatchObject({ review_id, state: "resolved", into: "other" });
    expect(await store.undo(review_id)).toMatchObject({ state: "open" });
    await store.link("prd_77", "77", "a product of its own");
    expect(await store.review()).toMatchObject({ state: "resolved", action: "keep_both" });
    await store.link("other", "77");
    expect(await store.undo(review_id)).toMatchObject({ state: "resolved", action: "keep_both" });
    expect(await store.product("prd_77")).toMatchObject({ quantity: 5 });
  });

  it("a snapshot under way knows the product by its new id: it is not absent", async () => {
    const store = await apart();
    const seen = await within(store, Date.now(), async ({ store: { seen } }) => seen.add(["prd_77"], []));
    expect(seen).toBeUndefined();
    await store.link("own", "77");
    expect(await within(store, Date.now(), async ({ store: { seen } }) => seen.all().has("own"))).toBe(true);
  });
});

it("`own` lists ReUp's own products that are linked to none of Dutchie's", async () => {
  const store = await linked();
  for (const id of ["free", "free_too"]) await store.own(id, { product_name: `Gummies ${id}` });
  await store.own("gone", { product_name: "Gummies", status: "deleted" });
  const listed = async (query: string) => {
    const { data } = await (await store.call("GET", `/products?own=true${query}`)).json<{
      data: { product_id: string }[];
    }>();
    return data.map(({ product_id }) => product_id);
  };
  expect(await listed("")).toEqual(["free", "free_too"]);
  expect(await listed("&q=gummies free_")).toEqual(["free_too"]);
  expect(await listed("&page=1&limit=1")).toEqual(["free"]);
});

describe("a link that cannot be", () => {
  it.each<[string, string, string | null, number, string]>([
    ["to a product that Dutchie never listed", "own", "78", 400, "is not a product of Dutchie's"],
    ["of a product that is gone", "own_gone", "77", 404, "no such product"],
    ["of a product that is linked to another one", "taken", "77", 409, "Unlink it first"],
    ["to a product that is linked already", "own", "79", 409, "Unlink that one first"],
    ["of two products of Dutchie's", "prd_77", "80", 409, "Only a product of ReUp's own"],
    ["of a product of Dutchie's to none", "prd_77", null, 409, "linked to none of ReUp's own"],
  ])("%s", async (_, product_id, dutchie_product_id, status, message) => {
    const store = await apart();
    await store.own("taken", {});
    await store.tell("79", { sku: "T", product_name: "Kush" });
    await store.tell("80", { sku: "U", product_name: "Haze" });
    await store.link("taken", "79");
    const before = await store.state();
    const answer = await store.link(product_id, dutchie_product_id);
    expect([answer.status, (await errorOf(answer)).message]).toEqual([status, expect.stringContaining(message)]);
    expect(await store.state()).toEqual(before);
  });

  it("another store's product is as unknown as none, on both sides; a viewer may not link", async () => {
    const store = await apart();
    const { row } = await seedStore();
    const jwt = await token({ role: "manager" });
    const path = `/v1/locations/${row.location_id}/products/own/link`;
    expect((await call("PUT", path, { token: jwt, body: { dutchie_product_id: "77" } })).status).toBe(404);
    const other = await ReviewStore.open();
    await other.own("theirs", {});
    expect((await other.link("theirs", "77")).status).toBe(400);
    const viewer = await token({ role: "viewer" });
    const own = `/v1/locations/${store.row.location_id}/products/own/link`;
    expect((await call("PUT", own, { token: viewer, body: { dutchie_product_id: "77" } })).status).toBe(403);
  });

  it.each([
    {},
    { dutchie_product_id: "" },
    { dutchie_product_id: 77 },
    { dutchie_product_id: "7".repeat(201) },
    { dutchie_product_id: "77", into: "x" },
    { dutchie_product_id: "77", reason: "é".repeat(501) },
    { dutchie_product_id: "77", reason: "a\u0000b" },
  ])("the wish %# is not valid: 400", async (body) => {
    const store = await apart();
    expect((await store.call("PUT", "/products/own/link", body)).status).toBe(400);
  });

  it("a product whose edit has not reached Dutchie is not linked away from it", async () => {
    const store = await apart();
    const product = { product_id: "prd_77", dutchie_product_id: "77" };
    const fields = { unit_price: { value: 31, base: 30 } };
    await within(
      store,
      Date.now(),
      async ({ store: { outbox } }) => void outbox.add(product, fields, "ann", Date.now()),
    );
    expect((await store.link("own", "77")).status).toBe(409);
    expect(await store.product("prd_77")).toMatchObject({ quantity: 5 });
  });
});

describe("a link and what happens around it", () => {
  it.each(["before commit", "after commit"] as const)(
    "a crash %s leaves all of it or nothing, and to repeat it ends the same",
    async (at) => {
      const store = await apart();
      await giveBindings(store.row.location_id, failingOnce(env, { at, nth: 1 }).env);
      expect((await store.link("own", "77")).status).toBeGreaterThanOrEqual(500);
      const ids = (await store.state()).products.map(({ product_id }) => product_id);
      expect(ids).toEqual(at === "before commit" ? ["own", "prd_77"] : ["own"]);
      expect((await store.link("own", "77")).status).toBe(200);
      expect(await store.product("own")).toMatchObject({ dutchie_product_id: "77", quantity: 5 });
      expect((await store.state()).stock).toMatchObject([{ product_id: "own" }]);
      const logged = (await store.changes()).filter((each) => each.decided !== null);
      expect(logged.map(({ record_id }) => record_id).sort()).toEqual(["own", "prd_77"]);
    },
  );

  it("full syncs and the product's end in Dutchie's list leave a link, and its undoing, as they are", async () => {
    const rig = await Rig.open();
    await rig.start("initial");
    await rig.drain();
    const jwt = await token({ role: "manager", sub: "ann" });
    const ask = (method: string, path: string, body?: unknown) =>
      call(method, `/v1/locations/${rig.id}/products${path}`, { token: jwt, ...(body !== undefined && { body }) });
    const [stocked] = await rows<{ id: string; quantity: number }>(
      `select p.dutchie_product_id as id, sum(i.quantity) as quantity from products p
       join inventory i on i.location_id = p.location_id and i.product_id = p.product_id
       where p.location_id = ? and p.merged_into is null and i.quantity > 0
         and not exists (select 1 from products m where m.location_id = p.location_id and m.merged_into = p.product_id)
       group by 1 limit 1`,
      rig.id,
    );
    if (stocked === undefined) throw new Error("a product with stock was expected");
    const { product_id } = await (await ask("POST", "", { product_name: "Ours" })).json<{ product_id: string }>();
    const put = async (id: string | null) =>
      expect((await ask("PUT", `/${product_id}/link`, { dutchie_product_id: id })).status).toBe(200);
    const sync = async () => {
      await rig.start("full");
      await rig.drain();
    };
    const shown = async (id: string) => {
      const { quantity, dutchie_product_id } = await (await ask("GET", `/${id}`)).json<Record<string, unknown>>();
      return { quantity, dutchie_product_id };
    };
    const there = { quantity: stocked.quantity, dutchie_product_id: stocked.id };
    await put(stocked.id);
    await sync();
    expect(await shown(product_id)).toEqual(there);
    await put(null);
    await sync();
    expect(await shown(product_id)).toEqual({ quantity: 0, dutchie_product_id: null });
    expect(await shown(`prd_${stocked.id}`)).toEqual(there);
    await put(stocked.id);
    rig.dutchie.removeProduct(Number(stocked.id));
    await sync();
    expect(await shown(product_id)).toMatchObject({ dutchie_product_id: stocked.id });
    expect((await ask("GET", `/prd_${stocked.id}`)).status).toBe(404);
  });
});
