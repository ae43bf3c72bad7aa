import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Chaos } from "./driver.ts";

const { CHAOS_SEEDS, CHAOS_FIRST } = env as unknown as { CHAOS_SEEDS: string; CHAOS_FIRST: string };
const seeds = Array.from({ length: Number(CHAOS_SEEDS) }, (_, index) => Number(CHAOS_FIRST) + index);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it.each(seeds)("whatever happens, ReUp ends where Dutchie is: seed %i", async (seed) => {
  const chaos = new Chaos(seed);
  let differences: string[];
  try {
    differences = await chaos.run();
  } catch (error) {
    differences = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
  const repeat = `npm run test:chaos -- --seeds 1 --first ${seed}\n${chaos.log.join("\n")}`;
  expect(differences, repeat).toEqual([]);
});
