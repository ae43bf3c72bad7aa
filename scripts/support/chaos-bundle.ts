import { resolve } from "node:path";
import { build, type Plugin } from "esbuild";

const PLATFORM = "test/support/node-platform";

/** Modules that the bundle replaces with others. */
const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [/^cloudflare:workers$/, `${PLATFORM}/cloudflare-workers.ts`],
  [/^@noble\/hashes\/sha2\.js$/, `${PLATFORM}/quick/sha2.ts`],
  [/(^|\/)entity\.js$/, `${PLATFORM}/quick/drizzle-entity.ts`],
];

const replacements: Plugin = {
  name: "replacements",
  setup(given) {
    for (const [filter, path] of REPLACEMENTS) given.onResolve({ filter }, () => ({ path: resolve(path) }));
  },
};

/** Bundles the Worker, the test platform and the runner into one file, because one file starts fastest. */
export async function bundleForNode(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    sourcemap: "inline",
    plugins: [replacements],
  });
}
