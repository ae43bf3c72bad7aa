import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { playSeed } from "./seed.ts";
import { workerd } from "./workerd.ts";

const { CHAOS_SEEDS, CHAOS_FIRST, CHAOS_LIES } = env as unknown as Record<string, string>;
const seeds = Array.from({ length: Number(CHAOS_SEEDS) }, (_, index) => Number(CHAOS_FIRST) + index);
const lies = CHAOS_LIES === "" ? null : JSON.parse(CHAOS_LIES ?? "null");

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it.each(seeds)("whatever happens, ReUp ends equal to Dutchie: seed %i", async (seed) => {
  const { wrong, again, log } = await playSeed(workerd, seed, { lies, shrinks: false });
  expect(wrong, `${again}\n${log.join("\n")}`).toEqual([]);
});
