import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Chaos } from "./driver.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it.each([101, 102])(
  "replaying a store's ledger and reading one full snapshot gives the records back: seed %i",
  async (seed) => {
    const chaos = new Chaos(seed);
    expect(await chaos.run()).toEqual([]);
    expect(await chaos.rebuild(), chaos.log.join("\n")).toEqual([]);
  },
);
