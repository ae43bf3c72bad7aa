import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";

/** All that can be checked without running anything, side by side; only what fails is shown. */
const CHECKS = [
  "biome check --error-on-warnings .",
  "wrangler types --include-runtime=false --strict-vars=false --check",
  "knip",
  "tsx scripts/layers.ts",
  "tsc",
  "tsc -p tsconfig.node.json",
  "tsc -p tsconfig.chaos.json",
  "tsc -b dashboard",
  "npm run --silent check:client",
  "drizzle-kit check --config drizzle.accounts.config.ts",
  "drizzle-kit check --config drizzle.records.config.ts",
];

let next = 0;
await Promise.all(Array.from({ length: availableParallelism() }, work));

async function work(): Promise<void> {
  for (let check = CHECKS[next++]; check !== undefined; check = CHECKS[next++]) {
    const failure = await run(check);
    if (failure === null) continue;
    console.error(`✗ ${check}\n${failure}`);
    process.exitCode = 1;
  }
}

/** What a command said when it failed. `npm run` has put the tools on the path. */
function run(command: string): Promise<string | null> {
  const [tool = "", ...args] = command.split(" ");
  return new Promise((resolve) => {
    // A linter may say much about one mistake.
    execFile(tool, args, { maxBuffer: 16 * 1_048_576 }, (error, stdout, stderr) => {
      resolve(error === null ? null : `${stdout}${stderr}` || error.message);
    });
  });
}
