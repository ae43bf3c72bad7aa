import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MAX_ROWS_BYTES } from "../../../src/domain/bounds.ts";
import { Location } from "../../../src/location/location.ts";
import { PushRig } from "./support.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("an edit in a bidirectional store", () => {
  it("an edit of the price shows at once, and is finished when it is written to Dutchie", async () => {
    const store = await PushRig.open();
    const { id, price } = store.anyProduct();
    const before = await store.product(id);
    store.advance(1_000);
    const edited = await store.edit(id, { unit_price: 33.25 });
    expect(edited.status).toBe(202);
    expect(edited.body).toMatchObject({ unit_price: 33.25, pending: [{ field: "unit_price", dutchie_value: price }] });
    expect(store.inDutchie(id).price).toBe(price);
    expect((await store.rig.status()).queue.pending_pushes).toBe(1);
    await store.send();
    expect((await store.rig.status()).queue.pending_pushes).toBe(0);
    expect(store.inDutchie(id).price).toBe(33.25);
    expect(await store.product(id)).toEqual({
      ...before,
      unit_price: 33.25,
      variants: [expect.objectContaining({ price: 33.25 })],
      source_updated_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(await store.pushes()).toMatchObject([
      { state: "done", fields: [{ field: "unit_price", value: 33.25, base: price }], attempts: 0, error: null },
    ]);
    // The log has the edit once, and then Dutchie's equal value.
    const { data } = (await store.api<{ data: { fields: object }[] }>("GET", `/products/prd_${id}/changes?limit=2`))
      .body;
    expect(data.map(({ fields }) => fields)).toEqual([
      { "dutchie.unit_price": { before: price, after: 33.25 } },
      { unit_price: { before: price, after: 33.25 } },
    ]);
  });

  it.each([0, null])("a price that is the recreational one, beside a price of %s, is written there", async (price) => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    const medPrice = 17;
    store.dutchie.setProduct(id, { price, medPrice, recPrice: 20 });
    await store.rig.start("incremental");
    await store.rig.drain();
    expect(await store.product(id)).toMatchObject({ unit_price: 20 });
    store.advance(1_000);
    await store.edit(id, { unit_price: 22 });
    await store.send();
    expect(store.inDutchie(id)).toMatchObject({ price, medPrice, recPrice: 22 });
    expect(await store.pushes()).toMatchObject([{ state: "done", reason: null }]);
    expect(await store.product(id)).toMatchObject({ unit_price: 22, pending: [] });
    // A row that states one price is completed by what was written.
    store.dutchie.setProduct(id, { medPrice: 18 }, { silent: true });
    await store.tell(store.inDutchie(id).modified ?? 0, { productId: id, medPrice: 18 });
    expect(await store.product(id)).toMatchObject({ unit_price: 22, pending: [] });
    await store.edit(id, { unit_price: 23, product_name: "In both ways" });
    await store.send();
    expect(store.inDutchie(id)).toMatchObject({ price, medPrice: 18, recPrice: 23, name: "In both ways" });
  });

  it("an edit of name and brand writes the whole product, and changes no other field", async () => {
    const store = await PushRig.open();
    const { id, written: __, modified: was, ...before } = store.anyProduct();
    await store.edit(id, { product_name: "Blue Dream 3.5g", brand: "Kiva" });
    await store.send();
    // The tests of F30 compare every field with Dutchie's.
    const { modified, written: _, ...after } = store.inDutchie(id);
    expect(after).toEqual({ ...before, id, name: "Blue Dream 3.5g", brand: "Kiva" });
    expect(modified).toBeGreaterThan(was ?? 0);
    expect(await store.product(id)).toMatchObject({ product_name: "Blue Dream 3.5g", pending: [] });
  });

  it("an edit of a name and a price is written in both ways", async () => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    await store.edit(id, { product_name: "Wedding Cake 1g", unit_price: 12, unit_cost: 5 });
    await store.send();
    expect(store.inDutchie(id)).toMatchObject({ name: "Wedding Cake 1g", price: 12, unitCost: 5 });
    expect(await store.product(id)).toMatchObject({ unit_price: 12, unit_cost: 5, pending: [] });
  });

  it("an edit in the guide's profile is a PATCH with the guide's names", async () => {
    const store = await PushRig.open({}, {}, "guide");
    const { id } = store.anyProduct();
    await store.edit(id, { product_name: "Wedding Cake 1g", unit_price: 12 });
    await store.send();
    expect(await store.pushes()).toMatchObject([{ state: "done" }]);
    expect(store.inDutchie(id)).toMatchObject({ name: "Wedding Cake 1g", price: 12 });
    expect(await store.product(id)).toMatchObject({ product_name: "Wedding Cake 1g", unit_price: 12, pending: [] });
  });

  it.each([
    ["pos", "POST"],
    ["guide", "PATCH"],
  ] as const)(
    "an answer that has only the product's id says nothing against what was written: %s",
    async (profile, how) => {
      const store = await PushRig.open({}, {}, profile);
      const { id } = store.anyProduct();
      const { app } = store.dutchie;
      vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
        const answer = await app.request(url, init as never);
        return init?.method === how ? Response.json({ productId: id }) : answer;
      });
      await store.edit(id, { product_name: "Wedding Cake 1g", unit_price: 12 });
      await store.send();
      expect(await store.pushes()).toMatchObject([{ state: "done" }]);
      expect(await store.product(id)).toMatchObject({ product_name: "Wedding Cake 1g", unit_price: 12, pending: [] });
    },
  );

  it("an edit in the guide's profile is refused for good by a server without that endpoint", async () => {
    const store = await PushRig.open({}, { guideWrites: false }, "guide");
    const { id } = store.anyProduct();
    await store.edit(id, { unit_price: 12 });
    await store.send();
    expect(await store.pushes()).toMatchObject([{ state: "parked", attempts: 1, error: { code: "NOT_WRITABLE" } }]);
  });

  it("two edits before sending are one push, with the base of the first", async () => {
    const store = await PushRig.open();
    const { id, price } = store.anyProduct();
    await store.edit(id, { unit_price: 10 });
    await store.edit(id, { unit_price: 11, product_name: "Two in one" });
    await store.send();
    expect(await store.pushes()).toMatchObject([
      {
        state: "done",
        fields: [
          { field: "product_name", value: "Two in one" },
          { field: "unit_price", value: 11, base: price },
        ],
      },
    ]);
  });

  it("an edit that is undone before sending writes nothing", async () => {
    const store = await PushRig.open();
    const { id, price, modified } = store.anyProduct();
    await store.edit(id, { unit_price: 10 });
    expect((await store.edit(id, { unit_price: price })).body.pending).toEqual([]);
    await store.send();
    expect(store.inDutchie(id)).toMatchObject({ price, modified });
    expect(await store.pushes()).toMatchObject([{ state: "done", reason: "Dutchie has this value already." }]);
  });

  it("an edit during an earlier push follows it, and is no conflict with it", async () => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    await store.edit(id, { unit_price: 10 });
    store.beforeWrite(() => {
      void store.edit(id, { unit_price: 11 });
    });
    await store.send();
    await expect.poll(() => store.pushes()).toHaveLength(2);
    expect(await store.product(id)).toMatchObject({ unit_price: 11 });
    await store.send();
    expect(store.inDutchie(id).price).toBe(11);
    expect((await store.pushes()).map(({ state }) => state)).toEqual(["done", "done"]);
    expect(await store.product(id)).toMatchObject({ unit_price: 11, pending: [] });
  });
});

