import { describe, expect, it } from "vitest";
import type { Oracle } from "../../../simulator/oracle/oracle.ts";
import { type Seen, Verdict } from "../../../simulator/oracle/verdict.ts";
import type { Product } from "../../../simulator/world/records.ts";
import { store } from "./helpers.ts";

const UNSAID = { touchedAt: () => null, hasRepeated: () => false, hasInvented: () => false };
const HONEST = { hasTouched: () => false, hasDenied: () => false, hasHidden: () => false, ...UNSAID };
const LIED = { hasTouched: () => true, hasDenied: () => false, hasHidden: () => false, ...UNSAID };
const DENIED = { hasTouched: () => true, hasDenied: () => true, hasHidden: () => false, ...UNSAID };

/** What a faultless ReUp shows of a store. */
function shown(truth: Oracle): Seen {
  return {
    products: (truth.products ?? []).map((row) => ({
      ...row,
      product_id: `prd_${row.dutchie_product_id}`,
      merged_into: null,
    })),
    inventory: (truth.inventory ?? []).map((row) => ({ ...row })),
    sales: (truth.sales ?? []).map((row) => ({ ...row })),
    notices: [],
  };
}

function begin() {
  const { simulator } = store({ size: 30, salesDays: 2 });
  const verdict = new Verdict();
  verdict.observe(simulator.oracle());
  return { simulator, verdict, seen: shown(simulator.oracle()) };
}

describe("the verdict on ReUp beside a lying Dutchie", () => {
  it("the verdict finds nothing if ReUp shows the truth, or the truth of a while ago", () => {
    const { simulator, verdict, seen } = begin();
    expect(verdict.check(seen, HONEST)).toEqual([]);
    for (let each = 0; each < 30; each++) {
      simulator.act();
      verdict.observe(simulator.oracle());
    }
    expect(verdict.check(seen, HONEST)).toEqual([]);
    expect(verdict.check(shown(simulator.oracle()), HONEST)).toEqual([]);
  });

  it("a product of ReUp's own shows what a person entered, linked or not; anything else was never true", () => {
    const { verdict, seen } = begin();
    const [first, ...others] = seen.products;
    verdict.own("own_1", { product_name: "Ours", brand: "Our brand" });
    const own = { ...first, product_id: "own_1", brand: "Our brand" };
    const alone = { ...own, dutchie_product_id: null, product_name: "Ours" };
    const check = (...products: object[]) => verdict.check({ ...seen, products: products as Seen["products"] }, HONEST);
    expect(check(own, ...others)).toEqual([]);
    expect(check(...seen.products, alone)).toEqual([]);
    expect(check({ ...own, brand: "Nobody's" }, ...others)).toEqual([expect.stringContaining("brand is Nobody's")]);
    expect(check(...seen.products, { ...alone, product_id: "own_2" })).toEqual([
      expect.stringContaining("never existed"),
    ]);
  });

  it("stock that shows as none needs a notice, whatever Dutchie said; a package that is really sold out needs none", () => {
    const { simulator, verdict, seen } = begin();
    const id = String(seen.inventory[0]?.dutchie_inventory_id);
    const inventory = seen.inventory.map((row) => (row.dutchie_inventory_id === id ? { ...row, quantity: 0 } : row));
    expect(verdict.check({ ...seen, inventory }, LIED)).toEqual([expect.stringContaining(`package ${id} has`)]);
    expect(verdict.check({ ...seen, inventory, notices: [`{"dutchie_id":"${id}1"}`] }, LIED)).toHaveLength(1);
    expect(verdict.check({ ...seen, inventory, notices: [`{"dutchie_id":"${id}"}`] }, LIED)).toEqual([]);
    const hidden = { ...LIED, hasHidden: () => true };
    expect(verdict.check({ ...seen, inventory }, hidden)).toHaveLength(1);
    expect(verdict.check({ ...seen, inventory, notices: ['{"message":"2 rows have no id."}'] }, hidden)).toEqual([]);
    simulator.setPackage(Number(id), { quantity: 0 });
    verdict.observe(simulator.oracle());
    expect(verdict.check({ ...seen, inventory }, LIED)).toEqual([]);
  });

  it("a few packages that were left out need no notice; many need an alert that says how many", () => {
    const { verdict, seen } = begin();
    const ids = [...new Set(seen.inventory.map((row) => row.dutchie_inventory_id))];
    const without = (count: number) => ({
      ...seen,
      inventory: seen.inventory.map((row) =>
        ids.indexOf(row.dutchie_inventory_id) < count ? { ...row, quantity: 0 } : row,
      ),
    });
    expect(verdict.check(without(9), DENIED)).toEqual([]);
    expect(verdict.check(without(10), DENIED)).toHaveLength(10);
    const alert = (count: number) => [`{"rule":"stock_ended","message":"${count} packages are at zero now."}`];
    expect(verdict.check({ ...without(20), notices: alert(5) }, DENIED)).toHaveLength(20);
    expect(verdict.check({ ...without(20), notices: alert(15) }, DENIED)).toEqual([]);
    const fell = (count: number) => [
      `{"rule":"mass_change","message":"${count} of 26 packages fell to quantity 0 or below."}`,
    ];
    expect(verdict.check({ ...without(20), notices: fell(5) }, DENIED)).toHaveLength(20);
    expect(verdict.check({ ...without(20), notices: fell(15) }, DENIED)).toEqual([]);
  });

  it("packages whose stock stands under another id with their tag need no notice", () => {
    const { verdict, seen } = begin();
    const renamed = seen.inventory.map((row) => ({ ...row, dutchie_inventory_id: `${row.dutchie_inventory_id}00` }));
    const zeros = seen.inventory.map((row) => ({ ...row, quantity: 0 }));
    expect(verdict.check({ ...seen, inventory: [...zeros, ...renamed] }, DENIED)).toEqual([]);
    for (const change of [{ quantity: 0 }, { package_id: "other" }]) {
      const heirs = renamed.map((row) => ({ ...row, ...change }));
      expect(verdict.check({ ...seen, inventory: [...zeros, ...heirs] }, DENIED).length).toBeGreaterThanOrEqual(10);
    }
  });

  it("merged products need a notice unless they are really one", () => {
    const { simulator, verdict, seen } = begin();
    const into = (from: string, to: string) =>
      seen.products.map((row) => (row.dutchie_product_id === from ? { ...row, merged_into: `prd_${to}` } : row));
    const pairs = simulator.oracle().duplicate_skus;
    const [one = "", two = ""] = pairs.find(({ agree }) => !agree)?.product_ids ?? [];
    expect(verdict.check({ ...seen, products: into(two, one) }, LIED)).toEqual([
      expect.stringContaining(`product ${two} was merged`),
    ]);
    expect(verdict.check({ ...seen, products: into(two, one), notices: [`review of prd_${two}`] }, LIED)).toEqual([]);
    const invented = { ...LIED, hasInvented: () => true };
    expect(verdict.check({ ...seen, products: into(two, one) }, invented)).toEqual([]);
    const inventedInto = { ...LIED, hasInvented: (_on: string, id: string) => id === one };
    expect(verdict.check({ ...seen, products: into(two, one) }, inventedInto)).toEqual([]);
    const [first = "", second = ""] = pairs.find(({ agree }) => agree)?.product_ids ?? [];
    expect(verdict.check({ ...seen, products: into(second, first) }, LIED)).toEqual([]);
  });

  it("a record without lies never shows a value that was never true; a person's edit may show", () => {
    const { verdict, seen } = begin();
    const id = String(seen.products[0]?.dutchie_product_id);
    const products = seen.products.map((row, index) => (index === 0 ? { ...row, unit_price: 12_345 } : row));
    expect(verdict.check({ ...seen, products }, HONEST)).toEqual([
      expect.stringContaining(`products ${id}: unit_price is 12345`),
    ]);
    expect(verdict.check({ ...seen, products }, LIED)).toEqual([]);
    verdict.edited("products", id, { unit_price: 12_345 });
    expect(verdict.check({ ...seen, products }, HONEST)).toEqual([]);
    const sales = [...seen.sales, { ...seen.sales[0], dutchie_transaction_id: "1" }];
    expect(verdict.check({ ...seen, sales }, HONEST)).toEqual(["sales 1 never existed, and Dutchie never said so"]);
  });
});

