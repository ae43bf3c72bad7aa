import { afterEach, expect, it, vi } from "vitest";
import { Chaos } from "./driver.ts";
import { workerd } from "./workerd.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it.each([101, 102])(
  "replaying a store's ledger and reading one full snapshot restores the records: seed %i",
  async (seed) => {
    const chaos = await Chaos.begin(workerd, seed, { isShort: false });
    expect(await chaos.run()).toEqual([]);
    expect(await chaos.rebuild(), chaos.log.join("\n")).toEqual([]);
  },
);
