import { spawnSync } from "node:child_process";
import { databasesOf } from "./support/databases.ts";
import { readOptions } from "./support/read-options.ts";
import { namedEnvironment } from "./support/shipping/environment.ts";

/** npm run db:migrate [-- --env staging]: applies the migrations to all databases, local ones without an environment. */
const USAGE = "npm run db:migrate [-- --env staging|production]";
const values = readOptions({ env: { type: "string" } }, USAGE);
const env = values.env === undefined ? undefined : namedEnvironment(values.env, USAGE);
const where = env === undefined ? ["--local"] : ["--remote", "--env", env];
for (const { binding } of databasesOf(env)) {
  const args = ["node_modules/wrangler/bin/wrangler.js", "d1", "migrations", "apply", binding, ...where];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
