import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { products } from "../../../src/db/schema/records.ts";
import { endRows } from "../../../src/location/snapshots/end-rows.ts";
import { liveRows } from "../../../src/location/snapshots/snapshot.ts";
import { ReviewStore, timeless, within } from "./support.ts";

const TOLD = { sku: "S", upc: "0123", brand: "Kiva", product_name: "Blue Dream 3.5g", unit_price: 30 };

describe("a product that ReUp already has", () => {
  it("a product is the same whether stock or catalogue came first, even if only the catalogue states the UPC", async () => {
    const run = async (...steps: ("stock" | "tell")[]) => {
      const store = await ReviewStore.open();
      await store.own("own", { upc: "0123", category: "Mine" });
      for (const step of steps) await (step === "stock" ? store.stock("77", "p1", 5, "S") : store.tell("77", TOLD));
      const { products, stock } = await store.state();
      return {
        products: products.map(
          ({ location_id: _, source_at: _at, content_hash: _hash, unsettled: _told, ...row }) => row,
        ),
        stock: stock.map(({ product_id, quantity }) => ({ product_id, quantity })),
      };
    };
    const first = await run("tell", "stock");
    expect(first.products).toMatchObject([
      { product_id: "own", dutchie_product_id: "77", unit_price: 30, category: "Mine" },
    ]);
    expect(first.stock).toEqual([{ product_id: "own", quantity: 5 }]);
    expect(await run("stock", "tell")).toEqual(first);
  });

  it("a product that a hint linked by SKU is free again if the UPC is another's", async () => {
    const store = await ReviewStore.open();
    await store.own("by_sku", { sku: "S" });
    await store.own("by_upc", { upc: "0123" });
    await store.stock("77", "p1", 5, "S");
    expect(await store.product("by_sku")).toMatchObject({ dutchie_product_id: "77", quantity: 5 });
    await store.tell("77", TOLD);
    expect(await store.product("by_sku")).toMatchObject({ dutchie_product_id: null, quantity: 0 });
    expect(await store.product("by_upc")).toMatchObject({ dutchie_product_id: "77", quantity: 5 });
  });
});

describe("a product of ReUp's own that only rows of packages linked", () => {
  /** A complete catalogue that was read at `now` and lists none of Dutchie's products. */
  const listNone = (store: ReviewStore, now: number) =>
    within(store, now, async (context) => {
      const gone = await liveRows(context, "products");
      const reading = { origin: { cause: "poll", ref: "run" }, write: true } as const;
      await endRows(context, reading, { resource: "products", gone, floor: now });
      return gone.map(({ id }) => id);
    });

  it("is free again when the catalogue is complete without it and no package has it", async () => {
    const store = await ReviewStore.open();
    await store.own("own", { sku: "S", product_name: "Mine" });
    await store.stock("77", "p1", 5, "S");
    const now = Date.now();
    // The package may be right, and the catalogue late.
    expect(await listNone(store, now)).toEqual([]);
    await store.stock("78", "p1", 5, "T");
    expect(await listNone(store, now)).toContain("own");
    expect(await store.product("own")).toMatchObject({
      dutchie_product_id: null,
      product_name: "Mine",
      sku: "S",
      status: "active",
    });
    const [last] = (await store.changes()).filter(({ record_id }) => record_id === "own").slice(-1);
    expect(last?.fields).toMatchObject({ dutchie_product_id: ["77", null] });
  });

  it("stays linked as long as a package that is sold out, or an edit, needs the link", async () => {
    const store = await ReviewStore.open();
    await store.own("sold_out", { sku: "S" });
    await store.own("edited", { sku: "T" });
    await store.stock("77", "p1", 5, "S");
    await store.stock("77", "p1", 0, "S");
    await store.stock("78", "p2", 0, "T");
    await store.stock("79", "p2", 0, "U");
    const overrides = { unit_price: { value: 5, dutchie: 4, fill: false, push: true as const } };
    await store.db.update(products).set({ overrides }).where(eq(products.product_id, "edited"));
    expect(await listNone(store, Date.now())).not.toContain("sold_out");
    await store.stock("77", "p1", 8, "S");
    expect(await store.product("sold_out")).toMatchObject({ dutchie_product_id: "77", quantity: 8 });
    expect(await store.product("edited")).toMatchObject({ dutchie_product_id: "78" });
  });

  it("stays linked by a person, whatever the catalogue leaves out", async () => {
    const store = await ReviewStore.open();
    await store.own("own", { sku: "S" });
    await store.stock("77", "p1", 0, "S");
    expect((await store.link("own", "77")).status).toBe(200);
    expect(await listNone(store, Date.now())).not.toContain("own");
    expect(await store.product("own")).toMatchObject({ dutchie_product_id: "77", status: "active" });
  });
});

