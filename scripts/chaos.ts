import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

/**
 * npm run test:chaos -- --seeds 2000 [--first 1] [--lies '[…]']: many seeds over the cores. Each failing seed prints how
 * to repeat it, with the fewest lies that still make it fail.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    first: { type: "string", default: "1" },
    lies: { type: "string", default: "" },
  },
});
const seeds = Number(values.seeds);
const first = Number(values.first);
// One process more than cores: each waits for its database a quarter of the time.
const workers = Math.min(availableParallelism() + 1, seeds);
const share = Math.ceil(seeds / workers);
const started = Date.now();

const codes = await Promise.all(
  Array.from({ length: workers }, (_, index) => {
    const from = first + index * share;
    const count = Math.min(share, first + seeds - from);
    return count > 0 ? runSeeds(from, count) : 0;
  }),
);
const minutes = ((Date.now() - started) / 60_000).toFixed(1);
console.log(
  `${seeds} seeds from ${first} in ${minutes} minutes in ${workers} processes: ${codes.every((code) => code === 0) ? "all ended equal to Dutchie" : "some failed"}`,
);
process.exit(codes.some((code) => code !== 0) ? 1 : 0);

function runSeeds(from: number, count: number): Promise<number> {
  const args = [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--config",
    "vitest.chaos.config.ts",
    "--reporter",
    "dot",
    "test/chaos/chaos.test.ts",
  ];
  const env = { ...process.env, CHAOS_FIRST: String(from), CHAOS_SEEDS: String(count), CHAOS_LIES: values.lies };
  const child = spawn(process.execPath, args, { env, stdio: "inherit" });
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}
