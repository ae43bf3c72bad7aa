import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchIndex } from "../../../../src/domain/identity/match.ts";
import { meaningOf, NamedProducts } from "../../../../src/domain/identity/meaning.ts";
import { planProvisional } from "../../../../src/domain/identity/provisional.ts";
import type { IncomingProduct, ProductHint } from "../../../../src/domain/records/mapping.ts";
import { NO_HINT, type ProductRow } from "../../../../src/domain/records/records.ts";
import { IdentityStore } from "../../../support/identity-store.ts";
import { event, incomingProduct, NOW, ORIGIN, ownProduct, snapshot, T0 } from "../build.ts";

/** What Dutchie's catalogue says of three products; the last two are one, entered twice. */
const FULL = {
  "5": {
    sku: "S5",
    upc: "812345678905",
    brand: "Kiva",
    product_name: "Blue Dream 3.5g",
    category: "Flower",
    unit_price: 30,
    status: "active",
  },
  "6": {
    sku: "S",
    upc: null,
    brand: "Wyld",
    product_name: "Gummies 🍓",
    category: "Edible",
    unit_price: 10,
    status: "inactive",
  },
  "7": {
    sku: "S",
    upc: null,
    brand: "WYLD",
    product_name: "gummies 🍓",
    category: "Edibles",
    unit_price: 12,
    status: "active",
  },
} as const satisfies Record<string, IncomingProduct["content"]>;
type Id = keyof typeof FULL;
const FIELDS = ["sku", "upc", "brand", "product_name", "category", "unit_price", "status"] as const;

const OWN: Record<string, ProductRow> = {
  upc: ownProduct("upc", { upc: "0812345678905", category: "Mine" }),
  sku: ownProduct("sku", { sku: "s5", unit_price: 9 }),
  twin: ownProduct("twin", { sku: "S5" }),
  name: ownProduct("name", { brand: "KIVA", product_name: "Blue Dream 3.5 g" }),
  sign: ownProduct("sign", { brand: "Kiva", product_name: "Blue Dream+ 3.5g" }),
  hinted: ownProduct("hinted", { sku: "OLD-5" }),
};

type Word =
  | { kind: "some"; id: Id; fields: readonly (typeof FIELDS)[number][]; minutes: number }
  | { kind: "full"; id: Id; poll: boolean; minutes: number }
  | { kind: "stock"; id: Id; sku: string | null; nameless: boolean };

const hintOf = (dutchie_product_id: string | null, sku: string | null): ProductHint => ({
  ...NO_HINT,
  dutchie_product_id,
  sku,
});

function say(store: IdentityStore, word: Word): void {
  if (word.kind === "stock") {
    store.stock(
      `p${word.id}${word.nameless ? "n" : ""}`,
      hintOf(word.nameless ? null : word.id, word.nameless ? FULL[word.id].sku : word.sku),
    );
    return;
  }
  const all = FULL[word.id];
  const content = word.kind === "full" ? all : Object.fromEntries(word.fields.map((field) => [field, all[field]]));
  const read = word.kind === "full" && word.poll ? snapshot(word.minutes) : event(word.minutes);
  store.tell([incomingProduct(content, null, word.id)], read);
}

const minutes = fc.integer({ min: 1, max: 50 });
const id = fc.constantFrom<Id>("5", "6", "7");
const some = fc.record({ kind: fc.constant("some" as const), id, fields: fc.subarray([...FIELDS]), minutes });
const stock = fc.record({
  kind: fc.constant("stock" as const),
  id,
  sku: fc.constantFrom(null, "OLD-5"),
  nameless: fc.constant(false),
});
const NAMELESS: Word = { kind: "stock", id: "5", sku: null, nameless: true };
const nameless = fc.constant(NAMELESS);
const full = fc
  .tuple(fc.boolean(), minutes)
  .chain(([poll, at]) =>
    fc.constantFrom<Word[]>((["5", "6", "7"] as const).map((each) => ({ kind: "full", id: each, poll, minutes: at }))),
  );
/** The catalogue once, anything else any number of times, in any two orders. */
const orders = fc
  .tuple(full, fc.array(fc.oneof(some, stock, nameless), { maxLength: 7 }))
  .map(([rows, others]): Word[] => [
    ...rows,
    ...others.map((word) =>
      word.kind === "stock" && !word.nameless && word.id !== "5" ? { ...word, sku: null } : word,
    ),
  ])
  .chain((words) => {
    const shuffled = fc.shuffledSubarray(words, { minLength: words.length });
    return fc.tuple(shuffled, shuffled, fc.subarray(words));
  });

