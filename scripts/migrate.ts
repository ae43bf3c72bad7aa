import { spawnSync } from "node:child_process";
import { databasesOf } from "./support/databases.ts";
import { readOptions } from "./support/read-options.ts";

/** npm run db:migrate [-- --env staging]: applies the migrations to all databases, local ones without an environment. */
const values = readOptions({ env: { type: "string" } }, "npm run db:migrate [-- --env staging|production]");
const where = values.env === undefined ? ["--local"] : ["--remote", "--env", values.env];
for (const { binding } of databasesOf(values.env)) {
  const args = ["node_modules/wrangler/bin/wrangler.js", "d1", "migrations", "apply", binding, ...where];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
