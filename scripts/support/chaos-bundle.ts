import { resolve } from "node:path";
import { build, type Plugin } from "esbuild";

const PLATFORM = "test/support/node-platform";

/** Modules that the bundle replaces with others; `of`: only for this importer. */
const REPLACEMENTS: readonly (readonly [module: RegExp, by: string, of?: RegExp])[] = [
  [/^cloudflare:workers$/, `${PLATFORM}/cloudflare-workers.ts`],
  [/^@noble\/hashes\/sha2\.js$/, `${PLATFORM}/quick/sha2.ts`],
  [/(^|\/)entity\.js$/, `${PLATFORM}/quick/drizzle-entity.ts`],
  [/^\.\.\/utils\.js$/, `${PLATFORM}/quick/drizzle-utils.ts`, /drizzle-orm\/d1\/session\.js$/],
];

const replacements: Plugin = {
  name: "replacements",
  setup(given) {
    for (const [filter, path, of] of REPLACEMENTS) {
      given.onResolve({ filter }, ({ importer }) =>
        of === undefined || of.test(importer) ? { path: resolve(path) } : undefined,
      );
    }
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