describe("the order of the rows does not decide which product a row belongs to", () => {
  it("F50: rows in any order, repeated or split, have the same products, links, merges and reviews", () => {
    fc.assert(
      fc.property(orders, fc.subarray(Object.values(OWN)), ([one, other, again], own) => {
        const [a, b] = [one, [...other, ...again]].map((words) => {
          const store = new IdentityStore(own, NOW);
          for (const word of words) say(store, word);
          // A package is read with every poll, and each time its SKU decides which product it means.
          if (words.some((word) => word.kind === "stock" && word.nameless)) say(store, NAMELESS);
          return store.state();
        });
        expect(a).toEqual(b);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, Word[]]>([
    ["a webhook of the price alone", [{ kind: "some", id: "5", fields: ["unit_price"], minutes: 40 }]],
    [
      "a webhook of the status, then of the name",
      [
        { kind: "some", id: "5", fields: ["status"], minutes: 40 },
        { kind: "some", id: "5", fields: ["product_name"], minutes: 3 },
      ],
    ],
    ["a package that names another SKU", [{ kind: "stock", id: "5", sku: "OLD-5", nameless: false }]],
    [
      "a package, then the SKU by a webhook",
      [
        { kind: "stock", id: "5", sku: "OLD-5", nameless: false },
        { kind: "some", id: "5", fields: ["sku", "product_name"], minutes: 40 },
      ],
    ],
  ])("F50: %s before the full row, which has an older stamp, still finds ReUp's own product", (_, before) => {
    const own = [OWN.upc, OWN.sku, OWN.hinted].flatMap((row) => row ?? []);
    const store = new IdentityStore(own, NOW);
    for (const word of before) say(store, word);
    say(store, { kind: "full", id: "5", poll: true, minutes: 1 });
    const { products, packages } = store.state();
    expect(products.map(({ product_id, dutchie_product_id }) => [product_id, dutchie_product_id])).toEqual([
      ["hinted", null],
      ["sku", null],
      ["upc", "5"],
    ]);
    expect(products.find(({ product_id }) => product_id === "upc")).toMatchObject({
      ...FULL["5"],
      category: "Flower",
      unsettled: null,
    });
    expect(products.find(({ product_id }) => product_id === "hinted")).toMatchObject({
      sku: "OLD-5",
      source: "reup",
      unsettled: null,
    });
    for (const product of Object.values(packages)) expect(product).toBe("upc");
  });

  it("F50: a product whose SKU and name are known keeps its identity when its SKU changes", () => {
    const store = new IdentityStore([OWN.hinted as ProductRow], NOW);
    say(store, { kind: "full", id: "5", poll: true, minutes: 1 });
    store.tell([incomingProduct({ sku: "OLD-5" }, T0 + 1e6, "5")], snapshot(2));
    expect(store.state().products.map(({ product_id, sku }) => [product_id, sku])).toEqual([
      ["hinted", "OLD-5"],
      ["prd_5", "OLD-5"],
    ]);
  });

  it("F50: a review opens only when enough is stated, and closes when a later row answers it", () => {
    const store = new IdentityStore(
      [OWN.sku, OWN.twin, OWN.upc].flatMap((row) => row ?? []),
      NOW,
    );
    say(store, { kind: "some", id: "5", fields: ["sku"], minutes: 1 });
    expect(store.state().asked).toEqual({});
    say(store, { kind: "some", id: "5", fields: ["product_name"], minutes: 2 });
    expect(store.state().asked).toEqual({ prd_5: "sku,twin" });
    say(store, { kind: "some", id: "5", fields: ["upc", "brand"], minutes: 3 });
    expect(store.state().asked).toEqual({});
    expect(store.products.get("upc")?.dutchie_product_id).toBe("5");
  });

  it("F50: two products of one SKU are no duplicates before Dutchie has stated both names", () => {
    const store = new IdentityStore([], NOW);
    say(store, { kind: "some", id: "6", fields: ["sku", "status"], minutes: 1 });
    say(store, { kind: "some", id: "7", fields: ["sku", "status"], minutes: 1 });
    expect(store.state().merges).toEqual([]);
    for (const each of ["6", "7"] as const) say(store, { kind: "full", id: each, poll: true, minutes: 2 });
    const rows = store.state().products;
    // Number 6 is the older, 7 is for sale.
    expect(rows.map(({ product_id, merged_into }) => [product_id, merged_into])).toEqual([
      ["prd_6", "prd_7"],
      ["prd_7", null],
    ]);
  });
});

describe("rows without a product id", () => {
  const store = (...own: ProductRow[]) => new IdentityStore(own, NOW);
  const full = (...words: Id[]) => words.map((each): Word => ({ kind: "full", id: each, poll: true, minutes: 1 }));

  it.each<[string, Partial<ProductHint>]>([
    ["its UPC in another spelling", { upc: "0-812345-678905" }],
    ["its UPC, although another product has the SKU", { upc: "812345678905", sku: "S" }],
    ["its SKU in another spelling", { sku: " s5" }],
    ["its name and brand", { product_name: "BLUE DREAM 3.5 g", brand: "kiva" }],
    ["its name alone", { product_name: "Blue Dream 3.5g" }],
  ])("F55: a row without a product id belongs to Dutchie's product that has %s", (_, hint) => {
    const here = store(OWN.upc as ProductRow);
    for (const word of full("5", "6")) say(here, word);
    here.stock("p", { ...hintOf(null, null), ...hint });
    expect(here.packages.get("p")).toBe("upc");
    expect(here.unclear).toEqual([]);
  });

  it("F55: a row without a product id belongs to ReUp's own product, also after Dutchie's product is linked", () => {
    const here = store(OWN.sku as ProductRow);
    here.stock("p", hintOf(null, "S5"));
    expect(here.packages.get("p")).toBe("sku");
    for (const word of full("5")) say(here, word);
    expect(here.products.get("sku")?.dutchie_product_id).toBe("5");
    expect(here.packages.get("p")).toBe("sku");
  });

  it("F55: a row without a product id creates one provisional product if none matches", () => {
    const here = store();
    here.stock("p", { ...hintOf(null, "S5"), product_name: "Blue" });
    here.stock("q", hintOf(null, "s5"));
    const [row, ...others] = here.products.values();
    expect(others).toEqual([]);
    expect(row).toMatchObject({ status: "provisional", sku: "S5", product_name: "Blue", dutchie_product_id: null });
    expect([...here.packages.values()]).toEqual([row?.product_id, row?.product_id]);
    for (const word of full("5")) say(here, word);
    expect([...here.products.keys()]).toEqual(["prd_5"]);
    expect([...here.packages.values()]).toEqual(["prd_5", "prd_5"]);
  });

  it("F55: a row without a product id belongs to no product if several have the SKU, and the reason says so", () => {
    const here = store();
    for (const word of full("6", "7")) say(here, word);
    here.stock("p", hintOf(null, "S"));
    expect(here.packages.get("p")).toBeNull();
    expect(here.unclear).toEqual([
      "names no product id, and 2 products have the SKU S: merge them, or give them different ones in Dutchie",
    ]);
    here.state();
    here.stock("p", hintOf(null, "S"));
    expect(here.packages.get("p")).toBe("prd_7");
  });

  it.each<[string, Partial<ProductRow>]>([
    ["SKU", { sku: "S5" }],
    ["UPC", { upc: "812345678905" }],
    ["name", { product_name: "Blue Dream 3.5g" }],
  ])("F83: a row belongs to none of 200 products with one %s, even if one of them ranks first", (word, same) => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => ownProduct(`own_${index}`, same));
    const first = { ...ownProduct("first", same), dutchie_product_id: "77" };
    const hint = { ...hintOf(null, null), ...same };
    expect(meaningOf(hint, new NamedProducts([first, ...many(198)]))).toEqual({ kind: "one", product_id: "first" });
    expect(meaningOf(hint, new NamedProducts([first, ...many(199)]))).toEqual({
      kind: "ambiguous",
      reason: `names no product id, and 200 or more products have the ${word} ${Object.values(same)[0]}: give them different ones in Dutchie`,
    });
  });

  it("F55: a thousand rows without a product id are not each compared with every product", () => {
    let read = 0;
    const products = Array.from({ length: 1_000 }, (_, index) => {
      const { sku, ...rest } = ownProduct(`own_${index}`, { sku: `SKU-${index}`, product_name: `Blue ${index}` });
      return {
        ...rest,
        get sku() {
          read += 1;
          return sku;
        },
      };
    });
    const hints = products.map((_, index) => hintOf(null, `SKU-${index}`));
    const given = { known: new Map(), match: matchIndex([]), now: NOW, origin: ORIGIN };
    const plan = planProvisional({ ...given, hints, alike: products });
    expect([...plan.productIds.values()]).toEqual(products.map(({ product_id }) => product_id));
    expect(read).toBeLessThan(10_000);
  });

  it('F55: a SKU that means "none" is no SKU', () => {
    const here = store(ownProduct("own", { sku: "N/A" }));
    here.stock("p", { ...hintOf(null, "N/A"), product_name: "Blue" });
    expect(here.packages.get("p")).not.toBe("own");
  });
});
