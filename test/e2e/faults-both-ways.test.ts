import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allApplied, deliver, nth, openStage, settled } from "./faults-support.ts";
import type { Stage, Store } from "./support.ts";
import { until } from "./support.ts";

/** Both ways, end to end: the Worker, its queue and its timers, and a Dutchie over HTTP. */

interface Push {
  push_id: string;
  state: string;
  fields: { field: string; value: unknown; base: unknown }[];
}

interface Product {
  product_id: string;
  unit_price: number | null;
  product_name: string;
  quantity: number;
  pending: { field: string }[];
}

interface Review {
  review_id: string;
  kind: string;
  conflicts: { field: string; base: unknown; dutchie_value: unknown; reup_value: unknown }[];
}

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const SMALL = { size: 20, salesDays: 1 };

async function bothWays(settings: object = {}, profile: "pos" | "guide" = "pos"): Promise<Store> {
  const store = await stage.connect({
    ...SMALL,
    profiles: [profile],
    settings: { direction: "bidirectional", sales_history_days: 2, ...settings },
  });
  store.sendWebhooks();
  await store.sync("initial");
  return store;
}

/** Some product with a price and a SKU of its own, as Dutchie has it: a duplicate that is renamed is none any more. */
function priced(store: Store) {
  const all = [...store.dutchie.world.products.values()];
  const found = all.find(
    ({ price, isActive, sku }) => price !== null && isActive && all.filter((each) => each.sku === sku).length === 1,
  );
  if (found === undefined) throw new Error("There is no product with a price.");
  return found;
}

const edit = (store: Store, id: number, fields: object) =>
  stage.api.call<Product>("PATCH", `/v1/locations/${store.id}/products/prd_${id}`, fields);
const product = (store: Store, id: number) => store.get<Product>(`/products/prd_${id}`);
const pushes = async (store: Store) => (await store.get<{ data: Push[] }>("/pushes")).data;

/** Waits until nothing is on its way any more. */
const allSent = (store: Store) =>
  until(
    () => pushes(store),
    (all) => all.length > 0 && all.every(({ state }) => state !== "waiting" && state !== "sending"),
  );

/** A product as Dutchie answers it, with every field. */
async function raw(store: Store, id: number): Promise<Record<string, unknown>> {
  const { app, config } = store.dutchie;
  const headers = {
    authorization: `Basic ${btoa(`${config.apiKey}:`)}`,
    accept: "application/json",
    "user-agent": "t",
  };
  const response = await app.request("/reporting/products", { headers });
  const rows = (await response.json()) as { productId: number }[];
  return nth(
    rows.filter((row) => row.productId === id),
    0,
  ) as unknown as Record<string, unknown>;
}

const ANOTHER_WORD = "another category that the store's Dutchie uses";

function anotherCategory(store: Store, id: number): string {
  const { products } = store.dutchie.world;
  const own = products.get(id)?.category?.trim();
  const words = [...products.values()].flatMap(({ category }) => category?.trim() ?? []);
  return nth(
    words.filter((word) => word !== own),
    0,
  );
}

describe("F30: the whole product is written back", () => {
  it.each([
    ["product_name", "A new name", { productName: "A new name" }],
    ["brand", "A new brand", { brandName: "A new brand" }],
    ["dutchie_category", ANOTHER_WORD, {}],
    ["strain_type", "Sativa", { strainType: "Sativa" }],
    ["thc_percentage", 17.5, { thcContent: 17.5, thcContentUnit: "%" }],
    ["unit_price", 41.5, { price: 41.5, medPrice: 41.5, recPrice: 41.5 }],
    ["unit_cost", 7.25, { unitCost: 7.25 }],
  ])("F30: an edit of %s leaves every other field as it was", async (field, value, expected) => {
    const store = await bothWays();
    const candidates = [...store.dutchie.world.products.values()].filter(
      ({ thc, strainType }) => thc.unit !== "mg" && thc.unit !== "mg/g" && strainType !== "Sativa",
    );
    const { id } = nth(candidates, 2);
    const before = await raw(store, id);
    const word = value === ANOTHER_WORD ? anotherCategory(store, id) : null;
    await edit(store, id, { [field]: word ?? value });
    expect(await allSent(store)).toMatchObject([{ state: "done" }]);
    const after = await raw(store, id);
    const { lastModifiedDateUTC: _, ...shown } = after;
    const { lastModifiedDateUTC: __, ...was } = before;
    expect(shown).toEqual({ ...was, ...(word === null ? expected : { category: word }) });
  });
});

