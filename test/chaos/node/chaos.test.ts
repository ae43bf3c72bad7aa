import { expect, it } from "vitest";
import { Chaos } from "../driver.ts";
import { nodePlatform } from "./platform.ts";

const platform = nodePlatform();

/** With lies and without, in both profiles. */
it.each([9, 10, 11, 12, 13, 14])("whatever happens, ReUp ends equal to Dutchie: seed %i", async (seed) => {
  const chaos = await Chaos.begin(platform, seed);
  expect(await chaos.run(), chaos.log.join("\n")).toEqual([]);
});

it.each([4, 7, 18])("a seed always takes the same steps: seed %i", async (seed) => {
  const first = await Chaos.begin(platform, seed);
  await first.run();
  const other = await Chaos.begin(platform, seed + 1);
  await other.run();
  const again = await Chaos.begin(platform, seed);
  await again.run();
  expect(again.log).toEqual(first.log);
  expect(again.lied).toEqual(first.lied);
  expect(other.log).not.toEqual(first.log);
});
