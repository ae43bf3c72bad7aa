import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { inventory } from "../../../src/db/schema/records.ts";
import type { ProductHint } from "../../../src/domain/records/mapping.ts";
import { NO_HINT } from "../../../src/domain/records/records.ts";
import { locationStub } from "../../../src/location/stub.ts";
import { call, token } from "../api/support.ts";
import { ReviewStore, T0 } from "./support.ts";

const SAME = { sku: "S", product_name: "Blue Dream 3.5g", brand: "Kiva", category: "Flower", unit_price: 30 };
const stated = (over: object) => ({ ...SAME, upc: null, status: "active" as const, ...over });

async function set(store: ReviewStore, settings: object): Promise<void> {
  const admin = await token({ role: "admin", sub: "ann" });
  const response = await call("PATCH", `/v1/locations/${store.row.location_id}`, { token: admin, body: { settings } });
  if (response.status !== 200) throw new Error(await response.text());
}

/** A package whose row names no product by its id. */
async function stockUnnamed(store: ReviewStore, id: string, quantity: number, hint: Partial<ProductHint>) {
  const rows = [
    {
      dutchie_inventory_id: id,
      content: { dutchie_product_id: null, sku: hint.sku ?? null },
      quantity,
      cells: [{ room_name: "Vault", room_type: "vault" as const, quantity }],
      scope: "package" as const,
      hint: { ...NO_HINT, dutchie_product_id: null, ...hint },
      modified_at: T0,
    },
  ];
  const event_id = `evt_unnamed_${id}`;
  const event = { event_id, type: "inventory.updated", occurred_at: T0, received_at: T0, failures: [], body: {} };
  await locationStub(env, store.row.location_id).receive([{ ...event, rows: { resource: "inventory", rows } }]);
  return (await store.call("GET", `/events/${event_id}`)).json<{ outcome: string; reason: string | null }>();
}

describe("a changed rule is applied to stored records", () => {
  it("F56: from review to merge closes the reviews; decisions stay; back to review asks again", async () => {
    const store = await ReviewStore.open();
    await set(store, { duplicate_sku: "review" });
    for (const [id, over] of Object.entries({
      1: {},
      2: {},
      3: { sku: "T" },
      4: { sku: "t", brand: "Wyld" },
      5: { sku: "U" },
      6: { sku: "u" },
    }))
      await store.tell(id, stated(over));
    const kept = (await store.reviews("?state=open")).find(({ candidates }) => candidates[0]?.product_id === "prd_5");
    await store.resolve(kept?.review_id ?? "", { action: "keep_both" });
    expect((await store.reviews("?state=open")).length).toBe(2);
    await set(store, { duplicate_sku: "merge" });
    expect(await store.reviews("?state=open")).toEqual([]);
    expect(await store.product("prd_2")).toMatchObject({ merged_into: "prd_1" });
    expect(await store.product("prd_4")).toMatchObject({ merged_into: "prd_3" });
    expect(await store.product("prd_6")).toMatchObject({ merged_into: null });
    await set(store, { duplicate_sku: "auto" });
    expect((await store.review("?state=open")).reason).toBe("2 products have this SKU but differ in brand");
    expect(await store.product("prd_2")).toMatchObject({ merged_into: "prd_1" });
    expect(await store.product("prd_4")).toMatchObject({ merged_into: null });
    await set(store, { duplicate_sku: "review" });
    expect((await store.reviews("?state=open")).length).toBe(2);
    expect(await store.product("prd_2")).toMatchObject({ merged_into: null });
    const log = await store.changes();
    expect(
      log
        .filter(({ record_id }) => record_id === "prd_2")
        .map(({ cause, fields }) => [cause, fields])
        .slice(-1),
    ).toEqual([["merge", { merged_into: ["prd_1", null] }]]);
  });

  it("F56: room types change the stored packages at once, and the log says so", async () => {
    const store = await ReviewStore.open();
    await store.stock("1", "p1", 5);
    await set(store, { room_types: { " VAULT": "secret_menu" } });
    const [row] = await store.db.select().from(inventory).where(eq(inventory.location_id, store.row.location_id));
    expect(row).toMatchObject({ room_name: "Vault", room_type: "secret_menu", quantity: 5 });
    const log = await store.changes();
    expect(log.find(({ cause }) => cause === "user")).toMatchObject({
      fields: { room_type: ["vault", "secret_menu"] },
    });
    await set(store, { room_types: {} });
    const [back] = await store.db.select().from(inventory).where(eq(inventory.location_id, store.row.location_id));
    expect(back?.room_type).toBe("vault");
  });

  it("F56: a setting that does not concern stored records changes none", async () => {
    const store = await ReviewStore.open();
    await store.tell("1", stated({}));
    await store.tell("2", stated({}));
    const before = await store.state();
    await set(store, { overnight_hour: 4 });
    expect(await store.state()).toEqual(before);
  });
});