describe("F07: Dutchie is edited between reading and writing", () => {
  it("F07: the write waits for a person, who sees both values, and the decision is written", async () => {
    const store = await bothWays();
    const { id, price } = priced(store);
    // Before the edit is sent, and without a webhook: only the read before the write can see it.
    await edit(store, id, { unit_price: 33.25 });
    store.dutchie.setProduct(id, { price: 28 }, { silent: true });
    expect(await allSent(store)).toMatchObject([{ state: "conflict" }]);
    expect(store.dutchie.world.products.get(id)?.price).toBe(28);
    const { data } = await store.get<{ data: Review[] }>("/reviews?state=open");
    const review = nth(
      data.filter(({ kind }) => kind === "edit_conflict"),
      0,
    );
    expect(review.conflicts).toEqual([{ field: "unit_price", base: price, dutchie_value: 28, reup_value: 33.25 }]);
    await store.post(`/reviews/${review.review_id}/resolve`, { action: "keep_reup" });
    await until(
      async () => store.dutchie.world.products.get(id)?.price,
      (now) => now === 33.25,
    );
    expect((await product(store, id)).unit_price).toBe(33.25);
  });
});

describe("F07: Dutchie is edited at the moment of the write, and cannot refuse it", () => {
  it("F07: the webhook shows the value that was lost, and a person puts it back", async () => {
    const store = await bothWays();
    const { id, brand } = priced(store);
    store.dutchie.setFaults([
      { kind: "concurrentEdit", path: "/products/product", times: 1, edit: { brand: "Dutchie's brand" } },
    ]);
    const category = anotherCategory(store, id);
    await edit(store, id, { category });
    expect(await allSent(store)).toMatchObject([{ state: "done" }]);
    // Written back whole: the brand is the one from before.
    expect(store.dutchie.world.products.get(id)).toMatchObject({ brand, category });
    const conflicts = await until(
      async () => {
        const { data } = await store.get<{ data: Review[] }>("/reviews?state=open");
        return data.filter(({ kind }) => kind === "edit_conflict");
      },
      (open) => open.length > 0,
    );
    const review = nth(conflicts, 0);
    expect(review.conflicts).toMatchObject([{ field: "brand", dutchie_value: "Dutchie's brand" }]);
    await store.post(`/reviews/${review.review_id}/resolve`, { action: "keep_dutchie" });
    await until(
      async () => store.dutchie.world.products.get(id),
      (now) => now?.brand === "Dutchie's brand" && now.category === category,
    );
  });
});

describe("a crash after an edit", () => {
  it("an edit before a crash is sent once the Worker is back", async () => {
    const store = await bothWays();
    const { id } = priced(store);
    await edit(store, id, { unit_price: 33.25 });
    await stage.crashAndRestart();
    expect(await allSent(store)).toMatchObject([{ state: "done" }]);
    expect(store.dutchie.world.products.get(id)?.price).toBe(33.25);
    expect(await product(store, id)).toMatchObject({ unit_price: 33.25, pending: [] });
  });
});

describe("F08: who decides on a field", () => {
  it("F08: a change of Dutchie's is put back if ReUp decides on the field; ReUp's edit is refused if Dutchie does", async () => {
    const store = await bothWays({ field_authority: { unit_price: "reup", brand: "dutchie" } });
    const { id, price } = priced(store);
    store.dutchie.setProduct(id, { price: 17 });
    await until(
      async () => store.dutchie.world.products.get(id)?.price,
      (now) => now === price,
    );
    expect(await allSent(store)).toMatchObject([{ state: "done" }]);
    expect(await product(store, id)).toMatchObject({ unit_price: price, pending: [] });
    await expect(edit(store, id, { brand: "ReUp's brand" })).rejects.toThrow("409");
  });
});

describe("F11: our own push that comes back", () => {
  it.each(["pos", "guide"] as const)(
    "F11 (%s): the stock and the price stay if our push comes back once or three times, late",
    async (profile) => {
      const store = await bothWays({}, profile);
      const { id } = priced(store);
      const before = await product(store, id);
      await edit(store, id, { unit_price: 33.25, product_name: "Pushed and back" });
      await allSent(store);
      await store.dutchie.webhooks.idle();
      const echo = nth(
        store.dutchie.deliveries().filter(({ type }) => type === "product.updated"),
        0,
      );
      await allApplied(store);
      const body = JSON.parse(echo.body) as { type: string; occurred_at?: string; data: unknown };
      for (const copy of [1, 2, 3]) {
        const event = { id: `evt_echo_${profile}_${copy}`, type: body.type, data: body.data };
        expect(
          (await deliver(store, { ...event, ...(body.occurred_at && { occurred_at: body.occurred_at }) })).status,
        ).toBe(202);
        await settled(store, event.id);
      }
      expect(await product(store, id)).toMatchObject({
        unit_price: 33.25,
        product_name: "Pushed and back",
        quantity: before.quantity,
        pending: [],
      });
      expect(await pushes(store)).toHaveLength(1);
      expect(await store.differences()).toEqual([]);
    },
  );
});