describe("writes to Dutchie", () => {
  const before = { id: 7, category: "Pre-Roll", thc: { value: 20, unit: "%" }, modified: 1_000 } as Product;
  const writes = [{ before, after: { ...before, category: "PRE-ROLL" } }];
  const checked = (said: object) => new Verdict().checkWrites(writes, { ...HONEST, ...said });

  it("writes change nothing that nobody edited", () => {
    expect(checked({})).toEqual([expect.stringContaining("category of product 7 was written, which nobody edited")]);
    expect(checked({ touchedAt: () => 1_001 })).toHaveLength(1);
  });

  it("writes may repeat a lie of several lists, or a lie about a product that was edited meanwhile", () => {
    expect(checked({ hasRepeated: () => true })).toEqual([]);
    expect(checked({ touchedAt: () => 1_000 })).toEqual([]);
  });

  it.each<[string, Partial<Product>, number]>([
    ["blanks round a text", { category: "Pre-Roll " }, 0],
    ["blanks in a text", { category: "Pre- Roll" }, 1],
    ["the part of a label that lies repeated", { thc: { ...before.thc, value: null } }, 0],
    ["another part of the label", { thc: { ...before.thc, unit: "mg/g" } }, 1],
  ])("a write may repeat what means the same, or what lies said of a part: %s", (_what, fields, wrong) => {
    const write = { before, after: { ...before, ...fields } };
    const said = { ...HONEST, hasRepeated: (_on: string, _id: string, value: unknown) => value === null };
    expect(new Verdict().checkWrites([write], said)).toHaveLength(wrong);
  });

  it.each([
    ["the list that was read for it still showed that", { ...before, category: "PRE-ROLL" }, 0],
    ["the list that was read for it showed it as it is", before, 1],
    ["no list was read at that moment", undefined, 1],
  ])("a write may undo an edit that no list showed yet: %s", (_what, shown, wrong) => {
    const write = { before, after: { ...before, category: "PRE-ROLL" }, shown };
    expect(new Verdict().checkWrites([write], HONEST)).toHaveLength(wrong);
  });
});
