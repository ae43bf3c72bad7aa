import { describe, expect, it } from "vitest";
import type { Simulator } from "../../../simulator/app.ts";
import type { Fault } from "../../../simulator/lies/faults.ts";
import { call, HEADERS, type Json, rows, store } from "./helpers.ts";

const PRODUCT = "/products/product";
const PRODUCTS = "/products/products";
const OVERRIDES = "/products/location-overrides";

function send(simulator: Simulator, method: string, path: string, body: unknown): Promise<Response> {
  const headers = { ...HEADERS, "content-type": "application/json" };
  return call(simulator, path, { method, headers, body: JSON.stringify(body) });
}

const post = (simulator: Simulator, path: string, body: unknown) => send(simulator, "POST", path, body);

/** A product of which every field that a write may empty has a value. */
function full({ simulator }: ReturnType<typeof store>): number {
  const id = [...simulator.world.products.values()][3]?.id ?? 0;
  simulator.setProduct(id, {
    sku: "SKU",
    upc: "UPC",
    brand: "Brand",
    category: "Category",
    strain: "Strain",
    strainType: "Hybrid",
    isCannabis: true,
    isActive: true,
    price: 20,
    medPrice: 18,
    recPrice: 20,
    unitCost: 9,
    netWeight: 1,
    netWeightUnit: "g",
    thc: { value: 20, unit: "%" },
    cbd: { value: 1, unit: "%" },
    written: Object.fromEntries([...EMPTIED, ...KEPT].map((field) => [field, VALUES[field] ?? "some text"])),
  });
  return id;
}

const EMPTIED = `description alternateName size grossWeight vendorName productGrams flowerEquivalent recFlowerEquivalent
  unitType onlineTitle onlineDescription onlineProduct posProducts tags defaultUnit isMedicalOnly isTaxable
  regulatoryCategory ndc daysSupply illinoisTaxCategory externalCategory syncExternally taxCategories pricingTierName
  instructions`.split(/\s+/);
const KEPT = `externalId administrationMethod unitCBDContentDose unitTHCContentDose oilVolume ingredientList
  expirationDays abbreviation isTestProduct isFinished allowAutomaticDiscounts servingSize servingSizePerUnit isNutrient
  approvalDateUTC customMetadata regulatoryName`.split(/\s+/);
const FLAGS = `onlineProduct posProducts isMedicalOnly isTaxable syncExternally isTestProduct isFinished
  allowAutomaticDiscounts isNutrient`.split(/\s+/);
const NUMBERS = `grossWeight productGrams flowerEquivalent recFlowerEquivalent daysSupply unitCBDContentDose
  unitTHCContentDose oilVolume expirationDays servingSizePerUnit`.split(/\s+/);
const VALUES: Json = {
  ...Object.fromEntries(FLAGS.map((field) => [field, true])),
  ...Object.fromEntries(NUMBERS.map((field) => [field, 7])),
  tags: [1, 3],
  taxCategories: ["Excise"],
};

/** A read product in the shape that is written. */
function asWritten(read: Json): Json {
  const { medPrice, recPrice, pricingTierName, ...rest } = read;
  const tags = (read.tags as { tagId: number }[] | null)?.map(({ tagId }) => tagId) ?? null;
  const stated = Object.entries({ ...rest, tags }).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(stated), pricingDetails: { medPrice, recPrice, pricingTierName } };
}

const STAMP = "lastModifiedDateUTC";
const without = ({ [STAMP]: _, ...rest }: Json) => rest;

describe("the products of the real API", () => {
  it("products have more than ninety fields, nearly each with a value in some and null in others", async () => {
    const { simulator } = store({ size: 400 });
    const all = await rows(simulator, "/reporting/products");
    const fields = Object.keys(all[0] ?? {});
    expect(fields.length).toBeGreaterThan(85);
    const always = fields.filter((field) => all.every((row) => row[field] !== null));
    const never = fields.filter((field) => all.every((row) => row[field] === null));
    expect(never.length).toBeLessThan(12);
    expect(fields.length - always.length - never.length).toBeGreaterThan(45);
  });

  it("products keep the fields that no edit named, whatever else is edited", () => {
    const { simulator } = store();
    const [product] = simulator.world.products.values();
    const before = simulator.product(product?.id ?? 0) ?? {};
    simulator.setProduct(product?.id ?? 0, { name: "Another", category: "Other", netWeight: 3, isActive: false });
    const after = simulator.product(product?.id ?? 0) ?? {};
    const edited = { productName: "Another", category: "Other", netWeight: 3, isActive: false };
    expect(without(after)).toEqual({ ...without(before), ...edited });
  });
});

