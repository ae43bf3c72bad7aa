import type { LieInput } from "../../simulator/lies/lies.ts";
import { Chaos } from "./driver.ts";
import type { Platform } from "./platform.ts";
import { shrink } from "./shrink.ts";

export interface Outcome {
  /** Differences to Dutchie, and what ReUp showed and must not; empty: all is well. */
  wrong: string[];
  /** How to repeat it. */
  again: string;
  log: readonly string[];
}

interface Given {
  /** The lies to use instead of those that the seed draws. */
  lies: readonly LieInput[] | null;
  /** Whether to find the fewest lies with which it still fails: some sixty more runs. */
  shrinks: boolean;
}

/** Plays one seed. If it fails, plays it again with the fewest lies that still make it fail. */
export async function playSeed(platform: Platform, seed: number, { lies, shrinks }: Given): Promise<Outcome> {
  const run = async (given: readonly LieInput[] | null) => {
    const chaos = await Chaos.begin(platform, seed, { lies: given });
    return { chaos, wrong: await wrongOf(chaos) };
  };
  let { chaos, wrong } = await run(lies);
  if (wrong.length > 0 && chaos.lied.length > 0 && shrinks) {
    const shrunk = await run(await shrink(chaos.lied, async (fewer) => (await run(fewer)).wrong.length > 0));
    if (shrunk.wrong.length > 0) ({ chaos, wrong } = shrunk);
  }
  // Even an empty list: without `--lies` the seed draws its own.
  const given = chaos.isLying ? ` --lies '${JSON.stringify(chaos.lied)}'` : "";
  return { wrong, again: `npm run test:chaos -- --seeds 1 --first ${seed}${given}`, log: chaos.log };
}

async function wrongOf(chaos: Chaos): Promise<string[]> {
  try {
    return await chaos.run();
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}
