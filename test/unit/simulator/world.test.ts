import { describe, expect, it } from "vitest";
import { expectedPotency, unitGrams } from "../../../simulator/world/potency.ts";
import { INVENTORY, rows, SALES, store } from "./helpers.ts";

describe("the simulated store", () => {
  it("the store is the same for the same seed, and another for another", () => {
    const first = store().simulator.oracle();
    expect(store().simulator.oracle()).toEqual(first);
    expect(store({ seed: 8 }).simulator.oracle().products).not.toEqual(first.products);
  });

  it("the store changes in the same way for the same seed, whatever faults there are", async () => {
    const [one, two] = [store().simulator, store().simulator];
    two.setFaults([{ kind: "500", probability: 0.5 }]);
    for (let i = 0; i < 5; i++) await two.app.request("/whoami");
    one.act({ count: 200 });
    two.act({ count: 200 });
    expect(two.oracle()).toEqual(one.oracle());
  });

  it("the store has the size asked for, about five packages for three products, and duplicate SKUs of both kinds", () => {
    const { simulator } = store({ size: 3000, salesDays: 2 });
    const { counts } = simulator.state();
    expect(counts.products).toBe(3000);
    expect(counts.packages / counts.products).toBeCloseTo(5 / 3, 1);
    expect(counts.sales).toBe(700);
    const duplicates = simulator.oracle([]).duplicate_skus;
    expect(duplicates.filter((each) => each.agree)).toHaveLength(6);
    expect(duplicates.filter((each) => !each.agree)).toHaveLength(6);
  });

  it.each([10, 20, 21, 35])("the store can be built with %i products", (size) => {
    for (let seed = 1; seed <= 30; seed++) {
      expect(store({ size, seed, salesDays: 1 }).simulator.state().counts.products).toBe(size);
    }
  });

  it("the store changes a sale after it is made, and nothing lies in the future", () => {
    const { simulator } = store();
    simulator.act({ count: 300 });
    for (const sale of simulator.world.sales.values()) {
      expect(sale.modified).toBeGreaterThanOrEqual(sale.at);
      expect(sale.modified).toBeLessThanOrEqual(simulator.world.now());
    }
  });

  it("each product has its own brand and name, except for the pairs that are to be merged", () => {
    const { simulator } = store({ size: 5000, salesDays: 0 });
    const { products = [], duplicate_skus } = simulator.oracle(["products"]);
    const names = new Set(products.map((each) => `${each.brand}|${each.product_name}`.toLowerCase()));
    expect(products.length - names.size).toBe(duplicate_skus.filter((each) => each.agree).length);
  });

  it.each([
    ["Smalls 1kg&amp;amp;", "Smalls 1kg&amp;"],
    [" Smith &amp; Sons ", "Smith & Sons"],
    ["7&quot; &lt;b&gt; &#39;x&#39;", "7\" <b> 'x'"],
    ["R&B &amp &nosuch;", "R&B &amp &nosuch;"],
  ])("the oracle expects the name %s as people read it: %s", (name, read) => {
    const { simulator } = store();
    const { id } = [...simulator.world.products.values()][0] ?? { id: 0 };
    simulator.setProduct(id, { name });
    expect(simulator.oracle(["products"]).products?.[0]?.product_name).toBe(read);
  });
});

describe("the simulated stock", () => {
  it("the stock of the oracle adds up to what the endpoint shows", async () => {
    const { simulator } = store();
    simulator.act({ count: 500 });
    const shown = await rows(simulator, INVENTORY);
    const sums = new Map<string, number>();
    for (const row of simulator.oracle(["inventory"]).inventory ?? []) {
      sums.set(row.dutchie_inventory_id, (sums.get(row.dutchie_inventory_id) ?? 0) + row.quantity);
    }
    expect(shown).toHaveLength(sums.size);
    for (const row of shown) expect(row.quantityAvailable).toBeCloseTo(sums.get(String(row.inventoryId)) ?? -1, 6);
  });

  it("sold-out stock is absent, and returns when restocked", async () => {
    const { simulator } = store();
    const [item] = simulator.world.packages.values();
    if (item === undefined) throw new Error("no package");
    const shows = async () => (await rows(simulator, INVENTORY)).some((row) => row.inventoryId === item.id);
    expect(await shows()).toBe(true);
    simulator.setPackage(item.id, { quantity: 0 });
    expect(await shows()).toBe(false);
    simulator.setPackage(item.id, { quantity: 4, room: "Vault" });
    expect(await shows()).toBe(true);
    expect(simulator.oracle(["inventory"]).inventory).toContainEqual(
      expect.objectContaining({ dutchie_inventory_id: String(item.id), room_name: "Vault", quantity: 4 }),
    );
  });

  it("stock shows rooms, allocation and lab results only on request", async () => {
    const { simulator } = store();
    const [bare] = await rows(simulator, "/reporting/inventory");
    expect(bare).toMatchObject({ roomQuantities: null, allocatedQuantity: null, labResults: null });
    const [full] = await rows(simulator, INVENTORY);
    expect(full).toMatchObject({ roomQuantities: expect.any(Array), allocatedQuantity: expect.any(Number) });
  });
});

