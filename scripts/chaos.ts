import { type ChildProcess, fork } from "node:child_process";
import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { bundleForNode } from "./support/chaos-bundle.ts";
import { readOptions, wholeNumber } from "./support/read-options.ts";

/**
 * npm run test:chaos -- --seeds 20000 [--first 1] [--lies '[…]']: plays many seeds on all cores, in Node. A failing seed
 * prints how to repeat it, with the fewest lies that still make it fail. A single seed also prints its log.
 */
const USAGE = "npm run test:chaos -- [--seeds 200] [--first 1] [--lies '[…]']";
const values = readOptions(
  {
    seeds: { type: "string", default: "200" },
    first: { type: "string", default: "1" },
    lies: { type: "string", default: "" },
  },
  USAGE,
);
const seeds = wholeNumber("seeds", values.seeds, [1, 1e9], USAGE);
let next = wholeNumber("first", values.first, [0, 1e9], USAGE);
const end = next + seeds;
/** How many failures to shrink, with some sixty runs each: the first few are enough to see why. */
let toShrink = 20;
let failed = 0;

const bundle = `node_modules/.cache/chaos/${process.pid}.mjs`;
await bundleForNode("test/chaos/node/main.ts", bundle);
const started = Date.now();
const processes = Math.min(availableParallelism(), seeds);
const env = { ...process.env, CHAOS_LIES: values.lies, CHAOS_LOG: seeds === 1 ? "1" : "" };
const codes = await Promise.all(
  Array.from({ length: processes }, () =>
    playSeeds(fork(bundle, { env, execArgv: ["--enable-source-maps", "--no-warnings", "--max-semi-space-size=64"] })),
  ),
);
rmSync(bundle);

const seconds = (Date.now() - started) / 1_000;
const broken = codes.filter((code) => code !== 0).length;
const verdict = failed === 0 ? "all ended equal to Dutchie" : `${failed} failed`;
console.log(
  `${seeds} seeds from ${values.first} in ${seconds.toFixed(1)} s (${(seeds / seconds).toFixed(1)} a second) in ${processes} processes: ` +
    (broken === 0 ? verdict : `${broken} processes crashed, so not every seed was played; ${failed} failed`),
);
process.exit(failed > 0 || broken > 0 ? 1 : 0);

/** Gives a process one seed after the other until none is left. */
function playSeeds(child: ChildProcess): Promise<number> {
  const sendNext = () => child.send(next < end ? { seed: next++, shrinks: toShrink > 0 } : "end");
  child.on("message", (outcome: { failed: boolean }) => {
    if (outcome.failed) {
      failed += 1;
      toShrink -= 1;
    }
    sendNext();
  });
  sendNext();
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}
