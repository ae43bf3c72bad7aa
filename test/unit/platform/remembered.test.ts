import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { rememberedFor } from "../../../src/platform/remembered.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("an answer counts for its time, for its key", async () => {
  const remembered = rememberedFor<object, number>(5_000);
  const [key, other] = [{}, {}];
  let asked = 0;
  const ask = async () => ++asked;
  expect([await remembered(key, ask), await remembered(key, ask), await remembered(other, ask)]).toEqual([1, 1, 2]);
  vi.advanceTimersByTime(5_000);
  expect(await remembered(key, ask)).toBe(3);
});

it("after the clock was set back, an answer does not count: nobody knows how old it is", async () => {
  const remembered = rememberedFor<object, number>(5_000);
  const key = {};
  let asked = 0;
  const ask = async () => ++asked;
  await remembered(key, ask);
  vi.setSystemTime(Date.now() - 3_600_000);
  expect(await remembered(key, ask)).toBe(2);
});

it("nobody waits for the question of another request, which may never be answered", async () => {
  const remembered = rememberedFor<object, string>(5_000);
  const key = {};
  void remembered(key, () => new Promise(() => {}));
  expect(await remembered(key, async () => "answered")).toBe("answered");
});
