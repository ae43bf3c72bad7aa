import { readOptions } from "./support/read-options.ts";
import { namedEnvironment } from "./support/shipping/environment.ts";
import { rollback } from "./support/shipping/rollback.ts";
import { run } from "./support/shipping/run.ts";
import { tellRefusals } from "./support/tell-refusals.ts";

/**
 * npm run rollback -- --env staging [--version ID] [--dry-run]: gives all traffic to the version before, or to another one.
 * Databases keep their migrations: those are checked to suit the version before (`npm run deploy`). Triggers stay, too.
 */
const USAGE = "npm run rollback -- --env staging|production [--version ID] [--dry-run]";
const values = readOptions(
  { env: { type: "string" }, version: { type: "string" }, "dry-run": { type: "boolean", default: false } },
  USAGE,
);
const env = namedEnvironment(values.env, USAGE);
tellRefusals();
rollback({ env, version: values.version ?? null, dry: values["dry-run"] }, run, console.log);
