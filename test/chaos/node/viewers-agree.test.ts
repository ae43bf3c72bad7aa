import { expect, it } from "vitest";
import { shardsOf } from "../../../src/db/databases.ts";
import { fleetingD1 } from "../../support/node-platform/fleeting-d1.ts";
import { Chaos } from "../driver.ts";
import { Viewers } from "../views/viewers.ts";
import { nodePlatform } from "./platform.ts";

/** Databases that do not answer. */
const away = new Set<unknown>();

const platform = nodePlatform({ database: fleetingD1(away) });

/** What came to the viewers, and how often. */
const seen = new Map<string, number>();

/** In 33 and 37 the last change before the look could not be read at once. */
it.each([1, 2, 5, 8, 33, 37])(
  "whatever breaks off, a viewer ends with the status and the lists that there are: seed %i",
  async (seed) => {
    let viewers: Viewers | undefined;
    const store = await Chaos.begin(platform, seed, {
      isShort: true,
      async look(chaos) {
        if (viewers === undefined) {
          viewers = new Viewers(platform, chaos, away, seed);
          await viewers.open();
        }
        await viewers.visit([platform.env.DB, ...shardsOf(platform.env).values()]);
      },
    });
    await store.run();
    await viewers?.look("at rest");
    viewers?.close();
    expect(viewers?.wrong, store.log.join("\n")).toEqual([]);
    for (const [what, times] of Object.entries(viewers?.seen ?? {})) seen.set(what, (seen.get(what) ?? 0) + times);
  },
);

it("the viewers were told something, and their connections broke off", () => {
  expect(seen.size).toBeGreaterThan(4);
  expect([...seen].filter(([, times]) => times < 5)).toEqual([]);
});