describe("an ambiguous match", () => {
  async function ambiguous() {
    const store = await ReviewStore.open();
    await store.own("own_a", { sku: "S", category: "accessories" });
    await store.own("own_b", { sku: "S" });
    await store.stock("77", "p1", 5, "S");
    await store.tell("77", TOLD);
    return store;
  }

  it("an ambiguous match leaves the product separate and opens one review", async () => {
    const store = await ambiguous();
    const review = await store.review("?state=open");
    expect(review.reason).toContain("Ambiguous match: 2 products of ReUp's own have the same SKU");
    expect(review.candidates.map(({ product_id }) => product_id)).toEqual(["prd_77", "own_a", "own_b"]);
    expect(review.preview).toMatchObject({ product_id: "own_a", quantity: 5, packages: 1 });
    expect(review.preview?.fields.category).toEqual({ value: "accessories", from: "own_a" });
    await store.resolve(review.review_id, { action: "keep_both" });
    await store.tell("77", { ...TOLD, unit_price: 31 });
    expect(await store.review()).toMatchObject({ state: "resolved", action: "keep_both" });
  });

  it("a merge after the review equals an automatic match, and undoing it restores both products", async () => {
    const store = await ambiguous();
    const [before, review] = [await store.state(), await store.review()];
    await store.resolve(review.review_id, { action: "merge", into: "own_b" });
    expect(await store.product("own_b")).toMatchObject({
      dutchie_product_id: "77",
      quantity: 5,
      unit_price: 30,
      product_name: "Blue Dream 3.5g",
    });
    expect((await store.call("GET", "/products/prd_77")).status).toBe(404);
    const undone = { by: "ann", reason: "Wrong", at: expect.any(String) };
    expect(timeless(await store.undo(review.review_id, { reason: "Wrong" }))).toEqual({ ...timeless(review), undone });
    expect(await store.state()).toEqual(before);
  });

  it("a merge that is undone later leaves the product with what Dutchie stated since", async () => {
    const store = await ambiguous();
    const { review_id } = await store.review();
    await store.resolve(review_id, { action: "merge", into: "own_a" });
    await store.tell("77", { ...TOLD, unit_price: 31 });
    expect(await store.product("own_a")).toMatchObject({ unit_price: 31, category: "accessories" });
    await store.undo(review_id);
    expect(await store.product("prd_77")).toMatchObject({ unit_price: 31, category: null, quantity: 5 });
    expect(await store.product("own_a")).toMatchObject({ unit_price: null, category: "accessories", quantity: 0 });
  });

  it.each([
    [{ action: "merge" }],
    [{ action: "merge", into: "prd_77" }],
    [{ action: "merge", into: "own_a", fields: { brand: "B" } }],
  ])("the decision %j is incomplete or too much: 400", async (body) => {
    const store = await ambiguous();
    const { review_id } = await store.review();
    expect((await store.call("POST", `/reviews/${review_id}/resolve`, body)).status).toBe(400);
  });
});