describe("POST /products/product", () => {
  it("a write empties every field that was left out, except for optional and unknown ones", async () => {
    const rig = store();
    const { simulator } = rig;
    const id = full(rig);
    const before = simulator.product(id) ?? {};
    for (const field of [...EMPTIED, ...KEPT]) expect(before[field], field).not.toBeNull();
    const answer = await post(simulator, PRODUCT, { productId: id, productName: "New name" });
    expect(answer.status).toBe(200);
    const after = (await answer.json()) as Json;
    expect(after).toEqual(simulator.product(id));
    const emptied = Object.fromEntries(EMPTIED.map((field) => [field, null]));
    const nulled =
      `brandName masterCategory category strain strainType netWeight netWeightUnit thcContent thcContentUnit
      cbdContent cbdContentUnit price medPrice recPrice unitCost upc`.split(/\s+/);
    expect(without(after)).toEqual({
      ...without(before),
      ...emptied,
      ...Object.fromEntries(nulled.map((field) => [field, null])),
      productName: "New name",
      isCannabis: false,
      isActive: false,
      isMedicalOnly: false,
      syncExternally: false,
    });
  });

  it("a write changes nothing if the product is written back as it was read", async () => {
    const { simulator } = store({ size: 300 });
    for (const read of await rows(simulator, "/reporting/products")) {
      const answer = await post(simulator, PRODUCT, asWritten(read));
      expect(answer.status).toBe(200);
      expect(without((await answer.json()) as Json)).toEqual(without(read));
    }
  });

  it("a write changes the one edited field, and the next read and the webhook show it", async () => {
    const stated: Json[] = [];
    const fetch = async (_: unknown, init?: RequestInit) => {
      stated.push(JSON.parse(String(init?.body)) as Json);
      return new Response();
    };
    const rig = store({ webhook: { url: "http://reup/", secret: "whsec_c2VjcmV0" }, fetch });
    const id = full(rig);
    const read = rig.simulator.product(id) ?? {};
    await post(rig.simulator, PRODUCT, { ...asWritten(read), brandName: "Other" });
    const shown = (await rows(rig.simulator, "/reporting/products")).find((row) => row.productId === id) ?? {};
    expect(without(shown)).toEqual({ ...without(read), brandName: "Other" });
    await rig.simulator.webhooks.idle();
    expect(stated.at(-1)).toMatchObject({ type: "product.updated", data: shown });
  });

  it.each<[string, Json]>([
    ["an empty SKU", { sku: "" }],
    ["an empty name", { productName: "" }],
    ["tags as they are read", { tags: [{ tagId: 1, tagName: "New", productId: 1 }] }],
    ["an unknown unit", { thcContentUnit: "percent" }],
    ["text for a number", { price: "12" }],
    ["a product that is not there", { productId: 1 }],
    ["no product at all", { productId: null }],
  ])("a write of %s is refused with 400 and saves nothing", async (_, wrong) => {
    const rig = store();
    const id = full(rig);
    const before = rig.simulator.product(id);
    const answer = await post(rig.simulator, PRODUCT, { productId: id, productName: "New name", ...wrong });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ message: expect.any(String) });
    expect(rig.simulator.product(id)).toEqual(before);
  });

  it("a write needs the role", async () => {
    const rig = store({ roles: ["Reporting", "Products", "Room"] });
    expect((await post(rig.simulator, PRODUCT, { productId: full(rig) })).status).toBe(403);
  });
});

describe("POST /products/products", () => {
  it("a bulk write saves what it can: 200 with successes and failures mixed, in order", async () => {
    const rig = store();
    const id = full(rig);
    const write = asWritten(rig.simulator.product(id) ?? {});
    const answer = await post(rig.simulator, PRODUCTS, [
      { productId: 5, sku: "GONE" },
      { ...write, price: 33 },
      { ...write, price: "33" },
    ]);
    expect(answer.status).toBe(200);
    const [first, second, third] = (await answer.json()) as Json[];
    expect(first).toEqual({ productId: 5, sku: "GONE", productName: null, errorMessage: expect.any(String) });
    expect(second).toMatchObject({ productId: id, price: 33 });
    expect(third).toMatchObject({ productId: id, errorMessage: expect.stringContaining("price") });
    expect(rig.simulator.product(id)).toMatchObject({ price: 33 });
  });

  it("a bulk write and the overrides share ten calls a minute", async () => {
    const { simulator } = store({ limits: "real" });
    const id = [...simulator.world.products.values()][0]?.id;
    for (let i = 0; i < 5; i++) {
      expect((await post(simulator, PRODUCTS, [])).status).toBe(200);
      expect((await post(simulator, OVERRIDES, [{ productId: id, cost: i }])).status).toBe(200);
    }
    expect((await post(simulator, OVERRIDES, [])).status).toBe(429);
    expect((await post(simulator, PRODUCTS, [])).status).toBe(429);
  });
});

