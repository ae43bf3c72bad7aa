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
    "a product that only rows with a negative id named does not stay for ever",
    33,
    [{ on: "sales", via: "webhook", target: "row", op: "sign", after: 1, times: 2 }],
  ],
  [
    "packages that a half list ended raise an alert as long as Dutchie lies",
    42,
    [{ on: "inventory", target: "answer", op: "cut", after: 1 }],
  ],
  [
    "packages whose product id belongs to no product are right",
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
  [
    "products that only rows with a wrong product id named end by themselves",
    592,
    [
      {
        on: "inventory",
        via: "read",
        target: "field",
        op: "double",
        value: 0.5,
        field: "productId",
        times: 2,
        after: 4,
      },
    ],
  ],
  [
    "products that only rows without a product id named end by themselves",
    2010,
    [
      { on: "inventory", via: "read", target: "field", op: "scale", value: 0.01, field: "productId", after: 1 },
      { on: "inventory", via: "read", target: "answer", op: "type", value: "boolean", times: 1, after: 31 },
      { on: "inventory", via: "read", target: "field", op: "cut", field: 0.289, times: 4, after: 55 },
    ],
  ],
  [
    "a product of ReUp's own that only rows with a wrong product id linked is free again",
    30096,
    [
      { on: "location", via: "read", target: "field", op: "null", field: "locationId", times: 2 },
      {
        on: "inventory",
        via: "read",
        target: "field",
        op: "double",
        value: 0.5,
        field: "productId",
        times: 4,
        after: 2,
      },
      { on: "inventory", via: "read", target: "row", op: "renameRoom", value: "vault", times: 2, after: 3 },
    ],
  ],
  [
    "lists that are cut off a little more each time count together for an hour",
    746,
    [{ on: "inventory", via: "read", target: "answer", op: "cut", times: 4, after: 1 }],
  ],
];

it.each(FOUND)("%s (seed %i)", async (_what, seed, lies) => {
  const chaos = await Chaos.begin(workerd, seed, { lies, isShort: false });
  expect(await chaos.run(), chaos.log.join("\n")).toEqual([]);
  expect(chaos.lied.length, "no lie was told").toBeGreaterThan(0);
});
