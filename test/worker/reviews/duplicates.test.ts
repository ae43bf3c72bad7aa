import { isNotNull } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { loadProductsAlike, loadProductsBySku } from "../../../src/db/load-records.ts";
import { products } from "../../../src/db/schema/records.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { errorOf } from "../api/support.ts";
import { ReviewStore, timeless } from "./support.ts";

const SAME = { sku: "S", product_name: "Blue Dream 3.5g", brand: "Kiva", category: "Flower", unit_price: 30 };

/** Two products of one SKU that differ in their brand, with stock: 5 and 7 in 1 and 2 packages. */
async function differing(): Promise<ReviewStore> {
  const store = await ReviewStore.open();
  await store.tell("1", { ...SAME, unit_price: null });
  await store.tell("2", { ...SAME, brand: "Wyld", upc: "0123" });
  await store.stock("1", "p1", 5);
  await store.stock("2", "p2", 3);
  await store.stock("2", "p3", 4);
  return store;
}

describe("duplicate SKUs that differ", () => {
  it("a duplicate SKU is shown with both products side by side, and with the result of a merge", async () => {
    const store = await differing();
    const review = await store.review("?state=open");
    expect(review).toMatchObject({
      kind: "duplicate_sku",
      state: "open",
      subject: "S",
      reason: "2 products have this SKU but differ in brand",
      action: null,
      candidates: [
        { product_id: "prd_1", brand: "Kiva", quantity: 5, packages: 1, status: "active", upc: null },
        { product_id: "prd_2", brand: "Wyld", quantity: 7, packages: 2, upc: "0123" },
      ],
      preview: { product_id: "prd_1", quantity: 12, packages: 3 },
    });
    expect(review.preview?.fields).toMatchObject({
      brand: { value: "Kiva", from: "prd_1" },
      unit_price: { value: 30, from: "prd_2" },
      upc: { value: "0123", from: "prd_2" },
    });
  });

  it("a merge into the chosen product adds up quantities, moves packages, and logs the person", async () => {
    const store = await differing();
    const { review_id } = await store.review();
    const resolved = await store.resolve(review_id, {
      action: "merge",
      into: "prd_2",
      fields: { brand: "Kiva & Wyld" },
    });
    expect(resolved).toMatchObject({ state: "resolved", action: "merge", into: "prd_2", resolved_by: "ann" });
    expect(resolved.preview).toMatchObject({ product_id: "prd_2", quantity: 12, packages: 3 });
    expect(resolved.preview?.fields.brand).toEqual({ value: "Kiva & Wyld", from: null });
    const survivor = await store.product("prd_2");
    expect(survivor).toMatchObject({ quantity: 12, brand: "Kiva & Wyld", merged_into: null });
    expect(survivor.inventory.map(({ quantity }) => quantity).sort()).toEqual([3, 4, 5]);
    expect(await store.product("prd_1")).toMatchObject({ merged_into: "prd_2", quantity: 5 });
    const log = (await store.changes()).filter(({ cause }) => cause === "user");
    expect(log.map(({ record_id, ref, fields }) => [record_id, ref, fields]).sort()).toEqual([
      ["prd_1", review_id, { merged_into: [null, "prd_2"] }],
      ["prd_2", review_id, { brand: ["Wyld", "Kiva & Wyld"] }],
    ]);
  });

  it("of two people who decide at the same moment one is told; a database that refuses decides nothing", async () => {
    const store = await differing();
    const { review_id } = await store.review();
    const decide = (action: string) => store.call("POST", `/reviews/${review_id}/resolve`, { action });
    const { $client } = store.db;
    await $client
      .prepare("create trigger refuse before update on reviews begin select raise(abort, 'D1_ERROR: away'); end")
      .run();
    const refused = await Promise.all([decide("merge"), decide("keep_both")]);
    await $client.prepare("drop trigger refuse").run();
    for (const { status } of refused) expect(status).toBeGreaterThanOrEqual(500);
    expect(await store.review("?state=open")).toMatchObject({ review_id, state: "open", action: null });
    expect(await store.product("prd_1")).toMatchObject({ merged_into: null, quantity: 5 });
    const answers = await Promise.all([decide("merge"), decide("keep_both")]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const action = answers[0]?.status === 200 ? "merge" : "keep_both";
    expect(await store.review()).toMatchObject({ state: "resolved", action });
    expect((await store.changes()).filter(({ cause }) => cause === "user").length > 0).toBe(action === "merge");
  });

  it("a list of packages finds them as a part of the product that is shown: its totals are the list's", async () => {
    const store = await differing();
    await store.tell("2", { ...SAME, brand: "Wyld", upc: "0123", status: "inactive" });
    const { review_id } = await store.review();
    const quantity = async (query: string) => {
      const { data, pagination } = await (await store.call("GET", `/inventory?page=1&${query}`)).json<{
        data: { quantity: number }[];
        pagination: { total: number };
      }>();
      expect(pagination.total).toBe(data.length);
      return data.reduce((sum, row) => sum + row.quantity, 0);
    };
    const queries = ["product_id=prd_1", "active=true", "active=false", "brand=kiva", "brand=Wyld", "category=Flower"];
    const totals = () => Promise.all(queries.map(quantity));
    expect(await totals()).toEqual([5, 5, 7, 5, 7, 12]);
    await store.resolve(review_id, { action: "merge", into: "prd_1", fields: { category: "Pre-Rolls" } });
    expect(await store.product("prd_1")).toMatchObject({ quantity: 12, status: "active" });
    expect(await totals()).toEqual([12, 12, 0, 12, 0, 0]);
    expect(await quantity("category=Pre-Rolls")).toBe(12);
    expect(await quantity("product_id=prd_2")).toBe(7);
    expect(await quantity("search=wyld")).toBe(7);
    await store.undo(review_id);
    expect(await totals()).toEqual([5, 5, 7, 5, 7, 12]);
  });

  it("a merge stays across syncs with its chosen fields, and all other fields follow Dutchie", async () => {
    const store = await differing();
    const { review_id } = await store.review();
    await store.resolve(review_id, { action: "merge", fields: { category: { from: "prd_2" }, subcategory: "Mine" } });
    await store.tell("1", { ...SAME, subcategory: "Hybrid", thc_percentage: 20, unit_price: 33 });
    await store.tell("2", { ...SAME, brand: "wyld", upc: "0123" });
    expect(await store.product("prd_1")).toMatchObject({
      strain_type: "Mine",
      thc_percentage: 20,
      unit_price: 33,
      upc: "0123",
    });
    expect(await store.product("prd_2")).toMatchObject({ merged_into: "prd_1" });
    expect(await store.review()).toMatchObject({ review_id, state: "resolved", action: "merge" });
  });

  it("a person is asked again when the facts change", async () => {
    const store = await differing();
    const { review_id } = await store.review();
    await store.resolve(review_id, { action: "merge", fields: { brand: "Mine" } });
    await store.tell("1", { ...SAME, product_name: "Other" });
    expect(await store.review()).toMatchObject({ review_id, state: "open", action: null });
    expect(await store.product("prd_1")).toMatchObject({ brand: "Kiva", product_name: "Other", quantity: 5 });
  });

  it("a merge that is undone restores pointers, fields, quantities and the open review", async () => {
    const store = await differing();
    const [before, review] = [await store.state(), await store.review()];
    await store.resolve(review.review_id, { action: "merge", into: "prd_2", fields: { brand: "Mine", upc: null } });
    expect(await store.state()).not.toEqual(before);
    const undone = { by: "ann", reason: null, at: expect.any(String) };
    expect(timeless(await store.undo(review.review_id))).toEqual({ ...timeless(review), undone });
    expect(await store.state()).toEqual(before);
  });

  it.each<[string, Record<number, string | null>]>([
    ["both leave it and a new one comes", { 1: "A", 2: "B", 3: "S" }],
    ["a new one comes first, spelled otherwise", { 3: " s", 1: "A", 2: "A2" }],
    ["both lose their SKU and a new one comes", { 1: null, 2: null, 3: "S" }],
    ["both leave it and two new ones that agree come", { 1: "A", 2: "B", 3: "S", 4: "S" }],
  ])("nobody is asked any more about products that do not share the SKU: in one batch %s", async (_, skus) => {
    const store = await differing();
    expect(await store.review()).toMatchObject({ subject: "S", state: "open" });
    const ids = Object.keys(skus).map(Number);
    await store.notifyAll(ids, (id) => ({ ...SAME, brand: id === 2 ? "Wyld" : "Kiva", sku: skus[id] ?? null }));
    expect(await store.reviews("?state=open")).toEqual([]);
    expect(await store.product("prd_3")).toMatchObject({ merged_into: null });
  });

  it("products that are kept apart are not asked about again; if undone, they are", async () => {
    const store = await differing();
    const { review_id } = await store.review();
    await store.resolve(review_id, { action: "keep_both" });
    await store.tell("2", { ...SAME, brand: "WYLD", unit_price: 2 });
    expect(await store.review()).toMatchObject({ state: "resolved", action: "keep_both" });
    const undone = { by: "ann", reason: "They are one", at: expect.any(String) };
    expect(await store.undo(review_id, { reason: "They are one" })).toMatchObject({
      state: "open",
      action: null,
      undone,
    });
  });
});

describe("duplicate SKUs that agree", () => {
  it("duplicates that agree are merged and shown, so that a wrong merge can be undone for good", async () => {
    const store = await ReviewStore.open();
    await store.tell("2", SAME);
    await store.tell("1", { ...SAME, brand: " KIVA" });
    const review = await store.review("?state=resolved");
    expect(review).toMatchObject({ action: "merge", into: "prd_1", resolved_by: "auto" });
    expect(await store.product("prd_2")).toMatchObject({ merged_into: "prd_1" });
    expect(await store.undo(review.review_id)).toMatchObject({
      state: "resolved",
      action: "keep_both",
      resolved_by: "ann",
    });
    await store.tell("2", { ...SAME, unit_price: 1 });
    expect(await store.product("prd_2")).toMatchObject({ merged_into: null });
    expect(await store.reviews("?state=open")).toEqual([]);
    expect(await store.undo(review.review_id)).toMatchObject({ action: "merge", resolved_by: "auto" });
    expect(await store.product("prd_2")).toMatchObject({ merged_into: "prd_1" });
  });

  it("duplicates that agree open a review under the rule `review`", async () => {
    const store = await ReviewStore.open({ settings: { ...DEFAULT_SETTINGS, duplicate_sku: "review" } });
    await store.tell("1", SAME);
    await store.tell("2", SAME);
    expect(await store.review()).toMatchObject({ state: "open" });
  });
});

describe("decisions that are refused", () => {
  it.each<[object, string]>([
    [{}, "action"],
    [{ action: "burn" }, "action"],
    [{ action: "confirm" }, "action"],
    [{ action: "keep_dutchie" }, "action"],
    [{ action: "merge", into: "prd_9" }, "into"],
    [{ action: "merge", fields: { sku: "T" } }, "fields"],
    [{ action: "merge", fields: { brand: { from: "prd_9" } } }, "fields.brand.from"],
    [{ action: "merge", fields: { product_name: "" } }, "fields.product_name"],
    [{ action: "keep_both", into: "prd_1" }, "into"],
    [{ action: "keep_both", fields: { brand: "B" } }, "fields"],
    [{ action: "merge", more: 1 }, ""],
  ])("the decision %j is 400 at %s, and nothing changes", async (body, path) => {
    const store = await differing();
    const [before, { review_id }] = [await store.state(), await store.review()];
    const response = await store.call("POST", `/reviews/${review_id}/resolve`, body);
    expect(response.status).toBe(400);
    const error = await errorOf(response);
    expect(error.code).toBe("INVALID_REQUEST");
    expect(JSON.stringify(error.details)).toContain(`"path":"${path}`);
    expect(await store.state()).toEqual(before);
    expect(await store.review()).toMatchObject({ state: "open" });
  });

  it("a resolved review is 409, undoing an open one is 409, and another store's or an unknown one is 404", async () => {
    const store = await differing();
    const { review_id } = await store.review();
    expect((await store.call("POST", `/reviews/${review_id}/undo`)).status).toBe(409);
    await store.resolve(review_id, { action: "keep_both" });
    const again = await store.call("POST", `/reviews/${review_id}/resolve`, { action: "merge" });
    expect([again.status, (await errorOf(again)).code]).toEqual([409, "CONFLICT"]);
    const other = await ReviewStore.open();
    for (const act of ["resolve", "undo"]) {
      expect((await other.call("POST", `/reviews/${review_id}/${act}`, { action: "merge" })).status).toBe(404);
    }
  });
});

it("reviews are listed newest first, page by page, by state and kind", async () => {
  const store = await ReviewStore.open();
  for (const sku of ["A", "B", "C"]) {
    await store.tell(`${sku}1`, { ...SAME, sku });
    await store.tell(`${sku}2`, { ...SAME, sku, brand: sku === "C" ? SAME.brand : "Wyld" });
  }
  const page = async (cursor = "") => {
    const response = await store.call("GET", `/reviews?limit=1${cursor}`);
    return response.json<{ data: { subject: string }[]; next_cursor: string | null }>();
  };
  const subjects: string[] = [];
  for (let at = await page(); ; at = await page(`&cursor=${at.next_cursor}`)) {
    subjects.push(...at.data.map(({ subject }) => subject));
    if (at.next_cursor === null) break;
  }
  expect(subjects.sort()).toEqual(["A", "B", "C"]);
  expect((await store.reviews("?state=open")).length).toBe(2);
  expect((await store.reviews("?kind=held_snapshot")).length).toBe(0);
  expect((await store.call("GET", "/reviews?state=lost")).status).toBe(400);
});

describe("F52/F83: a SKU that a whole catalogue shares", () => {
  const numbers = Array.from({ length: 250 }, (_, at) => at + 1);
  const ORDERS: [string, number[]][] = [
    ["upwards", numbers],
    ["downwards", numbers.toReversed()],
    ["by sevens", numbers.toSorted((a, b) => (a % 7) - (b % 7) || a - b)],
  ];
  const shared = { ...SAME, sku: "A1" };

  it("F52: nothing is merged, and one review says why, in whatever order the products come", async () => {
    const ends: unknown[] = [];
    for (const [, order] of ORDERS) {
      const store = await ReviewStore.open();
      await store.notifyAll(order.slice(0, 150), () => shared);
      expect(await store.review()).toMatchObject({ state: "resolved", action: "merge" });
      await store.notifyAll(order.slice(150, 230), () => shared);
      await store.notifyAll(order.slice(230), () => shared);
      const merged = await store.db.select().from(products).where(isNotNull(products.merged_into));
      expect(merged.filter(({ location_id }) => location_id === store.row.location_id)).toEqual([]);
      const { reason, state, candidates, preview } = await store.review();
      ends.push({ reason, state, preview, ids: candidates.map(({ product_id }) => product_id) });
    }
    expect(ends[0]).toMatchObject({
      state: "open",
      preview: null,
      reason: "200 or more products have the SKU A1: it identifies none of them. Give each its own SKU in Dutchie.",
    });
    expect((ends[0] as { ids: string[] }).ids).toHaveLength(20);
    expect(ends).toEqual([ends[0], ends[0], ends[0]]);
  });

  it("F52: nobody can merge it, and it closes as the products get their own SKUs, from either end", async () => {
    const store = await ReviewStore.open();
    await store.notifyAll(numbers, () => shared);
    const { review_id } = await store.review();
    const refused = await store.call("POST", `/reviews/${review_id}/resolve`, { action: "merge" });
    expect([refused.status, (await errorOf(refused)).message]).toEqual([
      409,
      expect.stringMatching(/SKUs of their own/),
    ]);
    // 210 are left, and then two.
    await store.notifyAll(numbers.slice(0, 40), () => ({ ...SAME, sku: "other", brand: "Wyld" }));
    expect((await store.review("?state=open")).reason).toMatch(/the SKU A1/);
    await store.notifyAll(numbers.slice(40, 248), (id) => ({ ...SAME, sku: `own ${id}` }));
    expect(await store.product("prd_250")).toMatchObject({ merged_into: "prd_249" });
  });

  it("F83: one new row reads no more of the catalogue than these products", async () => {
    const store = await ReviewStore.open();
    await store.notifyAll(numbers, () => shared);
    const read = await loadProductsBySku(store.db, store.row.location_id, ["a1", "A1", "none"], 201);
    expect(read).toHaveLength(201);
  });

  it.each([
    ["SKU", { skus: ["A1", "none"], upcs: [], names: [] }, 60],
    ["UPC", { skus: [], upcs: ["00812345678905"], names: [] }, 60],
    ["name", { skus: [], upcs: [], names: ["blue dream 3.5g"] }, 60],
    ["all of them", { skus: ["A1"], upcs: ["00812345678905"], names: ["blue dream 3.5g"] }, 60],
  ])("F83: a row without a product id reads no more of the catalogue by its %s", async (_, keys, limit) => {
    const store = await ReviewStore.open();
    await store.notifyAll(numbers, () => ({ ...shared, upc: "812345678905" }));
    await store.tell("1", { ...shared, upc: "812345678905", status: "deleted" });
    expect(await loadProductsAlike(store.db, store.row.location_id, keys, limit)).toHaveLength(limit);
  });
});