describe("POST /products/location-overrides", () => {
  it("an override changes only what it names, and the prices that depend on it", async () => {
    const rig = store();
    const { simulator } = rig;
    const id = full(rig);
    const before = simulator.product(id) ?? {};
    expect((await post(simulator, OVERRIDES, [{ productId: id, price: 12.5 }])).status).toBe(200);
    const after = simulator.product(id) ?? {};
    expect(without(after)).toEqual({ ...without(before), price: 12.5, recPrice: 12.5 });
    await post(simulator, OVERRIDES, [{ productId: id, cost: 4 }]);
    expect(without(simulator.product(id) ?? {})).toEqual({ ...without(after), unitCost: 4 });
    const shown = await rows(simulator, OVERRIDES);
    expect(shown).toEqual([{ productId: id, price: 12.5, recPrice: null, cost: 4 }]);
  });

  it("an override saves nothing if one of the products is unknown", async () => {
    const rig = store();
    const id = full(rig);
    const before = rig.simulator.product(id);
    const answer = await post(rig.simulator, OVERRIDES, [
      { productId: id, price: 1 },
      { productId: 5, price: 1 },
    ]);
    expect(answer.status).toBe(400);
    expect(rig.simulator.product(id)).toEqual(before);
    expect(await rows(rig.simulator, OVERRIDES)).toEqual([]);
  });
});

describe("PATCH /products/:id of the guide", () => {
  it("a PATCH changes only what it names and answers with the product", async () => {
    const rig = store();
    const { simulator } = rig;
    const id = full(rig);
    const before = simulator.product(id) ?? {};
    const body = { name: "New", brandName: null, potencyThc: 22.5, potencyCbd: "5 mg", price: 31, unitCost: 12 };
    const answer = await send(simulator, "PATCH", `/products/${id}`, body);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ id, name: "New", brandName: null, price: 31, unitCost: 12 });
    expect(without(simulator.product(id) ?? {})).toEqual({
      ...without(before),
      productName: "New",
      brandName: null,
      thcContent: 22.5,
      cbdContent: 5,
      cbdContentUnit: "mg",
      price: 31,
      recPrice: 31,
      unitCost: 12,
    });
  });

  it("a PATCH answers 404 to an unknown product, 400 to an unknown field, 405 if writing is impossible", async () => {
    const rig = store();
    const id = full(rig);
    const patch = (path: string, body: unknown) => send(rig.simulator, "PATCH", path, body);
    expect((await patch("/products/5", { price: 1 })).status).toBe(404);
    expect((await patch(`/products/${id}`, { quantity: 1 })).status).toBe(400);
    rig.simulator.config.guideWrites = false;
    const refused = await patch(`/products/${id}`, { price: 1 });
    expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET"]);
    rig.simulator.setFaults([{ kind: "refuseWrite", status: 404 }]);
    expect((await patch(`/products/${id}`, { price: 1 })).status).toBe(404);
    expect(rig.simulator.state().requests["/products/:id"]).toEqual({ total: 4, "404": 2, "400": 1, "405": 1 });
  });
});