const LONG = "x".repeat(100_000);

describe("F83: Dutchie repeats rows that are read before a push", () => {
  it.each([
    ["the same row", 2_000, () => ({})],
    ["a row of another price each time", 2_000, (n: number) => ({ unitPrice: n })],
    ["texts of 100 KB", 20, () => ({ description: LONG, category: LONG, brandName: LONG, strain: LONG })],
  ])("F83: %s: one row of each product is compared, in a small call", async (_, count, over) => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    await store.edit(id, { unit_price: 33.25 });
    const decided = vi.spyOn(Location.prototype, "decidePushes");
    const request = (url: string, init?: RequestInit) => store.dutchie.app.request(url, init as never);
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      const answer = await request(url, init);
      const isList = (init?.method ?? "GET") === "GET" && /product/i.test(new URL(url).pathname);
      if (!isList) return answer;
      const rows = Array.from({ length: count }, (_, n) => ({ productId: id, sku: "s", productName: "P", ...over(n) }));
      return Response.json(rows);
    });
    await store.send();
    expect(decided).toHaveBeenCalled();
    for (const [, rows] of decided.mock.calls) {
      expect(rows.map(({ dutchie_product_id }) => dutchie_product_id)).toEqual([String(id)]);
      // Twenty products are claimed at once.
      expect(JSON.stringify(rows).length * 20).toBeLessThan(MAX_ROWS_BYTES);
    }
  });
});
