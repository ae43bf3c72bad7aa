import { expect, it } from "vitest";
import { askedAgain } from "../../../dashboard/src/asked-again.ts";

it("a product that is saved again after a lost answer has the key of the first time; another one has another", () => {
  const first = askedAgain(null, { product_name: "Mug" });
  expect(askedAgain(first, { product_name: "Mug" })).toEqual(first);
  expect(askedAgain(first, { product_name: "Cup" }).key).not.toBe(first.key);
  expect(askedAgain(null, { product_name: "Mug" }).key).not.toBe(first.key);
});
