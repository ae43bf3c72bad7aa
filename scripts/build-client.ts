import { execFileSync } from "node:child_process";
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";

/** `npm run build:client`: `src/client` as plain modules with declarations, which need nothing of this repository. */
const OUT = "dist/client";

rmSync(OUT, { recursive: true, force: true });
execFileSync("tsc", ["-p", "tsconfig.client.json"], { stdio: "inherit" });
// The compiler renames imports in modules, but not in declarations.
for (const file of globSync(`${OUT}/**/*.d.ts`)) {
  const source = readFileSync(file, "utf8");
  writeFileSync(file, source.replaceAll(/(from "\.[^"]*)\.tsx?"/g, '$1.js"'));
}