describe("the identity of stored products", () => {
  it("F50: a webhook with only the price and then the full row are one product, ReUp's own", async () => {
    const store = await ReviewStore.open();
    await store.own("own", { sku: "S", upc: "812345678905", category: "Mine" });
    await store.tell("5", { unit_price: 31 });
    await store.stock("5", "p1", 4);
    expect(await store.product("prd_5")).toMatchObject({ product_name: "#5", unit_price: 31, quantity: 4 });
    await store.tell("5", stated({ unit_price: 31, upc: "0812345678905" }));
    expect((await store.call("GET", "/products/prd_5")).status).toBe(404);
    expect(await store.product("own")).toMatchObject({ dutchie_product_id: "5", unit_price: 31, quantity: 4 });
    expect(await store.reviews()).toEqual([]);
  });

  it("F51: if the older product is switched off later, the one that is for sale survives at its price", async () => {
    const store = await ReviewStore.open();
    await store.tell("1", stated({ unit_price: 20 }));
    await store.tell("2", stated({ unit_price: 35 }));
    await store.stock("1", "p1", 1);
    await store.stock("2", "p2", 2);
    expect(await store.product("prd_1")).toMatchObject({ merged_into: null, quantity: 3 });
    await store.tell("1", { status: "inactive" });
    expect(await store.product("prd_2")).toMatchObject({
      merged_into: null,
      status: "active",
      unit_price: 35,
      quantity: 3,
    });
    expect(await store.product("prd_1")).toMatchObject({ merged_into: "prd_2" });
    const review = await store.review("?state=resolved");
    expect(review).toMatchObject({ action: "merge", into: "prd_2" });
    await store.undo(review.review_id);
    expect(await store.product("prd_1")).toMatchObject({ merged_into: null, status: "inactive", unit_price: 20 });
  });

  it("F51: a survivor that a person chose stays, and is active while any of its products is", async () => {
    const store = await ReviewStore.open();
    await store.tell("1", stated({ unit_price: 20 }));
    await store.tell("2", stated({ brand: "Wyld" }));
    await store.resolve((await store.review()).review_id, { action: "merge", into: "prd_1" });
    await store.tell("1", { status: "inactive" });
    expect(await store.product("prd_1")).toMatchObject({ merged_into: null, status: "active", unit_price: 20 });
    await store.tell("2", { status: "inactive" });
    expect(await store.product("prd_1")).toMatchObject({ merged_into: null, status: "inactive" });
  });

  it("F52: three hundred products without a SKU stay three hundred products, without a review", async () => {
    const store = await ReviewStore.open();
    await set(store, { duplicate_sku: "merge" });
    for (let i = 0; i < 6; i++)
      await store.tell(String(i + 1), stated({ sku: ["N/A", "n/a", "0", "-", "TBD", "N/A"][i] }));
    expect((await store.state()).products.map(({ merged_into }) => merged_into)).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(await store.reviews()).toEqual([]);
    expect(await store.product("prd_1")).toMatchObject({ sku: "N/A" });
  });

  it("F54: a SKU and a UPC are found in any spelling, and shown as Dutchie sent them", async () => {
    const store = await ReviewStore.open();
    await store.tell("1", stated({ sku: "BD–EIGHTH", upc: "0812345678905" }));
    await store.tell("2", stated({ sku: "bd-eighth" }));
    expect(await store.product("prd_2")).toMatchObject({ merged_into: "prd_1", sku: "bd-eighth" });
    const ids = async (query: string) =>
      (await (await store.call("GET", `/products?${query}`)).json<{ data: { product_id: string }[] }>()).data.map(
        (row) => row.product_id,
      );
    expect(await ids(`sku=${encodeURIComponent("Bd\u2011Eighth")}`)).toEqual(["prd_1"]);
    expect(await ids("q=8-12345-67890-5")).toEqual(["prd_1"]);
    const taken = await store.call("POST", "/products", { product_name: "Mine", sku: "bd-EIGHTH " });
    expect(taken.status).toBe(409);
  });

  it("F55: a package without a product id belongs to the product with its SKU, and moves with it", async () => {
    const store = await ReviewStore.open();
    await stockUnnamed(store, "p1", 5, { sku: "s" });
    const { products } = await store.state();
    expect(products).toMatchObject([{ status: "provisional", sku: "s", dutchie_product_id: null }]);
    await store.tell("5", stated({}));
    expect(await store.product("prd_5")).toMatchObject({ quantity: 5 });
    expect((await store.state()).products.length).toBe(1);
    await stockUnnamed(store, "p2", 2, { sku: "S " });
    expect(await store.product("prd_5")).toMatchObject({ quantity: 7 });
  });

  it("F55: a package whose SKU several products have is counted in none, and the event says so", async () => {
    const store = await ReviewStore.open();
    await store.tell("1", stated({}));
    await store.tell("2", stated({ brand: "Wyld" }));
    expect(await stockUnnamed(store, "p1", 5, { sku: "S" })).toMatchObject({
      outcome: "applied",
      reason:
        "p1: names no product id, and 2 products have the SKU S: merge them, or give them different ones in Dutchie",
    });
    const { stock } = await store.state();
    expect(stock).toMatchObject([{ quantity: 5, product_id: null }]);
  });

  it("F57: an ambiguous match has its own kind of review, whose text names the product", async () => {
    const store = await ReviewStore.open();
    await store.own("own_a", { sku: "S" });
    await store.own("own_b", { sku: "S", upc: "812345678905" });
    await store.tell("77", { sku: "S", product_name: "Blue Dream" });
    const review = await store.review("?kind=ambiguous_match");
    expect(review).toMatchObject({ kind: "ambiguous_match", state: "open" });
    expect(await store.reviews("?kind=duplicate_sku")).toEqual([]);
    expect(review.candidates.map(({ product_id }) => product_id)).toEqual(["prd_77", "own_a", "own_b"]);
    await store.resolve(review.review_id, { action: "keep_both" });
    await store.tell("77", stated({ unit_price: 1, upc: "812345678905" }));
    expect(await store.reviews("?state=open")).toEqual([]);
    expect(await store.product("own_b")).toMatchObject({ dutchie_product_id: null });
  });

  it("F57: a review of an ambiguous match closes itself if the match becomes clear", async () => {
    const store = await ReviewStore.open();
    await store.own("own_a", { sku: "S" });
    await store.own("own_b", { sku: "S" });
    await store.own("own_upc", { upc: "812345678905" });
    await store.tell("77", { sku: "S", product_name: "Blue" });
    expect(await store.review("?state=open")).toMatchObject({ kind: "ambiguous_match" });
    await store.tell("77", { upc: "812345678905", brand: "Kiva" });
    expect(await store.product("own_upc")).toMatchObject({ dutchie_product_id: "77" });
    expect(await store.review()).toMatchObject({
      state: "resolved",
      reason: "No longer in doubt.",
      resolved_by: "auto",
    });
  });
});
