import { resolve } from "node:path";
import { build, type Plugin } from "esbuild";

const PLATFORM = "test/support/node-platform";

/** Modules of the bundle that another one stands in for. */
const STAND_INS: readonly (readonly [RegExp, string])[] = [
  [/^cloudflare:workers$/, `${PLATFORM}/cloudflare-workers.ts`],
  [/^@noble\/hashes\/sha2\.js$/, `${PLATFORM}/quick/sha2.ts`],
  [/(^|\/)entity\.js$/, `${PLATFORM}/quick/drizzle-entity.ts`],
];

const standIns: Plugin = {
  name: "stand-ins",
  setup(given) {
    for (const [filter, path] of STAND_INS) given.onResolve({ filter }, () => ({ path: resolve(path) }));
  },
};

/** The Worker, the platform for tests and what runs them as one file, which starts quickest. */
export async function bundleForNode(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    sourcemap: "inline",
    plugins: [standIns],
  });
}