describe("the simulated sales", () => {
  it("a return counts once: a transaction of its own and one flagged line", async () => {
    const { simulator } = store();
    const before = simulator.world.sales.size;
    const events = simulator.act({ kind: "return" });
    expect(simulator.world.sales.size).toBe(before + 1);
    const [refund, original] = events.flatMap((event) => ("sale" in event ? [event.sale] : []));
    expect(refund).toMatchObject({ isReturn: true, returnOf: original?.id });
    const flagged = original?.lines.filter((line) => line.returnedBy === refund?.id);
    expect(flagged).toHaveLength(1);
    expect(flagged?.[0]).toMatchObject({ isReturned: true });
    const shown = await rows(simulator, SALES);
    expect(shown.filter((row) => row.returnOnTransactionId === original?.id)).toHaveLength(1);
  });

  it("sales keep their total when voided", () => {
    const { simulator } = store();
    const [event] = simulator.act({ kind: "void" });
    if (event === undefined || !("sale" in event)) throw new Error("no sale");
    expect(event.sale).toMatchObject({ isVoid: true, voidDate: event.at, modified: event.at });
    expect(event.sale.total).toBeGreaterThan(0);
  });

  it("the history has sales of every kind", () => {
    const { simulator } = store({ size: 500, salesDays: 60 });
    const sales = [...simulator.world.sales.values()];
    expect(new Set(sales.map((sale) => sale.type))).toEqual(new Set(["Retail", "Transfer", "WholesaleOrder"]));
    expect(sales.some((sale) => sale.isVoid)).toBe(true);
    expect(sales.some((sale) => sale.isReturn)).toBe(true);
    for (const refund of sales.filter((sale) => sale.isReturn)) {
      const original = simulator.world.sales.get(refund.returnOf ?? 0);
      expect(original?.lines.some((line) => line.returnedBy === refund.id)).toBe(true);
    }
  });
});

describe("the simulated potency", () => {
  it.each([
    [{ value: 24.5, unit: "%" }, 3.5, { percentage: 24.5, mg: null }],
    [{ value: 0.472, unit: "%" }, null, { percentage: 0.472, mg: null }],
    [{ value: 966, unit: "%" }, null, { percentage: null, mg: 966 }],
    [{ value: 966, unit: "%" }, 50, { percentage: 1.932, mg: 966 }],
    [{ value: 1500, unit: "mg" }, 1, { percentage: null, mg: 1500 }],
    [{ value: 100, unit: "mg" }, 40, { percentage: 0.25, mg: 100 }],
    [{ value: 240, unit: "mg/g" }, 3.5, { percentage: 24, mg: 840 }],
    [{ value: 240, unit: "mg/g" }, null, { percentage: 24, mg: null }],
    [{ value: 0, unit: "n.d." }, 1, { percentage: 0, mg: null }],
    [{ value: 0.05, unit: "n.d." }, 1, { percentage: null, mg: null }],
    [{ value: 100, unit: null }, 10, { percentage: 100, mg: null }],
    [{ value: 250, unit: null }, 100, { percentage: 0.25, mg: 250 }],
    [{ value: null, unit: "%" }, 1, { percentage: null, mg: null }],
  ] as const)("the potency %o in %s g is what ReUp should show", (label, grams, expected) => {
    expect(expectedPotency(label, grams)).toEqual(expected);
  });

  it("the oracle knows grams only from weights", () => {
    expect(unitGrams(500, "mg")).toBe(0.5);
    expect(unitGrams(1, "oz")).toBe(28.349523125);
    expect(unitGrams(355, "ml")).toBeNull();
    expect(unitGrams(1, "each")).toBeNull();
  });

  it("a potency never lies exactly between two roundings", () => {
    const { simulator } = store({ size: 20_000, salesDays: 0 });
    for (const product of simulator.world.products.values()) {
      const grams = unitGrams(product.netWeight, product.netWeightUnit);
      for (const { value, unit } of [product.thc, product.cbd]) {
        if (value === null) continue;
        const results = [value];
        if (grams !== null && unit === "mg/g") results.push(value * grams);
        if (grams !== null && (unit === "mg" || value > 100)) results.push(value / (grams * 10));
        for (const each of results) {
          expect(Math.abs(((each * 10_000) % 1) - 0.5), `${value} in ${grams} g`).toBeGreaterThan(1e-6);
        }
      }
    }
  });
});
