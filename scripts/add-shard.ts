import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { misused, readOptions } from "./support/read-options.ts";
import { addShard } from "./support/shipping/add-shard.ts";
import { must, run } from "./support/shipping/run.ts";
import { tellRefusals } from "./support/tell-refusals.ts";
import { createArgs, nextShard, withShard } from "./support/wrangler-shards.ts";

/**
 * npm run add-shard -- --env staging [--dry-run]: creates a database of records, adds it to wrangler.toml in this environment,
 * and applies the migrations. The next deployment gives it new stores. A run after one that was cut off goes on.
 */
const CONFIG = "wrangler.toml";
const USAGE = "npm run add-shard -- --env development|staging|production [--dry-run]";
const values = readOptions({ env: { type: "string" }, "dry-run": { type: "boolean", default: false } }, USAGE);
const { env } = values;
if (env !== "development" && env !== "staging" && env !== "production")
  misused("--env is one of development, staging, production.", USAGE);
const READY =
  "Now run `npm run types`, commit wrangler.toml and worker-configuration.d.ts, and deploy: new stores go to the database with the most room.";
const read = () => readFileSync(CONFIG, "utf8");
const write = (toml: string) => writeFileSync(CONFIG, toml);
const shard = nextShard(read(), env);
const migrate = [
  ...["d1", "migrations", "apply", shard.binding],
  ...(env === "development" ? ["--local"] : ["--remote", "--env", env]),
];
tellRefusals();

if (values["dry-run"]) {
  console.log(
    env === "development"
      ? `Would create the database ${shard.database_name} on this machine.`
      : `Would run: wrangler ${createArgs(shard).join(" ")}`,
  );
  console.log(`Would add the binding ${shard.binding} to wrangler.toml, for ${env}.`);
  console.log(`Would run: wrangler ${migrate.join(" ")}`);
} else if (env === "development") {
  // `npm run dev` also migrates it, if this is cut off.
  write(withShard(read(), env, { ...shard, database_id: randomUUID() }));
  must(run, "wrangler", migrate);
  console.log(`Added ${shard.binding} to wrangler.toml.\nApplied the migrations to ${shard.binding}.\n${READY}`);
} else {
  addShard(env, { config: CONFIG, run, read, write, say: console.log });
  console.log(READY);
}
