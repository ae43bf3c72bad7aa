import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** `npm run check:example`: installs the packed client into a copy of `examples/next`, as ReUp does, and builds that. */
const copy = mkdtempSync(join(tmpdir(), "reup-dutchie-example-"));
const run = (command: string, cwd = copy) => {
  const [tool = "", ...args] = command.split(" ");
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  return execFileSync(tool, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
};

try {
  const isSource = (path: string) => !["node_modules", ".next"].includes(basename(path));
  cpSync("examples/next", copy, { recursive: true, filter: isSource });
  const packed = run(`npm pack --silent --pack-destination ${copy}`, process.cwd()).trim();
  renameSync(join(copy, basename(packed)), join(copy, "reup-dutchie.tgz"));
  run("npm ci --no-audit --no-fund");
  refuseDependencies();
  // By default Next.js does not check the declarations of packages.
  const modules = join(copy, "node_modules");
  run(`${modules}/.bin/next typegen`);
  run(`${modules}/.bin/tsc --noEmit --incremental false --skipLibCheck false`);
  console.log(run(`${modules}/.bin/next build`));
} catch (error) {
  if (error instanceof Error && "stdout" in error) console.error(String(error.stdout));
  throw error;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** package.json is the client's, too: the Worker and the pages are bundled, so what they use are devDependencies. */
function refuseDependencies(): void {
  const manifest: { dependencies?: object } = JSON.parse(
    readFileSync(join(copy, "node_modules/reup-dutchie/package.json"), "utf8"),
  );
  if (manifest.dependencies !== undefined) {
    throw new Error("Whoever installs the client would install its dependencies. Make them devDependencies.");
  }
}
