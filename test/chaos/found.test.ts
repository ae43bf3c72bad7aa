import { afterEach, expect, it, vi } from "vitest";
import type { LieInput } from "../../simulator/lies/lies.ts";
import { Chaos } from "./driver.ts";
import { workerd } from "./workerd.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Faults that seeds of the chaos suite found, with the fewest lies. */
const FOUND: readonly [what: string, seed: number, lies: LieInput[]][] = [
  [
    "sales and their products under negative ids: a product that only such a row named stayed for ever",
    32,
    [{ on: "sales", via: "webhook", target: "row", op: "sign", after: 7, times: 2 }],
  ],
  [
    "half a list, as long as Dutchie lies: people are notified of the packages that ended",
    42,
    [{ on: "inventory", target: "answer", op: "cut", after: 1 }],
  ],
  [
    "packages whose product id belongs to no product",
    20,
    [
      {
        on: "inventory",
        via: "webhook",
        target: "field",
        op: "scale",
        value: 100,
        field: "productId",
        after: 1,
        times: 4,
      },
    ],
  ],
];

it.each(FOUND)("%s (seed %i)", async (_what, seed, lies) => {
  const chaos = await Chaos.begin(workerd, seed, lies);
  expect(await chaos.run(), chaos.log.join("\n")).toEqual([]);
  expect(chaos.lied.length, "no lie was told").toBeGreaterThan(0);
});
