import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { misused, readOptions } from "./support/read-options.ts";
import { createArgs, nextShard, withShard } from "./support/wrangler-shards.ts";

/**
 * npm run add-shard -- --env staging [--dry-run]: creates a database of records, adds it to wrangler.toml in this environment,
 * and applies the migrations. The next deployment gives it new stores.
 */
const USAGE = "npm run add-shard -- --env development|staging|production [--dry-run]";
const values = readOptions({ env: { type: "string" }, "dry-run": { type: "boolean", default: false } }, USAGE);
const { env } = values;
if (env !== "development" && env !== "staging" && env !== "production")
  misused("--env is one of development, staging, production.", USAGE);
const toml = readFileSync("wrangler.toml", "utf8");
const shard = nextShard(toml, env);
const isRemote = env !== "development";
const migrate = ["d1", "migrations", "apply", shard.binding, ...(isRemote ? ["--remote", "--env", env] : ["--local"])];

if (values["dry-run"]) {
  console.log(
    isRemote
      ? `Would run: wrangler ${createArgs(shard).join(" ")}`
      : `Would create the database ${shard.database_name} on this machine.`,
  );
  console.log(`Would add the binding ${shard.binding} to wrangler.toml, for ${env}.`);
  console.log(`Would run: wrangler ${migrate.join(" ")}`);
  process.exit(0);
}

const database_id = isRemote ? created() : randomUUID();
console.log(`Created the database ${shard.database_name} (${database_id}).`);
writeFileSync("wrangler.toml", withShard(toml, env, { ...shard, database_id }));
console.log(`Added the binding ${shard.binding} to wrangler.toml, for ${env}.`);
wrangler(migrate, "inherit");
console.log(`Applied the migrations to ${shard.binding}.`);
console.log(
  "Now run `npm run types`, commit wrangler.toml and worker-configuration.d.ts, and deploy: new stores go to the database with the most room.",
);

/** Creates the database. Returns its id. */
function created(): string {
  const output = wrangler(createArgs(shard), "pipe");
  const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(output)?.[0];
  if (id === undefined) throw new Error(`wrangler did not print the database's id:\n${output}`);
  return id;
}

function wrangler(args: readonly string[], output: "inherit" | "pipe"): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["node_modules/wrangler/bin/wrangler.js", ...args], {
    stdio: ["inherit", output, output],
    encoding: "utf8",
  });
  if (status !== 0) {
    console.error(`wrangler ${args.join(" ")} failed.\n${stdout ?? ""}${stderr ?? ""}`);
    process.exit(1);
  }
  return stdout ?? "";
}
