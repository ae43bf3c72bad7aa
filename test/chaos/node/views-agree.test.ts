import { expect, it } from "vitest";
import { Chaos } from "../driver.ts";
import { Onlooker } from "../views/onlooker.ts";
import { nodePlatform } from "./platform.ts";

const platform = nodePlatform();

/** With lies and without, one way and both, in one database and moved to the other. */
it.each([4, 8, 12, 21])("all views of a store agree: seed %i", async (seed) => {
  let onlooker: Onlooker | undefined;
  const store = await Chaos.begin(platform, seed, {
    async look(chaos, isWithinRun) {
      onlooker ??= new Onlooker(platform.env, chaos, seed);
      await (isWithinRun ? onlooker.watch() : onlooker.visit());
    },
  });
  await store.run();
  await onlooker?.stay();
  expect(onlooker?.wrong, store.log.join("\n")).toEqual([]);
  expect(onlooker?.looks).toBeGreaterThan(4);
});