describe("faults in writes", () => {
  it("saveThen500: the write is saved and its answer is lost, as often as the fault says", async () => {
    const rig = store();
    const id = full(rig);
    rig.simulator.setFaults([{ kind: "saveThen500", times: 1 }]);
    expect((await call(rig.simulator, "/reporting/products")).status).toBe(200);
    expect((await post(rig.simulator, OVERRIDES, [{ productId: id, price: 3 }])).status).toBe(500);
    expect(rig.simulator.product(id)).toMatchObject({ price: 3 });
    expect((await post(rig.simulator, OVERRIDES, [{ productId: id, price: 4 }])).status).toBe(200);
  });

  it("concurrentEdit: somebody's edit comes just before the write, with an event and a time of its own", async () => {
    const rig = store({
      webhook: { url: "http://reup/", secret: "whsec_c2VjcmV0" },
      fetch: async () => new Response(),
    });
    const { simulator } = rig;
    const id = full(rig);
    const written = asWritten(simulator.product(id) ?? {});
    const edit = { brand: "Their brand", written: { externalId: "THEIRS", size: "XL" } };
    simulator.setFaults([{ kind: "concurrentEdit", times: 1, edit }]);
    expect((await post(simulator, PRODUCT, { ...written, externalId: undefined, productName: "Ours" })).status).toBe(
      200,
    );
    // A careless write restores the values that it had read; fields that it leaves out keep Dutchie's values.
    expect(simulator.product(id)).toMatchObject({ productName: "Ours", brandName: "Brand", externalId: "THEIRS" });
    const [theirs, ours] = simulator.deliveries().slice(-2);
    expect(JSON.parse(theirs?.body ?? "")).toMatchObject({ data: { brandName: "Their brand", size: "XL" } });
    expect(Date.parse(theirs?.occurred_at ?? "")).toBeLessThan(Date.parse(ours?.occurred_at ?? ""));
  });

  it("refuseWrite: any given answer comes, and nothing is saved; reads pass", async () => {
    const rig = store();
    const id = full(rig);
    const body = { isValid: false, errors: [{ propertyName: "Price", errorMessage: "too low" }] };
    rig.simulator.setFaults([{ kind: "refuseWrite", status: 422, body }, { kind: "saveThen500" }]);
    const answer = await post(rig.simulator, OVERRIDES, [{ productId: id, price: 3 }]);
    expect([answer.status, await answer.json()]).toEqual([422, body]);
    expect(rig.simulator.product(id)).toMatchObject({ price: 20 });
    expect((await call(rig.simulator, "/reporting/products")).status).toBe(200);
  });

  it.each<[Fault, number]>([
    [{ kind: "429", retryAfter: 1 }, 429],
    [{ kind: "500" }, 500],
    [{ kind: "503" }, 503],
    [{ kind: "expiredKey" }, 401],
  ])("the fault %o replaces the answer to a write, too, and nothing is saved", async (fault, status) => {
    const rig = store();
    const id = full(rig);
    rig.simulator.setFaults([fault]);
    expect((await post(rig.simulator, OVERRIDES, [{ productId: id, price: 3 }])).status).toBe(status);
    expect(rig.simulator.product(id)).toMatchObject({ price: 20 });
  });

  it("stale: the answer to a write shows the product as it was before", async () => {
    const rig = store();
    const id = full(rig);
    rig.advance(120_000);
    rig.simulator.setFaults([{ kind: "stale", ms: 60_000 }]);
    const write = { ...asWritten(rig.simulator.product(id) ?? {}), price: 50 };
    expect(await (await post(rig.simulator, PRODUCT, write)).json()).toMatchObject({ price: 20 });
    expect(rig.simulator.product(id)).toMatchObject({ price: 50 });
  });

  it("cutBody: the answer breaks off although the write is saved", async () => {
    const rig = store();
    const id = full(rig);
    const write = { ...asWritten(rig.simulator.product(id) ?? {}), price: 50 };
    rig.simulator.setFaults([{ kind: "cutBody", end: "close" }]);
    const text = await (await post(rig.simulator, PRODUCT, write)).text();
    expect(() => JSON.parse(text)).toThrow();
    expect(rig.simulator.product(id)).toMatchObject({ price: 50 });
  });
});

describe("control of the simulated products", () => {
  it("control shows a whole product, and sets fields of every kind", async () => {
    const rig = store();
    const id = full(rig);
    const control = (init?: RequestInit) => rig.simulator.app.request(`/_sim/products/${id}`, init);
    const edit = (body: unknown) => control({ method: "POST", body: JSON.stringify(body) });
    expect((await edit({ unitCost: 3, written: { ndc: "N-1", tags: [2] } })).status).toBe(200);
    expect((await edit({ written: { productName: "no" } })).status).toBe(400);
    expect(await (await control()).json()).toMatchObject({
      unitCost: 3,
      ndc: "N-1",
      tags: [{ tagId: 2, tagName: "Staff pick", productId: id }],
      price: 20,
    });
    expect((await rig.simulator.app.request("/_sim/products/5")).status).toBe(404);
    const truth = rig.simulator.oracle(["products"]).products?.find((each) => each.dutchie_product_id === String(id));
    expect(truth).toMatchObject({ unit_cost: 3 });
  });
});
