import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { misused, readOptions } from "./support/read-options.ts";

/**
 * npm run db:generate -- --name what_changes: writes a migration for each kind of database whose schema changed. New tables
 * become WITHOUT ROWID, which drizzle-kit does not know. Triggers and hints are added by hand.
 */
const USAGE = "npm run db:generate -- --name what_changes";
const { name: given } = readOptions({ name: { type: "string" } }, USAGE);
if (given === undefined) misused("--name is missing.", USAGE);
for (const kind of ["accounts", "records"]) {
  const folder = `migrations/${kind}`;
  const args = ["generate", "--config", `drizzle.${kind}.config.ts`, "--name", given];
  const { status } = spawnSync("drizzle-kit", args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  // All of them: an earlier run may have been cut off here. Those that are on main have no such line.
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".sql"))) {
    const text = readFileSync(`${folder}/${name}`, "utf8");
    const whole = text.replaceAll(/^\);$/gm, ") WITHOUT ROWID;");
    if (whole !== text) writeFileSync(`${folder}/${name}`, whole);
  }
}
