import fc from "fast-check";
import { expect, it } from "vitest";
import { createSimulator } from "../../../../simulator/app.ts";
import { wholeProduct, writesSame } from "../../../../src/dutchie/profiles/whole-product.ts";

const HEADERS = { accept: "*/*", "user-agent": "reup-test", authorization: `Basic ${btoa("sim-key:")}` };

/** The values of an edit, and the names under which Dutchie then states them. */
const EDITS = {
  product_name: [fc.string({ minLength: 1 }), (value: unknown) => ({ productName: value })],
  brand: [fc.option(fc.string({ minLength: 1 })), (value: unknown) => ({ brandName: value })],
  category: [fc.option(fc.string({ minLength: 1 })), (value: unknown) => ({ category: value })],
  subcategory: [fc.option(fc.constantFrom("Indica", "Sativa", "Hybrid")), (value: unknown) => ({ strainType: value })],
  thc_percentage: [fc.option(fc.integer({ max: 100, min: 0 })), potency("thc")],
  cbd_percentage: [fc.option(fc.integer({ max: 100, min: 0 })), potency("cbd")],
} as const;
type Edited = keyof typeof EDITS;

function potency(kind: "thc" | "cbd") {
  return (value: unknown) => ({ [`${kind}Content`]: value, [`${kind}ContentUnit`]: value === null ? null : "%" });
}

const edits = fc.record(
  Object.fromEntries(Object.entries(EDITS).map(([field, [values]]) => [field, values])) as Record<
    Edited,
    fc.Arbitrary<string | number | null>
  >,
  { requiredKeys: [] },
);

it("F30: a whole write changes the edited field of a product and no other of its 90 fields", async () => {
  const simulator = createSimulator({ size: 500, seed: 13, salesDays: 0, limits: "off" });
  const ids = [...simulator.world.products.values()].map(({ id }) => id);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...ids), edits, async (id, values) => {
      const before = simulator.product(id) ?? {};
      expect(Object.keys(before).length).toBeGreaterThan(85);
      const body = JSON.stringify(wholeProduct(before, values));
      const headers = { ...HEADERS, "content-type": "application/json" };
      const answer = await simulator.app.request("/products/product", { method: "POST", headers, body });
      expect(answer.status, `${id}: ${await answer.clone().text()}`).toBe(200);
      const edited = Object.entries(values).map(([field, value]) => EDITS[field as Edited][1](value));
      const expected = Object.assign({ ...before, lastModifiedDateUTC: expect.any(String) }, ...edited);
      expect(simulator.product(id)).toEqual(expected);
    }),
    { numRuns: 1_000 },
  );
});

it("two answers about a product write the same only if every field that goes back is alike", async () => {
  const simulator = createSimulator({ size: 20, seed: 13, salesDays: 0, limits: "off" });
  const id = Math.min(...[...simulator.world.products.values()].map((product) => product.id));
  const row = { ...simulator.product(id), netWeightUnit: "Grams", tags: [{ tagId: 1 }, { tagId: 2 }] };
  const { netWeightUnit: _, ...without } = row;
  const answers: [Record<string, unknown> | undefined, boolean][] = [
    [{ ...row }, true],
    // Not written at all.
    [{ ...row, lastModifiedDateUTC: "2040-01-01T00:00:00Z", brandId: 77 }, true],
    [{ ...row, tags: [{ tagId: 2 }, { tagId: 1 }] }, true],
    [undefined, false],
    [without, false],
    [{ ...row, netWeightUnit: null }, false],
    [{ ...row, isMedicalOnly: "no" }, false],
    [{ ...row, medPrice: 1_000_000 }, false],
    [{ ...row, tags: [{ tagId: 1 }] }, false],
  ];
  expect(answers.map(([answer]) => writesSame(answer, row))).toEqual(answers.map(([, same]) => same));
});
