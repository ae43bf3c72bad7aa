import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { LieInput } from "../../simulator/lies/lies.ts";
import { Chaos } from "./driver.ts";
import { shrink } from "./shrink.ts";

const { CHAOS_SEEDS, CHAOS_FIRST, CHAOS_LIES } = env as unknown as Record<string, string>;
const seeds = Array.from({ length: Number(CHAOS_SEEDS) }, (_, index) => Number(CHAOS_FIRST) + index);
/** The lies to tell in place of those that the seeds draw. */
const given = CHAOS_LIES === "" ? null : (JSON.parse(CHAOS_LIES ?? "null") as LieInput[] | null);

/** Shrinking takes a minute a seed: where many fail, the first few tell why. */
let toShrink = 5;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it.each(seeds)("whatever happens, ReUp ends where Dutchie is: seed %i", async (seed) => {
  const began = Date.now();
  const run = async (lies: readonly LieInput[] | null) => {
    vi.setSystemTime(began);
    const chaos = new Chaos(seed, lies);
    return { chaos, wrong: await wrongOf(chaos) };
  };
  let { chaos, wrong } = await run(given);
  if (wrong.length > 0 && chaos.told.length > 0 && toShrink-- > 0) {
    const fewest = await shrink(chaos.told, async (lies) => (await run(lies)).wrong.length > 0);
    const shrunk = await run(fewest);
    if (shrunk.wrong.length > 0) ({ chaos, wrong } = shrunk);
  }
  const lies = chaos.told.length === 0 ? "" : ` --lies '${JSON.stringify(chaos.told)}'`;
  const again = `npm run test:chaos -- --seeds 1 --first ${seed}${lies}`;
  // At once: a long run that is broken off must not take its findings along.
  if (wrong.length > 0) console.error(`\n${again}\n${wrong.join("\n")}`);
  expect(wrong, `${again}\n${chaos.log.join("\n")}`).toEqual([]);
});

async function wrongOf(chaos: Chaos): Promise<string[]> {
  try {
    return await chaos.run();
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}
